"""An attempt at a quiz: its own terms, the versions it asks, and every response, in the order received.

Every writer takes the attempt's row lock first; a change of state is a conditional UPDATE; responses are
only ever added. Nothing here knows who set the quiz: whoever starts an attempt says on which terms.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.functional import cached_property

from quizzes import drawing
from quizzes.grading import Score, certainty_mark, score, stepped
from quizzes.models.correction import Regrade, Report, graded
from quizzes.models.question import Question, QuestionVersion, Quiz
from quizzes.models.response import Response, Slot, sorted_out
from quizzes.models.terms import AGAIN, REVIEW, Behaviour, Release, Terms

if TYPE_CHECKING:
    from accounts.models import User


MOST_RESPONSES = 2000  # of one attempt: far beyond any typing, and an end to a script that runs wild


class Closed(Exception):
    """The attempt takes no more answers: handed in, past its deadline, or this question is settled."""


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

    def whole(self) -> Self:
        """Those at the whole quiz, not only at what was not right before."""
        return self.exclude(context__startswith=AGAIN)

    def keyed(self, version: QuestionVersion) -> Self:
        """Each with `corrected`: whether the key of this version was corrected since. It costs no query of its own."""
        return self.annotate(corrected=models.Exists(Regrade.objects.standing(version)))

    def told(self) -> Self:
        """Each with `reported`: whether its user ever reported a problem."""
        return self.annotate(reported=models.Exists(Report.objects.filter(user=models.OuterRef("user"))))

    def start(
        self,
        user: "User",
        quiz: Quiz,
        terms: Terms,
        *,
        now: datetime,
        language: str = "en",
        asks: Sequence[QuestionVersion] | None = None,
    ) -> "tuple[Attempt, bool]":
        """Return the user's open attempt at `quiz` in this context, or a new one, and whether it is new.

        It asks the quiz's questions, or just `asks`. A double click or two tabs end with one attempt: the
        database allows one open attempt a context. Raises Question.DoesNotExist when there is nothing to ask.
        """
        mine = self.model.objects.filter(user=user, quiz=quiz, context=terms.context)
        if standing := mine.open().first():
            if standing.is_open(now):
                return standing, False
            standing.finish(now)  # time had closed it
        seed = random.SystemRandom().getrandbits(31)
        try:
            with transaction.atomic():
                attempt = self.model.objects.create(
                    user=user, quiz=quiz, language=language, started_at=now, seed=seed, **vars(terms)
                )
                if asks is None:
                    asks = quiz.asked(language, reserved=bool(terms.context), seed=seed, seen=Seen(user))
                if not asks:
                    raise Question.DoesNotExist(f"{quiz.slug} has no published question")
                Slot.objects.bulk_create(Slot(attempt=attempt, number=n, version=v) for n, v in enumerate(asks, 1))
        except IntegrityError:
            if standing := mine.open().first():
                return standing, False
            raise
        return attempt, True


class Seen(drawing.Seen):
    """When this user last answered which question; read once, and only if a quiz draws."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def last(self) -> dict[int, datetime]:
        answers = Response.objects.filter(attempt__user=self.user, cause=Response.Cause.ANSWER)
        return dict(answers.values_list("slot__version__question_id").annotate(models.Max("received_at")).order_by())


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
    certainty = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=1)
    seed = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    corrected: bool  # only after `keyed`
    reported: bool  # only after `told`

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

    @property
    def at_once(self) -> bool:
        """Whether each question brings its feedback when it is answered, and is settled by that."""
        return self.behaviour != Behaviour.TEST

    def shows_feedback(self, slot: Slot, now: datetime) -> bool:
        """Whether the key may be seen: at once when a question is settled, else by the release."""
        at_once = self.at_once and self.release == Release.AT_ONCE
        return (at_once and self.answered(slot)) or self.is_released(now)

    def settled(self, slot: Slot, now: datetime) -> bool:
        """Whether a question takes no (further) answer."""
        return not self.is_open(now) or (self.at_once and self.answered(slot))

    def answered(self, slot: Slot) -> bool:
        """Whether all is said: an answer; with several tries a right one, or the last. In practice of one's own a
        written answer waits for its author's judgement, and has one try."""
        given = self.given.get(slot.pk, [])
        if slot.version.question.by_person:
            return bool(given) and not (self.at_once and self.own and given[-1].credit is None)
        if self.behaviour == Behaviour.TRIES:
            return len(given) >= self.tries or any(r.credit == 1 for r in given)
        return bool(given)

    def asks_certainty(self, slot: Slot) -> bool:
        """How sure one is can be held against a key, and so not where a person judges."""
        return self.certainty and not slot.version.question.by_person

    # --- what was asked and answered ---------------------------------------------------------------------

    @cached_property
    def asks(self) -> "list[Slot]":
        """Every slot in order, with its version; one query."""
        slots = list(self.slots.order_by("number"))
        for slot, version in zip(slots, QuestionVersion.kept(slot.version_id for slot in slots), strict=True):
            slot.version = version
        return slots

    @cached_property
    def received(self) -> list[Response]:
        """Every response, in the order received; one query."""
        return list(self.responses.order_by("sequence"))

    @cached_property
    def given(self) -> dict[int, list[Response]]:
        """The answers that count, by slot, in the order received, each with its latest judgement."""
        return sorted_out(self.received)

    @property
    def sheet(self) -> list[tuple[Slot, Response | None]]:
        """Every slot in order with the latest answer; two queries the first time."""
        return [(slot, given[-1] if (given := self.given.get(slot.pk)) else None) for slot in self.asks]

    @property
    def score(self) -> Score:
        """Points of the questions; one without an answer, or still to be marked, earns nothing."""
        return score([response.earned if response else None for _slot, response in self.sheet])

    @property
    def waiting(self) -> int:
        """How many answers a person has still to judge."""
        return sum(response is not None and response.credit is None for _slot, response in self.sheet)

    @property
    def certainty_score(self) -> float:
        """The sum of the certainty marks: between -6 and 3 a question."""
        given = ((r.credit, r.certainty) for slot, r in self.sheet if r and self.asks_certainty(slot))
        return sum(certainty_mark(credit, certainty) for credit, certainty in given if credit is not None)

    @property
    def own(self) -> bool:
        """Whether nobody but the learner has a part in it: practice, review, a test of one's own."""
        return self.context in ("", REVIEW) or self.is_again

    @property
    def is_again(self) -> bool:
        """Whether it asks only what was not right in an earlier attempt."""
        return self.context.startswith(AGAIN)

    def slot_of(self, question: Question) -> "Slot | None":
        return next((slot for slot, _response in self.sheet if slot.version.question_id == question.pk), None)

    # --- verbs ---------------------------------------------------------------------------------------------

    def _holds(self, received: list[Response]) -> None:
        """Know these responses, just read or written, without asking again."""
        self.__dict__ |= {"received": received, "given": sorted_out(received)}

    def locked(self, slot: Slot | None = None) -> "Attempt":
        """The same row, held until the transaction ends; with a slot, it is `keyed` too."""
        rows = type(self).objects.keyed(slot.version) if slot else type(self).objects.all()
        return rows.select_for_update().get(pk=self.pk)

    @transaction.atomic
    def record(
        self,
        slot: Slot,
        answer: Any,
        *,
        key: str,
        now: datetime,
        certainty: int | None = None,
        took: int | None = None,
        base: int | None = None,
        made: datetime | None = None,
    ) -> Response:
        """Append a response to `slot` and return it; the same `key` again returns the first one.

        `answer` is the kind's clean JSON. What arrives after the deadline, or in a test after it was handed in,
        is kept, set aside as late, and counts nothing. So is an answer that was `made` before one which another
        tab has sent meanwhile: `base` is the sequence of the latest response that the sender knew. Raises Closed
        when a question is settled, or practice is over. A key that was corrected since grades this answer too.
        """
        attempt = self.locked(slot)
        before = list(attempt.responses.order_by("sequence"))
        self._holds(before)
        attempt._holds(before)
        if known := next((r for r in before if r.key == key), None):
            if known.slot_id != slot.pk:  # else this answer would be called saved
                raise Closed
            return known
        given = attempt.given.get(slot.pk, [])
        settled = attempt.at_once and (attempt.finished_at or attempt.answered(slot))
        if settled or len(before) >= MOST_RESPONSES:
            raise Closed
        aside = ""
        if attempt.finished_at or (attempt.deadline is not None and now > attempt.deadline):
            aside = Response.Aside.LATE
        elif given and base is not None and made is not None and base < (last := given[-1].answered).sequence:
            aside = Response.Aside.SUPERSEDED if made < last.received_at else ""
        regrades = Regrade.objects.standing(slot.version) if attempt.corrected else ()
        credit, regrade = graded(slot.version, answer, regrades)
        response = Response.objects.create(
            attempt=attempt,
            slot=slot,
            sequence=before[-1].sequence + 1 if before else 1,
            received_at=now,
            key=key,
            answer=answer,
            credit=credit,
            earned=stepped([*(r.credit for r in given), credit], attempt.tries),
            certainty=certainty if attempt.asks_certainty(slot) else None,
            took=took,
            aside=aside,
            regrade=regrade,
        )
        self._holds([*before, response])
        return response

    @transaction.atomic
    def mark(self, slot: Slot, answer: Any, *, comment: str, by: "User", now: datetime) -> Response | None:
        """A teacher's judgement of the last answer to `slot`: `answer` is the same one with what was judged.

        Returns it, or None if nothing was answered; the same judgement again adds nothing. Raises Closed while
        the attempt is open, since the answer may still change.
        """
        attempt = self.locked()
        if attempt.is_open(now):
            raise Closed
        before = list(attempt.responses.order_by("sequence"))
        given = sorted_out(before).get(slot.pk)
        if not given:
            return None
        last = given[-1]
        credit = slot.version.question.rules.grade(slot.version.content, answer).credit
        if last.cause == Response.Cause.MARK and (last.answer, last.comment) == (answer, comment):
            return last
        original = last.of_id or last.pk
        response = Response.objects.create(
            attempt=attempt,
            slot=slot,
            sequence=before[-1].sequence + 1,
            received_at=now,
            key=f"mark-{original}-{before[-1].sequence + 1}",
            answer=answer,
            credit=credit,
            earned=stepped([*(r.credit for r in given[:-1]), credit], attempt.tries),
            certainty=last.certainty,
            took=last.took,
            cause=Response.Cause.MARK,
            of_id=original,
            by=by,
            comment=comment,
        )
        self._holds([*before, response])
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
