"""The rules by which a lesson is new, begun, read or mastered, and a skill in a unit new, learning, mastered or fading.

Pure: they see numbers only.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import fmean

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


# --- a skill in a unit --------------------------------------------------------------------------------------

ENOUGH = 3  # different questions answered, or all there are
RECENT = 10  # the questions answered last: what lies further back says little about today
RIGHT = 0.8  # mean credit of the latest answers to them
KEPT = 0.8  # mean predicted recall of them: below it, what was mastered is fading


class Grasp(StrEnum):
    NEW = "new"  # nothing answered
    LEARNING = "learning"
    MASTERED = "mastered"
    FADING = "fading"  # mastered by its answers, but they lie too far back


@dataclass(frozen=True, slots=True)
class Known:
    """A question as it was answered last: when, credit 0..1, and the chance (0..1) of answering it rightly today."""

    at: datetime
    credit: float
    recall: float


def grasp(known: Collection[Known], there: int) -> Grasp:
    """The state of one skill in one unit, from the questions answered so far, of as many as there are.

    Mastered: at least three different questions answered (or all, if there are fewer), the latest answers to the
    ten answered last at least 80 % right in the mean, and their predicted recall at least 80 % in the mean. If only
    the recall is missing, it is fading.
    """
    if not known:
        return Grasp.NEW
    recent = sorted(known, key=lambda each: each.at)[-RECENT:]
    right, kept = (round(fmean(values), 6) for values in ([k.credit for k in recent], [k.recall for k in recent]))
    if len(known) < min(ENOUGH, there) or right < RIGHT:
        return Grasp.LEARNING
    return Grasp.MASTERED if kept >= KEPT else Grasp.FADING


def together(parts: Iterable[Grasp]) -> Grasp:
    """The state of several skills or units as one: mastered if all are; fading if all were; new if none is begun."""
    states = set(parts)
    if states <= {Grasp.NEW}:
        return Grasp.NEW
    if states == {Grasp.MASTERED}:
        return Grasp.MASTERED
    return Grasp.FADING if states <= {Grasp.MASTERED, Grasp.FADING} else Grasp.LEARNING
