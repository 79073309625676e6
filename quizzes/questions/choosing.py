"""What the kinds share in which one key of a few is right; `options` maps each key to its words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from quizzes.grading import Grade
from quizzes.questions.base import Json, Part, gone, no_answer, plain


def chosen(answer: Json | None) -> str:
    """The key of an answer `{"choice": key}`, or an empty string."""
    choice = answer.get("choice") if answer else None
    return choice if isinstance(choice, str) else ""


def grade(right: str, answer: Json | None) -> Grade:
    choice = chosen(answer)
    return Grade(float(choice == right), {choice: choice == right} if choice else {})


def feedback(right: str, answer: Json | None) -> tuple[str, ...]:
    choice = chosen(answer)
    return (choice,) if choice and choice != right else ()


def words(options: Mapping[str, str], answer: Json | None) -> str:
    """The chosen words, as written."""
    choice = chosen(answer)
    return options.get(choice, gone()) if choice else no_answer()


def describe(options: Mapping[str, str], answer: Json | None) -> str:
    return plain(words(options, answer))


def rows(options: Mapping[str, str], right: str, answer: Json | None) -> list[Part]:
    return [Part("", words(options, answer), options[right], chosen(answer) == right)]


def truth() -> dict[str, str]:
    return {"true": _("True"), "false": _("False")}
