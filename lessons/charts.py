"""Series -> a figure that anyone can read: a drawing with its title, the same in a table, cautions, sources.

The drawing itself is made in `plots`. All texts are escaped; only `intro` and what `cite` gives are HTML.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from types import MappingProxyType

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lessons import plots
from lessons.dates import in_words

KINDS = ("line", "slope", "bars", "dots")
SHORES = {"korea": "korea", "south-korea": "korea", "japan": "japan"}  # group -> whose look it has
CAUTION = (
    '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3.5L2.5 20h19zM12 10v4.5M12 17.3v.2"/></svg>'
)
ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure. `at` is a year, year-month or day as ISO text, or words ("undated", "1990s")."""

    group: str
    at: str
    value: Decimal | int | float
    claim: str = ""  # the claim that gives it
    background: bool = False  # from no document


@dataclass(frozen=True, slots=True)
class Mark:
    """An event drawn into a line chart."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one unit. ValueError if they cannot be drawn."""

    chart: str  # line, slope, bars, dots
    title: str
    points: tuple[Point, ...]
    unit: str = ""  # in words: billion US dollars
    unit_sign: str = ""  # written at each value: %
    invert: bool = False  # ranks: 1 at the top
    groups: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # key -> name
    caution: str = ""
    description: str = ""  # what a screen reader says instead of the picture
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if self.chart not in KINDS:
            raise ValueError(f"chart is one of {', '.join(KINDS)}, not {self.chart!r}")
        if not self.points or not all(math.isfinite(point.value) for point in self.points):
            raise ValueError("a chart needs points, and each a finite value")


Cite = Callable[[str], str]  # claim -> HTML of a link to its paragraph


def figure(series: Series, *, key: str, intro: str = "", cite: Cite = escape) -> SafeString:
    """The whole `<figure>`. `key` begins its ids; `intro` is HTML, shown under the title."""
    caption = [escape(text) for text in remarks(series)] + ([intro] if intro else [])
    warned = [f'<p class="small caution">{CAUTION}{escape(text)}</p>' for text in cautions_of(series)]
    return mark_safe(
        f'<figure><figcaption><span class="title">{escape(series.title)}</span>'
        f"{' '.join(caption)}</figcaption>"
        f"{svg(series, key=key)}{''.join(warned)}{sources(series, cite)}"
        f'<details class="table"><summary>{escape(_("The figures as a table"))}</summary>'
        f"{table(series, cite)}</details></figure>"
    )


def svg(series: Series, *, key: str) -> SafeString:
    """The drawing alone, with its title and what it shows in words."""
    height, shapes = plots.draw(plot(series))
    return mark_safe(
        f'<svg class="chart" viewBox="0 0 {plots.WIDTH} {height:g}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{escape(series.title)}</title>'
        f'<desc id="{key}-desc">{escape(series.description or spoken(series))}</desc>{shapes}</svg>'
    )


def table(series: Series, cite: Cite = escape) -> SafeString:
    """Every point, with its source. The first column is what tells the rows apart."""
    grouped = any(called(series, point) for point in series.points)
    sourced = any(point.claim or point.background for point in series.points)
    heads = [_("What")] if grouped else []
    heads.append(_("When"))
    unit = series.unit[:1].upper() + series.unit[1:]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    head += f'<th scope="col" class="n">{escape(unit or _("Value"))}</th>'
    head += f'<th scope="col">{escape(_("Source"))}</th>' if sourced else ""
    rows = []
    for point in series.points:
        of, *rest = [called(series, point) or "–", when(point.at)] if grouped else [when(point.at)]
        row = f'<th scope="row">{escape(of)}</th>' + "".join(f"<td>{escape(text)}</td>" for text in rest)
        row += f'<td class="n">{escape(number(point.value, series.unit_sign))}</td>'
        if sourced:
            source = cite(point.claim) if point.claim else escape(_("background") if point.background else "–")
            row += f"<td>{source}</td>"
        rows.append(f"<tr>{row}</tr>")
    return mark_safe(f'<table class="plain-table"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>')


def sources(series: Series, cite: Cite) -> str:
    links = dict.fromkeys(cite(point.claim) for point in series.points if point.claim)
    return f'<p class="small soft">{escape(_("Figures from"))} {", ".join(links)}</p>' if links else ""


def remarks(series: Series) -> list[str]:
    """What a reader has to know to read the drawing."""
    drawn = plot(series)
    said = [f"{series.unit[:1].upper()}{series.unit[1:]}."] if series.unit else []
    if series.invert and drawn.kind in ("line", "slope"):
        said.append(_("The best place, 1, is at the top."))
    if drawn.sparse:
        said.append(_("Only the years marked are given; the dots between them are not data."))
    return said


def cautions_of(series: Series) -> list[str]:
    background = [point.background for point in series.points]
    said = []
    if all(background):
        said.append(_("Background figures, in none of the five documents."))
    elif any(background):
        said.append(_("Hollow shapes are background figures, in none of the five documents."))
    return [*said, series.caution] if series.caution else said


def spoken(series: Series) -> str:
    """The values in words, for those who do not see the drawing."""
    said: dict[str, list[str]] = {}
    for point in series.points:
        value = f"{number(point.value, series.unit_sign)} ({when(point.at)})"
        said.setdefault(called(series, point), []).append(value)
    return " ".join(f"{name + ': ' if name else ''}{', '.join(values)}." for name, values in said.items())


def plot(series: Series) -> plots.Plot:
    """The series as `plots` draws it: figures as numbers and words, nothing left to look up."""
    return plots.Plot(
        kind=series.chart,
        points=tuple(
            plots.Dot(
                group=point.group,
                name=called(series, point),
                shore=SHORES.get(point.group, ""),
                x=moment(point.at),
                when=when(point.at),
                y=float(point.value),
                label=number(point.value, series.unit_sign),
                hollow=point.background,
            )
            for point in series.points
        ),
        invert=series.invert,
        tick=lambda value: number(value, series.unit_sign),
        marks=tuple((at, mark.text) for mark in series.marks if (at := moment(mark.at)) is not None),
    )


def called(series: Series, point: Point) -> str:
    return series.groups.get(point.group, point.group)


def number(value: Decimal | int | float, sign: str = "") -> str:
    """1234.50 -> 1,234.5; the sign before the figure if it is a currency, else after it."""
    exact = Decimal(str(value))
    text = f"{abs(exact):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    minus = "\u2212" if exact < 0 else ""
    return f"{minus}{sign}{text}" if sign in ("$", "¥", "₩", "€", "£", "US$") else f"{minus}{text}{sign}"


def moment(at: str) -> float | None:
    """The middle of a year, month or day, in years; None if `at` is no date."""
    found = ISO.fullmatch(at.strip())
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if month > 12 or day > 31:
        return None
    if not month:
        return year + 0.5
    return year + (month - 1) / 12 + ((day - 0.5) / 31 / 12 if day else 1 / 24)


def when(at: str) -> str:
    """The date in words; other words as they are."""
    at = at.strip()
    try:
        return in_words(at) if ISO.fullmatch(at) else re.sub(r"(?<=\d)-(?=\d{4}$)", "–", at)
    except ValueError:
        return at
