"""How a pupil stands with an assignment: pure, the time is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quizzes.grading import Score


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


@dataclass(frozen=True, slots=True)
class Standing:
    state: State
    counts: Try | None = None  # the attempt whose score counts: the best handed in
    going: Try | None = None

    @property
    def handed_in(self) -> bool:
        return self.state in (State.DONE, State.LATE)


def stand(tries: Iterable[Try], *, due: datetime, now: datetime, joined: datetime | None = None) -> Standing:
    """Where a pupil stands; among equally good attempts the one handed in first counts."""
    tries = list(tries)
    over = [(-t.score.points / (t.score.out_of or 1), t.ended, t) for t in tries if t.ended]
    going = next((t for t in tries if t.ended is None), None)
    if over:
        _share, end, best = min(over, key=lambda row: row[:2])
        return Standing(State.DONE if end <= due else State.LATE, best, going)
    if going:
        return Standing(State.GOING, going=going)
    if now <= due:
        return Standing(State.AHEAD)
    return Standing(State.BEFORE if joined and joined > due else State.MISSING)
