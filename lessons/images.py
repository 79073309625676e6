"""Pictures that people upload: bytes -> clean bytes.

`accept` believes nothing it is told: the kind is read from the bytes, size and pixels are checked before anything is
decoded, and what is kept is drawn anew as WebP, so that no metadata (where a photograph was taken, with what) and
nothing hidden behind the picture survives. Measured peak for the worst accepted file: see tests/test_images.py.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_000  # WebP ends at 16,383
# A decoder of WebP keeps three whole pictures in memory; that of PNG one; JPEG is read at the size that is needed
MAX_WEBP_PIXELS = 16_000_000
MAX_SCANS = 40  # a progressive JPEG has about ten; thousands would keep a processor busy for minutes
WIDTHS = (480, 960, 1600)
TALL = 2  # a picture taller than twice its width is made narrower instead
QUALITY = 82
ORIENTATION = 0x0112
MAX_PROFILE = 4 * 1024 * 1024

KNOWN = (  # how files begin that people may take for pictures
    *((start, _("a GIF")) for start in (b"GIF87a", b"GIF89a")),
    *((start, _("a TIFF picture")) for start in (b"II*\0", b"MM\0*")),
    *((b"BM", _("a BMP picture")), (b"%PDF", _("a PDF document")), (b"8BPS", _("a Photoshop file"))),
    *((start, _("an SVG drawing")) for start in (b"<svg", b"<?xml")),
)


class Refused(ValueError):
    """A file that is not accepted; `str` says why, in the active language."""

    message: Any = ""
    params: Mapping[str, object] = MappingProxyType({})

    def __init__(self, **params: object) -> None:
        super().__init__()
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params


class NotAnImage(Refused):
    message = _("This file is not a picture. Pictures are PNG, JPEG or WebP.")


class Unsupported(Refused):
    message = _("This is %(kind)s. Pictures are PNG, JPEG or WebP; save it as one of these.")


class TooLarge(Refused):
    message = _("The file is too large: %(megabytes)s MB. At most 10 MB are accepted.")


class TooManyPixels(Refused):
    message = _(
        "The picture is too large: %(width)s × %(height)s pixels. "
        "At most %(most)s million pixels are accepted, and no side longer than 16,000."
    )


class Damaged(Refused):
    message = _("The picture is cut off or damaged. Save or copy it again, and try once more.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept: the same in up to three widths, never larger than it was."""

    files: Mapping[str, bytes]  # "480.webp" -> bytes, narrowest first
    width: int  # of the widest, in pixels
    height: int
    sha256: str  # of the widest: equal pictures have equal names

    @property
    def widest(self) -> bytes:
        return self.files[f"{self.width}.webp"]


def accept(data: bytes) -> Picture:
    """The picture, clean, in every width. Refused (a ValueError) says what is wrong with the file."""
    if len(data) > MAX_BYTES:
        raise TooLarge(megabytes=-(-len(data) // 1024 // 1024))
    kind = sniff(data)
    try:
        measure(kind, data)
        picture = upright(kind, data)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(width="?", height="?", most=MAX_PIXELS // 1_000_000) from error
    except MemoryError:
        raise
    except Exception as error:  # decoders fail in many ways: OSError, SyntaxError, struct.error, zlib.error ...
        raise Damaged from error
    files = {}
    for width, height in sizes(*picture.size):
        out = BytesIO()
        shown = picture if picture.size == (width, height) else picture.resize((width, height), Image.Resampling.LANCZOS)
        shown.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
        files[f"{width}.webp"] = out.getvalue()
    return Picture(MappingProxyType(files), width, height, hashlib.sha256(out.getvalue()).hexdigest())


def sniff(data: bytes) -> str:
    """PNG, JPEG or WEBP, by the first bytes; raises NotAnImage or Unsupported."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        raise Unsupported(kind=_("a HEIC or AVIF picture or a film"))
    for start, kind in KNOWN:
        if data.lstrip()[: len(start)].lower() == start.lower():
            raise Unsupported(kind=kind)
    raise NotAnImage


def measure(kind: str, data: bytes) -> None:
    """Refuse by what the header says, before a decoder sees the file (Pillow's WebP reserves memory on opening)."""
    if kind == "PNG":
        width, height = struct.unpack(">II", data[16:24])
        if b"acTL" in data[:4096]:
            raise Unsupported(kind=_("a moving picture"))
    elif kind == "WEBP":
        width, height = webp_size(data)
    else:
        with Image.open(BytesIO(data), formats=["JPEG"]) as header:
            width, height = header.size
        if data.count(b"\xff\xda") > MAX_SCANS:
            raise Damaged
    most = MAX_WEBP_PIXELS if kind == "WEBP" else MAX_PIXELS
    if width * height > most or max(width, height) > MAX_SIDE:
        raise TooManyPixels(width=width, height=height, most=most // 1_000_000)
    if not width or not height:
        raise Damaged


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of the canvas. (RFC 9649)"""
    chunk = data[12:16]
    if chunk == b"VP8X":
        if data[20] & 0x02:
            raise Unsupported(kind=_("a moving picture"))
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise Damaged


def upright(kind: str, data: bytes) -> Image.Image:
    """The picture as it is meant to be seen: at most as large as kept, turned, in sRGB, RGB or RGBA."""
    with Image.open(BytesIO(data), formats=[kind]) as source:
        if kind == "JPEG":
            source.draft(None, (2 * WIDTHS[-1], 2 * WIDTHS[-1]))  # decode no more than what is needed
        source.load()
        turn, profile = orientation(source), source.info.get("icc_profile") or b""
        picture: Image.Image = source
        if source.mode in ("P", "PA") or "transparency" in source.info:
            picture = source.convert("RGBA")
        elif source.mode.startswith("I;16") or source.mode == "I":
            picture = Image.frombytes("L", source.size, source.tobytes()[1::2]) if source.mode == "I;16" else source.point(lambda v: v / 256).convert("L")
        most = WIDTHS[-1] * TALL
        if max(picture.size) > most:
            scale = most / max(picture.size)
            target = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
            picture = picture.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
        else:
            picture = picture.copy()
    picture = to_srgb(turned(picture, turn), profile)
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    return picture
