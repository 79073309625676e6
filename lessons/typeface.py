"""The typeface of pictures: which letters it has, how wide a text is, where its lines break, and setting it. Pure.

Pillow kerns only where a library of the machine helps it, so widths and kerning are read from the file itself: a
picture is the same on every machine. Sizes, widths and places are in pixels.
"""

import re
import struct
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from PIL import ImageDraw, ImageFont

FILE = Path(__file__).parent / "fonts" / "two-shores-cjk-serif.otf"
CAP = 0.73  # height of a capital letter, as a share of the size
Colour = tuple[int, int, int]

# Chinese characters and kana may part anywhere, except before what closes and after what opens; Hangul keeps its words.
IDEOGRAPH = r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
CLOSES = "、。，．・：；？！ー々」』）］｝〉》】…ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]”’,.;:?!"
OPENS = "「『（［｛〈《【([“‘"
SHORT, STOP = 0.08, 0.12  # what ending a line there costs or gains
WORD = re.compile(rf"[{re.escape(OPENS)}]*(?:{IDEOGRAPH}|(?:(?!{IDEOGRAPH})\S)+)[{re.escape(CLOSES)}]*\s*")


@dataclass(frozen=True, eq=False)
class Face:
    """The tables of the file that setting needs."""

    units: int  # in one em
    glyphs: dict[int, int]  # code point -> glyph
    advances: tuple[int, ...]  # by glyph
    kerns: dict[tuple[int, int], int]  # pair of glyphs -> units between them

    def lacks(self, text: str) -> str:
        """The letters of `text` that are not in the face, each once."""
        return "".join(dict.fromkeys(c for c in clean(text) if ord(c) not in self.glyphs))

    def steps(self, text: str, size: float, tracking: float = 0) -> list[float]:
        """How far the pen moves after each letter; `tracking` is added between letters, as a share of the size."""
        glyphs = [self.glyphs.get(ord(letter), 0) for letter in text]
        steps = [self.advances[glyph] / self.units * size for glyph in glyphs]
        for n, pair in enumerate(pairwise(glyphs)):
            steps[n] += (self.kerns.get(pair, 0) / self.units + tracking) * size
        return steps

    def width(self, text: str, size: float, tracking: float = 0) -> float:
        return sum(self.steps(text, size, tracking))


@lru_cache(maxsize=1)
def face() -> Face:
    """The face, read once."""
    data = FILE.read_bytes()
    tables = {
        data[at : at + 4].decode(): struct.unpack_from(">II", data, at + 8)
        for at in range(12, 12 + 16 * struct.unpack_from(">H", data, 4)[0], 16)
    }
    at = tables["cmap"][0]
    for n in range(struct.unpack_from(">H", data, at + 2)[0]):
        platform, kind, offset = struct.unpack_from(">HHI", data, at + 4 + 8 * n)
        if (platform, kind) == (3, 10):  # format 12: every plane of Unicode
            found = at + offset
    glyphs: dict[int, int] = {}
    for n in range(struct.unpack_from(">I", data, found + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", data, found + 16 + 12 * n)
        glyphs |= {code: glyph + code - first for code in range(first, last + 1)}
    wide = struct.unpack_from(">H", data, tables["hhea"][0] + 34)[0]
    count = struct.unpack_from(">H", data, tables["maxp"][0] + 4)[0]
    pairs = struct.unpack_from(f">{2 * wide}H", data, tables["hmtx"][0])
    advances = pairs[::2] + (pairs[-2],) * (count - wide)
    at = tables["kern"][0] + 4
    kerns = {
        (left, right): value
        for left, right, value in struct.iter_unpack(
            ">HHh", data[at + 14 : at + 14 + 6 * struct.unpack_from(">H", data, at + 6)[0]]
        )
    }
    return Face(struct.unpack_from(">H", data, tables["head"][0] + 18)[0], glyphs, advances, kerns)


@lru_cache(maxsize=48)
def _at(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FILE), size, layout_engine=ImageFont.Layout.BASIC)


def clean(text: str) -> str:
    """`text` as it is set: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: float,
    fill: Colour,
    *,
    align: float = 0,
    tracking: float = 0,
) -> tuple[float, float]:
    """Set one line, its baseline at `at`: beginning there (align 0), centred (.5) or ending there (1).

    Returns where it begins and ends.
    """
    steps = face().steps(text, size, tracking)
    x = begin = at[0] - align * sum(steps)
    for letter, step in zip(text, steps, strict=True):
        if not letter.isspace():
            draw.text((x, at[1]), letter, fill, _at(size), anchor="ls")
        x += step
    return begin, x


# --- lines -------------------------------------------------------------------------------------------------


def words(text: str, most: float, size: float) -> list[str]:
    """The pieces between which a line may break, with the space after them; one wider than `most` is cut."""
    pieces = []
    for piece in WORD.findall(clean(text)):
        while face().width(piece.rstrip(), size) > most and len(piece) > 1:
            cut = next((n for n in range(len(piece), 1, -1) if face().width(piece[:n], size) <= most), 1)
            pieces.append(piece[:cut])
            piece = piece[cut:]
        pieces.append(piece)
    return pieces


def broken(text: str, most: float, size: float, tracking: float = 0) -> list[str]:
    """`text` in as few lines as `most` pixels allow, and these as even as can be.

    A line had better end with a comma or a stop, and not with a short word, which goes on with the next.
    """
    pieces = words(text, most, size)
    best: list[tuple[int, float, int]] = [(0, 0, 0)]  # up to a piece: lines, cost, where the last of them begins
    for end in range(1, len(pieces) + 1):
        found = []
        for begin in range(end - 1, -1, -1):
            line = "".join(pieces[begin:end]).rstrip()
            width = face().width(line, size, tracking)
            if width > most and begin < end - 1:
                break
            cost = best[begin][1] + (1 - width / most) ** 2
            if end < len(pieces):
                last = pieces[end - 1].strip()
                cost += SHORT if len(last) <= 3 and last.isalpha() and last.isascii() else 0
                cost -= STOP if last[-1] in ",:;.?!" else 0
            found.append((best[begin][0] + 1, cost, begin))
        best.append(min(found))
    cuts = [len(pieces)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][2])
    return ["".join(pieces[begin:end]).rstrip() for begin, end in pairwise(cuts[::-1])]


@dataclass(frozen=True)
class Block:
    """A text in lines, at the size at which it fits."""

    lines: tuple[str, ...]
    size: float
    leading: float  # from baseline to baseline
    tracking: float = 0

    @property
    def height(self) -> float:
        """From the top of a capital in the first line to the last baseline."""
        return CAP * self.size + self.leading * (len(self.lines) - 1)

    @property
    def width(self) -> float:
        return max((face().width(line, self.size, self.tracking) for line in self.lines), default=0)

    def write(self, draw: ImageDraw.ImageDraw, at: tuple[float, float], fill: Colour, align: float = 0) -> None:
        """Set it with the top of its first capital at `at`."""
        for n, line in enumerate(self.lines):
            y = at[1] + CAP * self.size + n * self.leading
            write(draw, (at[0], y), line, self.size, fill, align=align, tracking=self.tracking)


def fit(
    text: str,
    wide: float,
    high: float,
    *,
    most: float,
    least: float,
    lines: int = 4,
    leading: float = 1.16,
    tracking: float = 0,
) -> Block:
    """The largest setting of `text` in a box of `wide` by `high`, between two sizes; too much text ends in “…”."""

    def at(size: float) -> Block:
        return Block(tuple(broken(text, wide, size, tracking)), size, size * leading, tracking)

    def fits(block: Block) -> bool:
        return len(block.lines) <= lines and block.height <= high

    sizes = [most]
    while sizes[-1] > least:
        sizes.append(max(least, sizes[-1] * 0.97))
    block = next(filter(fits, map(at, sizes)), at(least))
    if fits(block):  # a little smaller, if that saves a line
        smaller = (at(size) for size in sizes if block.size * 0.82 <= size < block.size)
        return next((other for other in smaller if len(other.lines) < len(block.lines)), block)
    room = max(1, min(lines, int((high - CAP * least) / block.leading) + 1))
    if len(block.lines) <= room:
        return block
    last = block.lines[room - 1]
    while last and face().width(last + "…", least, tracking) > wide:
        last = last[:-1].rstrip(" ,;:.、")
    return Block((*block.lines[: room - 1], last + "…"), least, block.leading, tracking)
