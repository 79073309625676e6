"""Who is there. A guest is a User too: work begun without an account is named later, not copied."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models, transaction
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMINS, EDITORS, ROLES, TEACHERS, is_staff_role


class People(UserManager["User"]):
    def make_guest(self) -> "User":
        """Create a guest: a row with no password, reachable only through its session."""
        guest = self.model(username=f"guest-{secrets.token_hex(8)}", is_guest=True)
        guest.set_unusable_password()
        guest.save(using=self._db)
        return guest

    def forgotten_guests(self, now: datetime, after: timedelta) -> models.QuerySet["User"]:
        """Guests whose session began longer ago than `after`."""
        began = Coalesce("last_login", "date_joined")
        return self.filter(is_guest=True).alias(began=began).filter(began__lt=now - after)


class User(AbstractUser):
    first_name = None  # type: ignore[assignment]  # one name, written as its owner writes it
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=80, blank=True, help_text=_("As your class knows you."))
    is_guest = models.BooleanField(_("guest"), default=False, editable=False)

    objects: People = People()  # type: ignore[misc]
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # sign-in ignores case, so "Alice" beside "alice" would lock both out
            models.UniqueConstraint(
                Lower("username"),
                name="one_username_in_any_case",
                violation_error_message=_("A user with that username already exists."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        if self.is_guest:
            return str(_("Guest"))
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def name_guest(self, username: str, **fields: Any) -> None:
        """Turn this guest into a named account, in memory; the caller sets the password and saves."""
        self.username, self.is_guest = username, False
        for field, value in fields.items():
            setattr(self, field, value)

    # --- roles ---------------------------------------------------------------------------------------------

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of this user's roles; one query, kept on the instance."""
        if self.is_guest:
            return frozenset()
        return frozenset(self.groups.filter(name__in=ROLES).values_list("name", flat=True))

    @property
    def is_teacher(self) -> bool:
        return TEACHERS in self.roles

    @transaction.atomic
    def set_roles(self, names: Iterable[str]) -> None:
        """Give exactly these roles; groups that are no roles stay. Editors and admins become staff.

        Raises ValueError for a guest and for what is no role, LookupError if the roles were never made.
        """
        names = frozenset(names)
        if self.is_guest and names:
            raise ValueError("A guest has no roles.")
        if unknown := names - ROLES.keys():
            raise ValueError(f"No such role: {', '.join(sorted(unknown))}")
        groups = list(Group.objects.filter(name__in=names))
        if len(groups) < len(names):
            raise LookupError("The roles are not in the database yet: run the management command `roles`.")
        self.groups.set([*self.groups.exclude(name__in=ROLES), *groups])
        self.is_staff = self.is_superuser or is_staff_role(names)
        self.save(update_fields=["is_staff"])
        for kept in ("roles", "_perm_cache", "_user_perm_cache", "_group_perm_cache"):
            self.__dict__.pop(kept, None)


def in_two_weeks() -> datetime:
    return timezone.now() + timedelta(days=14)


class Invitation(models.Model):
    """A link that gives a role to the first named user who accepts it. Only its digest is kept."""

    class Role(models.TextChoices):
        TEACHER = TEACHERS, _("teacher")
        EDITOR = EDITORS, _("editor")
        ADMIN = ADMINS, _("admin")

    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.TEACHER)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Whom it is for. Only admins see this."))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, editable=False, related_name="invitations"
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), default=in_two_weeks, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.note}".strip()

    @staticmethod
    def digest_of(token: str) -> str:
        """Unsalted on purpose: a token holds 256 random bits, so no table helps to guess it."""
        return hashlib.sha256(token.encode(errors="replace")).hexdigest()

    def new_token(self) -> str:
        """Give the link a new secret and return it, in memory; it cannot be read again."""
        token = secrets.token_urlsafe(32)
        self.digest = self.digest_of(token)
        return token

    @classmethod
    def make(cls, made_by: User, role: str = TEACHERS, note: str = "") -> tuple[Self, str]:
        """Save a new invitation; return it and its token."""
        invitation = cls(made_by=made_by, role=role, note=note)
        token = invitation.new_token()
        invitation.save()
        return invitation, token

    def is_open(self, now: datetime) -> bool:
        """Whether it can be accepted: unused, in time, and made by somebody who still may."""
        maker = self.made_by
        return self.used_at is None and now < self.expires_at and maker.has_perm("accounts.add_invitation")

    @transaction.atomic
    def accept(self, user: User, now: datetime) -> bool:
        """Give `user` the role, once: False if the invitation is no longer open."""
        if not self.is_open(now):
            return False
        if not type(self).objects.filter(pk=self.pk, used_at=None).update(used_at=now, used_by=user):
            return False
        user.set_roles({*user.roles, self.role})
        return True
