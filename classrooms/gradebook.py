"""Read only: how the pupils of a class stand with what was set for them, counted afresh from the attempts."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from django.db.models import FilteredRelation, Q, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classrooms.models import Assignment, Classroom, Extension, Membership, Work
from classrooms.standing import NOTHING, Standing, State, Try, stand
from quizzes.grading import Score, percent, score
from quizzes.models import Attempt, Slot

TICK = 20  # seconds for which a gradebook with a time limit in it is kept


@dataclass(frozen=True, slots=True)
class Pupil:
    """Somebody in a class; `pk` is the user's."""

    pk: int
    member: int
    name: str
    joined: datetime


@dataclass(frozen=True, slots=True)
class Frame:
    """Classes by their key: who is in them, what was set, and the later dates that some pupils have."""

    pupils: dict[int, list[Pupil]]  # by name
    assignments: dict[int, list[Assignment]]  # by due date; `asks` of each is the number of questions
    later: dict[tuple[int, int], datetime | None]  # by assignment and user


@dataclass(frozen=True, slots=True)
class Facts:
    """The frame, and how each pupil stands with each assignment."""

    frame: Frame
    standing: dict[tuple[int, int], Standing]  # by assignment and user

    def of(self, assignment: Assignment) -> list[tuple[Pupil, Standing]]:
        pupils = self.frame.pupils[assignment.classroom_id]
        return [(pupil, self.standing[assignment.pk, pupil.pk]) for pupil in pupils]


def frame(rooms: Collection[int]) -> Frame:
    """Three queries."""
    pupils: dict[int, list[Pupil]] = {pk: [] for pk in rooms}
    present = Membership.objects.filter(classroom__in=rooms, role=Membership.Role.PUPIL, left_at=None)
    for room, user, member, name, username, joined in present.values_list(
        "classroom_id", "user_id", "pk", "user__name", "user__username", "joined_at"
    ):
        pupils[room].append(Pupil(user, member, name or username, joined))
    for members in pupils.values():
        members.sort(key=lambda pupil: (pupil.name.casefold(), pupil.pk))
    assignments: dict[int, list[Assignment]] = {pk: [] for pk in rooms}
    for task in Assignment.objects.filter(classroom__in=rooms).select_related("quiz").counted().order_by("due", "pk"):
        assignments[task.classroom_id].append(task)
    later = {
        (assignment, user): until
        for assignment, user, until in Extension.objects.filter(assignment__classroom__in=rooms).values_list(
            "assignment_id", "user_id", "closes"
        )
    }
    return Frame(pupils, assignments, later)


def gather(frame: Frame, now: datetime, *, scores: bool = True) -> Facts:
    """How all these pupils stand: two queries whatever their number, one without scores."""
    rooms = list(frame.pupils)
    points = scores_of(rooms) if scores else {}
    tries: dict[tuple[int, int], list[Try]] = defaultdict(list)
    for assignment, user, pk, finished, started, closes, limit in Work.objects.filter(
        assignment__classroom__in=rooms
    ).values_list(
        "assignment_id",
        "user_id",
        "attempt_id",
        "attempt__finished_at",
        "attempt__started_at",
        "attempt__closes",
        "attempt__limit",
    ):
        end = finished or ended(started, closes, limit, now)
        tries[assignment, user].append(Try(pk, end, *points.get(pk, (NOTHING, 0))))
    standing = {}
    for room, members in frame.pupils.items():
        for task in frame.assignments[room]:
            for pupil in members:
                key = task.pk, pupil.pk
                until = frame.later.get(key)
                due = max(task.due, until) if until else task.due
                mine = tries.get(key, ())
                standing[key] = stand(mine, due=due, now=now, joined=pupil.joined, counts=task.counts)
    return Facts(frame, standing)


def stamp(room: Classroom, frame: Frame, now: datetime) -> str:
    """A short text that differs whenever the gradebook of this class, found `with_work`, would differ.

    As long as it is the same, what was shown last time can be shown again. No query.
    """
    tasks = frame.assignments[room.pk]
    dates = [task.due for task in tasks] + [task.closes for task in tasks] + list(frame.later.values())
    seen = (
        [getattr(room, number) for number in ("begun", "handed_in", "last_answer")],
        room.time_zone,
        get_language(),
        frame.pupils[room.pk],
        [(task.pk, str(task.quiz), task.asks, task.counts) for task in tasks],
        list(frame.later),
        [(date, date < now) for date in dates if date],
        # When a time limit ends is known to the attempt alone, so then nothing is kept for long.
        now.timestamp() // TICK if any(task.limit for task in tasks) else 0,
    )
    return blake2b(repr(seen).encode(errors="replace"), digest_size=16).hexdigest()


def ended(started: datetime, closes: datetime | None, limit: timedelta | None, now: datetime) -> datetime | None:
    """When an attempt that was not handed in was cut off by its own deadline; None while it goes on."""
    attempt = Attempt(started_at=started, closes=closes, limit=limit)
    return None if attempt.is_open(now) else attempt.deadline


def scores_of(rooms: Iterable[int]) -> dict[int, tuple[Score, int]]:
    """The score of every attempt at the assignments of these classes, from the last counted response of each
    question, and how many answers are still to be marked. One query."""
    return _scores(Slot.objects.filter(attempt__work__assignment__classroom__in=rooms))


def scores_for(attempts: Iterable[int]) -> dict[int, tuple[Score, int]]:
    """The same for each of these attempts. One query."""
    return _scores(Slot.objects.filter(attempt__in=attempts))


def _scores(slots: QuerySet[Slot]) -> dict[int, tuple[Score, int]]:
    credits: dict[int, dict[int, float | None]] = defaultdict(dict)
    waiting: dict[int, set[int]] = defaultdict(set)
    counted = slots.annotate(counted=FilteredRelation("responses", condition=Q(responses__aside="")))
    # In the order received, so that the last response to a question is the one that stays.
    for attempt, number, response, credit in counted.order_by("counted__sequence").values_list(
        "attempt_id", "number", "counted__pk", "counted__earned"
    ):
        credits[attempt][number] = credit
        if response and credit is None:
            waiting[attempt].add(number)
        elif waiting:
            waiting[attempt].discard(number)
    return {attempt: (score(each.values()), len(waiting.get(attempt, ()))) for attempt, each in credits.items()}


# --- the page ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One assignment; `percent` is that of the `n` pupils who handed in, None without any."""

    assignment: Assignment
    title: str
    due: datetime
    out_of: int
    percent: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One pupil, one assignment. `points` and `note` are what is shown, `label` says it all in one line."""

    state: State
    score: Score | None
    points: str
    note: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    pupil: Pupil
    cells: tuple[Cell, ...]
    percent: int | None  # of the work handed in so far
    stuck: str  # why, or empty


@dataclass(frozen=True, slots=True)
class Gradebook:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def lay_out(room: Classroom, facts: Facts) -> Gradebook:
    """The table of pupils and assignments. No query."""
    notes = {
        State.AHEAD: _("not due"),
        State.GOING: _("in progress"),
        State.DONE: "",
        State.LATE: _("late"),
        State.MISSING: _("missing"),
        State.BEFORE: _("joined later"),
    }
    label, scored = _("%(pupil)s, %(title)s: %(said)s"), _("%(points)s of %(out_of)s")
    base = reverse("class-attempt", args=[room.pk, 0]).removesuffix("0/")
    tasks = [(task, str(task.quiz), task.get_absolute_url()) for task in facts.frame.assignments[room.pk]]
    rows = []
    for pupil in facts.frame.pupils[room.pk]:
        cells, done = [], []
        for task, title, url in tasks:
            standing = facts.standing[task.pk, pupil.pk]
            note, shown, points = notes[standing.state], standing.counts or standing.going, ""
            said = [note] if note else []
            if standing.counts and (got := standing.counts.score):
                points = in_words(got.points, get_language())
                said.insert(0, scored % {"points": points, "out_of": got.out_of})
                if standing.counts.waiting:
                    note = _("%(n)d to mark") % {"n": standing.counts.waiting}
                    said.append(note)
                done.append(got)
            cells.append(
                Cell(
                    standing.state,
                    standing.counts.score if standing.counts else None,
                    points,
                    note,
                    label % {"pupil": pupil.name, "title": title, "said": ", ".join(said)},
                    f"{base}{shown.pk}/" if shown else f"{url}#p{pupil.pk}",
                )
            )
        stuck = why_stuck([facts.standing[task.pk, pupil.pk] for task, _title, _url in tasks])
        rows.append(Row(pupil, tuple(cells), _percent(done), stuck))
    columns = []
    for index, (task, title, _url) in enumerate(tasks):
        got_all = [cell.score for row in rows if (cell := row.cells[index]).score]
        out_of = max((got.out_of for got in got_all), default=task.asks)
        columns.append(Column(task, title, task.due, out_of, _percent(got_all), len(got_all)))
    return Gradebook(tuple(columns), tuple(rows))


def _percent(scores: list[Score]) -> int | None:
    out_of = sum(got.out_of for got in scores)
    return percent(sum(got.points for got in scores), out_of) if out_of else None


@lru_cache(maxsize=512)
def in_words(points: float, language: str | None) -> str:
    """Points as they are written in this language, with one place at most."""
    if round(points, 1) == round(points):
        return str(round(points))
    return formats.number_format(round(points, 1))


def why_stuck(standings: Iterable[Standing]) -> str:
    """Why a pupil needs somebody, from the assignments in order of due date; empty if nothing is amiss."""
    over = [s for s in standings if s.handed_in or s.state == State.MISSING]
    if len(over) >= 2 and all(s.state == State.MISSING for s in over[-2:]):
        run = len(over) - next((i for i, s in reversed(list(enumerate(over, 1))) if s.handed_in), 0)
        return _("nothing handed in %(n)d times running") % {"n": run}
    done = [s.counts.score.percent for s in over if s.counts and s.handed_in]
    if len(done) >= 3 and all(share < 50 for share in done[-3:]):
        return _("under half %(n)d times running") % {
            "n": len(done) - next((i for i, share in reversed(list(enumerate(done, 1))) if share >= 50), 0)
        }
    return ""
