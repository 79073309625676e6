"""What the site shows of itself elsewhere: the cover of a unit and the card of a lesson, as pictures. Pure."""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw

from lessons.drawing import INK, JAPAN, KOREA, PAPER, SOFT, Light, Scene, across, curve, paint, stroke
from lessons.typeface import CAP, clean, face, fit, write

CARD = (1200, 630)  # what other sites show beside a link
BAND = (1440, 360)  # across the top of a unit's page
EDGES = 76


class Words(NamedTuple):
    """One thing in two languages; empty where there is no such word."""

    korean: str = ""
    japanese: str = ""


NONE = Words()


@dataclass(frozen=True)
class Cover:
    """A unit: its number, how many lessons it has, and what to write on it."""

    number: int
    lessons: int
    title: str = ""
    kicker: str = ""  # above the title
    words: Words = NONE
    site: str = ""

    @property
    def scene(self) -> Scene:
        """Bridges one behind the other, of one arch, of two, and so on."""
        return Scene(self.number, tuple(range(1, self.lessons + 1)), horizon=0.53, low=0.88, hills=0.7)

    def picture(self) -> Image.Image:
        """1200 by 630, with its title."""
        image = Image.new("RGB", CARD, PAPER)
        self.scene.paint(image)
        head(image, self.site, self.words, self.number)
        text(image, self.kicker, self.title, self.scene.top(image.height), lines=2, most=76)
        return image

    def band(self, width: int, light: Light) -> Image.Image:
        """Without a word, by day or by night."""
        image = Image.new("RGB", BAND, light.air)
        replace(self.scene, horizon=0.2, low=0.84, hills=0.85, light=light).paint(image)
        return image.resize((width, round(width * BAND[1] / BAND[0])), Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class Card:
    """A lesson: its unit's bridge, built from both shores as far as this lesson."""

    number: int  # of the unit
    lessons: int
    place: int  # of the lesson in the unit, from 1
    title: str
    kicker: str = ""
    words: Words = NONE
    site: str = ""

    @property
    def scene(self) -> Scene:
        built = arches(self.lessons, self.place, from_left=self.number % 2 == 1)
        return Scene(self.number, (self.lessons,), horizon=0.735, low=0.91, hills=0.42, built=built)

    def picture(self) -> Image.Image:
        """1200 by 630."""
        image = Image.new("RGB", CARD, PAPER)
        self.scene.paint(image)
        head(image, self.site, self.words, self.number)
        text(image, self.kicker, self.title, self.scene.top(image.height), lines=3, most=96)
        return image


def arches(count: int, place: int, *, from_left: bool) -> frozenset[int]:
    """The arches that stand when `place` of them are built, from both ends in turn."""
    order = [n // 2 if n % 2 == 0 else count - 1 - n // 2 for n in range(count)]
    return frozenset(n if from_left else count - 1 - n for n in order[:place])


def head(image: Image.Image, site: str, words: Words, number: int) -> None:
    """The site's mark and name at the top left, the two words at the top right."""
    baseline = 90
    mark(image, EDGES, baseline - 27, 39)
    write(ImageDraw.Draw(image), (EDGES + 54, baseline), site, 30, INK)
    pair(image, (image.width - EDGES, baseline), words, number)


def mark(image: Image.Image, x: float, y: float, width: float) -> None:
    """The site's mark, as in templates/parts/brand.html: 32 by 22."""
    unit = width / 32
    shore = [(0, 0), (5, 0), (7.3, 2.4), (7.6, 5.6), (8.5, 10), (9.2, 13.4), (9.3, 17), (11, 22), (0, 22)]
    paint(image, [(x + a * unit, y + b * unit) for a, b in shore], KOREA)
    paint(image, [(x + (32 - a) * unit, y + b * unit) for a, b in shore], JAPAN)
    arch = curve(7, 25, lambda t: 12 - 4.5 * (1 - ((t - 16) / 9) ** 2), 24)
    stroke(image, [(x + a * unit, y + b * unit) for a, b in arch], INK, 2.25 * unit)


def text(image: Image.Image, kicker: str, title: str, low: float, *, lines: int, most: float) -> None:
    """Kicker and title, down to `low`. What the face has no letters for is left out."""
    draw = ImageDraw.Draw(image)
    y = 152.0
    wide = image.width - 2 * EDGES
    if settable(kicker):
        fit(kicker, wide, 30, most=27, least=20, lines=1).write(draw, (EDGES, y), SOFT)
        y += 27 * CAP + 30
    if settable(title):
        block = fit(title, wide, low - y - 32, most=most, least=32, lines=lines, leading=1.14, tracking=-0.008)
        block.write(draw, (EDGES - block.size * 0.03, y), INK)


def pair(image: Image.Image, end: tuple[float, float], words: Words, number: int, size: float = 31) -> None:
    """The two words, joined by an arch, up to `end`; the shore that comes first in the unit comes first."""
    if not (settable(words.korean) and settable(words.japanese)):
        return
    both = [(clean(words.korean), KOREA), (clean(words.japanese), JAPAN)]
    (first, one), (second, other) = both if number % 2 == 1 else both[::-1]
    while size > image.width * 0.015 and face().width(first + second, size) > image.width * 0.6:
        size *= 0.95
    draw = ImageDraw.Draw(image)
    x, _end = write(draw, end, second, size, other, align=1)
    wide, low, high = size * 1.2, end[1] - size * 0.22, size * 0.34
    x -= size * 0.5 + wide
    arch = curve(x, x + wide, lambda t: low - high * (1 - ((t - x) / wide * 2 - 1) ** 2), 24)
    stroke(image, arch, across(image.width, (x / image.width, one), ((x + wide) / image.width, other)), size * 0.09)
    write(draw, (x - size * 0.5, end[1]), first, size, one, align=1)


def settable(text: str) -> bool:
    """Whether there is a text, and the face has all its letters."""
    return bool(text.strip()) and not face().lacks(text)


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=86, method=6)
    return out.getvalue()
