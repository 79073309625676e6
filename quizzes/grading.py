"""Credit and scores: pure arithmetic, no models, no clock."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Grade:
    """What one answer earned: `credit` from 0 to 1, and which of its parts (by key) were right."""

    credit: float | None  # None: only a person can say
    parts: Mapping[str, bool] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return verdict(self.credit)


def verdict(credit: float | None) -> str:
    """`right`, `partly`, `wrong` or `waiting`: the word, icon and colour that a page shows."""
    if credit is None:
        return "waiting"
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


# --- several tries ------------------------------------------------------------------------------------------


def stepped(credits: Sequence[float | None], tries: int) -> float | None:
    """What a question stands at after these answers, with `tries` allowed: each try is worth a step less than
    the one before (of three: the whole, two thirds, one third), and the best stands. None while none is graded.

    With one try allowed the last answer stands, as in a test, where it replaces the one before.
    """
    graded = [credit for credit in credits if credit is not None]
    if not graded or tries <= 1:
        return credits[-1] if credits else None
    return max(round(credit * (tries - n) / tries, 6) for n, credit in enumerate(graded[:tries]))


# --- certainty ----------------------------------------------------------------------------------------------

# A. R. Gardner-Medwin's certainty-based marking, with the numbers that Moodle uses: level -> (if right, if wrong).
CERTAINTY = {1: (1, 0), 2: (2, -2), 3: (3, -6)}


def certainty_mark(credit: float, certainty: int | None) -> float:
    """The mark of an answer: -6 to 3. Partly right earns its part; who did not say is not sure."""
    right, wrong = CERTAINTY[certainty or 1]
    return right * credit if credit > 0 else float(wrong)


def threshold(level: int) -> float:
    """From which chance of being right (0..1) this level pays more than the one below it: 2/3, then 4/5."""
    (right, wrong), (lower_right, lower_wrong) = CERTAINTY[level], CERTAINTY[level - 1]
    return (lower_wrong - wrong) / (right - wrong - lower_right + lower_wrong)


# --- words at the end ---------------------------------------------------------------------------------------

BAND = re.compile(r"(\d{1,3}) *%? *: *(\S.*)")


def band(lines: Iterable[str], percent: int) -> str:
    """The overall feedback for this result: of lines such as "80: Well done.", the highest that it reaches."""
    bands = sorted((int(found[1]), found[2]) for line in lines if (found := BAND.fullmatch(line.strip())))
    return next((says for least, says in reversed(bands) if percent >= least), "")


def wrong_bands(lines: Iterable[str]) -> list[int]:
    """The numbers, from 1, of lines that `band` cannot use: without a percentage, above 100, or with one twice."""
    seen: set[int] = set()
    wrong = []
    for n, line in enumerate(lines, 1):
        found = BAND.fullmatch(line.strip())
        if not found or int(found[1]) > 100 or int(found[1]) in seen:
            wrong.append(n)
        else:
            seen.add(int(found[1]))
    return wrong
