"""Reading: lessons, documents, timeline, terms. Open to everybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons import pictures, reading, region
from lessons.models import Comparison, Erratum, Event, LessonVersion, Position, Source, Term, Unit


@login_not_required
@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """A lesson with its margin notes; its questions stand in place."""
    shelf = reading.shelf()
    try:
        found = reading.lesson_page(slug, shelf)
    except LessonVersion.DoesNotExist:
        raise Http404 from None
    card = pictures.of_lesson(found, shelf)
    return render(request, "lessons/lesson.html", {"shelf": shelf, "found": found, "card": card})


@login_not_required
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The documents, with how far each can be trusted."""
    return render(request, "lessons/sources.html", {"sources": Source.objects.all()})


@login_not_required
@require_safe
def teaching(request: HttpRequest, slug: str) -> HttpResponse:
    """The lesson's page for teachers: a plan, questions to discuss, sensitive points. It holds no keys."""
    shelf = reading.shelf()
    try:
        found = reading.lesson_page(slug, shelf)
    except LessonVersion.DoesNotExist:
        raise Http404 from None
    if not found.version.teaching:
        raise Http404
    return render(request, "lessons/teaching.html", {"found": found, "page": reading.teaching_page(found, shelf)})


@login_not_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Forty questions put to all the documents: who agrees, who differs, who is silent."""
    positions = Prefetch(
        "positions",
        Position.objects.select_related("source").prefetch_related("claims__passage__source").order_by("source__dated"),
    )
    found = Comparison.objects.prefetch_related(positions)
    return render(request, "lessons/compare.html", {"sources": Source.objects.all(), "comparisons": found})


@login_not_required
@require_safe
def errata(request: HttpRequest) -> HttpResponse:
    """What the documents print wrong, what is right, how sure we are, and what to learn from it."""
    shelf = reading.shelf()
    found = Erratum.objects.prefetch_related("claims__passage__source").order_by("code")
    by_source: dict[Source, list[tuple[Erratum, SafeString]]] = {}
    for erratum in found:
        claims = list(erratum.claims.all())
        if claims:
            line = (erratum, shelf.inline(erratum.correction))
            by_source.setdefault(claims[0].passage.source, []).append(line)
    return render(request, "lessons/errata.html", {"documents": by_source, "count": len(found)})


@login_not_required
@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """What happened when, on which shore; all of it, or what one unit teaches."""
    units = list(Unit.objects.filter(events__isnull=False).distinct())
    chosen = next((unit for unit in units if unit.slug == request.GET.get("unit")), None)
    events = Event.objects.prefetch_related("claims__passage__source")
    if chosen:
        events = events.filter(units=chosen)
    return render(request, "lessons/timeline.html", {"eras": eras(events), "units": units, "chosen": chosen})


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The map, then terms, people and organisations, with both names where there are two."""
    kinds = group(Term.objects.prefetch_related("claims__passage__source"))
    return render(request, "lessons/terms.html", {"kinds": kinds, "map": region.figure(key="map")})


@dataclass(frozen=True)
class Era:
    title: str
    events: list[Event]

    @property
    def years(self) -> str:
        first = int(self.events[0].date[:4])
        last = max(int(event.date.rpartition("/")[2][:4]) for event in self.events)
        return str(first) if first == last else f"{first}–{last}"


def eras(events: Iterable[Event]) -> list[Era]:
    """Events in the stretches that the units speak of; an era without events is left out."""
    ends = [
        ("1876", _("Older ties")),
        ("1945-08-15", _("Empire and colonial rule")),
        ("1965-12-31", _("Division, war, talks")),
        ("2018-09", _("After the treaty")),
        ("2019-07", _("Before the storm")),
        ("2020", _("The summer and autumn of 2019")),
        ("9999", _("The thaw and after")),
    ]
    found: dict[str, list[Event]] = {title: [] for _end, title in ends}
    for event in events:
        found[next(title for end, title in ends if event.date < end)].append(event)
    return [Era(title, held) for title, held in found.items() if held]


def group(found: Iterable[Term]) -> list[tuple[str, list[Term]]]:
    """Terms by kind, each sorted by name; what has two names comes first."""
    kinds = {
        Term.Kind.PAIR: _("One thing, two names"),
        Term.Kind.TERM: _("Terms"),
        Term.Kind.PERSON: _("People"),
        Term.Kind.ORGANISATION: _("Organisations"),
    }
    by_kind: dict[str, list[Term]] = {kind: [] for kind in kinds}
    for term in sorted(found, key=lambda t: t.name.casefold()):
        by_kind[term.kind].append(term)
    return [(title, by_kind[kind]) for kind, title in kinds.items() if by_kind[kind]]
