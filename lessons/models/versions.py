"""Versions: what was written is never changed, only followed by a newer version."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lessons.models.texts import Edition


class Origin(models.TextChoices):
    SHIPPED = "shipped", _("shipped with the site")
    EDITED = "edited", _("edited here")


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class Version(models.Model):
    """One version of a text in one language. Only `status` ever changes after it was created."""

    number = models.PositiveIntegerField(editable=False)
    language = models.CharField(max_length=8, default="en", editable=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    origin = models.CharField(max_length=7, choices=Origin, default=Origin.EDITED, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    OF: ClassVar[str]  # the foreign key to the identity
    WORDS: ClassVar[tuple[str, ...]]  # the fields that make the version what it is

    class Meta:
        abstract = True

    @staticmethod
    def rules(of: str) -> list[models.BaseConstraint]:
        """One number a version; at most one published and one draft in each language."""
        return [
            models.UniqueConstraint(fields=[of, "language", "number"], name="%(class)s_number"),
            models.UniqueConstraint(
                fields=[of, "language"], condition=Q(status="published"), name="%(class)s_one_published"
            ),
            models.UniqueConstraint(fields=[of, "language"], condition=Q(status="draft"), name="%(class)s_one_draft"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and set(kwargs.get("update_fields") or ["?"]) != {"status"}:
            raise TypeError("A version is immutable; write a new one.")
        super().save(*args, **kwargs)
        if self.status != Status.DRAFT:  # readers are served from what is kept of an edition
            Edition.moved()

    @property
    def siblings(self) -> models.QuerySet[Self]:
        return type(self)._default_manager.filter(
            **{self.OF: getattr(self, f"{self.OF}_id"), "language": self.language}
        )

    def words(self) -> dict[str, Any]:
        """The content of this version, for comparing."""
        return {name: getattr(self, name) for name in self.WORDS}

    def problems(self) -> list[str]:
        """What stands in the way of publishing; empty when nothing does."""
        raise NotImplementedError

    @transaction.atomic
    def add(self) -> Self:
        """Save as the next version; a draft that stands is retired and kept."""
        if self.status == Status.DRAFT:
            self.siblings.filter(status=Status.DRAFT).update(status=Status.RETIRED)
        self.number = (self.siblings.aggregate(top=Max("number"))["top"] or 0) + 1
        self.save()
        self.link()
        return self

    def link(self) -> None:
        """Record what the version cites; called once, when it is added."""

    @transaction.atomic
    def publish(self) -> None:
        """Make this the version that is read. Raises ValidationError when a citation does not resolve."""
        if problems := self.problems():
            raise ValidationError(problems)
        self.siblings.filter(status=Status.PUBLISHED).exclude(pk=self.pk).update(status=Status.RETIRED)
        self.status = Status.PUBLISHED
        self.save(update_fields=["status"])
