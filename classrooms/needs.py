"""Read only: what in a class needs its teacher first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classrooms.gradebook import Facts, Gradebook, frame, gather
from classrooms.models import Assignment, Classroom
from classrooms.standing import Standing, State

SOON = timedelta(days=3)
MOST_NAMES = 4
MOST_OVERDUE = 4  # assignments; the gradebook has them all


@dataclass(frozen=True)
class Need:
    n: int
    what: str
    detail: str
    href: str
    action: str


@dataclass(frozen=True)
class Overview:
    """One class in the teacher's list of classes."""

    room: Classroom
    pupils: int
    overdue: int  # pieces of work that are due and not handed in
    next_due: Assignment | None


def overview(rooms: list[Classroom], now: datetime) -> list[Overview]:
    """The classes a teacher has, each with what waits; four queries."""
    if not rooms:
        return []
    facts = gather(frame([room.pk for room in rooms]), now, scores=False)
    return [
        Overview(
            room,
            len(facts.frame.pupils[room.pk]),
            sum(
                is_owed(task, standing, now)
                for task in facts.frame.assignments[room.pk]
                for _p, standing in facts.of(task)
            ),
            next((task for task in facts.frame.assignments[room.pk] if task.due >= now), None),
        )
        for room in rooms
    ]


def is_owed(task: Assignment, standing: Standing, now: datetime) -> bool:
    """Whether work is overdue and can still come: what has closed asks nothing of anybody."""
    if task.closes and task.closes < now:
        return False
    return standing.state == State.MISSING or (standing.state == State.GOING and task.due < now)


def needs(room: Classroom, facts: Facts, book: Gradebook, now: datetime) -> list[Need]:
    """What needs the teacher, the most urgent first. No query."""
    found = []
    stuck = [row for row in book.rows if row.stuck]
    if stuck:
        detail = ". ".join(f"{row.pupil.name}: {row.stuck}" for row in stuck[:MOST_NAMES])
        found.append(
            Need(
                len(stuck),
                ngettext("pupil seems stuck", "pupils seem stuck", len(stuck)),
                detail + _more(len(stuck)),
                reverse("gradebook", args=[room.pk]),
                _("See"),
            )
        )
    for task in facts.frame.assignments[room.pk]:
        unmarked = [(pupil, each.counts.waiting) for pupil, each in facts.of(task) if each.counts]
        if n := sum(waiting for _pupil, waiting in unmarked):
            who = _names(pupil.name for pupil, waiting in unmarked if waiting)
            detail = _("%(title)s: %(names)s") % {"title": task.quiz, "names": who}
            what = ngettext("answer waits for your mark", "answers wait for your mark", n)
            found.append(Need(n, what, detail, task.get_absolute_url(), _("See")))
    overdue = 0
    for task in reversed(facts.frame.assignments[room.pk]):
        standing = facts.of(task)
        owing = [(pupil, each) for pupil, each in standing if is_owed(task, each, now)]
        if owing and overdue < MOST_OVERDUE:
            overdue += 1
            detail = _("%(title)s, due %(date)s: %(names)s") % {
                "title": task.quiz,
                "date": _day(task.due, room),
                "names": _names(pupil.name for pupil, _each in owing),
            }
            what = ngettext("pupil has not handed in", "pupils have not handed in", len(owing))
            found.append(Need(len(owing), what, detail, task.get_absolute_url(), _("See")))
    for task in facts.frame.assignments[room.pk]:
        if now <= task.due <= now + SOON and not (task.opens and task.opens > now):
            waiting = [pupil for pupil, each in facts.of(task) if each.state == State.AHEAD]
            if waiting:
                detail = _("%(title)s is due on %(date)s") % {
                    "title": task.quiz,
                    "date": _day(task.due, room),
                }
                what = ngettext("pupil has not begun", "pupils have not begun", len(waiting))
                found.append(Need(len(waiting), what, detail, task.get_absolute_url(), _("See")))
    return found


def _day(moment: datetime, room: Classroom) -> str:
    return date_format(moment.astimezone(room.zone), "j F")


def _names(names: Iterable[str]) -> str:
    every = list(names)
    return "; ".join(every[:MOST_NAMES]) + _more(len(every))


def _more(n: int) -> str:
    rest = n - MOST_NAMES
    return " " + ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest} if rest > 0 else ""
