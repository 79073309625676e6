"""How the pages of `lessons` reach the questions that stand in their text, and questions the passages they rest on."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from jkrel.still import still
from lessons.models import Lesson, Unit
from lessons.reading import Shelf, originals, shelf
from quizzes.asking import Asked
from quizzes.checkpoints import places
from quizzes.offers import Offer, offers
from quizzes.reports import replies

T = TypeVar("T")
register = template.Library()


@register.simple_tag(takes_context=True)
def in_place(context: dict[str, Any], lesson: Lesson, shelf: Shelf) -> dict[str, Asked]:
    """The lesson's questions in place, by slug, with the reader's answers."""
    reader = context["request"].user
    asked = places(lesson, reader, shelf)
    context["originals"] = originals((passage for each in asked.values() for passage in each.passages), reader)
    context["replies"] = replies(reader, [each.version.question_id for each in asked.values()])
    return asked


@register.simple_tag(takes_context=True)
def passages(context: dict[str, Any], asked: Asked) -> SafeString:
    """The passages that show an answer: the same for everybody and drawn once, except for who may read the documents'
    own words beside them. These are in the context as `originals` where a page shows many questions."""
    words = context.get("originals")
    if words is None:
        words = originals(asked.passages, context["request"].user)
    if not any(passage.label in words for passage in asked.passages):
        return still("quizzes/_passages.html", passages=asked.passages)
    return render_to_string("quizzes/_passages.html", {"passages": asked.passages, "originals": words})


@register.simple_tag
def mixed_quizzes(unit: Unit) -> list[Offer]:
    """The quizzes that draw their questions from this unit."""
    return offers(shelf()).mixed(unit)


@register.filter
def of(things: Mapping[str, T], key: str) -> T | None:
    """What stands under this key: the question with a slug, the words of a passage. None where nothing does."""
    return things.get(key)
