"""What anybody may practise: the mixed quizzes, and those that close a lesson. Read once an edition."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from lessons.models import LessonVersion, Status, Unit
from lessons.reading import Shelf
from quizzes.models import Draw, Purpose, Quiz


@dataclass(frozen=True)
class Offer:
    title: str
    url: str
    intro: str
    questions: int
    mixed: bool


@dataclass(frozen=True)
class Offers:
    """`units` in order, each with its mixed quizzes first; `across` are those that draw from several units."""

    across: tuple[Offer, ...]
    units: tuple[tuple[Unit, tuple[Offer, ...]], ...]

    def mixed(self, unit: Unit) -> list[Offer]:
        return [offer for each, offers in self.units if each == unit for offer in offers if offer.mixed]


def offers(shelf: Shelf) -> Offers:
    """No query once they were read; a quiz without a question is not offered."""
    return shelf.keep("offers", lambda: _offers(shelf.language))


def _offers(language: str) -> Offers:
    written = LessonVersion.objects.filter(status=Status.PUBLISHED, language=language).values("lesson")
    practised = Count("places", filter=Q(places__question__reserved=False))
    fixed = dict(Quiz.objects.annotate(fixed=practised).values_list("pk", "fixed"))
    rows = Quiz.objects.select_related("lesson")
    mixed = rows.filter(purpose=Purpose.MIXED).order_by("pk")
    closing = rows.filter(purpose=Purpose.CLOSING, lesson__in=written).order_by("lesson__number", "pk")
    drawn = _units_drawn_from()
    across: list[Offer] = []
    units: dict[int, list[Offer]] = defaultdict(list)
    for quiz in [*mixed, *closing]:
        questions = quiz.length if quiz.pk in drawn else fixed[quiz.pk]
        if not questions:
            continue
        offer = Offer(str(quiz), quiz.get_absolute_url(), quiz.intro, questions, quiz.purpose == Purpose.MIXED)
        unit = quiz.lesson.unit_id if quiz.lesson else drawn.get(quiz.pk)
        (units[unit] if unit else across).append(offer)
    known = Unit.objects.in_bulk(units)
    in_order = sorted(known.values(), key=lambda unit: unit.number)
    return Offers(tuple(across), tuple((unit, tuple(units[unit.pk])) for unit in in_order))


def _units_drawn_from() -> Mapping[int, int | None]:
    """By quiz the unit that all its draws are from; None where there is no such one."""
    units: dict[int, set[int | None]] = defaultdict(set)
    for draw in Draw.objects.select_related("lesson"):
        units[draw.quiz_id].add(draw.lesson.unit_id if draw.lesson else draw.unit_id)
    return {quiz: next(iter(found)) if len(found) == 1 else None for quiz, found in units.items()}
