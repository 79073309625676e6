"""How sure a learner is of an answer: the form that asks, and what the levels came to."""

from collections.abc import Iterable
from typing import NamedTuple

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from quizzes.grading import CERTAINTY, certainty_mark, threshold

LEVELS = [(1, _("Not sure")), (2, _("Fairly sure")), (3, _("Very sure"))]


class Level(NamedTuple):
    """A level as the page explains it: when it pays, in percent, and what it earns."""

    value: int
    words: str
    least: int
    right: int
    wrong: int


def levels() -> list[Level]:
    return [
        Level(value, str(words), round(100 * threshold(value)) if value > 1 else 0, *CERTAINTY[value])
        for value, words in LEVELS
    ]


class CertaintyForm(forms.Form):
    """Asked below an answer; `required` where the answer settles the question."""

    default_renderer = TemplatesSetting  # the templates of the site
    template_name = "quizzes/_certainty.html"
    use_required_attribute = False
    certainty = forms.TypedChoiceField(
        choices=LEVELS, coerce=int, empty_value=None, error_messages={"required": _("Say how sure you are.")}
    )

    def __init__(self, data: object = None, *, required: bool, level: int | None = None, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix, initial={"certainty": level})  # type: ignore[arg-type]
        self.fields["certainty"].required = required
        self.sure = prefix  # so that two questions on one page have ids of their own

    def levels(self) -> list[tuple[Level, bool]]:
        chosen = str(self["certainty"].value() or "")
        return [(level, chosen == str(level.value)) for level in levels()]


class Sum(NamedTuple):
    """What one level of certainty came to."""

    level: Level
    n: int
    right: float  # of n, parts counted
    mark: float


def sums(given: Iterable[tuple[float, int | None]]) -> list[Sum]:
    """By level, from (credit, certainty) of each answer; who did not say is not sure."""
    given = list(given)
    found = []
    for level in levels():
        credits = [credit for credit, said in given if (said or 1) == level.value]
        marks = sum(certainty_mark(credit, level.value) for credit in credits)
        found.append(Sum(level, len(credits), round(sum(credits), 6), round(marks, 6)))
    return found
