"""Years, days, months and numbers in English text, as keys that are equal however they were written. Pure.

    keys("On 8 August 2019 some 1,000 people")    {Day(8, 8), Month(8), Year(2019), Number(1000)}

`1,000`, `a thousand`, `thousand` are one number; `36-year`, `36th`, `thirty-six` are one; `1939–45` is two years.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple


class Key(NamedTuple):
    """What is counted or dated. `kind`: year, moment (a month of a year), month, day (of a month) or number."""

    kind: str
    value: float
    day: int = 0

    def __str__(self) -> str:
        if self.kind == "year":
            return f"{self.value:.0f}"
        if self.kind == "moment":
            return f"{MONTHS[int(self.value) % 12]} {self.value // 12:.0f}"
        if self.kind == "number":
            return f"{self.value:,.10g}" if self.value < 1e9 else f"{self.value / 1e9:,.10g} billion"
        return f"{self.day or ''} {MONTHS[int(self.value) - 1]}".strip()


class Found(NamedTuple):
    """A key where it stands; `small` is what says little alone: “two”, “first”, “millions”, the month of a moment."""

    key: Key
    start: int
    end: int
    small: bool = False


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
NUMBERED = {name: n for n, name in enumerate(MONTHS, 1)} | {
    short: n for n, short in [(1, "Jan"), (2, "Feb"), (8, "Aug"), (9, "Sept"), (10, "Oct"), (11, "Nov"), (12, "Dec")]
}
UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
TIMES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
COUNTS = (
    {word: n for n, word in enumerate(UNITS)}
    | {word: 10 * n for n, word in enumerate(TENS, 2)}
    | {word: n for n, word in enumerate(ORDINALS, 1)}
)
SMALL = 4  # words for less than this are mostly talk: “on the one hand”, “the first thing”, “both of the two”

_MONTH = "|".join(sorted(NUMBERED, key=len, reverse=True))
_WORD = "|".join(sorted([*COUNTS, *TIMES, *(f"{times}s" for times in TIMES)], key=len, reverse=True))
PATTERN = re.compile(
    rf"""(?P<day>\b(?P<days>\d{{1,2}}(?:(?:[–-]|,\s|\sand\s|\sor\s|\sto\s)\d{{1,2}})*)\s(?P<of>{_MONTH})\b)
    | (?P<month>\b(?!May\b|March\b)(?:{_MONTH})\b | (?<=[a-z,]\s)(?:May|March)\b(?!\sFirst)
        | \b(?:May|March)(?=\s[12]\d\d\d))
    | (?P<year>(?<![\d,.])(?:1\d|20)\d\d(?![\d,]*\d)(?!\s(?:million|billion|thousand|dollars|won|yen))
        (?:[–-](?P<until>\d\d(?:\d\d)?)(?!\d))?)
    | (?P<number>(?<![\w.])\d[\d,]*(?:\.\d+)?)(?:st|nd|rd|th)?(?:[\s-](?P<times>dozen|hundred|thousand|[mbtr]+illion))?
    | (?P<words>(?i:\b(?:{_WORD})(?:(?:[\s-]|(?<=hundred)\sand\s)(?:{_WORD}))*)(?:th)?\b)""",
    re.X,
)

YEAR = re.compile(r"\s(1\d\d\d|20\d\d)\b")


@lru_cache(maxsize=32768)
def read(text: str) -> tuple[Found, ...]:
    """Everything that dates or counts, in order."""
    return tuple(_read(text))


def keys(text: str) -> frozenset[Key]:
    return frozenset(found.key for found in read(text))


def dated(date: str) -> frozenset[Key]:
    """The keys of a date such as 2019, 2019-08, 2019-08-22 or 2019-07/2019-09-01."""
    out = set()
    for one in date.split("/"):
        year, month, day = (int(part) for part in [*one.split("-"), "0", "0"][:3])
        out.add(Key("year", year))
        if month:
            out |= {Key("month", month), _moment(year, month)}
        if day:
            out.add(Key("day", month, day))
    return frozenset(out)


def number(value: float, unit: str = "") -> frozenset[Key]:
    """A value as it may be written: 300 of the unit “million dollars” is 300, or 300 million."""
    scale = next((TIMES[word] for word in unit.lower().split() if word in TIMES), 1)
    return frozenset({Key("number", float(value)), Key("number", _round(value * scale))})


def _read(text: str) -> Iterator[Found]:
    for match in PATTERN.finditer(text):
        start, end = match.span()
        if match["day"]:
            month = NUMBERED[match["of"]]
            for part in re.finditer(r"\d+", match["days"]):
                yield Found(Key("day", month, int(part[0])), start + part.start(), start + part.end())
            yield from _month(text, month, *match.span("of"))
        elif match["month"]:
            yield from _month(text, NUMBERED[match[0]], start, end)
        elif match["year"]:
            year = int(match[0][:4])
            yield Found(Key("year", year), start, start + 4)
            if until := match["until"]:
                whole = int(until) if len(until) == 4 else year // 100 * 100 + int(until)
                yield Found(Key("year", whole), *match.span("until"))
        elif match["number"]:
            value = float(match["number"].rstrip(",").replace(",", ""))
            times = TIMES.get(match["times"] or "", 1)
            yield Found(Key("number", _round(value * times)), start, match.end("number"))
        else:
            value = _count(match["words"])
            bare = all(word.rstrip("s") in TIMES for word in match["words"].lower().split())
            yield Found(Key("number", value), start, end, small=value < SMALL or bare)


def _month(text: str, month: int, start: int, end: int) -> Iterator[Found]:
    """A month, and the moment if its year follows; then the month alone says little."""
    year = YEAR.match(text, end)
    yield Found(Key("month", month), start, end, small=year is not None)
    if year:
        yield Found(_moment(int(year[1]), month), start, end)


def _moment(year: int, month: int) -> Key:
    return Key("moment", year * 12 + month - 1)


def _count(words: str) -> float:
    """Twenty-five thousand -> 25000."""
    total = part = 0
    for word in re.split(r"[\s-]+", words.lower()):
        word = word if word in COUNTS or word in TIMES else re.sub(r"(s|th)$", "", word)  # millions, hundredth
        if word == "hundred" or word == "dozen":
            part = (part or 1) * TIMES[word]
        elif word in TIMES:
            total, part = total + (part or 1) * TIMES[word], 0
        else:
            part += COUNTS.get(word, 0)
    return float(total + part)


def _round(value: float) -> float:
    return round(value, 6)  # 6.5 million is 6500000, not a little more
