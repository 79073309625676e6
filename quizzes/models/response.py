"""What was asked and what came in: slots pinned to a version, responses that are only ever added."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from quizzes.models.question import QuestionVersion

if TYPE_CHECKING:
    from quizzes.models.correction import Regrade  # noqa: F401


class Slot(models.Model):
    """One question of an attempt, pinned to the version that is asked."""

    attempt = models.ForeignKey("quizzes.Attempt", on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="slots")
    flagged = models.BooleanField(default=False)  # by the learner, to look at it again

    class Meta:
        ordering = ["attempt", "number"]
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="one_slot_a_number")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("attempt-question", args=[self.attempt_id, self.number])


class ResponseQuerySet(models.QuerySet["Response"]):
    """Append-only: rows go only with their attempt (the erasure of a person)."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("Responses are only ever added.")

    def delete(self) -> Any:
        raise TypeError("Responses are only ever added.")

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        raise TypeError("Responses are only ever added.")


class Response(models.Model):
    """One answer as it came in, or a later judgement of it (`of`) by a regrade or a teacher."""

    class Cause(models.TextChoices):
        ANSWER = "answer", _("answered")
        REGRADE = "regrade", _("graded again")
        MARK = "mark", _("marked by a teacher")

    class Aside(models.TextChoices):
        """Why a response is kept and does not count."""

        LATE = "late", _("after the deadline")
        SUPERSEDED = "superseded", _("older than one from another tab")

    attempt = models.ForeignKey("quizzes.Attempt", on_delete=models.CASCADE, related_name="responses")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="responses")
    sequence = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    key = models.CharField(max_length=64)  # idempotency: the same post twice is one response
    answer = models.JSONField()
    credit = models.FloatField(null=True)  # of this answer, 0..1; None waits for a teacher or for self-assessment
    earned = models.FloatField(null=True)  # what the question stands at with it: less after several tries
    certainty = models.PositiveSmallIntegerField(null=True)  # 1, 2 or 3, where it was asked
    took = models.PositiveIntegerField(null=True)  # seconds from the first showing, where known
    aside = models.CharField(max_length=12, choices=Aside, blank=True)
    cause = models.CharField(max_length=8, choices=Cause, default=Cause.ANSWER)
    of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="judgements")
    regrade = models.ForeignKey("quizzes.Regrade", on_delete=models.PROTECT, null=True, related_name="responses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    comment = models.TextField(blank=True)  # a teacher's, with a mark

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "sequence"], name="one_response_a_sequence"),
            models.UniqueConstraint(fields=["attempt", "key"], name="one_response_a_key"),
            models.CheckConstraint(condition=models.Q(credit__gte=0, credit__lte=1), name="credit_0_to_1"),
            models.CheckConstraint(condition=models.Q(earned__gte=0, earned__lte=1), name="earned_0_to_1"),
            models.CheckConstraint(
                condition=models.Q(certainty__isnull=True) | models.Q(certainty__in=[1, 2, 3]), name="certainty_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot} #{self.sequence}"

    @cached_property
    def answered(self) -> "Response":
        """The answer itself, where this is a later judgement of it."""
        return self.of or self

    @property
    def late(self) -> bool:
        return self.aside == self.Aside.LATE

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Responses are only ever added.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Responses are only ever added.")


def sorted_out(responses: Iterable[Response]) -> dict[int, list[Response]]:
    """By slot the answers that count, given in the order received. A judgement takes the place of its answer."""
    given: dict[int, dict[int, Response]] = {}
    for response in responses:
        if response.aside:
            continue
        answers = given.setdefault(response.slot_id, {})
        if response.of_id in answers:
            response.answered = answers[response.of_id].answered
        answers[response.of_id or response.pk] = response
    return {slot: list(each.values()) for slot, each in given.items()}
