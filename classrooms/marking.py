"""A teacher's mark for a written answer: the points of its rubric, and a comment."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from quizzes.models import Attempt, Closed, Response, Slot
from quizzes.questions import AnswerForm


class MarkForm(forms.Form):
    """Marks question `number` of an attempt; `slot` is None if nothing can be marked there."""

    use_required_attribute = False
    comment = forms.CharField(
        label=_("What you say to the pupil"),
        required=False,
        max_length=2000,
        strip=True,
        widget=forms.Textarea({"rows": 3, "class": "input"}),
    )

    def __init__(self, attempt: Attempt, number: str, now: datetime, data: Any = None) -> None:
        self.attempt, self.now = attempt, now
        self.slot: Slot | None = None
        self.response: Response | None = None
        for slot, response in attempt.sheet:
            if str(slot.number) == number and response and slot.version.question.by_person:
                self.slot, self.response = slot, response
        comment = self.response.comment if self.response else ""
        super().__init__(data, prefix=f"mark{number}" if self.slot else "", initial={"comment": comment})

    @cached_property
    def rubric(self) -> AnswerForm:
        """The points, as the kind asks for them."""
        assert self.slot
        assert self.response
        version: Any = self.slot.version
        form: AnswerForm = version.question.rules.assessment(
            version.content,
            version.texts,
            self.response.answer,
            data=self.data if self.is_bound else None,
            prefix=self.prefix,
        )
        return form

    @property
    def marked(self) -> bool:
        return self.response is not None and self.response.credit is not None

    @property
    def open(self) -> bool:
        """Whether the pupil can still change the answer, so that it is not marked yet."""
        return self.attempt.is_open(self.now)

    def clean(self) -> dict[str, Any]:
        """What the teacher read must be what stands now: an extension may have let the pupil change it meanwhile."""
        if self.response and self.data.get("answer", self.answer) != self.answer:
            self.add_error("comment", _("The pupil has changed the answer since. Read it again, then mark it."))
        return super().clean() or {}

    @property
    def answer(self) -> str:
        """Names the answer that the page shows."""
        return str(self.response.answered.pk) if self.response else ""

    def is_valid(self) -> bool:
        return super().is_valid() and self.rubric.is_valid() and not self.open

    def save(self, by: Any) -> None:
        assert self.slot
        with suppress(Closed):  # an extension opened it again a moment ago
            self.attempt.mark(self.slot, self.rubric.answer, comment=self.cleaned_data["comment"], by=by, now=self.now)
