"""Pictures that people upload: bytes -> clean bytes.

`accept` believes nothing it is told: the kind is read from the bytes, size and pixels are checked before
anything is decoded, and what is kept is drawn anew as WebP, so that no metadata (where and with what it was
taken) and nothing hidden behind the picture survives.
"""

import hashlib
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_000  # WebP ends at 16,383
# Decoders differ: PNG needs the picture once, JPEG is read at the size that is wanted, but a progressive JPEG
# is kept whole as coefficients, and WebP as four copies. With these limits each takes 200 MB at most.
MAX_PROGRESSIVE_PIXELS = 20_000_000
MAX_WEBP_PIXELS = 12_500_000
MAX_SCANS = 40  # a progressive JPEG has about ten; thousands would keep a processor busy for minutes
WIDTHS = (480, 960, 1600)
TALL = 2  # a picture taller than twice its width is made narrower instead
QUALITY = 82
ORIENTATION = 0x0112  # the tag of EXIF; its values:
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = [TURNS[n] for n in (5, 6, 7, 8)]
MAX_PROFILE = 4 * 1024 * 1024
MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.S)  # of JPEG

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
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(width="?", height="?", most=40) from error
    except Exception as error:  # decoders fail in many ways: OSError, SyntaxError, struct.error, zlib.error ...
        raise Damaged from error
    files = {}
    for width, height in sizes(*picture.size):
        out = BytesIO()
        shown = (
            picture if picture.size == (width, height) else picture.resize((width, height), Image.Resampling.LANCZOS)
        )
        shown.save(out, "WEBP", quality=QUALITY, exif=b"", icc_profile=b"", xmp=b"")
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
        if data[:256].lstrip()[: len(start)].lower() == start.lower():
            raise Unsupported(kind=kind)
    raise NotAnImage


def measure(kind: str, data: bytes) -> None:
    """Refuse by what the header says, before a decoder sees the file."""
    most = MAX_PIXELS
    if kind == "PNG":
        width, height = struct.unpack(">II", data[16:24])
    elif kind == "WEBP":
        most = MAX_WEBP_PIXELS
        width, height = webp_size(data)  # by ourselves: Pillow reserves the memory when it opens the file
    else:
        with Image.open(BytesIO(data), formats=["JPEG"]) as header:
            width, height = header.size
            scans = jpeg_scans(data)
            if "progressive" in header.info or scans > 1:
                most = MAX_PROGRESSIVE_PIXELS
        if scans > MAX_SCANS:
            raise Damaged
    if width * height > most or max(width, height) > MAX_SIDE:
        raise TooManyPixels(width=width, height=height, most=f"{most / 1_000_000:g}")
    if not width or not height:
        raise Damaged


def jpeg_scans(data: bytes) -> int:
    """How often the picture is gone through. A thumbnail inside the metadata does not count."""
    scans, pos = 0, 2
    while found := MARKER.search(data, pos):
        marker, pos = found[1][0], found.end()
        if marker == 0xD9:
            break
        if marker not in (0x01, 0xD8):
            pos += int.from_bytes(data[pos : pos + 2], "big")
        scans += marker == 0xDA
    return scans


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
    """The picture as it is meant to be seen: no larger than what is kept, turned, in sRGB, RGB or RGBA."""
    with Image.open(BytesIO(data), formats=[kind]) as source:
        if kind != "JPEG" and getattr(source, "n_frames", 1) > 1:
            raise Unsupported(kind=_("a moving picture"))
        turn = TURNS.get(orientation(source))
        width, height = source.size if turn not in SIDEWAYS else source.size[::-1]
        target = sizes(width, height)[-1]
        wanted = target if turn not in SIDEWAYS else target[::-1]
        if kind == "JPEG":
            source.draft("", wanted)  # the decoder halves it, once or more, where that is still enough
        source.load()
        profile = source.info.get("icc_profile") or b""
        picture = shrunk(source, max(1, min(source.width // wanted[0], source.height // wanted[1])))
    picture = to_srgb(picture.resize(wanted, Image.Resampling.LANCZOS), profile)
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    return picture.transpose(turn) if turn is not None else picture


def sizes(width: int, height: int) -> list[tuple[int, int]]:
    """The sizes that are kept, narrowest first: as it is, if it is small; never larger than it was."""
    most = min(width, WIDTHS[-1], max(1, round(width * WIDTHS[-1] * TALL / height)))
    return [(w, max(1, round(height * w / width))) for w in (*(w for w in WIDTHS if w < most), most)]


def orientation(source: Image.Image) -> int:
    try:
        return int(source.getexif().get(ORIENTATION, 1))
    except Exception:  # a broken block of metadata says nothing
        return 1


def shrunk(source: Image.Image, factor: int) -> Image.Image:
    """The picture, `factor` times smaller, in a mode that can be scaled; by bands, to need no second copy."""
    bands = []
    step = factor * 64
    for top in range(0, source.height, step):
        band = scalable(source.crop((0, top, source.width, min(top + step, source.height))))
        bands.append(band.reduce(factor) if factor > 1 else band)
    whole = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    top = 0
    for band in bands:
        whole.paste(band, (0, top))
        top += band.height
    return whole


def scalable(band: Image.Image) -> Image.Image:
    """L, RGB, RGBA or CMYK."""
    if band.mode == "I;16":  # the upper byte of each
        return Image.frombytes("L", band.size, band.tobytes()[1::2])
    if band.mode == "I":
        return band.point(lambda value: value * (1 / 256)).convert("L")
    if band.mode in ("P", "PA", "LA") or "transparency" in band.info:
        return band.convert("RGBA")
    return band if band.mode in ("L", "RGB", "RGBA", "CMYK") else band.convert("L" if band.mode == "1" else "RGB")


def to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours as a browser shows them without a profile; a profile that cannot be used is left aside."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    if alpha:
        picture = picture.convert("RGB")
    if profile and len(profile) <= MAX_PROFILE:
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            if given.profile.xcolor_space.strip() == "RGB":
                picture = picture.convert("RGB")
            made = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = made or picture
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass
    picture = picture.convert("RGB")
    if alpha:
        picture.putalpha(alpha)
    return picture
