"""An attempt at a quiz: its own terms, the versions it asks, and every response, in the order received.

Every writer takes the attempt's row lock first; a change of state is a conditional UPDATE; responses are
only ever added. Nothing here knows who set the quiz: whoever starts an attempt says on which terms.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lessons.models import Status
from quizzes.grading import Score, score
from quizzes.models.question import Question, QuestionVersion, Quiz

if TYPE_CHECKING:
    from accounts.models import User


class Behaviour(models.TextChoices):
    PRACTICE = "practice", _("feedback after each question")
    TEST = "test", _("answers can be changed until they are handed in")


class Release(models.TextChoices):
    """When answers and explanations may be seen."""

    AT_ONCE = "at_once", _("after each question")
    FINISH = "finish", _("when handed in")
    CLOSE = "close", _("after the closing time")


class Closed(Exception):
    """The attempt takes no more answers: handed in, past its deadline, or this question is settled."""


@dataclass(frozen=True)
class Terms:
    """What holds for one attempt, copied at its start. Times are aware; limit is the time allowed."""

    opens: datetime | None = None
    closes: datetime | None = None
    limit: timedelta | None = None
    behaviour: str = Behaviour.PRACTICE
    release: str = Release.AT_ONCE
    context: str = ""  # opaque name of what it was started for; one open attempt in each


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def practice(self) -> Self:
        return self.filter(context="")

    def open(self) -> Self:
        return self.filter(finished_at=None)

    def over(self, now: datetime) -> Self:
        """Handed in, or closed by time."""
        by_limit = models.ExpressionWrapper(
            models.F("started_at") + models.F("limit"), output_field=models.DateTimeField()
        )
        return self.alias(by_limit=by_limit).filter(
            models.Q(finished_at__isnull=False) | models.Q(closes__lt=now) | models.Q(by_limit__lt=now)
        )

    def start(
        self, user: "User", quiz: Quiz, terms: Terms, *, now: datetime, language: str = "en"
    ) -> "tuple[Attempt, bool]":
        """Return the user's open attempt at `quiz` in this context, or a new one, and whether it is new.

        A double click or two tabs end with one attempt: the database allows one open attempt a context.
        Raises Question.DoesNotExist when the quiz has no published question.
        """
        mine = self.model.objects.filter(user=user, quiz=quiz, context=terms.context)
        if standing := mine.open().first():
            if standing.is_open(now):
                return standing, False
            standing.finish(now)  # time had closed it
        try:
            with transaction.atomic():
                attempt = self.model.objects.create(
                    user=user,
                    quiz=quiz,
                    language=language,
                    started_at=now,
                    opens=terms.opens,
                    closes=terms.closes,
                    limit=terms.limit,
                    behaviour=terms.behaviour,
                    release=terms.release,
                    context=terms.context,
                    seed=random.SystemRandom().getrandbits(31),
                )
                versions = (
                    QuestionVersion.objects.filter(
                        question__places__quiz=quiz, language=language, status=Status.PUBLISHED
                    )
                    .order_by("question__places__position")
                    .distinct()
                )
                if not terms.context:
                    versions = versions.filter(question__reserved=False)
                slots = [Slot(attempt=attempt, number=n, version=v) for n, v in enumerate(versions, 1)]
                if not slots:
                    raise Question.DoesNotExist(f"{quiz.slug} has no published question")
                Slot.objects.bulk_create(slots)
        except IntegrityError:
            if standing := mine.open().first():
                return standing, False
            raise
        return attempt, True


class Attempt(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    language = models.CharField(max_length=8, default="en")
    context = models.CharField(max_length=40, blank=True)
    opens = models.DateTimeField(null=True, blank=True)
    closes = models.DateTimeField(null=True, blank=True)
    limit = models.DurationField(null=True, blank=True)
    behaviour = models.CharField(max_length=10, choices=Behaviour)
    release = models.CharField(max_length=10, choices=Release)
    seed = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["user", "quiz"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "quiz", "context"],
                condition=models.Q(finished_at=None),
                name="one_open_attempt",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.quiz}"

    def get_absolute_url(self) -> str:
        return reverse("attempt-result", args=[self.pk])

    # --- what may happen now -----------------------------------------------------------------------------

    @property
    def deadline(self) -> datetime | None:
        """The last moment an answer counts: the closing time or the end of the limit, whichever is first."""
        ends = [self.closes, self.started_at + self.limit if self.limit else None]
        return min((end for end in ends if end), default=None)

    def is_open(self, now: datetime) -> bool:
        return self.finished_at is None and (self.deadline is None or now <= self.deadline)

    def is_released(self, now: datetime) -> bool:
        """Whether keys, explanations and scores may be shown."""
        if self.release == Release.CLOSE:
            return not self.is_open(now) and (self.closes is None or now > self.closes)
        return not self.is_open(now)

    def shows_feedback(self, response: "Response | None", now: datetime) -> bool:
        """Whether the feedback to this response may be shown: in practice at once, else by the release."""
        at_once = self.behaviour == Behaviour.PRACTICE and self.release == Release.AT_ONCE
        return bool(response and at_once) or self.is_released(now)

    def settled(self, response: "Response | None", now: datetime) -> bool:
        """Whether a question takes no (further) answer."""
        return not self.is_open(now) or (self.behaviour == Behaviour.PRACTICE and response is not None)

    # --- what was asked and answered ---------------------------------------------------------------------

    @cached_property
    def asks(self) -> "list[Slot]":
        """Every slot in order, with its version; one query."""
        slots = list(self.slots.order_by("number"))
        for slot, version in zip(slots, QuestionVersion.kept(slot.version_id for slot in slots), strict=True):
            slot.version = version
        return slots

    @cached_property
    def sheet(self) -> "list[tuple[Slot, Response | None]]":
        """Every slot in order with its latest response; two queries."""
        return self.filled(self.responses.order_by("sequence"))

    def filled(self, responses: "Iterable[Response]") -> "list[tuple[Slot, Response | None]]":
        """The sheet with these responses, given in the order received."""
        latest = {r.slot_id: r for r in responses if not r.late}
        return [(slot, latest.get(slot.pk)) for slot in self.asks]

    @property
    def score(self) -> Score:
        """Points of the latest responses; an unanswered question counts nothing."""
        return score([response.credit if response else None for _slot, response in self.sheet])

    def slot_of(self, question: Question) -> "Slot | None":
        return next((slot for slot, _response in self.sheet if slot.version.question_id == question.pk), None)

    # --- verbs ---------------------------------------------------------------------------------------------

    def locked(self) -> "Attempt":
        """The same row, held until the transaction ends."""
        return type(self).objects.select_for_update().get(pk=self.pk)

    @transaction.atomic
    def record(self, slot: "Slot", answer: Any, *, key: str, now: datetime) -> "Response":
        """Append a response to `slot` and return it; the same `key` again returns the first one.

        `answer` is the kind's clean JSON. Raises Closed when the attempt or the question is settled; what
        arrives after the deadline is kept, marked late, and counts nothing.
        """
        attempt = self.locked()
        before = list(attempt.responses.order_by("sequence"))
        if known := next((r for r in before if r.key == key), None):
            self.__dict__["sheet"] = self.filled(before)
            return known
        answered = any(r.slot_id == slot.pk and not r.late for r in before)
        late = attempt.deadline is not None and now > attempt.deadline
        if attempt.finished_at or (attempt.behaviour == Behaviour.PRACTICE and answered):
            raise Closed
        grade = slot.version.question.rules.grade(slot.version.content, answer)
        response = Response.objects.create(
            attempt=attempt,
            slot=slot,
            sequence=before[-1].sequence + 1 if before else 1,
            received_at=now,
            key=key,
            answer=answer,
            credit=grade.credit,
            late=late,
        )
        self.__dict__["sheet"] = self.filled([*before, response])
        return response

    def finish(self, now: datetime) -> bool:
        """Hand in, once: True if this call did it. The time is that of the deadline when it has passed."""
        at = min(now, self.deadline) if self.deadline else now
        done = type(self).objects.filter(pk=self.pk, finished_at=None).update(finished_at=at)
        self.refresh_from_db(fields=["finished_at"])
        return bool(done)

    def extend(self, *, closes: datetime | None, limit: timedelta | None) -> None:
        """Give other ends to an attempt that is under way, or reopen one that time alone had closed."""
        type(self).objects.filter(pk=self.pk).update(closes=closes, limit=limit)
        self.refresh_from_db(fields=["closes", "limit"])


class Slot(models.Model):
    """One question of an attempt, pinned to the version that is asked."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="slots")

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
    class Cause(models.TextChoices):
        ANSWER = "answer", _("answered")
        REGRADE = "regrade", _("graded again")

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="responses")
    sequence = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    key = models.CharField(max_length=64)  # idempotency: the same post twice is one response
    answer = models.JSONField()
    credit = models.FloatField()  # 0..1, as graded when it was received
    cause = models.CharField(max_length=8, choices=Cause, default=Cause.ANSWER)
    late = models.BooleanField(default=False)  # after the deadline: kept, not counted

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "sequence"], name="one_response_a_sequence"),
            models.UniqueConstraint(fields=["attempt", "key"], name="one_response_a_key"),
            models.CheckConstraint(condition=models.Q(credit__gte=0, credit__lte=1), name="credit_0_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.slot} #{self.sequence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Responses are only ever added.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Responses are only ever added.")
