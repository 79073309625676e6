"""Which source: the stem is a view or a gist, and one of the sources offered holds it; `refs` labels them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import choosing
from quizzes.questions.base import Check, Json, Order, Part, Refs, shown
from quizzes.questions.forms import AnswerForm, AuthorForm, ChoicesForm, ReferringAuthorForm

label = _("Which source")
MOST = 6


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"sources", "right"}, says={"feedback"})
    sources = found.keys("sources", 2, MOST)
    right = found.one_of("right", sources)
    if right:
        found.words("feedback", [slug for slug in sources if slug != right])
    found.done()


def _labels(slugs: list[str], refs: Refs) -> dict[str, str]:
    return {slug: str(refs.get(slug, slug)) for slug in slugs}


def orders(content: Json) -> dict[str, list[str]]:
    return {"sources": list(content["sources"])}


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
    labels = _labels(shown(order, "sources", content["sources"]), refs)
    # A source's slug is part of its public address.
    return ChoicesForm(labels, chosen=[choosing.chosen(answer)], secret=False, data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    return choosing.grade(content["right"], answer)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    return choosing.feedback(content["right"], answer)


def solution(content: Json) -> dict[str, Any]:
    return {"choice": content["right"]}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return choosing.describe(_labels(content["sources"], refs), answer)


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    return choosing.rows(_labels(content["sources"], refs), content["right"], answer)


def bucket(content: Json, answer: Json | None) -> str:
    return choosing.chosen(answer)


class WhichSourceAuthorForm(ReferringAuthorForm):
    def verdicts(self, content: Json) -> Mapping[str, Any]:
        return {content.get("right", ""): True}

    def right(self, verdicts: Mapping[str, Any]) -> Any:
        ticked = [slug for slug, right in verdicts.items() if right]
        return ticked[0] if len(ticked) == 1 else None

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return WhichSourceAuthorForm(data, content=content, texts=texts, refs=refs)
