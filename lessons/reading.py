"""What pages read. The records are few and change seldom, so one process keeps them all, by their edition."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Prefetch
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lessons import charts, markup
from lessons.book import NOTHING, Book, Entry, Name, Note, Page
from lessons.book import Image as Picture
from lessons.models import (
    ORIGINAL,
    Check,
    Claim,
    Edition,
    Erratum,
    Image,
    Lesson,
    LessonVersion,
    Original,
    Passage,
    Series,
    Source,
    Status,
    Term,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Evidence:
    """A passage that shows something: where it stands, whose view it is, its gist, and what to be careful about.
    `original` is the row with its own words, where a site has them; the words themselves are never kept here."""

    label: str
    href: str
    byline: str
    gist: str
    cautions: tuple[str, ...] = ()
    original: int | None = None


class Refs(dict[str, str]):
    """Source slug -> how a reader knows it; the passages by their codes, and the pictures by their names."""

    def __init__(
        self, sources: Mapping[str, str], passages: Mapping[str, Evidence], images: Mapping[str, Picture] = NOTHING
    ) -> None:
        super().__init__(sources)
        self.passages = passages
        self.images = images


@dataclass(frozen=True, eq=False)  # one object an edition: it is its own identity, and a cache key
class Shelf:
    """All records of one edition in one language, ready for rendering."""

    language: str
    edition: int
    book: Book
    refs: Refs  # what questions refer to
    passages: Mapping[str, Evidence]  # WP-16
    cautions: Mapping[str, tuple[str, ...]]  # WP-16a, E05
    errata: Mapping[str, str]  # E05 -> the claim it is about
    kept: dict[Hashable, Any] = field(default_factory=dict)

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once as long as nothing changes."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    def inline(self, text: str) -> SafeString:
        """A short published text with its citations as links."""
        return self.keep(("inline", text), lambda: markup.inline(text, self.book, language=self.language))

    def evidence(self, claims: Iterable[str], errata: Iterable[str] = ()) -> tuple[Evidence, ...]:
        """The passages of these claims and errata, each once, in order, with the cautions of just these."""
        found: dict[str, Evidence] = {}
        places = [*((code, code) for code in claims), *((self.errata.get(code, ""), code) for code in errata)]
        for claim, code in places:
            passage = self.passages.get(claim.rstrip("abcdefghijklmnopqrstuvwxyz"))
            if passage is None:
                continue
            known = found.setdefault(passage.label, passage)
            extra = tuple(c for c in self.cautions.get(code, ()) if c not in known.cautions)
            found[passage.label] = replace(known, cautions=known.cautions + extra)
        return tuple(found.values())


def shelf(language: str | None = None) -> Shelf:
    """The shelf in this language, or the active one; one query when nothing changed."""
    edition = Edition.objects.filter(pk=1).values_list("number", flat=True).first()
    return _shelf(edition or 0, language or get_language() or ORIGINAL)


@lru_cache(maxsize=8)
def _shelf(edition: int, language: str) -> Shelf:
    passages: dict[str, Evidence] = {}
    notes: dict[str, Note] = {}
    cautions: dict[str, tuple[str, ...]] = {}
    places: dict[str, str] = {}
    attached = dict(Original.objects.values_list("passage", "pk"))
    errata = Prefetch("errata", Erratum.objects.order_by("code"))
    claims = Prefetch("claims", Claim.objects.prefetch_related(errata))
    for passage in Passage.objects.select_related("source").prefetch_related(claims):
        source, href = passage.source, passage.get_absolute_url()
        passages[passage.code] = Evidence(
            passage.label, href, source.byline, passage.gist, original=attached.get(passage.pk)
        )
        for claim in passage.claims.all():
            warnings = tuple(warning(claim))
            cautions[claim.code] = warnings
            notes[claim.code] = Note(
                code=passage.label,
                href=href,
                who=source.byline,
                remark=plain(claim.note) if not warnings else "",
                cautions=warnings,
                contested=claim.check_result == Check.CONTESTED,
                holder=claim.holder,
            )
            for erratum in claim.errata.all():
                notes.setdefault(
                    erratum.code,
                    Note(code=passage.label, href=href, who=source.byline, cautions=(erratum_line(erratum),)),
                )
                cautions.setdefault(erratum.code, (erratum_line(erratum),))
                places.setdefault(erratum.code, claim.code)
    book = Book(
        notes=notes,
        terms={term.slug: entry(term) for term in Term.objects.all()},
        series={s.slug: drawing(s) for s in Series.objects.prefetch_related("points__claim")},
        images={
            i.slug: Picture(i.file.url, i.alt, i.width, i.height, credit=i.credit, caption=i.caption)
            for i in Image.objects.all()
        },
    )
    refs = Refs({s.slug: f"{s.short} ({s.prefix})" for s in Source.objects.all()}, passages, book.images)
    return Shelf(language, edition, book, refs, passages, cautions, places)


def originals(passages: Iterable[Evidence], reader: Any) -> dict[str, str]:
    """The documents' own words, by the passages' labels, as far as this reader may see them.

    One query, none where nothing is attached. They are this reader's: put them on no shelf and into no `still`.
    """
    labels = {passage.original: passage.label for passage in passages if passage.original}
    found = Original.objects.visible_to(reader).filter(pk__in=labels) if labels else ()
    return {labels[each.pk]: each.text for each in found}


def erratum_line(erratum: Erratum) -> str:
    return _("Erratum: prints “%(printed)s”. %(correction)s") % {
        "printed": erratum.printed,
        "correction": plain(erratum.correction),
    }


def warning(claim: Claim) -> Iterable[str]:
    """What a reader should be careful about, in words."""
    told = bool(claim.note) and not claim.errata.all()  # an erratum says it better
    if claim.check_result == Check.CONTESTED:
        yield _("Contested. %(note)s") % {"note": plain(claim.note)} if told else _("Contested.")
    elif claim.check_result != Check.OK and told:
        yield f"{capfirst(claim.get_check_result_display())}: {plain(claim.note)}"
    for erratum in claim.errata.all():
        yield erratum_line(erratum)


def plain(text: str) -> str:
    """A remark for a margin note, which cannot hold notes itself: `[WP-16a, DE-35a]` becomes `(WP ¶16, DE ¶35)`."""

    def labels(found: re.Match[str]) -> str:
        codes = (code.rstrip("abcdefghijklmnopqrstuvwxyz") for code in found[1].split(", "))
        return "(" + ", ".join(dict.fromkeys(code.replace("-", " ¶") for code in codes)) + ")"

    return re.sub(r"\[([A-Z]{2}-\d+[a-z]?(?:, [A-Z]{2}-\d+[a-z]?)*)\]", labels, text)


def drawing(series: Series) -> charts.Series:
    """A series as charts draw it."""
    return charts.Series(
        chart=series.chart,
        title=series.title,
        points=tuple(
            charts.Point(p.group, p.at, p.value, p.claim.code if p.claim else "", p.background)
            for p in series.points.all()
        ),
        unit=series.unit,
        unit_sign=series.unit_sign,
        invert=series.invert,
        groups=dict(line.split(": ", 1) for line in series.groups if ": " in line),
        caution=series.caution,
        description=series.description,
    )


def entry(term: Term) -> Entry:
    """A term as lesson text opens it."""
    korean = term.korean_native and Name(term.korean_native, term.korean_roman, term.korean, term.korean_hanja)
    japanese = term.japanese_native and Name(
        term.japanese_native, term.japanese_roman, term.japanese, term.japanese_reading
    )
    return Entry(term.name, term.meaning, korean or None, japanese or None, term.usage)


@dataclass(frozen=True, eq=False)  # one object an edition, like the shelf
class LessonPage:
    """A lesson as it is read: its version, its rendered text, the documents it rests on, and its place in the unit."""

    lesson: Lesson
    version: LessonVersion
    page: Page
    summary: SafeString
    rests_on: tuple["Rest", ...]
    terms: tuple[tuple[str, Entry], ...]
    place: int
    unit: tuple[LessonVersion, ...]

    @property
    def before(self) -> LessonVersion | None:
        return self.unit[self.place - 2] if self.place > 1 else None

    @property
    def after(self) -> LessonVersion | None:
        return self.unit[self.place] if self.place < len(self.unit) else None


@dataclass(frozen=True)
class Rest:
    """A document that a lesson cites: which paragraphs, and how far to trust it."""

    source: Source
    paragraphs: tuple[int, ...]


def lesson_page(slug: str, on: Shelf) -> LessonPage:
    """The published lesson; raises LessonVersion.DoesNotExist. No query once it was read."""

    def read() -> LessonPage:
        version = LessonVersion.objects.select_related("lesson__unit").get(
            lesson__slug=slug, language=on.language, status=Status.PUBLISHED
        )
        return page_of(version, on)

    return on.keep(("lesson", slug), read)


def page_of(version: LessonVersion, on: Shelf) -> LessonPage:
    """Any version of a lesson as it is, or would be, read."""
    page, summary, rests = lesson_text(version, on)
    terms = tuple((slug, on.book.terms[slug]) for slug in version.terms if slug in on.book.terms)
    others = [each for each in neighbours(version.lesson, on.language) if each.lesson_id != version.lesson_id]
    unit = tuple(sorted([*others, version], key=lambda each: each.lesson.number))
    return LessonPage(version.lesson, version, page, summary, rests, terms, unit.index(version) + 1, unit)


def teaching_page(found: LessonPage, on: Shelf) -> Page:
    """The lesson's page for teachers, rendered once."""
    text = found.version.teaching
    return on.keep(("teaching", found.version.pk), lambda: markup.render(text, on.book, language=on.language))


def lesson_text(text: LessonVersion, on: Shelf) -> tuple[Page, SafeString, tuple[Rest, ...]]:
    """Render a version, published or not."""
    numbers: dict[str, set[int]] = {}
    cited = {c.code for part in (text.body, text.summary) for c in markup.scan(part).claims}
    for prefix, number in Passage.objects.filter(claims__code__in=cited).values_list("source__prefix", "number"):
        numbers.setdefault(prefix, set()).add(number)
    rests = tuple(
        Rest(source, tuple(sorted(numbers[source.prefix]))) for source in Source.objects.filter(prefix__in=numbers)
    )
    page = markup.render(text.body, on.book, language=on.language)
    return page, markup.inline(text.summary, on.book, language=on.language), rests


def neighbours(lesson: Lesson, language: str) -> list[LessonVersion]:
    """The published lessons of the unit in order; one query."""
    return list(
        LessonVersion.objects.filter(lesson__unit=lesson.unit_id, language=language, status=Status.PUBLISHED)
        .select_related("lesson")
        .only("title", "minutes", "lesson__slug", "lesson__number")
        .order_by("lesson__number")
    )
