"""The page of a document: it shows where lessons teach it and quizzes ask about it, so it stands here."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lessons import reading
from lessons.models import Claim, Erratum, LessonVersion, Source, Status
from quizzes.finding import Place, asked_in


@login_not_required
@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One document: its record, and its paragraphs with claims, cautions, and where they are taught and asked."""
    shelf = reading.shelf()
    found, paragraphs = shelf.keep(("source", slug), lambda: read(slug, shelf))
    words = reading.originals((each.evidence for each in paragraphs), request.user)
    return render(request, "quizzes/source.html", {"source": found, "paragraphs": paragraphs, "originals": words})


@dataclass(frozen=True, eq=False)
class Paragraph:
    """A passage with what stands beside it on its page."""

    evidence: reading.Evidence
    number: int
    heading: bool
    claims: tuple[tuple[Claim, SafeString], ...]  # with our remark
    errata: tuple[tuple[Erratum, SafeString], ...]  # with what is right
    lessons: tuple[LessonVersion, ...]
    places: tuple[Place, ...]


def read(slug: str, shelf: reading.Shelf) -> tuple[Source, tuple[Paragraph, ...]]:
    """A document and its paragraphs, the same for every reader; 404 if there is none."""
    found = get_object_or_404(Source, slug=slug)
    published = LessonVersion.objects.filter(status=Status.PUBLISHED, language=shelf.language)
    lessons = published.select_related("lesson").order_by("lesson__unit__number", "lesson__number")
    taught = Prefetch("lesson_versions", lessons)
    claims = Prefetch("claims", Claim.objects.prefetch_related("errata", taught).order_by("code"))
    asked = asked_in(found, shelf)
    paragraphs = []
    for passage in found.passages.prefetch_related(claims).order_by("number"):
        made = list(passage.claims.all())
        errata = dict.fromkeys(erratum for claim in made for erratum in claim.errata.all())
        paragraphs.append(
            Paragraph(
                shelf.passages[passage.code],
                passage.number,
                passage.kind == "heading",
                tuple((claim, shelf.inline(claim.note)) for claim in made),
                tuple((erratum, shelf.inline(erratum.correction)) for erratum in errata),
                tuple(dict.fromkeys(version for claim in made for version in claim.lesson_versions.all())),
                tuple(asked.get(passage.code, ())),
            )
        )
    return found, tuple(paragraphs)
