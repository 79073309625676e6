"""What the records and the published lessons tell, as statements that can be held against each other. Reads only."""

import re
from collections.abc import Collection, Iterable, Iterator

from lessons.models import (
    ORIGINAL,
    Claim,
    Comparison,
    Erratum,
    Event,
    LessonVersion,
    Passage,
    Series,
    Source,
    Status,
    Term,
)
from lessons.once import listed, read_once
from lessons.vouching.consistency import Entry, holders, key_terms, linked, links
from lessons.vouching.fitting import Fitting
from lessons.vouching.quantities import dated
from lessons.vouching.statements import Statement, told
from lessons.vouching.witnesses import Doubt, Names, Vouching, rare

UNFIT = ("compare", "sources")  # records whose citations are checked in other ways, or not at all
SIGNS = re.compile(r"\s*[/;,·()]\s*")  # between two ways to write a name


def record_statements() -> Iterator[Statement]:
    yield from _documents()
    yield from _errata()
    yield from _glossary()
    yield from _events()
    yield from _figures()
    yield from _comparisons()


def lesson_statements(version: LessonVersion) -> Iterator[Statement]:
    slug = version.lesson.slug
    yield from told(version.summary, slug, f"{slug} summary", version.title)
    for objective in version.objectives:
        yield Statement(slug, f"{slug} objectives", objective, version.title)
    yield from told(version.body, slug, slug)
    yield from told(version.teaching, slug, f"{slug} for teachers")


def published() -> list[LessonVersion]:
    return list(LessonVersion.objects.filter(status=Status.PUBLISHED, language=ORIGINAL).select_related("lesson"))


def statements(lessons: Iterable[LessonVersion]) -> list[Statement]:
    """Of all records, and of these lessons."""
    return [*record_statements(), *(statement for version in lessons for statement in lesson_statements(version))]


def doubts(
    about: Iterable[Statement], names: Names, statements: list[Statement], lessons: Iterable[LessonVersion]
) -> Iterator[Doubt]:
    """What nobody vouches for in the statements `about`, which are some of `statements`."""
    wanted = {id(statement) for statement in about}
    vouching = Vouching(statements, names, _bearers(), {version.lesson.slug: version.terms for version in lessons})
    fitting = Fitting(statements, {d.short.split()[-1].lower(): d.prefix for d in Source.objects.all()})
    seen = set()
    for i, statement in enumerate(statements):
        if id(statement) not in wanted:
            continue
        yield from (doubt for doubt in vouching.doubts(i) if doubt.known)
        fits = statement.home.split()[0] not in UNFIT and not statement.asked
        if fits and (statement.place, statement.whole) not in seen:
            seen.add((statement.place, statement.whole))
            yield from (doubt for doubt in fitting.doubts(statement) if doubt.known)


def advice(version: LessonVersion) -> list[str]:
    """What the author of a draft should look at once more; nothing of it stands in the way."""
    if version.language != ORIGINAL:
        return []
    lessons = [*(other for other in published() if other.lesson_id != version.lesson_id), version]
    names, own = glossary_names(lessons), list(lesson_statements(version))
    found = doubts(own, names, [*statements(lessons[:-1]), *own], lessons)
    terms, known = glossary(), holding()
    lines = [line for text in version.citing for line in [*links(text, terms), *holders(text, known)]]
    return [*lines, *key_terms(version.terms, version.body, names), *advising(found)]


def advising(found: Iterable[Doubt]) -> list[str]:
    """The serious doubts in words for an author, without those that once.yaml knows; each once."""
    once = read_once()
    return list(dict.fromkeys(doubt.advice for doubt in found if doubt.serious and not listed(doubt, once)))


def glossary_names(versions: Iterable[LessonVersion]) -> Names:
    """Every term with the ways to write it: its name, proper names that link to it, a family name only one has."""
    terms = list(Term.objects.all())
    families = [term.name.split()[0] for term in terms if term.kind == Term.Kind.PERSON]
    ways = {term.slug: {term.name, term.name.split(" (")[0]} for term in terms}
    for term in terms:
        if term.kind == Term.Kind.PERSON and families.count(term.name.split()[0]) == 1:
            ways[term.slug].add(term.name.split()[0])
    for version in versions:
        for slug, shown in linked(version.body):
            if slug in ways and shown[:1].isupper() and rare(shown) <= rare(" ".join(ways[slug])):
                ways[slug].add(shown)
    return Names(ways)


def glossary() -> dict[str, Entry]:
    found = {}
    for term in Term.objects.all():
        names = (term.korean_native, term.korean_hanja, term.japanese_native)
        native = [part for name in names for part in SIGNS.split(name)]
        roman = [term.korean_roman, term.japanese_roman, term.slug.replace("-", " ")]
        found[term.slug] = Entry.of(native, [term.name, term.meaning, term.usage, term.korean, term.japanese, *roman])
    return found


def holding() -> dict[str, frozenset[str]]:
    """Claim -> the words of its record and of its document's, among which its holder has to be."""
    found = {}
    for claim in Claim.objects.select_related("passage__source"):
        passage, source = claim.passage, claim.passage.source
        told = [claim.holder, claim.says, claim.note, passage.gist, source.short, source.byline]
        found[claim.code] = rare(" ".join([*told, source.author_stated, source.author_inferred]))
    return found


def _bearers() -> dict[str, Collection[str]]:
    """Claim -> the terms whose entries cite it."""
    found: dict[str, set[str]] = {}
    for slug, code in Term.objects.values_list("slug", "claims__code"):
        found.setdefault(code, set()).add(slug)
    return dict(found)


def _texts(record: Term | Event | Series | Erratum, *names: str) -> Iterator[tuple[str, str]]:
    says = record.texts.get(ORIGINAL, {})
    yield from ((name, says[name]) for name in names if says.get(name))


def _codes(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(claim.code for claim in claims)


def _documents() -> Iterator[Statement]:
    for source in Source.objects.all():
        yield Statement(
            "sources", source.prefix, source.byline, source.short, of=source.prefix, given=dated(source.dated),
            checked=False,
        )  # fmt: skip
    for passage in Passage.objects.prefetch_related("claims"):
        said = [claim.says for claim in passage.claims.all()]
        yield Statement("sources", passage.code, passage.gist, " ".join(said), of=passage.code, checked=False)
        for claim in passage.claims.all():
            around = f"{claim.note} {claim.holder} {passage.gist}"
            yield Statement("sources", claim.code, claim.says, around, of=claim.code, checked=False)
            if claim.note or claim.holder:
                note = f"{claim.note} {claim.holder}"
                yield Statement("sources", claim.code, note, claim.says, of=claim.code, checked=False)


def _errata() -> Iterator[Statement]:
    for erratum in Erratum.objects.prefetch_related("claims"):
        texts = dict(_texts(erratum, "printed", "correction", "lesson", "shown_by"))
        whole, place = " ".join(texts.values()), f"errata {erratum.code}"
        when = dated(erratum.reference_date) if erratum.reference_date else frozenset()
        for text in texts.values():
            yield Statement(
                place, place, text, whole, _codes(erratum.claims.all()), given=when, of=erratum.code, whole=whole,
                checked=False,
            )  # fmt: skip


def _glossary() -> Iterator[Statement]:
    for term in Term.objects.prefetch_related("claims"):
        texts, codes = dict(_texts(term, "meaning", "usage", "korean", "japanese")), _codes(term.claims.all())
        whole = " ".join([term.name, *texts.values()])
        for name, text in texts.items():
            yield Statement(
                f"terms {term.slug}", f"terms {term.slug} {name}", text, whole, codes if name == "meaning" else (),
                leans=codes, names=frozenset({term.slug}), whole=whole, checked=False,
            )  # fmt: skip


def _events() -> Iterator[Statement]:
    for event in Event.objects.prefetch_related("claims"):
        codes, place = _codes(event.claims.all()), f"timeline {event.slug}"
        yield Statement(place, place, event.event, event.note, codes, given=dated(event.date))
        if event.note:
            yield Statement(place, f"{place} note", event.note, event.event, codes)


def _figures() -> Iterator[Statement]:
    for series in Series.objects.prefetch_related("points__claim"):
        codes = tuple({point.claim.code for point in series.points.all() if point.claim})
        around = " ".join([series.title, series.unit, series.caution, series.description])
        drawn = " ".join(f"{point.at} {point.value:g} {series.unit}, {point.value:g};" for point in series.points.all())
        for name, text in _texts(series, "title", "description", "caution"):
            yield Statement(f"series {series.slug}", f"series {series.slug} {name}", text, around, codes, note=drawn)
        for group in series.groups:
            label, told = group.partition(": ")[2], f"{series.description} {series.caution}"
            yield Statement(f"series {series.slug}", f"series {series.slug} groups", label, around, codes, note=told)


def _comparisons() -> Iterator[Statement]:
    for comparison in Comparison.objects.prefetch_related("positions__claims"):
        codes = {p.source_id: _codes(p.claims.all()) for p in comparison.positions.all()}
        every = tuple(code for each in codes.values() for code in each)
        place = f"compare {comparison.slug}"
        yield Statement(place, place, comparison.verdict, comparison.question, leans=every)
        for line in comparison.says:
            name, _colon, text = line.partition(": ")
            own = next((codes[p.source_id] for p in comparison.positions.all() if p.source.slug == name), ())
            yield Statement(place, f"{place} {name}", text, comparison.question, own)
