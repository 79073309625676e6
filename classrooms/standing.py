"""How a pupil stands with an assignment: pure, the time is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from quizzes.grading import Score


class Counts(StrEnum):
    """Which of several attempts gives the result."""

    BEST = "best"
    LAST = "last"
    AVERAGE = "average"


class State(StrEnum):
    AHEAD = "ahead"  # nothing handed in, and not due yet
    GOING = "going"  # begun, not handed in, still open
    DONE = "done"  # handed in in time
    LATE = "late"  # handed in after the due date
    MISSING = "missing"  # due, and nothing handed in or under way
    BEFORE = "before"  # was due before the pupil came to the class


NOTHING = Score(0, 0)


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt as it stands now; `ended` is None while answers still count."""

    pk: int
    ended: datetime | None
    score: Score = NOTHING
    waiting: int = 0  # answers that the teacher has still to mark


@dataclass(frozen=True, slots=True)
class Standing:
    state: State
    counts: Try | None = None  # the attempt that counts, with the score that counts
    going: Try | None = None

    @property
    def handed_in(self) -> bool:
        return self.state in (State.DONE, State.LATE)


def stand(
    tries: Iterable[Try],
    *,
    due: datetime,
    now: datetime,
    joined: datetime | None = None,
    counts: str = Counts.BEST,
) -> Standing:
    """Where a pupil stands. Of equally good attempts the one handed in first counts; an average is shown with the
    last attempt, and is as late as that."""
    tries = list(tries)
    over = sorted((t.ended, t.pk, t) for t in tries if t.ended)
    going = next((t for t in tries if t.ended is None), None)
    if over:
        counted = counting([t for _end, _pk, t in over], counts)
        end = next(end for end, pk, _t in over if pk == counted.pk)
        return Standing(State.DONE if end <= due else State.LATE, counted, going)
    if going:
        return Standing(State.GOING, going=going)
    if now <= due:
        return Standing(State.AHEAD)
    return Standing(State.BEFORE if joined and joined > due else State.MISSING)


def counting(over: list[Try], counts: str) -> Try:
    """Of attempts in the order handed in, at least one, the one that counts, with the score that counts."""
    last = over[-1]
    if counts == Counts.LAST:
        return last
    if counts == Counts.AVERAGE:
        out_of = last.score.out_of
        share = sum(share_of(t) for t in over) / len(over)
        waiting = sum(t.waiting for t in over)
        return replace(last, score=Score(round(share * out_of, 6), out_of), waiting=waiting)
    return max(over, key=lambda t: (share_of(t), -over.index(t)))


def share_of(t: Try) -> float:
    return t.score.points / (t.score.out_of or 1)
