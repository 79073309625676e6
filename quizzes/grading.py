"""Credit and scores: pure arithmetic, no models, no clock."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Grade:
    """What one answer earned: `credit` from 0 to 1, and which of its parts (by key) were right."""

    credit: float
    parts: Mapping[str, bool] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return verdict(self.credit)


def verdict(credit: float) -> str:
    """`right`, `partly` or `wrong`: the word, icon and colour that a page shows."""
    if credit >= 1:
        return "right"
    return "partly" if credit > 0 else "wrong"


class Score(NamedTuple):
    """Points of a set of questions: at most one point each."""

    points: float
    out_of: int

    @property
    def percent(self) -> int:
        return percent(self.points, self.out_of)


def score(credits: Iterable[float | None]) -> Score:
    """Add up the credit of each question; one without an answer (None) counts, and earns nothing.

    Thirds are kept to six places, so that three of them make one whatever their order.
    """
    earned = [credit or 0.0 for credit in credits]
    return Score(round(math.fsum(earned), 6), len(earned))


def percent(points: float, out_of: float) -> int:
    """Whole percent, halves up; nothing asked is 0."""
    if out_of <= 0:
        return 0
    # Rounding first keeps 0.285 * 100 from being 28.499999999999996.
    return math.floor(round(points / out_of * 100, 6) + 0.5)


def longest_run(places: Iterable[int]) -> int:
    """Length of the longest increasing subsequence: how many items stand in order among themselves."""
    longest: list[tuple[int, int]] = []  # (place, length of the longest run that ends there)
    for place in places:
        before = [length for earlier, length in longest if earlier < place]
        longest.append((place, 1 + max(before, default=0)))
    return max((length for _, length in longest), default=0)
