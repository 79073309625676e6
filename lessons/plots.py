"""The drawings of `charts`: SVG from classes and numbers, laid out so that no two texts meet on a phone.

A drawing is 560 units wide. On a phone its text is set larger (21 units, values 34) than on a desktop (15 and
26), so the larger sizes are reckoned with. The style sheet dresses `axis data dense dot block hollow`,
`mark big soft warn` and `korea japan`; whose shape it is shows without colour too (circle, square, ...).
"""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

WIDTH = 560
SMALL, BIG = 21, 34  # text sizes on a phone, in units of the drawing
ROW = 28  # a line of small text
PLOT = 190  # height between top and bottom of the scale
SHAPES = {"korea": "circle", "japan": "square"}
OTHERS = ("circle", "diamond", "square", "triangle")

# Where a value may stand beside its dot, best first: across, down, text-anchor
BESIDE = (
    *((0, -13, "middle"), (0, 38, "middle"), (13, 11, "start"), (-13, 11, "end")),
    *((6, -13, "start"), (-6, -13, "end"), (6, 38, "start"), (-6, 38, "end")),
)

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure to draw; `x` in years if it has a date."""

    group: str
    name: str
    shore: str
    x: float | None
    when: str
    y: float
    label: str
    hollow: bool


Place = tuple[float, float, Dot]


@dataclass(frozen=True, slots=True)
class Plot:
    kind: str
    points: tuple[Dot, ...]
    invert: bool
    tick: Callable[[float], str]
    marks: tuple[tuple[float, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", self._kind())

    def _kind(self) -> str:
        """The kind asked for, or the nearest that these figures allow."""
        moments = {dot.x for dot in self.points}
        if self.kind == "slope" and (None in moments or len(moments) != 2 or len(self.groups) < 2):
            return "line" if None not in moments and len(moments) > 1 else "bars"
        if self.kind == "line" and (None in moments or len(moments) < 2):
            return "bars"
        return self.kind

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(dot.group for dot in self.points))

    def of(self, group: str) -> list[Dot]:
        found = [dot for dot in self.points if dot.group == group]
        return sorted(found, key=lambda dot: dot.x or 0) if self.kind in ("line", "slope") else found

    @property
    def sparse(self) -> bool:
        """Whether a line is drawn over years for which there is no figure."""
        if self.kind not in ("line", "slope"):
            return False
        rows = [self.of(group) for group in self.groups]
        return any(not _dense(a, b) for row in rows for a, b in pairwise(row))

    def shape(self, dot: Dot) -> str:
        rest = [group for group in self.groups if not next(d for d in self.points if d.group == group).shore]
        return SHAPES.get(dot.shore) or OTHERS[rest.index(dot.group) % len(OTHERS)]


def draw(plot: Plot) -> tuple[float, str]:
    """The height of the drawing, and its shapes and texts."""
    return {"line": _line, "slope": _slope, "bars": _bars, "dots": _dots}[plot.kind](plot)


# --- kinds ------------------------------------------------------------------------------------------------


def _line(plot: Plot) -> tuple[float, str]:
    out, top = _legend(plot) if len(plot.groups) > 1 else ([], 0.0)
    low, high, ticks = scale([dot.y for dot in plot.points], plot.invert)
    marks = [(at, lines) for at, text in plot.marks for lines in [wrap(text, WIDTH)]]
    ceiling = top + ROW * sum(len(lines) for _at, lines in marks) + BIG + 8
    floor = ceiling + PLOT
    left = max(measure(plot.tick(tick), SMALL) for tick in ticks) + 16
    room = max(measure(dot.label, BIG) for dot in plot.points) / 2
    dates = [dot.x or 0.0 for dot in plot.points] + [at for at, _lines in marks]
    x = _between(min(dates), max(dates), left + min(room, 60), WIDTH - max(min(room, 90), 10))
    y = _between(low, high, ceiling, floor) if plot.invert else _between(low, high, floor, ceiling)
    out += [_path("axis", f"M{left:.1f} {y(tick):.1f}H{WIDTH}") for tick in ticks]
    out += [_text(0, y(tick) + 5, plot.tick(tick), "soft") for tick in ticks]
    taken: list[Box] = []
    row = top
    for at, lines in marks:
        for line in lines:
            row += ROW
            half, side = measure(line, SMALL) / 2, "end" if x(at) > WIDTH / 2 else "start"
            centre = min(max(x(at), half), WIDTH - half)
            out.append(_text(centre + half if side == "end" else centre - half, row - 8, line, "warn", side))
        out.append(_path("mark", f"M{x(at):.1f} {row:.1f}V{floor:.1f}"))
        taken.append((x(at) - 2, row, x(at) + 2, floor))
    segments = []
    for group in plot.groups:
        dots = plot.of(group)
        for a, b in pairwise(dots):
            ends = (x(a.x or 0), y(a.y), x(b.x or 0), y(b.y))
            segments.append(ends)
            kind = _classes("data", "dense" if _dense(a, b) else "", a.shore)
            out.append(_path(kind, f"M{ends[0]:.1f} {ends[1]:.1f}L{ends[2]:.1f} {ends[3]:.1f}"))
    places = [(x(dot.x or 0), y(dot.y), dot) for dot in plot.points]
    out += [_shape(plot.shape(dot), px, py, dot) for px, py, dot in places]
    taken += [(px - 8, py - 8, px + 8, py + 8) for px, py, _dot in places]
    out += _values(places, taken, segments, (left - 6, row, WIDTH, floor - 1))
    return floor + 38, "".join(out + _years(plot, x, floor))


def _values(places: Sequence[Place], taken: list[Box], segments: Sequence[Box], room: Box) -> list[str]:
    """Each value beside its dot, where it meets no other text; without room only the table has it."""
    out = []
    for px, py, dot in sorted(places, key=lambda place: (place[2].x or 0) not in _ends(places)):
        width = measure(dot.label, BIG)
        best: tuple[int, Box, float, float, str] | None = None
        for dx, dy, anchor in BESIDE:
            tx, ty = px + dx, py + dy
            begin = tx - {"start": 0, "middle": width / 2, "end": width}[anchor]
            box = (begin, ty - BIG * 0.76, begin + width, ty + 3)
            outside = box[0] < room[0] or box[1] < room[1] or box[2] > room[2] or box[3] > room[3]
            if outside or any(_meet(box, other) for other in taken):
                continue
            crossed = sum(_crosses(box, segment) for segment in segments)
            if best is None or crossed < best[0]:
                best = crossed, box, tx, ty, anchor
        if best:
            _crossed, box, tx, ty, anchor = best
            taken.append(box)
            out.append(_text(tx, ty, dot.label, "big", anchor))
    return out


def _years(plot: Plot, x: Callable[[float], float], floor: float) -> list[str]:
    """The dates under the axis: moved apart where they would meet, thinned out where there are too many."""
    dates = sorted({(dot.x or 0.0, dot.when) for dot in plot.points})
    while sum(measure(text, SMALL) + 10 for _at, text in dates) > WIDTH and len(dates) > 2:
        dates = [date for i, date in enumerate(dates) if i % 2 == 0 or i == len(dates) - 1]
        if len(dates) > 2 and len(dates) % 2 == 0:
            del dates[-2]
    widths = [measure(text, SMALL) + 10 for _at, text in dates]
    centres = spread([x(at) for at, _text_ in dates], widths, 0, WIDTH)
    ticks = [_path("axis", f"M{x(at):.1f} {floor:.1f}v6") for at, _text_ in dates]
    return ticks + [_text(c, floor + 30, text, "", "middle") for c, (_at, text) in zip(centres, dates, strict=True)]


def _slope(plot: Plot) -> tuple[float, str]:
    rows = [plot.of(group) for group in plot.groups]
    named = max(measure(row[-1].label, BIG) + 10 + measure(row[-1].name, SMALL) for row in rows)
    x1 = max(measure(dot.label, BIG) for dot in plot.points) + 20
    if 2 * x1 + 120 > WIDTH:  # no room for figures at both sides
        return _line(plot)
    direct = x1 + named + 120 <= WIDTH  # else the names stand in a legend
    out, top = ([], 0.0) if direct else _legend(plot)
    first, last = sorted({dot.x or 0.0 for dot in plot.points})
    x2 = WIDTH - (named if direct else x1) - 20
    low, high, _ticks = scale([dot.y for dot in plot.points], plot.invert)
    ceiling = top + BIG
    floor = ceiling + max(PLOT, (BIG + 4) * len(rows))
    y = _between(low, high, ceiling, floor) if plot.invert else _between(low, high, floor, ceiling)
    out += [_path("axis", f"M{at:.1f} {ceiling - 12:.1f}V{floor + 12:.1f}") for at in (x1, x2)]
    for row in rows:
        for a, b in pairwise(row):
            kind = _classes("data", "dense" if _dense(a, b) else "", a.shore)
            out.append(_path(kind, f"M{x1:.1f} {y(a.y):.1f}L{x2:.1f} {y(b.y):.1f}"))
    for at, side in ((first, x1), (last, x2)):
        dots = sorted((dot for dot in plot.points if dot.x == at), key=lambda dot: y(dot.y))
        sizes = [BIG + 2.0] * len(dots)
        lines = spread([y(dot.y) for dot in dots], sizes, ceiling - BIG / 2, floor + BIG / 2 + 2)
        for dot, line in zip(dots, lines, strict=True):
            out.append(_shape(plot.shape(dot), side, y(dot.y), dot))
            beside = side - 14 if at == first else side + 14
            out.append(_text(beside, line + 11, dot.label, "big", "end" if at == first else "start"))
            if direct and at == last:
                out.append(_text(beside + measure(dot.label, BIG) + 10, line + 9, dot.name, ""))
    words = {dot.x: dot.when for dot in plot.points}
    widths = [measure(words[at], SMALL) + 10 for at in (first, last)]
    for at, centre in zip((first, last), spread([x1, x2], widths, 0, WIDTH), strict=True):
        out.append(_text(centre, floor + 44, words[at], "", "middle"))
    return floor + 52, "".join(out)


def _bars(plot: Plot) -> tuple[float, str]:
    """One bar a figure, from zero; its name above it, its value at its end."""
    low, high = min(0.0, *(dot.y for dot in plot.points)), max(0.0, *(dot.y for dot in plot.points))
    room = max(measure(dot.label, BIG) for dot in plot.points) + 12
    x = _between(low, high, 1, WIDTH - room) if high > low else (lambda value: 1.0)
    several = len({dot.when for dot in plot.points}) > 1 or len(plot.points) == 1  # else once, below
    out, row = [], 2.0
    for dot in plot.points:
        said = [text for text in (dot.name, dot.when if several or not dot.name else "") if text]
        for line in wrap(", ".join(said), WIDTH):
            row += ROW
            out.append(_text(0, row - 9, line, ""))
        begin, end = sorted((x(0), x(dot.y)))
        kind = _classes("block", dot.shore, "hollow" if dot.hollow else "")
        width = max(end - begin, 1)
        out.append(f'<rect class="{kind}" x="{begin:.1f}" y="{row:.1f}" width="{width:.1f}" height="28"/>')
        out.append(_text(end + 10, row + 26, dot.label, "big"))
        row += 28 + 14
    out.append(_path("axis", f"M{x(0):.1f} 0V{row - 8:.1f}"))
    if not several and plot.points[0].when:
        for line in wrap(plot.points[0].when, WIDTH):
            row += ROW
            out.append(_text(0, row - 8, line, "soft"))
    return row, "".join(out)


def _dots(plot: Plot) -> tuple[float, str]:
    """One row a group: name and values in words, below them the same as dots on a scale from zero."""
    values = [dot.y for dot in plot.points]
    low, high, ticks = scale(values, plot.invert)
    x = _between(low, high, 10, WIDTH - 10)
    out, row = [], 2.0
    for group in plot.groups:
        dots = plot.of(group)
        dates = list(dict.fromkeys(dot.when for dot in dots))
        name = ", ".join(text for text in (dots[0].name, dates[0] if len(dates) == 1 else "") if text)
        said = [dot.label if len(dates) == 1 else f"{dot.label} ({dot.when})" for dot in dots]
        figures = " – ".join(said) if len(said) == 2 and len(dates) == 1 else ", ".join(said)
        if measure(name, SMALL) + measure(figures, SMALL) + 24 <= WIDTH:
            row += ROW
            out += [_text(0, row - 8, name, ""), _text(WIDTH, row - 8, figures, "", "end")]
        else:
            for line in [*wrap(name, WIDTH), *wrap(figures, WIDTH)]:
                row += ROW
                out.append(_text(0, row - 8, line, ""))
        middle = row + 14
        out.append(_path("axis", f"M0 {middle:.1f}H{WIDTH}"))
        ends = sorted(x(dot.y) for dot in dots)
        if ends[0] < ends[-1]:
            kind = _classes("data dense", dots[0].shore)
            out.append(_path(kind, f"M{ends[0]:.1f} {middle:.1f}H{ends[-1]:.1f}"))
        out += [_shape(plot.shape(dot), x(dot.y), middle, dot) for dot in dots]
        row = middle + 20
    shown = [ticks[0], ticks[-1]]
    widths = [measure(plot.tick(tick), SMALL) + 10 for tick in shown]
    out += [_path("axis", f"M{x(tick):.1f} {row - 8:.1f}v8") for tick in shown]
    centres = spread([x(tick) for tick in shown], widths, -5, WIDTH + 5)
    out += [_text(c, row + 20, plot.tick(t), "soft", "middle") for c, t in zip(centres, shown, strict=True)]
    return row + ROW, "".join(out)


# --- layout -----------------------------------------------------------------------------------------------


def scale(values: Sequence[float], ranks: bool) -> tuple[float, float, list[float]]:
    """Ends of the axis and its ticks: from zero (ranks: from 1), round steps between."""
    first, last = (1.0, 2.0) if ranks else (0.0, 0.0)
    low, high = min(first, *values), max(last, *values)
    span = high - low or 1.0
    base = 10.0 ** math.floor(math.log10(span / 3))
    step = next(base * n for n in (1, 2, 2.5, 5, 10) if span / (base * n) <= 4.2)
    ticks = [round(step * n, 10) for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
    if ranks and low == 1:
        ticks = [1.0, *(tick for tick in ticks if tick >= 1 + step / 2)]
    return low, high, ticks


def spread(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres in the same order, moved apart until nothing touches or leaves low..high."""
    out: list[float] = []
    edge = low
    for centre, size in zip(centres, sizes, strict=True):
        out.append(max(centre, edge + size / 2))
        edge = out[-1] + size / 2
    edge = high
    for i in range(len(out) - 1, -1, -1):
        out[i] = min(out[i], edge - sizes[i] / 2)
        edge = out[i] - sizes[i] / 2
    return out


def measure(text: str, size: float) -> float:
    """How wide a text is at most, in any of the fonts it may be set in."""
    width = 0.0
    for char in text:
        if unicodedata.east_asian_width(char) in "WF":
            width += 1.0
        elif char in " iljtfrI.,:;'’|!()[]-":
            width += 0.38
        elif char in "mwMW%@":
            width += 0.95
        else:
            width += 0.72 if char.isupper() else 0.6
    return width * size


def wrap(text: str, room: float) -> list[str]:
    """Lines of small text, broken at spaces; a single word that is too long is broken anywhere."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer, SMALL) <= room:
            lines[-1] = longer
            continue
        lines.append("")
        for char in word:
            if measure(lines[-1] + char, SMALL) > room:
                lines.append("")
            lines[-1] += char
    return [line for line in lines if line] or [""]


def _legend(plot: Plot) -> tuple[list[str], float]:
    """Shape and name of each group, and the height they take."""
    out, left, row = [], 0.0, ROW
    for group in plot.groups:
        dot = next(dot for dot in plot.points if dot.group == group)
        for line in wrap(dot.name, WIDTH - 60):
            width = 26 + measure(line, SMALL) + 24
            if left and left + width > WIDTH:
                left, row = 0.0, row + ROW
            out.append(_shape(plot.shape(dot), left + 9, row - 15, dot, hollow=False))
            out.append(_text(left + 26, row - 8, line, ""))
            left += width
    return out, row


def _between(low: float, high: float, begin: float, end: float) -> Callable[[float], float]:
    span = high - low or 1.0
    return lambda value: begin + (value - low) / span * (end - begin)


def _dense(a: Dot, b: Dot) -> bool:
    return (b.x or 0) - (a.x or 0) <= 1.01


def _ends(places: Sequence[tuple[float, float, Dot]]) -> set[float]:
    dates = [dot.x or 0.0 for _x, _y, dot in places]
    return {min(dates), max(dates)}


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _crosses(box: Box, line: Box) -> bool:
    """Whether a straight line passes through a box, tried at 40 places of it."""
    x1, y1, x2, y2 = line
    places = ((x1 + (x2 - x1) * i / 40, y1 + (y2 - y1) * i / 40) for i in range(41))
    return any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in places)


# --- shapes -----------------------------------------------------------------------------------------------


def _text(x: float, y: float, text: str, style: str, anchor: str = "start") -> str:
    style = f' class="{style}"' if style else ""
    anchor = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}"{anchor}>{escape(text)}</text>'


def _path(style: str, d: str) -> str:
    return f'<path class="{style}" d="{d}"/>'


def _shape(shape: str, x: float, y: float, dot: Dot, *, hollow: bool | None = None) -> str:
    style = _classes("dot", dot.shore, "hollow" if (dot.hollow if hollow is None else hollow) else "")
    if shape == "circle":
        return f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    if shape == "square":
        return f'<rect class="{style}" x="{x - 5.5:.1f}" y="{y - 5.5:.1f}" width="11" height="11"/>'
    if shape == "diamond":
        return _path(style, f"M{x:.1f} {y - 7.5:.1f}l7.5 7.5l-7.5 7.5l-7.5 -7.5z")
    return _path(style, f"M{x:.1f} {y - 7:.1f}l7 12h-14z")


def _classes(*names: str) -> str:
    return " ".join(name for name in names if name)
