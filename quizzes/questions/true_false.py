"""True or false: the stem is a statement; the wrong value says why it is tempting to choose it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import choosing
from quizzes.questions.base import Check, Json, Order, Part, Refs
from quizzes.questions.forms import AnswerForm, AuthorForm, ChoicesForm, paragraph

label = _("True or false")


def _right(content: Json) -> str:
    return "true" if content["right"] else "false"


def _wrong(content: Json) -> str:
    return "false" if content["right"] else "true"


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"right"}, says={"feedback"})
    if isinstance(found.content.get("right"), bool):
        found.words("feedback", [_wrong(found.content)])
    else:
        found.wrong("right", str(_("Say whether the statement is true or false.")))
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {}  # True comes first everywhere: nothing to look for


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
    given = [choosing.chosen(answer)]
    return ChoicesForm(choosing.truth(), chosen=given, secret=False, data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    return choosing.grade(_right(content), answer)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    return choosing.feedback(_right(content), answer)


def solution(content: Json) -> dict[str, Any]:
    return {"choice": _right(content)}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return choosing.describe(choosing.truth(), answer)


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    return choosing.rows(choosing.truth(), _right(content), answer)


def bucket(content: Json, answer: Json | None) -> str:
    return choosing.chosen(answer)


class TrueFalseAuthorForm(AuthorForm):
    def lay_out(self) -> None:
        values = [("true", _("True")), ("false", _("False"))]
        right = forms.ChoiceField(label=_("The statement is"), choices=values, required=False, widget=forms.RadioSelect)
        self.add("", right=right, feedback=paragraph(_("Why the wrong value tempts")))

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        if "right" not in content:
            return {}
        feedback = texts.get("feedback") or {}
        return {"right": _right(content), "feedback": feedback.get(_wrong(content), "")}

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        content = {"right": {"true": True, "false": False}.get(typed.get("right", ""))}
        wrong = _wrong(content)
        self.places[f"feedback.{wrong}"] = "feedback"
        return content, {"feedback": {wrong: typed.get("feedback", "")}}

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return TrueFalseAuthorForm(data, content=content, texts=texts)
