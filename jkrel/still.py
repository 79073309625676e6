"""`{% still "parts/icon.html" name="right" %}`: an include that is drawn once and kept.

The arguments are all that the template sees, and the key under which its text is kept, beside the language: the same
arguments must mean the same text for ever. So they are plain values, or objects that stand for themselves alone
(lessons.reading.Shelf); a row of the database is refused, because the next one with its key may say something else.
"""

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def still(name: str, /, **given: Any) -> SafeString:
    """The text of template `name` with just these arguments; lists are told apart by what is in them."""
    draw = _kept.__wrapped__ if settings.DEBUG else _kept
    told = tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in given.items())
    return draw(name, get_language(), told)


@lru_cache(maxsize=1024)
def _kept(name: str, language: str | None, given: tuple[tuple[str, Any], ...]) -> SafeString:
    if any(isinstance(value, Model) for _name, value in given):
        raise TypeError(f"{name} is given a row of the database and cannot be kept")
    return render_to_string(name, dict(given))
