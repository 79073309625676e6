"""How a learner wants to review: how much a day, for which exam, and whether to say how sure."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

GOAL = 20  # questions: about ten minutes
FARTHEST = timedelta(days=3 * 366)  # an exam; beyond it nobody plans, and dates stay far from where they end


class StudyPlan(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="study_plan")
    daily_goal = models.PositiveSmallIntegerField(
        _("questions a day"), default=GOAL, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    exam_on = models.DateField(_("day of an exam"), null=True, blank=True)
    certainty = models.BooleanField(_("ask me how sure I am"), default=True)

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: Any) -> Self:
        """The user's plan, or the usual one, not saved; one query, none for a visitor."""
        kept = cls.objects.filter(user=user).first() if user.is_authenticated else None
        return kept or cls(user=user if user.is_authenticated else None)

    def exam(self, now: datetime) -> datetime | None:
        """When the exam's day begins (UTC, which is the morning in Seoul and Tokyo); None once it has begun."""
        if self.exam_on is None:
            return None
        begins = datetime.combine(self.exam_on, time(), UTC)
        return begins if now < begins < now + FARTHEST else None
