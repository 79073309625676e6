"""Agree, differ or silent: what each of several documents says about one statement; `refs` labels them.

It is a matching of documents with three fixed choices: credit is the share of right rows.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import matching
from quizzes.questions.base import Check, Json, Order, Part, Refs, shown
from quizzes.questions.forms import AnswerForm, AuthorForm, ReferringAuthorForm, line

label = _("Agree, differ or silent")
MOST = 6
STANCES = {"agree": _("Agrees"), "differ": _("Differs"), "silent": _("Silent")}


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"sources", "right"}, says={"statement", "feedback"})
    sources = found.keys("sources", 2, MOST)
    right = found.mapping("right", found.content.get("right"))
    for slug in sources:
        stance = right.get(slug)
        if not (isinstance(stance, str) and stance in STANCES):
            found.wrong(f"right.{slug}", now("Say whether it agrees, differs or is silent (agree, differ, silent)."))
    if sources and right.keys() - set(sources):
        found.wrong("right", now("Only the sources listed have a right answer."))
    found.text("statement", found.texts.get("statement"))
    found.words("feedback", sources)
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {"sources": list(content["sources"])}


def _as_matching(content: Json) -> dict[str, Any]:
    return {"prompts": content["sources"], "choices": list(STANCES), "right": content["right"]}


def _texts(content: Json, refs: Refs) -> dict[str, Any]:
    prompts = {slug: refs.get(slug, slug) for slug in content["sources"]}
    return {"prompts": prompts, "choices": {key: str(said) for key, said in STANCES.items()}}


class AgreementForm(matching.MatchingForm):
    template_name = "quizzes/kinds/agreement.html"
    empty = _("Choose agrees, differs or silent for each document.")
    missing = _("Choose agrees, differs or silent for each document; “%(prompt)s” is still open.")

    def __init__(self, statement: str, *args: Any, **kwargs: Any) -> None:
        self.statement = statement
        super().__init__(*args, **kwargs)


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
    said = _texts(content, refs)
    return AgreementForm(
        str(texts.get("statement", "")),
        {slug: said["prompts"][slug] for slug in shown(order, "sources", content["sources"])},
        said["choices"],
        before=matching.pairs(answer),
        secret=False,  # a source's slug is part of its public address, and the choices are always the same
        data=data,
        prefix=prefix,
    )


def grade(content: Json, answer: Json | None) -> Grade:
    return matching.grade(_as_matching(content), answer)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """The sources that were missed."""
    return matching.feedback(_as_matching(content), answer)


def solution(content: Json) -> dict[str, Any]:
    return matching.solution(_as_matching(content))


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return matching.describe(_as_matching(content), _texts(content, refs), answer, language=language, refs=refs)


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each source."""
    return matching.rows(_as_matching(content), _texts(content, refs), answer, refs=refs)


def bucket(content: Json, answer: Json | None) -> str:
    return matching.bucket(_as_matching(content), answer)


class AgreementAuthorForm(ReferringAuthorForm):
    most = MOST
    why = _("What its passage says, or that none does")

    def lay_out(self) -> None:
        self.add("", statement=line(_("Statement that the documents are compared on")))
        super().lay_out()

    def verdict(self) -> forms.Field:
        return forms.ChoiceField(label=_("Stance"), choices=[("", "—"), *STANCES.items()], required=False)

    def verdicts(self, content: Json) -> Mapping[str, Any]:
        return dict(content.get("right", {}))

    def right(self, verdicts: Mapping[str, Any]) -> Any:
        return dict(verdicts)

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        return super().filled(content, texts) | {"statement": texts.get("statement", "")}

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        content, texts = super().build(typed)
        return content, {"statement": typed.get("statement", "")} | texts

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return AgreementAuthorForm(data, content=content, texts=texts, refs=refs)
