"""How often a learner is right at each level of certainty, as a drawing and a table. Pure.

A level pays if one is right at least as often as its threshold says (two of three, four of five), and no more
often than that of the next level. Who stays between the two knows what they know.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from quizzes.certainty import LEVELS
from quizzes.grading import threshold

ENOUGH = 10  # answers at a level: with fewer, chance says more than the learner
WIDTH, LEFT, RIGHT = 640, 10, 630  # of the drawing, and of its scale from 0 to 100 %
ROW, TALL = 74, 26  # from one level to the next, and of its band


@dataclass(frozen=True)
class Level:
    """One level: how many answers, and what share of them was right (0..1, parts counted)."""

    value: int
    words: str
    n: int
    share: float
    low: float  # from this share on the level pays
    high: float  # from this one on the next level would pay more

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    @property
    def lowest(self) -> int:
        return round(100 * self.low)

    @property
    def highest(self) -> int:
        return round(100 * self.high)

    @property
    def says(self) -> str:
        """none, few, bold (right less often than it claims), fits, or shy (right more often)."""
        if self.n < ENOUGH:
            return "few" if self.n else "none"
        if self.share < self.low:
            return "bold"
        return "shy" if self.share > self.high else "fits"


@dataclass(frozen=True)
class Row:
    """A level as it is drawn: whole numbers, in the units of the drawing."""

    level: Level
    text: int  # the base line of its words
    top: int
    middle: int
    band: int  # where the band of the level begins, and how wide it is
    wide: int
    dot: int


@dataclass(frozen=True)
class Picture:
    rows: tuple[Row, ...]
    marks: tuple[tuple[int, int, str], ...]  # x, percent, anchor: the scale
    scale: int  # the base line of the scale
    height: int
    left: int = LEFT
    span: int = RIGHT - LEFT
    width: int = WIDTH

    @property
    def n(self) -> int:
        return sum(row.level.n for row in self.rows)


def levels(given: Iterable[tuple[int, float]]) -> tuple[Level, ...]:
    """From (certainty 1 to 3, right) of each answer; right is True, False or a credit from 0 to 1."""
    given = list(given)
    found = []
    for value, words in LEVELS:
        rights = [float(right) for certainty, right in given if certainty == value]
        low = round(threshold(value), 6) if value > 1 else 0.0
        high = round(threshold(value + 1), 6) if value < len(LEVELS) else 1.0
        found.append(Level(value, str(words), len(rights), round(fmean(rights or [0]), 6), low, high))
    return tuple(found)


def picture(given: Iterable[tuple[int, float]]) -> Picture:
    """The drawing: a row for each level with the band in which it pays, and a dot where the learner stands."""
    rows = []
    for place, level in enumerate(levels(given)):
        top = ROW * place + 26
        band = _x(level.low)
        rows.append(Row(level, top - 9, top, top + TALL // 2, band, _x(level.high) - band, _x(level.share)))
    bottom = ROW * (len(rows) - 1) + 26 + TALL
    marks = [(0.0, "start"), (threshold(2), "end"), (threshold(3), "start"), (1.0, "end")]
    scale = tuple((_x(share), round(100 * share), anchor) for share, anchor in marks)
    return Picture(tuple(rows), scale, bottom + 24, bottom + 32)


def _x(share: float) -> int:
    return round(LEFT + (RIGHT - LEFT) * share)
