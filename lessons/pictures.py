"""Covers of units and cards of lessons: their addresses, drawn when they are first asked for, and kept.

An address holds a digest of all that the picture is made from, so whoever fetched it may keep it for ever. An old
address leads to the picture of today. What is kept can be thrown away at any time: it is drawn again.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.core.cache import caches
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons import covers, drawing, reading
from lessons.covers import Card, Cover, Words, settable
from lessons.models import LessonVersion, Status, Unit

HAND = hashlib.sha256(  # a picture that is drawn otherwise has another address
    b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in ("covers", "drawing", "typeface"))
).digest()
WIDTHS = (720, covers.BAND[0])
LIGHTS = {"day": drawing.DAY, "night": drawing.NIGHT}
NAMES = re.compile(r"^::: names ([a-z0-9-]+)", re.M)

_one_at_a_time = Lock()  # a picture takes some megabytes while it is drawn


@dataclass(frozen=True)
class Picture:
    address: str
    digest: str
    width: int
    height: int
    alt: str
    draw: Callable[[], bytes]
    mime: str = "image/png"

    @property
    def data(self) -> bytes:
        keep = caches["pictures"]
        if (found := keep.get(self.digest)) is None:
            with _one_at_a_time:
                if (found := keep.get(self.digest)) is None:
                    found = self.draw()
                    keep.set(self.digest, found)
        return bytes(found)


@dataclass(frozen=True)
class UnitPictures:
    cover: Picture
    day: tuple[Picture, ...]  # the band across the unit's page, narrow and wide
    night: tuple[Picture, ...]


def digest(*values: object) -> str:
    return hashlib.sha256(HAND + repr(values).encode()).hexdigest()[:16]


# --- of a unit, of a lesson --------------------------------------------------------------------------------


def of_unit(unit: Unit, on: reading.Shelf) -> UnitPictures:
    """The cover for other sites, and the band across the unit's page."""

    def make() -> UnitPictures:
        written = bodies(on).get(unit.pk, [])
        cover = Cover(
            unit.number,
            arches(unit, len(written)),
            unit.title,
            _("Unit %d") % unit.number,
            unit_words(unit, on),
            _("Two Shores"),
        )
        alt = ngettext(
            "A bridge of %(n)d arch between a green and a blue shore",
            "Bridges of up to %(n)d arches between a green and a blue shore",
            cover.lessons,
        )
        titled = ngettext(
            "%(title)s, over a bridge of %(n)d arch between a green and a blue shore",
            "%(title)s, over bridges of up to %(n)d arches between a green and a blue shore",
            cover.lessons,
        )
        alt = (titled if settable(cover.title) else alt) % {"title": cover.title, "n": cover.lessons}
        name = digest(cover)
        big = Picture(
            reverse("unit-cover", args=[unit.slug, name]),
            name,
            *covers.CARD,
            alt,
            lambda: covers.png(cover.picture()),
        )
        day, night = (tuple(band(unit, cover, light, width) for width in WIDTHS) for light in LIGHTS)
        return UnitPictures(big, day, night)

    return on.keep(("unit pictures", unit.pk), make)


def band(unit: Unit, cover: Cover, light: str, width: int) -> Picture:
    name = digest(cover.number, cover.lessons, light, width)
    return Picture(
        reverse("unit-band", args=[unit.slug, light, width, name]),
        name,
        width,
        round(width * covers.BAND[1] / covers.BAND[0]),
        "",
        lambda: covers.webp(cover.band(width, LIGHTS[light])),
        "image/webp",
    )


def of_lesson(found: reading.LessonPage, on: reading.Shelf) -> Picture:
    """The card that other sites show beside a link to the lesson."""

    def make() -> Picture:
        unit, count = found.lesson.unit, arches(found.lesson.unit, len(found.unit))
        kicker = _("Unit %(n)d: %(title)s · lesson %(place)d of %(count)d") % {
            "n": unit.number,
            "title": unit.title,
            "place": found.place,
            "count": count,
        }
        card = Card(
            unit.number,
            count,
            found.place,
            found.version.title,
            kicker,
            words(found.version.body, on),
            _("Two Shores"),
        )
        name = digest(card)
        if settable(card.title):
            alt = _("%s, over a bridge that is being built from a green and from a blue shore") % card.title
        else:
            alt = _("A bridge that is being built from a green and from a blue shore")
        return Picture(
            reverse("lesson-card", args=[found.lesson.slug, name]),
            name,
            *covers.CARD,
            alt,
            lambda: covers.png(card.picture()),
        )

    return on.keep(("card", found.version.pk), make)


def arches(unit: Unit, written: int) -> int:
    """One for each lesson, written or planned."""
    return max(1, written, len(unit.planned))


def unit_words(unit: Unit, on: reading.Shelf) -> Words:
    """The pair of words of the unit's first lesson that has one."""
    found = (words(body, on, default=False) for body in bodies(on).get(unit.pk, []))
    return next(filter(any, found), words("", on))


def words(body: str, on: reading.Shelf, *, default: bool = True) -> Words:
    """The two names that the lesson itself sets side by side first (`::: names ..`); those of the shores without."""
    for slug in NAMES.findall(body):
        entry = on.book.terms.get(slug)
        if entry and entry.korean and entry.japanese:
            return Words(entry.korean.native, entry.japanese.native)
    return Words("한국", "日本") if default else Words()


def bodies(on: reading.Shelf) -> dict[int, list[str]]:
    """The text of every published lesson, in order, by unit; one query an edition."""

    def read() -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        rows = LessonVersion.objects.filter(language=on.language, status=Status.PUBLISHED)
        for unit, body in rows.order_by("lesson__number").values_list("lesson__unit_id", "body"):
            found.setdefault(unit, []).append(body)
        return found

    return on.keep("bodies", read)
