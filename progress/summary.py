"""How far a learner is, read from the attempts: counted each time, copied nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons.models import Lesson, LessonVersion, Status, Unit
from lessons.reading import Shelf, shelf
from progress.history import History
from progress.mastery import Evidence, State, state
from progress.review import Study
from quizzes.grading import score
from quizzes.models import Purpose, Quiz


@dataclass(frozen=True)
class LessonLine:
    """One lesson as the map and the progress page show it."""

    lesson: Lesson
    title: str
    minutes: int
    evidence: Evidence
    quiz: str = ""  # slug of the closing quiz
    running: int | None = None  # an open attempt at it
    aim: str = ""  # the first thing that the lesson teaches one to do

    @property
    def state(self) -> State:
        return state(self.evidence)


@dataclass(frozen=True)
class UnitLine:
    """One unit: a bridge of the map, an arch a lesson."""

    unit: Unit
    lessons: tuple[LessonLine, ...]
    here: bool = False  # the next step is in it

    @property
    def number(self) -> int:
        return self.unit.number

    @property
    def title(self) -> str:
        return self.unit.title

    @property
    def href(self) -> str:
        return self.unit.get_absolute_url()

    @property
    def how(self) -> str:
        """In one line how far it is."""
        count, planned = len(self.lessons), len(self.unit.planned)
        if not count:
            return ngettext("%d lesson, being written", "%d lessons, being written", planned) % planned
        if self.mastered == count:
            return ngettext("%d lesson mastered", "All %d lessons mastered", count) % count
        if self.mastered:
            return _("%(done)d of %(count)d mastered") % {"done": self.mastered, "count": count}
        if self.read:
            return _("%(done)d of %(count)d read") % {"done": self.read, "count": count}
        if any(line.state == State.LEARNING for line in self.lessons):
            return _("begun")
        return ngettext("%d lesson", "%d lessons", count) % count

    @property
    def states(self) -> list[str]:
        """One state a lesson; lessons still to be written are new."""
        written = [str(line.state) for line in self.lessons]
        return written + ["new"] * (len(self.unit.planned) - len(written))

    @property
    def begun(self) -> bool:
        return any(line.state != State.NEW for line in self.lessons)

    @property
    def mastered(self) -> int:
        return sum(line.state == State.MASTERED for line in self.lessons)

    @property
    def read(self) -> int:
        return sum(line.state in (State.READ, State.MASTERED) for line in self.lessons)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Titles planned and not yet written."""
        return tuple(self.unit.planned[len(self.lessons) :])


@dataclass(frozen=True)
class Step:
    """The one thing to do next: `kind` is begin, read, quiz, resume, retake, review or done."""

    kind: str
    line: LessonLine | None = None
    url: str = ""
    questions: int = 0  # of a review
    minutes: int = 0

    @property
    def left(self) -> int:
        return self.line.evidence.in_place - self.line.evidence.answered if self.line else 0


@dataclass(frozen=True)
class Plan:
    """What there is for everybody: units, published lessons by unit, and the quizzes of lessons with their size."""

    units: list[Unit]
    lessons: Mapping[int, list[LessonVersion]]
    quizzes: Mapping[int, Any]  # Quiz, with `size`: its questions that are not reserved

    @classmethod
    def of(cls, shelf: Shelf) -> "Plan":
        """Kept with the shelf: it changes with the edition only."""
        return shelf.keep("plan", lambda: cls.read(shelf.language))

    @classmethod
    def read(cls, language: str) -> "Plan":
        versions = (
            LessonVersion.objects.filter(language=language, status=Status.PUBLISHED)
            .select_related("lesson")
            .only("title", "minutes", "objectives", "lesson__unit_id", "lesson__slug", "lesson__number")
            .order_by("lesson__number")
        )
        lessons: dict[int, list[LessonVersion]] = defaultdict(list)
        for version in versions:
            lessons[version.lesson.unit_id].append(version)
        size = Count("places", filter=Q(places__question__reserved=False))
        return cls(list(Unit.objects.all()), lessons, Quiz.objects.exclude(lesson=None).annotate(size=size).in_bulk())


def units(
    user: Any, language: str, *, now: datetime, slug: str = "", history: History | None = None, on: Shelf | None = None
) -> tuple[UnitLine, ...]:
    """Every unit (or one) with its lessons and what the learner made of them.

    One query for a visitor, three for a learner, however much there is; none for what the page has read already:
    the learner's `history`, and the shelf (`on`) of this language.
    """
    plan = Plan.of(on or shelf(language))
    work = Work.of(history or History.of(user), plan, now)
    return tuple(
        UnitLine(unit, tuple(work.line(version) for version in plan.lessons.get(unit.pk, ())))
        for unit in plan.units
        if not slug or unit.slug == slug
    )


def result(attempt: Any, quiz: Quiz, history: History, now: datetime) -> int | None:
    """Percent in a closing quiz that was handed in, once it may be seen; None for every other attempt."""
    if quiz.purpose != Purpose.CLOSING or attempt.is_again or not attempt.is_released(now):
        return None
    credits = [answers[-1].earned for answers in history.sheet(attempt).values()]
    return score(credits + [None] * (attempt.size - len(credits))).percent


@dataclass(frozen=True)
class Work:
    """What a learner did, by lesson."""

    in_place: Mapping[int | None, int]
    answered: Mapping[int | None, set[int]]
    best: Mapping[int | None, int]
    closing: Mapping[int | None, tuple[str, int | None]]

    @classmethod
    def of(cls, history: History, plan: Plan, now: datetime) -> "Work":
        quizzes = plan.quizzes
        in_place: dict[int | None, int] = {}
        closing: dict[int | None, tuple[str, int | None]] = {}
        for quiz in quizzes.values():
            if quiz.purpose == Purpose.CHECKPOINT:
                in_place[quiz.lesson_id] = quiz.size
            elif quiz.purpose == Purpose.CLOSING:
                closing[quiz.lesson_id] = (quiz.slug, None)
        answered: dict[int | None, set[int]] = defaultdict(set)
        best: dict[int | None, int] = {}
        for attempt in history.attempts:
            if attempt.quiz_id not in quizzes:
                continue
            quiz = quizzes[attempt.quiz_id]
            lesson = quiz.lesson_id
            if quiz.purpose == Purpose.CHECKPOINT:
                answered[lesson] |= {answers[-1].question for answers in history.sheet(attempt).values()}
            elif attempt.is_again:
                continue
            elif (percent := result(attempt, quiz, history, now)) is not None:
                best[lesson] = max(best.get(lesson, 0), percent)
            elif quiz.purpose == Purpose.CLOSING and not attempt.context:
                closing[lesson] = (quiz.slug, attempt.pk)
        return cls(in_place, answered, best, closing)

    def line(self, version: LessonVersion) -> LessonLine:
        lesson = version.lesson
        quiz, running = self.closing.get(lesson.pk, ("", None))
        return LessonLine(
            lesson,
            version.title,
            version.minutes,
            Evidence(self.in_place.get(lesson.pk, 0), len(self.answered.get(lesson.pk, ())), self.best.get(lesson.pk)),
            quiz,
            running,
            next(iter(version.objectives), ""),
        )


def marked(lines: tuple[UnitLine, ...], step: Step) -> tuple[UnitLine, ...]:
    """The same lines, the one with the next step marked."""
    unit = step.line.lesson.unit_id if step.line else None
    return tuple(replace(line, here=True) if line.unit.pk == unit else line for line in lines)


def next_step(lines: Iterable[UnitLine]) -> Step:
    """The first lesson not mastered, and what it lacks; a quiz under way comes before everything."""
    lessons = [line for unit in lines for line in unit.lessons]
    for line in lessons:
        if line.running:
            return Step("resume", line, reverse("quiz", args=[line.quiz]))
    begun = [line for line in lessons if line.state in (State.LEARNING, State.READ)]
    fresh = [line for line in lessons if line.state == State.NEW]
    for line in begun + fresh:
        reading = line.lesson.get_absolute_url()
        if line.state == State.NEW:
            return Step("begin", line, reading)
        if line.state == State.LEARNING:
            return Step("read", line, reading)
        quiz = reverse("quiz", args=[line.quiz]) if line.quiz else reading
        return Step("quiz" if line.evidence.best is None else "retake", line, quiz)
    return Step("done")


def reviewing(study: Study) -> Step | None:
    """The review of today, begun or not, if there is one."""
    questions = study.left if study.running else study.today
    if not questions:
        return None
    return Step("review", url=reverse("review"), questions=questions, minutes=study.minutes(questions))


def next_of(step: Step, study: Study) -> Step:
    """The same with review in its place: after a quiz under way, before new lessons."""
    return step if step.kind == "resume" else reviewing(study) or step
