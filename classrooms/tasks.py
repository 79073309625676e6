"""Read only: what one pupil has to do, and how far it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from classrooms.gradebook import scores_for
from classrooms.models import Assignment, AssignmentQuerySet, Extension, in_minutes
from classrooms.standing import NOTHING, Standing, State, Try, stand
from quizzes.grading import Score
from quizzes.models import Attempt


@dataclass(frozen=True)
class Done:
    """An attempt of mine; `score` is None until it may be seen."""

    attempt: Attempt
    score: Score | None
    going: bool


@dataclass(frozen=True)
class Task:
    """An assignment as one pupil finds it, with the pupil's own dates."""

    assignment: Assignment
    asks: int  # questions
    due: datetime
    closes: datetime | None
    limit: timedelta | None
    extended: bool
    standing: Standing
    tries: tuple[Done, ...]  # the latest first
    now: datetime

    @property
    def early(self) -> bool:
        return self.assignment.opens is not None and self.now < self.assignment.opens

    @property
    def closed(self) -> bool:
        return self.closes is not None and self.now > self.closes

    @property
    def overdue(self) -> bool:
        return self.now > self.due and not self.standing.handed_in

    @property
    def tries_left(self) -> int:
        return max(0, self.assignment.tries - len(self.tries))

    @property
    def can_start(self) -> bool:
        return not (self.early or self.closed or self.standing.going) and self.tries_left > 0

    @property
    def is_open(self) -> bool:
        """Whether it still asks something of the pupil."""
        return not self.closed and not self.standing.handed_in

    @property
    def ends(self) -> datetime | None:
        """When the attempt under way ends by itself."""
        return next((done.attempt.deadline for done in self.tries if done.going), None)

    @property
    def score(self) -> Score | None:
        """The score that counts, once all that it is made of may be seen."""
        over = [done for done in self.tries if not done.going]
        counts = self.standing.counts
        return counts.score if counts and all(done.score is not None for done in over) else None

    @property
    def state(self) -> str:
        """One word for the page: early, closed, or that of the standing."""
        if self.standing.state in (State.AHEAD, State.MISSING, State.BEFORE):
            return "early" if self.early else "closed" if self.closed else "late-start" if self.overdue else "new"
        return str(self.standing.state)

    @property
    def minutes(self) -> int | None:
        return in_minutes(self.limit)

    @property
    def cut_minutes(self) -> int | None:
        """How many minutes there would be on starting now, if the closing time cuts the limit short."""
        if self.limit and self.closes and self.now < self.closes < self.now + self.limit:
            return int((self.closes - self.now).total_seconds() // 60)
        return None


def tasks(user: Any, assignments: AssignmentQuerySet, now: datetime) -> list[Task]:
    """These assignments for this pupil, by due date; four queries."""
    found = list(assignments.select_related("quiz", "classroom").counted().order_by("due", "pk"))
    extras = {extra.assignment_id: extra for extra in Extension.objects.filter(user=user, assignment__in=found)}
    mine: dict[int, list[Attempt]] = {}
    attempts = user.attempts.filter(work__assignment__in=found).select_related("work").order_by("-started_at", "-pk")
    for attempt in attempts:
        mine.setdefault(attempt.work.assignment_id, []).append(attempt)
    scores = scores_for([attempt.pk for each in mine.values() for attempt in each])
    return [_task(each, extras.get(each.pk), mine.get(each.pk, []), scores, now) for each in found]


def _task(
    assignment: Assignment,
    extra: Extension | None,
    attempts: list[Attempt],
    scores: dict[int, tuple[Score, int]],
    now: datetime,
) -> Task:
    tries, mine = [], []
    for attempt in attempts:
        points, waiting = scores.get(attempt.pk, (NOTHING, 0))
        going = attempt.is_open(now)
        tries.append(Try(attempt.pk, None if going else attempt.finished_at or attempt.deadline, points, waiting))
        mine.append(Done(attempt, points if attempt.is_released(now) else None, going))
    due = assignment.due_for(extra)
    return Task(
        assignment=assignment,
        asks=max((got.score.out_of for got in tries), default=0) or assignment.asks,
        due=due,
        closes=assignment.closes_for(extra),
        limit=assignment.limit_for(extra),
        extended=extra is not None,
        standing=stand(tries, due=due, now=now, counts=assignment.counts),
        tries=tuple(mine),
        now=now,
    )
