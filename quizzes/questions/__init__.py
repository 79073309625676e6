"""The kinds of questions: one module of a few pure functions each, listed in `KINDS`.

`content` is what is right and what there is to choose from (keys and numbers, the same in every language),
`texts` the words of one language, `answer` what a learner gave; all three are JSON objects. `refs` gives a
source's slug its label, and a passage's code its gist. The order in which options were shown, and the language,
never reach the grader.

    kind          content                                               answer
    single        {"options": [..], "right": key}                       {"choice": key}
    true_false    {"right": bool}                                       {"choice": "true" or "false"}
    which_source  {"sources": [slug, ..], "right": slug}                {"choice": slug}
    unsupported   {"sentences": [..], "right": key}                     {"choice": key}
    multiple      {"options": [..], "right": [..]}                      {"choices": [key, ..]} sorted
    evidence      {"passages": [code, ..], "right": [code, ..]}         {"choices": [code, ..]} sorted
    number        {"value", "tolerance", "year", "distractors": [{"key", "value"}]}    {"value": "-12.5"}
    ordering      {"items": [..]} in a right order, perhaps with "when": {item: [earliest] or [earliest, latest]},
                  each 1965, 1965-06 or 1965-06-22                      {"order": [key, ..]}
    timeline      {"from": year, "to": year, "events": [..], "right": {e: year or [first, last]}, "tolerance",
                  "reach"}                                              {"years": {event: year}}
    text          {"accepted": [..], "fold": ["case", "spacing"], "typo": 0 or 1,
                  "distractors": [{"key", "accepted": [..]}]}           {"text": what was typed}
    matching      {"prompts": [..], "choices": [..], "right": {p: c}}   {"pairs": {p: c}}
    agreement     {"sources": [slug, ..], "right": {slug: agree, differ or silent}}    {"pairs": {slug: ..}}
    cloze         {"gaps": [..], "options": {g: [..]}, "right": {g: key}, "typed": {g: {"accepted": [..],
                  "fold": ["case", "spacing"], "typo": 0 or 1}}}        {"gaps": {g: key or what was typed}}
    short         {"points": [..]}                          {"text": what was written, "met": [point, ..] once judged}
    place         {"map": "region"} or {"image": slug, "ratio": height / width}, with {"spots": [..], "right": [..],
                  "at": {spot: place of the map or [x, y]} where it is not the place of that name, "radius", "ring"}
                                                                        {"x": .., "y": ..}, as fractions

Texts hold `stem`, `explanation`, `feedback` {key: why it tempts}, and the words of what the content names;
perhaps `hints`, up to three, one for each wrong try. No form shows those.

The answer to a question left open is `None`. An answer to an older version may name what is gone: that part
earns nothing, whatever shows it says so, and no function here fails on it.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.functional import Promise

from quizzes.grading import Grade
from quizzes.questions import (
    agreement,
    cloze,
    evidence,
    matching,
    multiple,
    number,
    ordering,
    place,
    short,
    single,
    text,
    timeline,
    true_false,
    unsupported,
    which_source,
)
from quizzes.questions.base import Json, Order, Part, Refs
from quizzes.questions.forms import AnswerForm, AuthorForm


class Kind(Protocol):
    """What a kind's module offers."""

    @property
    def label(self) -> Promise:
        """The kind's name for editors."""

    def check(self, content: object, texts: object) -> None:
        """Raise ValidationError with {field: messages} if anything in what an author wrote is wrong.

        Fields are named `options`, or `options.ban` and `feedback.ban` for one text.
        """

    def author_form(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        content: Json | None = None,
        texts: Json | None = None,
        refs: Refs,
    ) -> AuthorForm:
        """The form an editor fills; once valid it has `content` and `texts`, which passed `check`."""

    def orders(self, content: Json) -> dict[str, list[str]]:
        """Fresh lists of the keys to be shuffled, by name; the shuffled ones come back as `order`.

        Those of an ordering question stand in a right order, and no right order must be the one shown.
        """

    def form(
        self,
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
        """The form that shows the question and reads an answer; `answer` fills in an earlier one."""

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Credit from 0 to 1, and the parts that were right. None for credit: a person has still to judge."""

    def feedback(self, content: Json, answer: Json | None) -> tuple[str, ...]:
        """The keys of the feedback texts that apply; some texts are optional. Empty if all is right."""

    def solution(self, content: Json) -> dict[str, Any]:
        """An answer that earns full credit."""

    def describe(self, content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
        """The answer in one line of plain words."""

    def rows(self, content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
        """Given and right answer side by side, part by part."""

    def bucket(self, content: Json, answer: Json | None) -> str:
        """The class an answer falls in, for statistics: equal answers, or equal mistakes; empty for none."""


KINDS: dict[str, Kind] = {
    "single": single,
    "true_false": true_false,
    "multiple": multiple,
    "number": number,
    "text": text,
    "ordering": ordering,
    "timeline": timeline,
    "matching": matching,
    "cloze": cloze,
    "which_source": which_source,
    "agreement": agreement,
    "evidence": evidence,
    "unsupported": unsupported,
    "place": place,
    "short": short,
}

__all__ = ["KINDS", "AnswerForm", "AuthorForm", "Grade", "Json", "Kind", "Order", "Part", "Refs"]
