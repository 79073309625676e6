"""What is put right afterwards: reports from learners, and keys that are corrected."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.models.question import Question, QuestionVersion
from quizzes.models.response import Response


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


class Regrade(models.Model):
    """One grading anew of every answer to a question, by the key of `version`; undone, not deleted."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="regrades")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="regrades")
    reason = models.TextField(_("why"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")

    def __str__(self) -> str:
        return f"{self.question}, {self.made_at:%Y-%m-%d}"
