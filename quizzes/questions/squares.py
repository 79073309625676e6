"""The picture of a `place` question: its lettered squares, distances on it, and what is marked on it.

A point is (x, y) in fractions of the picture, from its top left corner. A distance is a fraction of its width.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lessons import region
from quizzes.questions.base import Json, Refs

Point = tuple[float, float]

LETTERS = "ABCDEFGHIJKLMNOPQRST"  # the columns; rows are as many as make squares of them
RATIOS = (0.3, 2.0)  # height to width
WIDTH = 560  # units in which squares and marks are drawn
LANDMARKS = ("seoul", "tokyo")  # what every map asks from; they are never asked for
WIDTHS = (240, 300, 350, 480, 560)  # CSS pixels: the steps in which a picture is shown, see the style sheet


@dataclass(frozen=True, slots=True)
class Canvas:
    """The shape of a picture."""

    ratio: float  # height to width

    @property
    def height(self) -> float:
        """In units of drawing."""
        return WIDTH * self.ratio

    @property
    def rows(self) -> int:
        return round(len(LETTERS) * self.ratio)

    @property
    def reach(self) -> float:
        """How far the corner of a square is from its middle: with this radius a square hits what lies in it."""
        return math.hypot(1 / len(LETTERS), self.ratio / self.rows) / 2

    def square(self, point: Point) -> tuple[str, int]:
        """The letter and the number of the square with this point."""
        x, y = point
        column, row = int(x * len(LETTERS)), int(y * self.rows)
        return LETTERS[min(column, len(LETTERS) - 1)], min(row, self.rows - 1) + 1

    def name(self, point: Point) -> str:
        return "{}{}".format(*self.square(point))

    def middle(self, letter: str, row: int) -> Point:
        return round((LETTERS.index(letter) + 0.5) / len(LETTERS), 4), round((row - 0.5) / self.rows, 4)

    def apart(self, one: Point, other: Point) -> float:
        return math.hypot(one[0] - other[0], (one[1] - other[1]) * self.ratio)


def canvas(content: Json) -> Canvas:
    return Canvas(region.HEIGHT / region.WIDTH if "map" in content else float(content["ratio"]))


def at(content: Json, spot: str) -> Point:
    """Where a spot lies: a point of its own, or a place of the map by its name."""
    where = content.get("at", {}).get(spot, spot)
    if isinstance(where, str):
        x, y = region.PLACES[where].at
        return x / region.WIDTH, y / region.HEIGHT
    return float(where[0]), float(where[1])


def kilometres(distance: float) -> int:
    """On the map; to the nearest five."""
    return 5 * round(distance * region.WIDTH * region.KM / 5)


def seen_from(point: Point) -> str:
    """Where a point of the map lies, seen from the nearer landmark: words that tell nothing of the key."""
    shape = Canvas(region.HEIGHT / region.WIDTH)
    city = min(LANDMARKS, key=lambda slug: shape.apart(at({}, slug), point))
    there = at({}, city)
    name, far = str(region.PLACES[city].name), kilometres(shape.apart(there, point))
    if far < 30:
        return _("close to %(city)s") % {"city": name}
    winds = (
        *(_("east"), _("south-east"), _("south"), _("south-west")),
        *(_("west"), _("north-west"), _("north"), _("north-east")),
    )
    turn = math.atan2((point[1] - there[1]) * shape.ratio, point[0] - there[0])
    wind = winds[round(turn / (math.pi / 4)) % 8]
    return _("about %(far)d km %(wind)s of %(city)s") % {"far": far, "wind": wind, "city": name}


# Drawing


def drawing(content: Json, refs: Refs) -> SafeString:
    """The picture as it is asked from, with its squares."""
    shape = canvas(content)
    if "map" in content:
        places = ", ".join(str(region.PLACES[slug].name) for slug in LANDMARKS)
        said = f"{region.layout()} {_('Marked: %s.') % places}"
        below = f'<svg class="map" viewBox="0 0 {region.WIDTH} {region.HEIGHT}" role="img" aria-label="{escape(said)}">'
        below += f"{region.ground()}{region.waters(strait=False)}{region.states()}{region.dots(LANDMARKS)}</svg>"
    else:
        below = _image(content, refs)
    return mark_safe(f"{below}{_over(shape, _squares(shape))}")


def answered(content: Json, refs: Refs, given: Point | None, right: Iterable[tuple[Point, str]]) -> SafeString:
    """The picture with the answer and what is right. What it shows is said in words beside it."""
    shape = canvas(content)
    if "map" in content:
        below = f'<svg class="map" viewBox="0 0 {region.WIDTH} {region.HEIGHT}" aria-hidden="true">{region.ground()}'
        below += f"{region.waters(strait=False)}{region.dots(LANDMARKS)}</svg>"
    else:
        below = _image(content, refs)
    marks, names = [], set()
    for point, name in right:
        x, y = _units(shape, point)
        radius, ring = content["radius"], content.get("ring", 0)
        circles = [*([("around", (radius + ring) * WIDTH)] if ring else []), ("target", radius * WIDTH), ("bull", 4)]
        marks += [f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>' for style, r in circles]
        if name in names:
            continue
        names.add(name)
        anchor, step = ("end", -12) if x > WIDTH * 0.6 else ("start", 12)
        marks.append(f'<text x="{x + step:.1f}" y="{y + 6:.1f}" text-anchor="{anchor}">{escape(name)}</text>')
    if given:
        marks.append(pin(shape, given))
    return mark_safe(f'<div class="pointing done">{below}{_over(shape, "".join(marks))}</div>')


def pin(shape: Canvas, point: Point | None) -> str:
    """The mark that a learner sets; it waits at the middle, unseen."""
    x, y = _units(shape, point or (0.5, 0.5))
    lines = '<circle r="11"/><path d="M-18 0h12M6 0h12M0 -18v12M0 6v12"/>'
    return f'<g class="pin" transform="translate({x:.1f} {y:.1f})"{"" if point else " hidden"}>{lines}</g>'


def pinned(content: Json, point: Point | None) -> SafeString:
    shape = canvas(content)
    return mark_safe(_over(shape, pin(shape, point)))


def _units(shape: Canvas, point: Point) -> Point:
    return point[0] * WIDTH, point[1] * shape.height


def _over(shape: Canvas, inside: str) -> str:
    return f'<svg class="over" viewBox="0 0 {WIDTH} {shape.height:g}" aria-hidden="true">{inside}</svg>'


def _squares(shape: Canvas) -> str:
    wide, high = WIDTH / len(LETTERS), shape.height / shape.rows
    lines = [f"M{n * wide:g} 0V{shape.height:g}" for n in range(1, len(LETTERS))]
    lines += [f"M0 {n * high:.2f}H{WIDTH}" for n in range(1, shape.rows)]
    letters = _names(((n + 0.5) * wide, 15.0, letter) for n, letter in enumerate(LETTERS))
    numbers = _names((11.0, (n + 0.5) * high + 5, str(n + 1)) for n in range(1, shape.rows))
    return f'<path d="{"".join(lines)}"/>{letters}{numbers}'


def _names(places: Iterable[tuple[float, float, str]]) -> str:
    return "".join(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{name}</text>' for x, y, name in places)


def _image(content: Json, refs: Refs) -> str:
    image = refs.images.get(content["image"])
    if image is None:
        return f'<p class="missing">{escape(content["image"])}</p>'
    return (
        f'<img src="{escape(image.src)}" alt="{escape(image.alt)}" width="{int(image.width)}" '
        f'height="{int(image.height)}" decoding="async">'
    )


def clicked(read: Sequence[tuple[int, object, object]], shape: Canvas) -> Point | None:
    """The point of a click, from (width of the picture, x, y) in pixels as a form without script sends them.

    A keyboard that presses such a button sends 0, 0, which nobody means.
    """
    for width, across, down in read:
        if not (isinstance(across, str) and isinstance(down, str) and across.isdecimal() and down.isdecimal()):
            continue
        if len(across + down) < 10 and (int(across) or int(down)):
            x, y = int(across) / width, int(down) / (width * shape.ratio)
            return round(min(x, 1.0), 4), round(min(y, 1.0), 4)
    return None
