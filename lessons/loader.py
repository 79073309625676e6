"""Shipped files -> rows: repeatable, and never over what an editor changed.

Each row remembers what the loader last wrote (`Record.shipped`, the last shipped version). A row that still
says just that is the loader's to change; one that says something else was edited here and is left alone,
and the report names it. The caller holds the transaction, so that a load is all or nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from lessons import schema
from lessons.files import CURRICULUM, BadFiles, Source
from lessons.models import (
    ORIGINAL,
    Claim,
    Comparison,
    Edition,
    Erratum,
    Event,
    Lesson,
    LessonVersion,
    Origin,
    Passage,
    Record,
    Series,
    Status,
    Term,
    Unit,
    Version,
)
from lessons.models import Source as SourceRecord

TEACHERS = ".teachers.md"  # beside a lesson: the page for its teachers
R = TypeVar("R", bound=Record)


@dataclass
class Report:
    """What a load did, and what is wrong with the files; with `errors` nothing may be kept."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_alone: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.added} added, {self.updated} updated, {self.unchanged} unchanged, {len(self.left_alone)} left alone"
        )


class Shelves:
    """The rows of each kind by key, read once, so that a reference costs no query."""

    def __init__(self) -> None:
        self._rows: dict[type[Record], dict[str, Any]] = {}

    def of(self, model: type[Record]) -> dict[str, Any]:
        if model not in self._rows:
            self._rows[model] = {getattr(row, model.KEY): row for row in model._default_manager.all()}
        return self._rows[model]


def put(
    report: Report,
    shelves: Shelves,
    model: type[R],
    key: str,
    *,
    texts: dict[str, Any] | None = None,
    links: dict[str, list[str]] | None = None,
    rows: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> R:
    """Make or update one record, unless it was edited here. A foreign key or link is given by the other's key."""
    ships = {
        "fields": fields,
        "texts": texts or {},
        "links": {name: sorted(keys) for name, keys in (links or {}).items()},
        "rows": rows or [],
    }
    record = shelves.of(model).get(key)
    if record is not None:
        if record.shipped == ships:
            report.unchanged += 1
            return record
        says = stand(record, ships)
        if says not in (record.shipped, ships):
            report.left_alone.append(f"{model._meta.verbose_name} {key}: edited here")
            return record
        report.updated += 1
    else:
        record = model(**{model.KEY: key})
        shelves.of(model)[key] = record
        report.added += 1
    for name, value in fields.items():
        related = model._meta.get_field(name).related_model
        setattr(record, name, shelves.of(related)[value] if related and value is not None else value)  # type: ignore[arg-type]
    if texts:
        record.texts = {**record.texts, ORIGINAL: texts}
    record.shipped = ships
    models.Model.save(record)  # the edition moves once, at the end of the load
    for name, keys in (links or {}).items():
        manager = getattr(record, name)
        manager.set([shelves.of(manager.model)[k] for k in keys])
    if rows is not None:
        record.set_rows(rows)
    return record


def stand(record: Record, ships: dict[str, Any]) -> dict[str, Any]:
    """What a record says now, in the shape in which it was shipped."""

    def plain(value: Any) -> Any:
        return getattr(value, value.KEY) if isinstance(value, Record) else value

    return {
        "fields": {name: plain(getattr(record, name)) for name in ships["fields"]},
        "texts": record.texts.get(ORIGINAL, {}),
        "links": {
            name: sorted(getattr(record, name).values_list(getattr(record, name).model.KEY, flat=True))
            for name in ships["links"]
        },
        "rows": record.rows(),
    }


def put_version(report: Report, version: Version, what: str) -> list[str]:
    """Add a shipped version and publish it, unless nothing changed or an editor's version is published.

    Returns what is wrong with it; then the load must not be kept.
    """
    base = version.siblings.filter(origin=Origin.SHIPPED).order_by("-number").first()
    if base and base.words() == version.words():
        report.unchanged += 1
        return []
    published = version.siblings.filter(status=Status.PUBLISHED).first()
    edited = base is not None and (published is None or published.origin == Origin.EDITED)
    version.origin, version.status = Origin.SHIPPED, Status.RETIRED
    version.add()
    if edited:
        reason = f"version {published.number}, edited here, stays" if published else "withdrawn here, stays so"
        report.left_alone.append(f"{what}: {reason}; the shipped text is version {version.number}")
        return []
    report.added, report.updated = report.added + (base is None), report.updated + (base is not None)
    try:
        version.publish()
    except ValidationError as wrong:
        return list(wrong.messages)
    return []


def missing(shelves: Shelves, model: type[Record], keys: Iterable[str]) -> list[str]:
    known = shelves.of(model)
    return [f"no {model._meta.verbose_name} {key}" for key in keys if key not in known]


def load_lessons(report: Report, shelves: Shelves, root: Path = CURRICULUM / ORIGINAL) -> None:
    """Load units, documents, records and lessons from `root`; errors go into the report."""
    for path, read in [
        (root / "units.yaml", _units),
        *((path, _source) for path in sorted((root / "sources").glob("*.yaml"))),
        (root / "errata.yaml", _errata),
        (root / "timeline.yaml", _events),
        (root / "terms.yaml", _terms),
        (root / "series.yaml", _series),
        (root / "compare.yaml", _comparisons),
        *((path, _lesson) for path in sorted(root.glob("*/*.md")) if not path.name.endswith(TEACHERS)),
    ]:
        try:
            read(report, shelves, Source(path, root))
        except BadFiles as bad:
            report.errors += bad.lines
    Edition.moved()


def _refer(report: Report, shelves: Shelves, source: Source, at: int, **wanted: tuple[type[Record], list[str]]) -> bool:
    """Check the references of the item at index `at`; put what is missing into the report."""
    lines = [
        source.error((at, name), problem)
        for name, (model, keys) in wanted.items()
        for problem in missing(shelves, model, keys)
    ]
    report.errors += lines
    return not lines


def _units(report: Report, shelves: Shelves, source: Source) -> None:
    for unit in source.read(list[schema.UnitFile]):
        put(report, shelves, Unit, unit.id, texts=unit.text.model_dump(), number=unit.number, core=unit.core)


def _source(report: Report, shelves: Shelves, source: Source) -> None:
    doc: schema.SourceFile = source.read(schema.SourceFile)
    t = doc.text
    texts = {
        **t.model_dump(include={"title", "short", "byline", "genre", "perspective", "leaves_out"}),
        "author_stated": t.author.stated,
        "author_inferred": t.author.inferred,
        "publisher_stated": t.publisher.stated,
        "publisher_inferred": t.publisher.inferred,
        "publisher_confidence": t.publisher.confidence,
        "date_stated": t.date.stated,
        "date_inferred": t.date.inferred,
        "date_confidence": t.date.confidence,
        "date_from": t.date.from_words,
        **t.quality.model_dump(),
    }
    put(report, shelves, SourceRecord, doc.id, texts=texts, prefix=doc.prefix, dated=doc.dated)
    for i, passage in enumerate(doc.paragraphs):
        code = f"{doc.prefix}-{passage.n}"
        put(
            report, shelves, Passage, code, texts=passage.text.model_dump(),
            source=doc.id, number=passage.n, kind=passage.kind, substantive=passage.substantive,
        )  # fmt: skip
        for k, claim in enumerate(passage.claims):
            where = ("paragraphs", i, "claims", k)
            if claim.id.rstrip("abcdefghijklmnopqrstuvwxyz") != code:
                report.errors.append(source.error((*where, "id"), f"does not belong to paragraph {code}"))
            if claim.check == "contested" and not claim.text.holder:
                report.errors.append(source.error((*where, "text"), "a contested claim names its holder"))
            put(
                report, shelves, Claim, claim.id, texts=claim.text.model_dump(), passage=code, kind=claim.type,
                topic=claim.topic, check_result=claim.check, basis=claim.basis, confidence=claim.confidence,
            )  # fmt: skip


def _errata(report: Report, shelves: Shelves, source: Source) -> None:
    for i, erratum in enumerate(source.read(list[schema.ErratumFile])):
        if _refer(report, shelves, source, i, claims=(Claim, erratum.claims)):
            reference = erratum.reference
            put(
                report, shelves, Erratum, erratum.id, texts=erratum.text.model_dump(), links={"claims": erratum.claims},
                kind=erratum.kind, basis=erratum.basis, confidence=erratum.confidence, status=erratum.status,
                reference_title=reference.title if reference else "",
                reference_publisher=reference.publisher if reference else "",
                reference_date=reference.date if reference else "",
            )  # fmt: skip


def _events(report: Report, shelves: Shelves, source: Source) -> None:
    for i, event in enumerate(source.read(list[schema.EventFile])):
        if _refer(report, shelves, source, i, claims=(Claim, event.claims), units=(Unit, event.units)):
            put(
                report, shelves, Event, event.id, texts=event.text.model_dump(), date=event.date,
                links={"claims": event.claims, "units": event.units}, precision=event.precision, shore=event.shore,
                background=event.background,
            )  # fmt: skip


def _terms(report: Report, shelves: Shelves, source: Source) -> None:
    for i, term in enumerate(source.read(list[schema.TermFile])):
        if _refer(report, shelves, source, i, claims=(Claim, term.claims), units=(Unit, term.units)):
            names = {f"korean_{k}": v for k, v in (term.korean.model_dump() if term.korean else {}).items()}
            names |= {f"japanese_{k}": v for k, v in (term.japanese.model_dump() if term.japanese else {}).items()}
            links = {"claims": term.claims, "units": term.units}
            put(report, shelves, Term, term.id, texts=term.text.model_dump(), links=links, kind=term.kind, **names)


def _series(report: Report, shelves: Shelves, source: Source) -> None:
    for i, series in enumerate(source.read(list[schema.SeriesFile])):
        if not _refer(report, shelves, source, i, points=(Claim, [p.claim for p in series.points if p.claim])):
            continue
        put(
            report, shelves, Series, series.id, rows=[point.model_dump() for point in series.points],
            texts=series.text.model_dump() | {"groups": [f"{k}: {v}" for k, v in series.text.groups.items()]},
            chart=series.chart, invert=series.invert, unit_sign=series.unit_sign,
        )  # fmt: skip


def _comparisons(report: Report, shelves: Shelves, source: Source) -> None:
    for i, comparison in enumerate(source.read(list[schema.ComparisonFile])):
        told = comparison.positions
        claims = [code for position in told for code in position.claims]
        documents = [position.source for position in told]
        if _refer(report, shelves, source, i, positions=(Claim, claims)) and _refer(
            report, shelves, source, i, positions=(SourceRecord, documents)
        ):
            put(
                report, shelves, Comparison, comparison.id, topic=comparison.topic, relation=comparison.relation,
                texts=comparison.text.model_dump() | {"says": [f"{p.source}: {p.text.says}" for p in told if p.text]},
                rows=[{"source": p.source, "stance": p.stance, "claims": sorted(p.claims)} for p in told],
            )  # fmt: skip


def _lesson(report: Report, shelves: Shelves, source: Source) -> None:
    teachers = source.path.with_name(source.path.name.removesuffix(".md") + TEACHERS)
    teaching = Source(teachers, source.root).body if teachers.exists() else ""
    lesson: schema.LessonFile = source.read(schema.LessonFile, body=source.body, teaching=teaching)
    wanted = {"unit": missing(shelves, Unit, [lesson.unit]), "terms": missing(shelves, Term, lesson.terms)}
    if any(wanted.values()):
        report.errors += [source.error((name,), line) for name, lines in wanted.items() for line in lines]
        return
    row = put(report, shelves, Lesson, lesson.id, unit=lesson.unit, number=lesson.number)
    words = lesson.model_dump(include=set(LessonVersion.WORDS))
    for problem in put_version(report, LessonVersion(lesson=row, language=ORIGINAL, **words), lesson.id):
        report.errors.append(source.error(("body",), problem))
