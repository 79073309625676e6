"""The rule by which a lesson is new, begun, read or mastered. Pure: it sees numbers only."""

from dataclasses import dataclass
from enum import StrEnum

MASTERED = 80  # percent of the closing quiz, in the best attempt handed in


class State(StrEnum):
    NEW = "new"  # nothing answered
    LEARNING = "learning"  # begun: some questions answered
    READ = "read"  # every question in place answered, or the closing quiz handed in
    MASTERED = "mastered"  # at least MASTERED percent in the closing quiz


@dataclass(frozen=True)
class Evidence:
    """What is known of one learner and one lesson."""

    in_place: int = 0  # questions that stand in the lesson
    answered: int = 0  # of these, ever answered
    best: int | None = None  # best closing quiz handed in, percent


def state(evidence: Evidence) -> State:
    """The state of a lesson; it never falls back, because the evidence only grows."""
    if evidence.best is not None and evidence.best >= MASTERED:
        return State.MASTERED
    if evidence.best is not None or (evidence.in_place and evidence.answered >= evidence.in_place):
        return State.READ
    return State.LEARNING if evidence.answered else State.NEW
