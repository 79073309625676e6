"""Unsupported claim: a short paragraph of our own in which one sentence has no document behind it.

The sentences are shown in their order; every supported one says which passage supports it, in case it was marked.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import choosing
from quizzes.questions.base import Check, Json, Order, Part, Refs, words
from quizzes.questions.forms import AnswerForm, AuthorForm, ChoicesForm
from quizzes.questions.single import MOST, OptionsAuthorForm

label = _("Unsupported claim")


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"sentences", "right"}, says={"sentences", "feedback"})
    sentences = found.keys("sentences", 3, MOST)
    right = found.one_of("right", sentences)
    found.words("sentences", sentences, different=True)
    if right:
        found.words("feedback", [key for key in sentences if key != right])
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {}  # a paragraph is read as it was written


def _sentences(content: Json, texts: Json) -> dict[str, str]:
    return {key: words(texts, "sentences", key) for key in content["sentences"]}


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
    return ChoicesForm(_sentences(content, texts), chosen=[choosing.chosen(answer)], data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    return choosing.grade(content["right"], answer)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    return choosing.feedback(content["right"], answer)


def solution(content: Json) -> dict[str, Any]:
    return {"choice": content["right"]}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return choosing.describe(_sentences(content, texts), answer)


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    return choosing.rows(_sentences(content, texts), content["right"], answer)


def bucket(content: Json, answer: Json | None) -> str:
    return choosing.chosen(answer)


class UnsupportedAuthorForm(OptionsAuthorForm):
    block = "sentences"
    row = "sentence"
    legend = _("Sentence %d")
    ticked = _("No document supports this one")
    why = _("Which passage supports it, with a citation")

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)

    def right_keys(self, content: Json) -> list[str]:
        return [content["right"]] if "right" in content else []

    def right(self, keys: list[str]) -> Any:
        return keys[0] if len(keys) == 1 else None


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return UnsupportedAuthorForm(data, content=content, texts=texts)
