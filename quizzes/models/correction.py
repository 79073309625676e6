"""What is put right afterwards: reports from learners, and keys that are corrected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from lessons.models import Edition
from quizzes.grading import stepped
from quizzes.models.question import Question, QuestionVersion
from quizzes.models.response import Response, Slot, sorted_out
from quizzes.rereading import readable

if TYPE_CHECKING:
    from accounts.models import User

MOST_OPEN = 5  # reports of one user, in a day
BATCH = 100  # slots that are locked and judged together


class Report(models.Model):
    """A learner says that something is wrong with a question: which version, what was shown, what was answered."""

    class State(models.TextChoices):
        OPEN = "open", _("to be looked at")
        MENDED = "mended", _("mended")
        KEPT = "kept", _("looked at and left as it is")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="reports")
    response = models.ForeignKey(Response, on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    answer = models.TextField(_("answer"), blank=True)  # in words, as it was
    passages = models.CharField(_("passages"), max_length=200, blank=True)  # WP-16, DE-3
    text = models.TextField(_("what is wrong"), max_length=2000)
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    reply = models.TextField(_("reply to the learner"), blank=True, max_length=2000)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return f"{self.version.question}: {self.text[:60]}"

    @classmethod
    def send(
        cls, user: "User | None", version: QuestionVersion, text: str, *, now: datetime, **about: Any
    ) -> "Report | None":
        """Keep a report, `about` being its other fields; the same words again are the same report. None if this
        user has sent MOST_OPEN within a day that nobody has looked at yet."""
        recent = cls.objects.filter(user=user, state=cls.State.OPEN, made_at__gt=now - timedelta(days=1))
        if known := recent.filter(version=version, text=text).first():
            return known
        if user is not None and recent.count() >= MOST_OPEN:
            return None
        return cls.objects.create(user=user, version=version, text=text, **about)


class RegradeQuerySet(models.QuerySet["Regrade"]):
    def standing(self, version: QuestionVersion) -> Self:
        """Those by whose keys an answer to this version is graded now, the latest first."""
        later = self.filter(
            question=version.question_id, version__language=version.language, version__number__gt=version.number
        )
        return later.filter(undone_at=None).order_by("-pk")


class Regrade(models.Model):
    """One grading anew of every answer to earlier versions, by the key of `version`; undone, not deleted.

    As long as it stands it also grades what is still given to those versions. Both verbs add judgements and change
    nothing: broken off halfway, they are run again and do the rest.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="regrades")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="regrades")
    reason = models.TextField(_("why"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RegradeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")

    def __str__(self) -> str:
        return f"{self.question}, {self.made_at:%Y-%m-%d}"

    @classmethod
    @transaction.atomic
    def begin(cls, version: QuestionVersion, *, reason: str, by: "User", now: datetime) -> "Regrade":
        """Record that this version's key corrects those before it; if one that stands says so, return that."""
        Question.objects.select_for_update().get(pk=version.question_id)
        if known := cls.objects.filter(version=version, undone_at=None).first():
            return known
        made = cls.objects.create(question=version.question, version=version, reason=reason, by=by, made_at=now)
        Edition.moved()
        return made

    def slots(self) -> models.QuerySet[Slot]:
        """Where earlier versions were answered."""
        given = Response.objects.filter(slot=models.OuterRef("pk"), aside="")
        earlier = Slot.objects.filter(
            version__question=self.question_id,
            version__language=self.version.language,
            version__number__lt=self.version.number,
        )
        return earlier.filter(models.Exists(given)).order_by("attempt_id", "pk")

    def apply(self, now: datetime) -> int:
        """Judge every answer to earlier versions by this key; return how many judgements were added.

        An answer that a teacher marked stays as it is, and so does one that this version cannot read.
        """
        if self.undone_at:
            return 0
        last = Response.objects.aggregate(last=models.Max("pk"))["last"] or 0
        added = self._settle(self.slots(), "regrade", now)
        # On PostgreSQL an answer may have been under way when this was recorded, and not have known of it.
        meanwhile = Response.objects.filter(pk__gt=last, cause=Response.Cause.ANSWER, regrade=None)
        return added + self._settle(self.slots().filter(pk__in=meanwhile.values("slot")), "regrade", now)

    def undo(self, by: "User", now: datetime) -> int:
        """Bring back what stood before, or what another regrade says; return how many judgements were added."""
        with transaction.atomic():
            if type(self).objects.filter(pk=self.pk, undone_at=None).update(undone_at=now, undone_by=by):
                Edition.moved()
        self.refresh_from_db(fields=["undone_at", "undone_by"])
        last = Response.objects.aggregate(last=models.Max("pk"))["last"] or 0
        added = self._settle(self.slots(), "undo", now)
        # As in `apply`: an answer under way may still have been graded by this key.
        meanwhile = Response.objects.filter(pk__gt=last, cause=Response.Cause.ANSWER, regrade=self)
        return added + self._settle(self.slots().filter(pk__in=meanwhile.values("slot")), "undo", now)

    def _settle(self, slots: models.QuerySet[Slot], verb: str, now: datetime) -> int:
        """Add the judgements that are due, a batch at a time, under the locks of the attempts."""
        added, pks = 0, list(slots.values_list("pk", flat=True))
        for n in range(0, len(pks), BATCH):
            with transaction.atomic():
                rows = (
                    Slot.objects.filter(pk__in=pks[n : n + BATCH])
                    .select_related("attempt")
                    .order_by("attempt_id", "pk")
                )
                held = list(rows.select_for_update(of=("attempt",)))
                added += len(Response.objects.bulk_create(self._due(held, verb, now)))
        return added

    def _due(self, slots: Sequence[Slot], verb: str, now: datetime) -> list[Response]:
        responses = Response.objects.filter(attempt__in=[slot.attempt_id for slot in slots])
        last = dict(responses.order_by().values_list("attempt").annotate(models.Max("sequence")))
        due = []
        for slot, verdicts in judged(slots):
            for response in judgements(verdicts, slot.attempt.tries):
                last[slot.attempt_id] += 1
                response.sequence, response.received_at = last[slot.attempt_id], now
                response.key = f"{verb}-{self.pk}-{response.of_id}"
                due.append(response)
        return due


# What an answer is worth by the keys that stand now


def graded(version: QuestionVersion, answer: Any, regrades: Iterable[Regrade]) -> tuple[float | None, Regrade | None]:
    """Credit of an answer to `version`: by the first of these regrades that can judge it, else by its own key."""
    for regrade in regrades:
        key = QuestionVersion.kept([regrade.version_id])[0]
        rules = key.question.rules
        if readable(rules, key.content, key.texts, answer, language=key.language):
            credit = rules.grade(key.content, answer).credit
            if credit is not None:  # else a person has to say
                return credit, regrade
    return version.question.rules.grade(version.content, answer).credit, None


@dataclass(frozen=True)
class Verdict:
    """What one answer stands at (`response`), and what it should: `credit`, by the key of `regrade` if any."""

    response: Response
    credit: float | None
    regrade: Regrade | None

    @property
    def marked(self) -> bool:
        return self.response.cause == Response.Cause.MARK

    @property
    def differs(self) -> bool:
        held = self.response.regrade
        standing = held.pk if held and not held.undone_at else None
        return (self.response.credit, standing) != (self.credit, self.regrade.pk if self.regrade else None)


def judged(slots: Sequence[Slot], more: Sequence[Regrade] = ()) -> list[tuple[Slot, list[Verdict]]]:
    """For slots of one question in one language, with their attempts: a verdict on each answer that its score rests
    on (the last, or with several tries all), as if the regrades `more` stood too. Two queries and the versions.
    """
    responses = Response.objects.filter(slot__in=slots).select_related("regrade").order_by("sequence")
    given = sorted_out(responses)
    versions = dict(zip(slots, QuestionVersion.kept(slot.version_id for slot in slots), strict=True))
    standing: dict[int, list[Regrade]] = {}  # by version
    for version in set(versions.values()):
        standing[version.pk] = [*more, *Regrade.objects.standing(version)]
    known: dict[tuple[int, str], tuple[float | None, Regrade | None]] = {}  # many give the same answer
    found = []
    for slot, version in versions.items():
        verdicts = []
        for response in given.get(slot.pk, [])[0 if slot.attempt.tries > 1 else -1 :]:
            answer = response.answered.answer
            key = (version.pk, repr(answer))
            if key not in known:
                known[key] = graded(version, answer, standing[version.pk])
            credit, regrade = known[key]
            if regrade is None and response.answered.regrade_id is None:
                credit = response.answered.credit  # as it was graded then
            if response.cause == Response.Cause.MARK:
                credit, regrade = response.credit, response.regrade
            verdicts.append(Verdict(response, credit, regrade))
        found.append((slot, verdicts))
    return found


def judgements(verdicts: Sequence[Verdict], tries: int) -> list[Response]:
    """The responses to add so that the slot says what the verdicts say; none where it does, or a teacher marked it.

    From the first answer that differs on, so that the last one added holds what the slot stands at.
    """
    first = next((n for n, verdict in enumerate(verdicts) if verdict.differs), None)
    if first is None or any(verdict.marked for verdict in verdicts):
        return []
    credits = [verdict.credit for verdict in verdicts]
    return [
        Response(
            attempt_id=verdict.response.attempt_id,
            slot_id=verdict.response.slot_id,
            answer=verdict.response.answer,
            credit=verdict.credit,
            earned=stepped(credits[: n + 1], tries),
            certainty=verdict.response.certainty,
            took=verdict.response.took,
            cause=Response.Cause.REGRADE,
            of=verdict.response.answered,
            regrade=verdict.regrade or verdict.response.regrade,  # undone, it says what was taken back
        )
        for n, verdict in enumerate(verdicts)
        if n >= first
    ]
