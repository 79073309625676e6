"""A certificate as a picture and on paper: values -> PNG and PDF, A4 on its side. Pure. Places are in millimetres."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO

from PIL import Image, ImageDraw

from lessons.covers import Words, mark, pair, settable
from lessons.drawing import DAY, INK, JAPAN, KOREA, LINE, SHEET, SOFT, Scene
from lessons.typeface import Colour, clean, fit, write

WIDE, HIGH = 297, 210
SCREEN, PRINT = 150, 300  # dots an inch
INCH = 25.4
EDGE = 24.0
MIDDLE = 178.0  # where the column of results begins
FOOT = 150.0  # where the drawing begins
MOST = 8  # lessons that have room; the web page shows all


@dataclass(frozen=True)
class Row:
    """One lesson: its title, and in words the best result, and when and on how many questions."""

    title: str
    result: str
    how: str


@dataclass(frozen=True)
class Diploma:
    """All that stands on the paper, in words."""

    number: int  # of the unit
    arches: int
    site: str
    heading: str  # "Certificate"
    name: str  # of the holder; empty: a line to write it on
    has: str  # "has mastered unit 3"
    unit: str
    words: Words
    shown: str  # above the results
    rows: tuple[Row, ...]
    rule: str
    issued: str
    check: str  # where to check it, the code in it

    def draw(self, dots: int) -> Image.Image:
        """The page at so many dots an inch. What the face has no letters for is left out, the name's line stays."""
        mm = dots / INCH
        page = Image.new("RGB", (round(WIDE * mm), round(HIGH * mm)), SHEET)
        scene = Image.new("RGB", (page.width, page.height - round(FOOT * mm)), SHEET)
        light = replace(DAY, air=SHEET)
        Scene(self.number, (self.arches,), horizon=0.40, low=0.82, hills=0.55, light=light).paint(scene)
        page.paste(scene, (0, round(FOOT * mm)))
        draw = ImageDraw.Draw(page)

        def line(
            x: float, y: float, text: str, size: float, fill: Colour, *, wide: float = 0, align: float = 0
        ) -> None:
            """One line, smaller if it must be, its baseline at y."""
            if settable(text):
                shrunk = fit(text, (wide or WIDE) * mm, size * mm, most=size * mm, least=size * mm / 2, lines=1)
                write(draw, (x * mm, y * mm), shrunk.lines[0], shrunk.size, fill, align=align)

        half = (WIDE / 2 - 5) * mm
        draw.rectangle((0, 0, half, 1.4 * mm), KOREA)
        draw.rectangle((page.width - half, 0, page.width, 1.4 * mm), JAPAN)
        mark(page, EDGE * mm, 15.4 * mm, 9.6 * mm)
        line(EDGE + 13.2, 22, self.site, 7.2, INK)
        pair(page, ((WIDE - EDGE) * mm, 22 * mm), self.words, self.number, 7.2 * mm)

        left = MIDDLE - EDGE - 14
        line(EDGE, 49, self.heading, 5.6, SOFT)
        if settable(self.name):
            block = fit(self.name, left * mm, 22 * mm, most=14.5 * mm, least=3.4 * mm, lines=3, leading=1.15)
            block.write(draw, (EDGE * mm, 78 * mm - block.height), INK)
        else:
            draw.rectangle((EDGE * mm, 78 * mm, (EDGE + left) * mm, 78.3 * mm), SOFT)
        line(EDGE, 92, self.has, 5.6, SOFT)
        if settable(self.unit):
            block = fit(self.unit, left * mm, 30 * mm, most=12.5 * mm, least=5 * mm, lines=3, leading=1.16)
            block.write(draw, (EDGE * mm, 99 * mm), INK)
        line(EDGE, 138, self.issued, 4.4, INK, wide=left)
        line(EDGE, 144.5, self.check, 4.4, SOFT, wide=left + 8)
        self._results(draw, mm, line)
        return page

    def _results(self, draw: ImageDraw.ImageDraw, mm: float, line: Callable[..., None]) -> None:
        """The right column: a row for each lesson, and the rule."""
        wide = WIDE - EDGE - MIDDLE
        y = 49.0
        line(MIDDLE, y, self.shown, 4.2, SOFT, wide=wide)
        high = min(14.0, 64 / max(4, min(MOST, len(self.rows))))
        y += 4
        for row in self.rows[:MOST]:
            draw.rectangle((MIDDLE * mm, y * mm, (WIDE - EDGE) * mm, (y + 0.15) * mm), LINE)
            line(MIDDLE, y + high * 0.45, row.title, min(4.6, high * 0.36), INK, wide=wide - 18)
            line(WIDE - EDGE, y + high * 0.45, row.result, min(4.6, high * 0.36), INK, wide=16, align=1)
            line(MIDDLE, y + high * 0.83, row.how, min(3.5, high * 0.27), SOFT, wide=wide)
            y += high
        draw.rectangle((MIDDLE * mm, y * mm, (WIDE - EDGE) * mm, (y + 0.15) * mm), LINE)
        if settable(self.rule):
            size = 3.5 * mm
            block = fit(self.rule, wide * mm, 28 * mm, most=size, least=size * 0.7, lines=6, leading=1.42)
            block.write(draw, (MIDDLE * mm, (y + 5) * mm), SOFT)

    def png(self) -> bytes:
        """1754 by 1240 pixels."""
        out = BytesIO()
        self.draw(SCREEN).save(out, "PNG", optimize=True, dpi=(SCREEN, SCREEN))
        return out.getvalue()

    def pdf(self, at: datetime) -> bytes:
        """One page, 300 dots an inch, dated `at`."""
        out = BytesIO()
        page = self.draw(PRINT)
        stamp = at.timetuple()
        page.save(
            out,
            "PDF",
            resolution=page.width * INCH / WIDE,
            quality=92,
            subsampling=0,
            title=clean(f"{self.heading}: {self.unit}"),
            subject=clean(self.check),
            creationDate=stamp,
            modDate=stamp,
        )
        return out.getvalue()
