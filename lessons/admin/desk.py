"""What stands on one change page: the record, its versions in one language, and the forms."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lessons.admin.differences import Line
from lessons.models import Status


class Overtaken(Exception):
    """Somebody else saved another version since the page was opened."""


class Desk:
    """One change page: the record, its versions in one language, and the forms on the page."""

    def __init__(self, record: Any, language: str, versions: Sequence[Any]) -> None:
        self.record, self.language, self.versions = record, language, versions
        self.adding = record.pk is None
        self.working = standing(versions)
        self.started = self.working  # the version that the page shows or was opened with
        self.identity: Any = None
        self.words: tuple[Any, ...] = ()
        self.overtaken: list[Line] | None = None  # what the other editor changed
        self.refused: list[str] = []

    @property
    def forms(self) -> tuple[Any, ...]:
        return (self.identity, *self.words)

    @property
    def base(self) -> int:
        return self.working.number if self.working else 0

    @property
    def published(self) -> Any:
        return next((v for v in self.versions if v.status == Status.PUBLISHED), None)

    @property
    def problems(self) -> list[str]:
        """What keeps the standing draft from being published."""
        draft = self.working and self.working.status == Status.DRAFT
        return self.working.problems() if draft and not self.identity.is_bound else []

    def place(self, message: str, form: Any, field: str) -> None:
        form.add_error(field, message)
        self.refused.append(message)


def standing(versions: Sequence[Any]) -> Any:
    """The version that an editor goes on from: the draft, otherwise what is published, otherwise the newest."""
    by_status = {version.status: version for version in reversed(versions)}
    return by_status.get(Status.DRAFT) or by_status.get(Status.PUBLISHED) or next(iter(versions), None)


def in_lines(words: Sequence[Any]) -> list[str]:
    """What unbound forms hold, line by line, under the labels that an editor knows."""
    groups = [group for form in words for group in form.fieldsets()]
    used = Counter(str(field.label) for _legend, fields in groups for field in fields if not field.is_hidden)
    lines = []
    for legend, fields in groups:
        for field in fields:
            if field.is_hidden or not (said := shown(field)):
                continue
            label = f"{legend}, {field.label}" if legend and used[str(field.label)] > 1 else capfirst(field.label)
            if isinstance(field.field.widget, forms.Textarea):
                lines += [f"{label}:", *filter(str.strip, said.split("\n"))]
            else:
                lines.append(f"{label}: {said}")
    return lines


def shown(field: forms.BoundField) -> str:
    """The value of a field as it is read: the label of a choice, not its key."""
    value = field.value()
    if isinstance(value, bool):
        return _("yes") if value else ""
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", ()) if not isinstance(label, list)}
    if isinstance(value, list):
        return ", ".join(labels.get(str(key), str(key)) for key in value)
    return "" if value in (None, "") else labels.get(str(value), str(value))
