"""ISO dates of mixed precision, in words. Pure."""

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _


def in_words(iso: str) -> str:
    """`1965`, `1965-06`, `1965-06-22` or `1910/1945` as a reader says it."""
    start, slash, end = iso.partition("/")
    if slash:
        return f"{in_words(start)}–{in_words(end)}"
    parts = [int(part) for part in start.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    day = date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
    return formats.date_format(day, _("j F Y") if len(parts) == 3 else _("F Y"))
