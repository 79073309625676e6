"""Drawing with Pillow: smooth shapes, and the scene of the site's pictures: two shores and the bridges between. Pure.

Nothing in it is left to chance: the numbers of a unit and of its lessons give the rhythm of the arches, the lie of the
hills, and which shore comes first, so that the same values always give the same picture. Places are in pixels.
"""

import math
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from PIL import Image, ImageDraw

from lessons.typeface import Colour

# The colours of the page, light and dark: the tokens of static/css/two-shores.css
PAPER, SHEET = (247, 248, 245), (255, 255, 255)
INK, SOFT, LINE, EDGE = (27, 35, 38), (80, 91, 95), (214, 220, 216), (120, 131, 134)
KOREA, JAPAN = (40, 102, 87), (59, 90, 150)


@dataclass(frozen=True)
class Light:
    """What lies around the shores: air, water, what shines on it, and each shore's wash of colour in it."""

    air: Colour
    water: Colour
    shine: Colour
    korea: Colour
    japan: Colour


DAY = Light(PAPER, (237, 241, 240), SHEET, (213, 231, 222), (218, 226, 241))
NIGHT = Light((19, 24, 27), (23, 30, 34), (62, 74, 80), (29, 58, 51), (34, 48, 79))

Point = tuple[float, float]
Fill = Colour | Image.Image
FINE = 4  # shapes are drawn this much larger and made smaller again, so that their edges are smooth


def between(first: float, last: float, share: float) -> float:
    return first + (last - first) * share


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour in the one."""
    red, green, blue = (round(between(a, b, share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


# --- shapes ------------------------------------------------------------------------------------------------


def across(width: int, *stops: tuple[float, Colour]) -> Image.Image:
    """A strip, one pixel high, whose colours run from left to right; each stop is a share of the width."""
    strip = Image.new("RGB", (width, 1))
    for x in range(width):
        share = x / max(1, width - 1)
        left = max((stop for stop in stops if stop[0] <= share), default=stops[0])
        right = min((stop for stop in stops if stop[0] >= share), default=stops[-1])
        part = (share - left[0]) / (right[0] - left[0]) if right[0] > left[0] else 0
        strip.putpixel((x, 0), mix(left[1], right[1], part))
    return strip


def paint(
    image: Image.Image, outline: Sequence[Point], fill: Fill, *, holes: Iterable[Sequence[Point]] = (), share: float = 1
) -> None:
    """Fill an outline, less its holes, with a colour or with a strip as wide as the picture; it covers by `share`."""
    xs, ys = [x for x, _y in outline], [y for _x, y in outline]
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    right, bottom = min(image.width, math.ceil(max(xs)) + 1), min(image.height, math.ceil(max(ys)) + 1)
    if left >= right or top >= bottom:
        return
    size = (right - left, bottom - top)
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    draw = ImageDraw.Draw(mask)
    for n, shape in enumerate((outline, *holes)):
        draw.polygon([((x - left) * FINE, (y - top) * FINE) for x, y in shape], 0 if n else 255)
    mask = mask.reduce(FINE)
    if share < 1:
        mask = mask.point([round(value * share) for value in range(256)])
    if isinstance(fill, Image.Image):
        fill = fill.crop((left, 0, right, 1)).resize(size)
    image.paste(fill, (left, top, right, bottom), mask)


def stroke(image: Image.Image, points: Sequence[Point], fill: Fill, width: float, *, share: float = 1) -> None:
    """A line through the points."""
    sides: tuple[list[Point], list[Point]] = ([], [])
    for n, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(0, n - 1)], points[min(len(points) - 1, n + 1)]
        half = width / 2 / (math.hypot(bx - ax, by - ay) or 1)
        sides[0].append((x + (by - ay) * half, y - (bx - ax) * half))
        sides[1].append((x - (by - ay) * half, y + (bx - ax) * half))
    paint(image, sides[0] + sides[1][::-1], fill, share=share)


def dots(image: Image.Image, points: Sequence[Point], fill: Colour, size: float) -> None:
    """A dotted line through the points: what is still to come."""
    left = 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        long = math.hypot(bx - ax, by - ay)
        while left <= long and long:
            x, y = between(ax, bx, left / long), between(ay, by, left / long)
            ring = [(x + size / 2 * math.cos(a), y + size / 2 * math.sin(a)) for a in turn(math.tau, 16)]
            paint(image, ring, fill)
            left += size * 3
        left -= long


def turn(angle: float, steps: int) -> list[float]:
    return [angle * n / steps for n in range(steps + 1)]


def curve(first: float, last: float, y: Callable[[float], float], steps: int = 60) -> list[Point]:
    """The points of y(x)."""
    return [(x, y(x)) for x in (between(first, last, n / steps) for n in range(steps + 1))]


# --- a bridge ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bridge:
    """A bridge seen from the side: a road that rises a little, on arches that stand in the water."""

    left: float
    right: float
    deck: float  # y of the road at its ends
    foot: float  # y of the water
    arches: tuple[float, ...]  # widths, as shares
    rise: float = 0
    thick: float = 10  # over the crown of an arch
    pier: float = 10
    bank: float = 0  # from its ends to the first and to the last arch

    def road(self, x: float) -> float:
        share = (x - self.left) / (self.right - self.left)
        return self.deck - self.rise * math.sin(math.pi * min(1, max(0, share)))

    def bays(self) -> list[tuple[float, float]]:
        """Where each arch begins and ends, from the middle of a pier to the next; the banks belong to the outer two."""
        shares, x, found = sum(self.arches), self.left + self.bank, []
        for share in self.arches:
            wide = (self.right - self.left - 2 * self.bank) * share / shares
            found.append((x, x + wide))
            x += wide
        return [
            (self.left if n == 0 else begin, self.right if n == len(found) - 1 else end)
            for n, (begin, end) in enumerate(found)
        ]

    def openings(self) -> list[list[Point]]:
        """The air under each arch: half an ellipse."""
        found = []
        for n, (begin, end) in enumerate(self.bays()):
            left = begin + (self.bank if n == 0 else self.pier / 2)
            right = end - (self.bank if n == len(self.arches) - 1 else self.pier / 2)
            middle, half = (left + right) / 2, (right - left) / 2
            high = self.foot - self.road(middle) - self.thick
            arc = [(middle - half * math.cos(a), self.foot - high * math.sin(a) ** 0.9) for a in turn(math.pi, 72)]
            found.append([(left, self.foot + 2), *arc, (right, self.foot + 2)])
        return found

    def paint(self, image: Image.Image, fill: Fill, *, built: Container[int] | None = None, dot: float = 3) -> None:
        """Draw it; of arches that are not `built` (counted from the left, from 0) only where they will stand."""
        bays, openings = self.bays(), self.openings()
        stands = [built is None or n in built for n in range(len(bays))]
        for there, run in groupby(range(len(bays)), stands.__getitem__):
            some = list(run)
            begin, end = bays[some[0]][0], bays[some[-1]][1]
            if there:
                outline = [*curve(begin, end, self.road), (end, self.foot), (begin, self.foot)]
                paint(image, outline, fill, holes=[openings[n] for n in some])
                continue
            dots(image, curve(begin, end, lambda x: self.road(x) + dot / 2), EDGE, dot)
            for n in some:
                dots(image, openings[n][1:-1], EDGE, dot)


def rhythm(number: int, count: int) -> tuple[float, ...]:
    """Widths of `count` arches in unit `number`: even, widest in the middle, or widening towards one shore."""
    middle = (count - 1) / 2 or 1
    ways: tuple[Callable[[int], float], ...] = (
        lambda n: 1.9 - 0.45 * n / middle,
        lambda n: 1.8 - 0.8 * abs(n - middle) / middle,
        lambda n: 1 + 0.45 * n / middle,
        lambda n: 1,
    )
    return tuple(ways[number % 4](n) for n in range(count))


# --- the scene ---------------------------------------------------------------------------------------------


def ridge(seed: float) -> Callable[[float], float]:
    """The height of a shore, about 0 to 1, by how far inland it is: flat where the bridge lands, then hills."""

    def height(inland: float) -> float:
        share = min(1, max(0, inland * 1.25))
        hills = 0.78 + 0.22 * math.sin(2.6 * inland + seed) + 0.10 * math.sin(6.3 * inland + 1.7 * seed)
        return share * share * (3 - 2 * share) * hills

    return height


@dataclass(frozen=True)
class Scene:
    """Bridges one behind the other, each landing on hills of its own; the nearest one stands in still water.

    `bridges` holds the number of arches of each, the farthest first. `horizon` and `low` are where the farthest
    road and the nearest water lie, as shares of the height.
    """

    number: int  # of the unit: odd begins at the Korean shore, even at the Japanese
    bridges: tuple[int, ...]
    horizon: float = 0.4
    low: float = 0.84
    hills: float = 1
    built: frozenset[int] | None = None  # arches of the nearest bridge, if not all
    light: Light = DAY

    def levels(self) -> list[tuple[float, float, float]]:
        """Road, water and rise of each bridge, as shares of the height."""
        humped = 0.5 + 0.5 * math.sin(self.number * 1.9)
        count = len(self.bridges)
        tall = [1.75**n for n in range(count)]
        rises = [(0.012 + 0.018 * humped) * (0.5 + 0.5 * n / max(1, count - 1)) for n in range(count)]
        unit = (self.low - self.horizon - sum(rises)) / sum(tall)
        found, y = [], self.horizon
        for high, rise in zip(tall, rises, strict=True):
            y += rise
            found.append((y, y + high * unit, rise * 0.8))
            y += high * unit
        return found

    def top(self, height: float) -> float:
        """Nothing of it stands higher than this, in a picture of this height."""
        peaks = (between(0.10, 0.22, near) * self.hills * 1.15 * 1.1 for near in self.nearness())
        return min(level[0] - peak for level, peak in zip(self.levels(), peaks, strict=True)) * height

    def nearness(self) -> list[float]:
        """0 for the farthest bridge, 1 for the nearest."""
        last = len(self.bridges) - 1
        return [n / last if last else 1 for n in range(last + 1)]

    def paint(self, image: Image.Image) -> None:
        width, height = image.size
        water = across(
            width,
            (0, mix(self.light.water, self.light.korea, 0.75)),
            (0.5, mix(self.light.water, self.light.shine, 0.25)),
            (1, mix(self.light.water, self.light.japan, 0.75)),
        )
        levels = self.levels()
        for n, (arches, level) in enumerate(zip(self.bridges, levels, strict=True)):
            foot = self._layer(image, n, self.nearness()[n], arches, level)
            if n < len(levels) - 1:
                image.paste(water.resize((width, height - foot)), (0, foot))
        self._still_water(image, water, foot, round((foot - levels[-1][0] * height) * 0.985))

    def _layer(self, image: Image.Image, n: int, near: float, arches: int, level: tuple[float, float, float]) -> int:
        """One bridge with its two shores; returns the y of its water."""
        width, height = image.size
        fade = 0.8 * (1 - near) ** 1.1
        korea, japan = mix(KOREA, self.light.air, fade), mix(JAPAN, self.light.air, fade)
        korea_first = (self.number % 2 == 1) == ((len(self.bridges) - 1 - n) % 2 == 0)
        deck, foot = level[0] * height, round(level[1] * height)
        far, short = between(0.285, 0.15, near) * width, between(0.215, 0.085, near) * width
        left, right = (far, width - short) if korea_first else (short, width - far)
        bank = (foot - deck) * 0.42
        for side, edge, inland, colour in ((1, left, left, korea), (-1, right, width - right, japan)):
            hill = ridge(self.number * 2.1 + n * 1.9 + (0 if side > 0 else 2.6))
            high = between(0.10, 0.22, near) * height * self.hills * (1.15 if (side > 0) == korea_first else 0.8)
            crest = [(edge - side * s * (inland + 4), deck - high * hill(s)) for s in turn(1, 80)]
            slope = [
                (edge + side * bank * math.sin(a) ** 1.5, deck + (foot - deck) * (1 - math.cos(a)))
                for a in turn(math.pi / 2, 24)
            ]
            paint(image, [*crest[::-1], *slope, (-4 if side > 0 else width + 4, foot)], colour)
        fill = across(width, (between(left, right, 0.12) / width, korea), (between(left, right, 0.88) / width, japan))
        scale = height / 630 * between(0.35, 1, near)
        bridge = Bridge(
            left - 1,
            right + 1,
            deck,
            foot,
            rhythm(self.number, arches),
            rise=level[2] * height,
            thick=15 * scale,
            pier=20 * scale,
            bank=bank,
        )
        bridge.paint(image, fill, built=self.built if near == 1 else None, dot=3.5 * height / 630)
        return foot

    def _still_water(self, image: Image.Image, water: Image.Image, foot: int, high: int) -> None:
        """Mirror what stands `high` above the water in all that lies below it, with a few calm lines."""
        width, height = image.size
        size = (width, height - foot)
        mirrored = image.crop((0, foot - high, width, foot)).transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(size)
        image.paste(Image.blend(mirrored, water.resize(size), 0.82), (0, foot))
        scale, n, y = height / 630, 0, foot + 12.0 * height / 630
        while y < height:
            share = (y - foot) / (height - foot)
            begin = between(0.06, 0.7, (math.sin(self.number * 3.1 + n * 2.4) + 1) / 2) * width
            end = begin + between(0.12, 0.34, (math.cos(n * 1.7 + self.number) + 1) / 2) * width
            half = between(0.5, 1.1, share) * scale
            middle = (begin + end) / 2
            paint(image, [(begin, y), (middle, y - half), (end, y), (middle, y + half)], self.light.shine, share=0.8)
            y += between(14, 26, share) * scale
            n += 1
