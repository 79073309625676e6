"""Whether the curriculum agrees with itself: every published text against all the others. Reads only.

What is told only once stands in `once.yaml`: there is nobody to vouch for it, so whoever changes it there and in
its text has looked it up. Texts that were edited on this site are reported, but nobody is asked to list them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lessons import proofs
from lessons.models import ORIGINAL, Comparison, Event, LessonVersion, Origin, Series, Status
from lessons.models import Source as Document
from lessons.once import ONCE, Told, listed, read_once, stale
from lessons.vouching import consistency as records
from lessons.vouching.statements import Statement
from lessons.vouching.witnesses import FARTHEST, Doubt, Names
from quizzes import consistency
from quizzes.consistency import Asked, cited
from quizzes.models import QuestionVersion, Quiz


@dataclass
class Proofs:
    """What does not agree (`problems`), what nobody vouches for (`doubts`), and entries of once.yaml without a text."""

    problems: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    once: Told = field(default_factory=dict)
    edited: set[str] = field(default_factory=set)  # lessons and questions edited on this site

    def listed(self, doubt: Doubt) -> bool:
        return listed(doubt, self.once)

    @property
    def new(self) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.serious and not self.listed(doubt)]

    def of_edited(self, doubt: Doubt) -> bool:
        return doubt.statement.place.split()[0].split(":")[0] in self.edited


def asked(version: QuestionVersion) -> Asked:
    question = version.question
    return Asked(
        question.slug, question.lesson.slug, question.kind, version.content, version.texts, tuple(version.keys),
        tuple(version.errors),
    )  # fmt: skip


def prove(once: Path = ONCE) -> Proofs:
    lessons = proofs.published()
    versions = list(
        QuestionVersion.objects.filter(status=Status.PUBLISHED, language=ORIGINAL).select_related("question__lesson")
    )
    questions = [asked(version) for version in versions]
    names = proofs.glossary_names(lessons)
    found = Proofs(once=read_once(once))
    found.edited = {v.lesson.slug for v in lessons if v.origin == Origin.EDITED}
    found.edited |= {v.question.slug for v in versions if v.origin == Origin.EDITED}
    found.problems += [*_lessons(lessons, names), *_questions(questions), *_records()]
    statements = [
        *proofs.statements(lessons),
        *(statement for each in questions for statement in consistency.told(each)),
    ]
    for quiz in Quiz.objects.select_related("lesson"):
        home = quiz.lesson.slug if quiz.lesson else quiz.slug
        statements.append(Statement(home, quiz.slug, quiz.intro, quiz.title, asked=True))
    found.doubts += proofs.doubts(statements, names, statements, lessons)
    found.doubts += _strangers(lessons, questions)
    found.stale += stale(found.once, statements, names)
    return found


def advice(version: QuestionVersion) -> list[str]:
    """What the author of a draft should look at once more; nothing of it stands in the way."""
    if version.language != ORIGINAL:
        return []
    lessons = proofs.published()
    others = QuestionVersion.objects.filter(status=Status.PUBLISHED, language=ORIGINAL).exclude(
        question=version.question
    )
    own = list(consistency.told(asked(version)))
    every = [*proofs.statements(lessons), *own]
    for other in others.select_related("question__lesson"):
        every += consistency.told(asked(other))
    found = proofs.doubts(own, proofs.glossary_names(lessons), every, lessons)
    prefixes = dict(Document.objects.values_list("slug", "prefix"))
    return [*consistency.problems(asked(version), prefixes), *proofs.advising(found)]


def _strangers(lessons: list[LessonVersion], questions: list[Asked]) -> Iterator[Doubt]:
    taught = {v.lesson.slug: {*cited(v.body), *cited(v.summary)} for v in lessons}
    for question in questions:
        here = Statement(question.lesson, question.slug, str(question.texts.get("stem", "")))
        for code in consistency.strangers(question, taught.get(question.lesson, ())):
            yield Doubt("citation", code, here, FARTHEST)


# --- what does not agree -----------------------------------------------------------------------------------


def _lessons(lessons: list[LessonVersion], names: Names) -> Iterator[str]:
    glossary, known = proofs.glossary(), proofs.holding()
    for version in lessons:
        for text in version.citing:
            yield from (f"{version.lesson.slug}: {line}" for line in records.holders(text, known))
            yield from (f"{version.lesson.slug}: {line}" for line in records.links(text, glossary))
            yield from (f"{version.lesson.slug}: {line}" for line in records.spellings(text, glossary, names))
        yield from (f"{version.lesson.slug}: {line}" for line in records.key_terms(version.terms, version.body, names))


def _questions(questions: list[Asked]) -> Iterator[str]:
    prefixes = dict(Document.objects.values_list("slug", "prefix"))
    known = proofs.holding()
    for question in questions:
        lines = [line for text in question.commented.values() for line in records.holders(text, known)]
        yield from (f"{question.slug}: {line}" for line in [*lines, *consistency.problems(question, prefixes)])
    for quiz in Quiz.objects.prefetch_related("places", "draws"):
        asks = len(quiz.places.all()) + sum(draw.count for draw in quiz.draws.all())
        yield from (f"{quiz.slug}: {line}" for line in records.announced(quiz.intro, asks))


def _records() -> Iterator[str]:
    for series in Series.objects.prefetch_related("points__claim__passage"):
        for point in series.points.all():
            claim = point.claim
            told = f"{claim.says} {claim.note} {claim.passage.gist} {series.caution}" if claim else None
            lines = records.point(float(point.value), series.unit, series.description, told)
            yield from (f"{series.slug}: {line}" for line in lines)
    for event in Event.objects.all():
        yield from (f"timeline {event.slug}: {line}" for line in records.precision(event.date, event.precision))
    for comparison in Comparison.objects.prefetch_related("positions__claims", "positions__source"):
        for p in comparison.positions.all():
            codes = [claim.code for claim in p.claims.all()]
            lines = records.position(p.source.slug, p.source.prefix, p.stance, codes)
            yield from (f"compare {comparison.slug}: {line}" for line in lines)
