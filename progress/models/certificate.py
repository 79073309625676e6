"""A certificate for a mastered unit: what was shown, by which rule, and when, as it was on that day."""

import re
import secrets
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lessons.models import Unit

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: read aloud and typed by hand
LENGTH = 12  # 60 bits: nobody finds one by trying


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _i in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as it is stored; people type it in small letters, with spaces and dashes."""
    return re.sub(r"[\s\-‐-―]+", "", typed).upper()


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid(self) -> "CertificateQuerySet":
        return self.filter(withdrawn_at=None)

    def issue(self, holder: Any, unit: Unit, **fields: Any) -> "Certificate":
        """The holder's valid certificate for the unit, or a new one: two clicks end with one."""
        standing = self.valid().filter(holder=holder, unit=unit)
        try:
            with transaction.atomic():
                return standing.first() or self.create(holder=holder, unit=unit, **fields)
        except IntegrityError:
            return standing.get()

    def coded(self, typed: str) -> "CertificateQuerySet":
        """The one with this code, however it was typed."""
        code = read_code(typed)
        return self.filter(code=code) if len(code) == LENGTH else self.none()


class Certificate(models.Model):
    """Only what the holder chose to show, and whether it is withdrawn, ever changes after it was issued.

    `record` is what was shown, in words and numbers:
    {"number": 3, "unit": "The 2019 trade war", "arches": 4, "words": ["수출규제", "輸出管理の見直し"],
     "rule": "A lesson is mastered when ...", "threshold": 80,
     "lessons": [{"title": "...", "percent": 92, "questions": 8, "on": "2026-05-04"}]}
    """

    CHOICES = frozenset({"shows_name", "shows_evidence", "withdrawn_at"})

    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="certificates")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=LENGTH, unique=True, default=new_code, editable=False)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    language = models.CharField(max_length=8, default="en", editable=False)
    name = models.CharField(_("name on the certificate"), max_length=80, blank=True)
    record = models.JSONField(editable=False)
    shows_name = models.BooleanField(_("Show the name"), default=False)
    shows_evidence = models.BooleanField(_("Show the results of the lessons"), default=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "unit"], condition=models.Q(withdrawn_at=None), name="one_valid_certificate"
            )
        ]

    def __str__(self) -> str:
        return f"{self.spaced_code}: {self.record['unit']}"

    def get_absolute_url(self) -> str:
        """Where anybody can check it."""
        return reverse("certificate", args=[self.spaced_code])

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and not set(kwargs.get("update_fields") or ["?"]) <= self.CHOICES:
            raise TypeError("A certificate says for ever what it said when it was issued.")
        super().save(*args, **kwargs)

    @property
    def spaced_code(self) -> str:
        """The code as it is printed: 7KQ4-M2XP-9RTW."""
        return "-".join(self.code[n : n + 4] for n in range(0, LENGTH, 4))

    @property
    def is_valid(self) -> bool:
        return self.withdrawn_at is None

    @property
    def shown_name(self) -> str:
        """The name, if everybody may see it."""
        return self.name if self.shows_name else ""

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """What was shown, lesson by lesson: title, percent, questions, and the day it was reached."""
        return [each | {"on": date.fromisoformat(each["on"])} for each in self.record["lessons"]]

    def withdraw(self, now: datetime) -> bool:
        """Take it back, once and for good; the holder may then be issued another."""
        done = type(self).objects.valid().filter(pk=self.pk).update(withdrawn_at=now)
        self.refresh_from_db(fields=["withdrawn_at"])
        return bool(done)
