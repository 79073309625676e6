"""Multiple choice: any number of options is right.

Credit is (right ones chosen - wrong ones chosen) / right ones, at least 0: choosing everything earns little.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions.base import (
    Check,
    Json,
    Order,
    Part,
    Refs,
    gone,
    no_answer,
    plain,
    several,
    shown,
    words,
)
from quizzes.questions.forms import AnswerForm, AuthorForm, ChoicesForm
from quizzes.questions.single import MOST, OptionsAuthorForm

label = _("Multiple choice")


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"options", "right"}, says={"options", "feedback"})
    options = found.keys("options", 2, MOST)
    found.words("options", options, different=True)
    check_right(found, options)
    found.done()


def check_right(found: Check, options: list[str]) -> None:
    """`right` names some of the options, and every other one has its feedback."""
    right = found.content.get("right")
    if not isinstance(right, list) or not right or not all(isinstance(key, str) for key in right):
        found.wrong("right", now("Say which ones are right."))
    elif len(set(right)) < len(right) or not set(right) <= set(options or right):
        found.wrong("right", now("Only options can be right, each named once."))
    elif len(right) == len(options):
        found.wrong("right", now("At least one option must be wrong."))
    elif options:
        wrong = [key for key in options if key not in right]
        found.words("feedback", wrong, optional=right)


def orders(content: Json) -> dict[str, list[str]]:
    return {"options": list(content["options"])}


def form(
    content: Json,
    texts: Json,
    *,
    order: Order,
    language: str,
    refs: Refs,
    data: Mapping[str, Any] | None = None,
    prefix: str = "",
    answer: Json | None = None,
) -> AnswerForm:
    labels = {key: words(texts, "options", key) for key in shown(order, "options", content["options"])}
    return ChoicesForm(labels, chosen=several(answer, "choices"), many=True, data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    options, right = content["options"], set(content["right"])
    chosen = set(several(answer, "choices"))
    credit = (len(chosen & right) - len(chosen - right)) / len(right)
    return Grade(max(0.0, credit), {key: (key in chosen) == (key in right) for key in options})


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """Wrong ones that were chosen, then right ones that were missed."""
    right, chosen = content["right"], several(answer, "choices")
    if not chosen:
        return ()
    tempted = [key for key in content["options"] if key in chosen and key not in right]
    return (*tempted, *(key for key in right if key not in chosen))


def solution(content: Json) -> dict[str, Any]:
    return {"choices": sorted(content["right"])}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    chosen = several(answer, "choices")
    named = [plain(words(texts, "options", key)) for key in content["options"] if key in chosen]
    vanished = [gone()] if set(chosen) - set(content["options"]) else []
    return "; ".join(named + vanished) or no_answer()


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each option that was chosen or should have been."""
    chosen, right = several(answer, "choices"), content["right"]
    said = {True: now("Chosen"), False: now("Not chosen")}
    return [
        Part(
            words(texts, "options", key),
            said[key in chosen],
            said[key in right],
            (key in chosen) == (key in right),
        )
        for key in content["options"]
        if key in chosen or key in right
    ]


def bucket(content: Json, answer: Json | None) -> str:
    return "+".join(sorted(several(answer, "choices")))


class MultipleAuthorForm(OptionsAuthorForm):
    why = _("Why it tempts, if it is wrong; what to look at, if it is right and was missed")

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)

    def right_keys(self, content: Json) -> list[str]:
        return list(content.get("right", ()))

    def right(self, keys: list[str]) -> Any:
        return keys


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return MultipleAuthorForm(data, content=content, texts=texts)
