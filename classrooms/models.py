"""Who teaches whom, and what was set. Attempts belong to `quizzes`; here are only the links to them."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from classrooms.standing import Counts
from classrooms.zones import check_zone, city
from quizzes.models import Attempt, Behaviour, Draw, Quiz, Release, Terms

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: read aloud and typed by hand
MOST_TRIES = 20
MOST_QUESTION_TRIES = 5


def new_code() -> str:
    """Eight characters, 40 bits: not to be guessed at the rate that joining allows."""
    return "".join(secrets.choice(ALPHABET) for _i in range(8))


def read_code(typed: str) -> str:
    """A join code as it is stored; people type it in small letters, with spaces and dashes."""
    return re.sub(r"[\s\-‐-―]+", "", typed).upper()


def in_minutes(time: timedelta | None) -> int | None:
    """Whole minutes, or None for no time at all."""
    return int(time.total_seconds() // 60) if time else None


class ClassroomQuerySet(models.QuerySet["Classroom"]):
    def of(self, user: Any) -> Self:
        """Classes in which `user` is, as teacher or pupil."""
        return self.filter(memberships__user=user, memberships__left_at=None)

    def taught_by(self, user: Any) -> Self:
        return self.filter(memberships__user=user, memberships__left_at=None, memberships__role=Membership.Role.TEACHER)

    def with_pupil(self, user: Any) -> Self:
        return self.filter(memberships__user=user, memberships__left_at=None, memberships__role=Membership.Role.PUPIL)

    def with_work(self) -> Self:
        """Each with three numbers, of which one at least differs whenever work at its assignments has moved on."""
        attempt = "assignments__works__attempt"
        return self.annotate(
            begun=models.Count("assignments__works"),
            handed_in=models.Count(f"{attempt}__finished_at"),
            last_answer=models.Max(f"{attempt}__responses"),
        )

    def joinable(self, code: str) -> Self:
        """The class, if any, that this code opens now."""
        return self.filter(join_code=read_code(code), join_open=True)


class Classroom(models.Model):
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Seoul", validators=[check_zone])
    join_code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    join_open = models.BooleanField(_("can be joined with its code"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("class")
        verbose_name_plural = _("classes")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("class", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def place(self) -> str:
        """The city that gives the time zone its name, as in "Seoul time"."""
        return city(self.time_zone)

    @property
    def spaced_code(self) -> str:
        """The join code as it is read aloud: "7KQ4 M2XP"."""
        return f"{self.join_code[:4]} {self.join_code[4:]}"

    @property
    def teachers(self) -> "models.QuerySet[Membership]":
        return self.memberships.filter(role=Membership.Role.TEACHER, left_at=None).select_related("user")

    @property
    def pupils(self) -> "models.QuerySet[Membership]":
        return self.memberships.filter(role=Membership.Role.PUPIL, left_at=None).select_related("user")

    @classmethod
    @transaction.atomic
    def open_for(cls, teacher: Any, **fields: Any) -> "Classroom":
        """Make a class with its first teacher."""
        room = cls.objects.create(**fields)
        room.memberships.create(user=teacher, role=Membership.Role.TEACHER)
        return room

    def rotate_code(self) -> None:
        """Give a new join code; the old one stops working at once."""
        self.join_code = new_code()
        self.save(update_fields=["join_code"])

    def set_open(self, is_open: bool) -> None:
        """Say whether the join code works."""
        self.join_open = is_open
        self.save(update_fields=["join_open"])

    def admit(self, user: Any) -> "Membership":
        """Make `user` a pupil; a pupil who had left comes back, a teacher stays one."""
        member, _new = self.memberships.get_or_create(user=user, defaults={"role": Membership.Role.PUPIL})
        if member.left_at is not None:
            member.left_at = None
            member.save(update_fields=["left_at"])
        return member


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: Any) -> Self:
        """Where `user` is now, by name of the class."""
        return self.filter(user=user, left_at=None).select_related("classroom").order_by("classroom__name", "pk")


class Membership(models.Model):
    class Role(models.TextChoices):
        TEACHER = "teacher", _("teacher")
        PUPIL = "pupil", _("pupil")

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["classroom", "user"], name="once_in_a_class")]
        indexes = [models.Index(fields=["classroom", "role"], condition=models.Q(left_at=None), name="present_members")]

    def __str__(self) -> str:
        return f"{self.user} in {self.classroom}"

    def leave(self, now: datetime) -> None:
        """Out of the class; the work stays, should the pupil come back."""
        self.left_at = now
        self.save(update_fields=["left_at"])


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, user: Any) -> Self:
        """Those of the classes in which `user` is, as teacher or pupil."""
        return self.filter(classroom__in=Classroom.objects.of(user))

    def taught_by(self, user: Any) -> Self:
        return self.filter(classroom__in=Classroom.objects.taught_by(user))

    def counted(self) -> Self:
        """Each with `asks`, the number of questions that its quiz has now."""
        draws = Draw.objects.filter(quiz=models.OuterRef("quiz")).order_by().values("quiz")
        drawn = draws.annotate(n=models.Sum("count")).values("n")
        return self.annotate(asks=models.Count("quiz__places") + Coalesce(models.Subquery(drawn), 0))

    def set_for(self, user: Any) -> Self:
        """Those that `user` has to do."""
        return self.filter(classroom__in=Classroom.objects.with_pupil(user))


class Assignment(models.Model):
    """A quiz set for a class. `due` is when it is late, `closes` when it takes no more answers."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="assignments")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="assignments")
    opens = models.DateTimeField(_("opens"), null=True, blank=True)
    due = models.DateTimeField(_("due"))
    closes = models.DateTimeField(_("closes"), null=True, blank=True)
    limit = models.DurationField(_("time limit"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_TRIES)]
    )
    counts = models.CharField(
        _("which attempt counts"),
        max_length=8,
        choices=[(Counts.BEST, _("the best")), (Counts.LAST, _("the last")), (Counts.AVERAGE, _("the average of all"))],
        default=Counts.BEST,
    )
    question_tries = models.PositiveSmallIntegerField(
        _("tries at each question"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_QUESTION_TRIES)],
    )
    certainty = models.BooleanField(_("ask how sure each answer is"), default=False)
    release = models.CharField(_("answers are shown"), max_length=10, choices=Release, default=Release.FINISH)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    asks: int  # only after `counted`

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.quiz} ({self.classroom})"

    def get_absolute_url(self) -> str:
        return reverse("assignment", args=[self.pk])

    def clean(self) -> None:
        wrong: dict[str, Any] = {}
        if self.opens and self.due and self.opens >= self.due:
            wrong["opens"] = _("It must open before it is due.")
        if self.closes and self.due and self.closes < self.due:
            wrong["closes"] = _("It cannot close before it is due.")
        if self.release == Release.CLOSE and not self.closes:
            wrong["closes"] = _("Say when it closes: answers are to be shown after that.")
        if self.limit is not None and self.limit < timedelta(minutes=1):
            wrong["limit"] = _("The time limit is at least one minute.")
        if self.question_tries and self.question_tries > 1 and self.release != Release.AT_ONCE:
            wrong["question_tries"] = _("Several tries need answers that are shown after each question.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def minutes(self) -> int | None:
        return in_minutes(self.limit)

    @property
    def behaviour(self) -> Behaviour:
        """Who sees the answer after each question must not be able to change the last one."""
        if self.release != Release.AT_ONCE:
            return Behaviour.TEST
        return Behaviour.TRIES if self.question_tries > 1 else Behaviour.PRACTICE

    # --- the rules for one pupil ---------------------------------------------------------------------------

    @property
    def context(self) -> str:
        """What its attempts are started for."""
        return f"assignment:{self.pk}"

    def due_for(self, extra: "Extension | None") -> datetime:
        """When it is late, for the pupil with this extension."""
        return max(self.due, extra.closes) if extra and extra.closes else self.due

    def closes_for(self, extra: "Extension | None") -> datetime | None:
        """When it takes no more answers; what never closes does not close because of an extension. Extra minutes
        move it too, or who begins shortly before the end would not have them."""
        if not self.closes or not extra:
            return self.closes
        moved = self.closes + (extra.extra_time if self.limit else timedelta())
        return max(moved, extra.closes) if extra.closes else moved

    def limit_for(self, extra: "Extension | None") -> timedelta | None:
        return self.limit + extra.extra_time if self.limit and extra else self.limit

    def terms(self, extra: "Extension | None") -> Terms:
        """The terms of an attempt by the pupil with this extension."""
        return Terms(
            opens=self.opens,
            closes=self.closes_for(extra),
            limit=self.limit_for(extra),
            behaviour=self.behaviour,
            release=self.release,
            certainty=self.certainty,
            tries=self.question_tries,
            context=self.context,
        )

    # --- verbs ----------------------------------------------------------------------------------------------

    @transaction.atomic
    def begin(self, user: Any, *, now: datetime) -> Attempt:
        """Return the pupil's open attempt, or start the next one.

        Raises ValidationError saying why not: not open yet, closed, or no attempt left;
        Membership.DoesNotExist for one who is no pupil of the class (any more); Question.DoesNotExist for an
        empty quiz.
        """
        member = Membership.objects.select_for_update().get(
            classroom=self.classroom_id, user=user, role=Membership.Role.PUPIL, left_at=None
        )
        terms = self.terms(self.extensions.filter(user=user).first())
        standing = Attempt.objects.filter(user=user, quiz=self.quiz_id, context=terms.context)
        running = standing.open().first()
        if running and running.is_open(now):
            return running
        if terms.opens and now < terms.opens:
            raise ValidationError(_("This assignment is not open yet."), code="early")
        if terms.closes and now > terms.closes:
            raise ValidationError(_("This assignment is closed."), code="closed")
        if standing.count() >= self.tries:
            raise ValidationError(_("You have used all attempts at this assignment."), code="used")
        if running:
            running.finish(now)
        attempt, _new = Attempt.objects.start(member.user, self.quiz, terms, now=now)
        Work.objects.get_or_create(attempt=attempt, defaults={"assignment": self, "user": user})
        return attempt

    @transaction.atomic
    def extend(self, user: Any, *, closes: datetime | None, extra_time: timedelta, by: Any) -> "Extension":
        """Give `user` more time, also in an attempt that is under way or that only time had ended."""
        extra, _new = self.extensions.update_or_create(
            user=user, defaults={"closes": closes, "extra_time": extra_time, "given_by": by}
        )
        self._apply(self.works.filter(user=user), {user.pk: extra})
        return extra

    def spread(self) -> None:
        """Bring changed times to the attempts that were begun under the old ones."""
        self._apply(self.works.all(), {extra.user_id: extra for extra in self.extensions.all()})

    def _apply(self, works: "models.QuerySet[Work]", extras: "dict[int, Extension]") -> None:
        """Give attempts the times that hold now. Those handed in need them too: answers are shown after the
        closing time, and must wait when it moves. A limit that somebody is working under never shrinks."""
        for work in works.select_related("attempt"):
            attempt, terms = work.attempt, self.terms(extras.get(work.user_id))
            limit = max(attempt.limit, terms.limit) if attempt.limit and terms.limit else None
            if attempt.finished_at:
                limit = attempt.limit
            if (terms.closes, limit) != (attempt.closes, attempt.limit):
                attempt.extend(closes=terms.closes, limit=limit)


class Extension(models.Model):
    """More time for one pupil: a later date, minutes on top of the time limit, or both."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="extensions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    closes = models.DateTimeField(_("late and closed only after"), null=True, blank=True)
    extra_time = models.DurationField(_("added to the time limit"), default=timedelta)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "user"], name="one_extension_each")]

    def __str__(self) -> str:
        return f"{self.user}: {self.closes}"

    @property
    def minutes(self) -> int | None:
        return in_minutes(self.extra_time)


class Work(models.Model):
    """The link between an assignment and an attempt at it."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="works")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="works")
    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="work")

    class Meta:
        indexes = [models.Index(fields=["assignment", "user"])]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.attempt_id}"
