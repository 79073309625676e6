"""How the pages of `lessons` reach the questions that stand in their text."""

from typing import Any

from django import template

from lessons.models import Lesson
from lessons.reading import Shelf
from quizzes.asking import Asked
from quizzes.checkpoints import places

register = template.Library()


@register.simple_tag(takes_context=True)
def in_place(context: dict[str, Any], lesson: Lesson, shelf: Shelf) -> dict[str, Asked]:
    """The lesson's questions in place, by slug, with the reader's answers."""
    return places(lesson, context["request"].user, shelf)


@register.filter
def of(asked: dict[str, Asked], slug: str) -> Asked | None:
    """The question with this slug, or None while it is not published."""
    return asked.get(slug)
