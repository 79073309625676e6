"""Uploads: only real pictures come in, only pixels come out, and no file can exhaust the machine."""

import hashlib
import resource
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from functools import cache
from io import BytesIO

import pytest
from django.utils.functional import Promise
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from lessons import images
from lessons.images import Damaged, NotAnImage, Refused, TooLarge, TooManyPixels, Unsupported, accept

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def file(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def corners(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green, blue, white: nothing of it looks the same turned."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(WHITE, (width // 2, height // 2, width, height))
    return picture


def shown(data: bytes) -> Image.Image:
    with Image.open(BytesIO(accept(data).widest)) as picture:
        assert picture.format == "WEBP"
        picture.load()
        return picture


def close(seen: object, meant: tuple[int, ...], by: int = 30) -> bool:
    return isinstance(seen, tuple) and all(abs(a - b) <= by for a, b in zip(seen, meant, strict=False))


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def flat_png(width: int, height: int, rows: int | None = None) -> bytes:
    """A picture of one colour, RGBA: a few kilobytes, whatever its size."""
    pack = zlib.compressobj(9)
    line = b"\0" * (1 + 4 * width)
    body = b"".join(pack.compress(line) for _ in range(height if rows is None else rows)) + pack.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# --- what comes out ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((3000, 2000), [480, 960, 1600]),
        ((1600, 900), [480, 960, 1600]),
        ((960, 640), [480, 960]),
        ((700, 500), [480, 700]),
        ((300, 200), [300]),
        ((1, 1), [1]),
        ((1000, 4000), [480, 800]),  # taller than twice its width
        ((4, 9000), [1]),
        ((9000, 3), [480, 960, 1600]),
    ],
)
def test_up_to_three_widths_never_larger_than_it_was(size: tuple[int, int], widths: list[int]) -> None:
    picture = accept(file(Image.new("RGB", size, RED), "PNG"))
    assert list(picture.files) == [f"{width}.webp" for width in widths]
    for width in widths:
        with Image.open(BytesIO(picture.files[f"{width}.webp"])) as made:
            assert made.width == width
            assert made.height == max(1, round(picture.height * width / picture.width)) or min(size) < 10
    assert picture.width == widths[-1]
    assert picture.sha256 == hashlib.sha256(picture.widest).hexdigest()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_equal_pictures_have_equal_names(kind: str) -> None:
    data = file(corners(), kind)
    assert accept(data) == accept(data)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photograph_stands_upright(turn: int) -> None:
    exif = Image.Exif()
    exif[images.ORIENTATION] = turn
    data = file(corners(), "JPEG", exif=exif, quality=95)
    with Image.open(BytesIO(data)) as source:
        meant = ImageOps.exif_transpose(source)
    made = shown(data)
    assert made.size == meant.size
    for x in (8, meant.width - 8):
        for y in (8, meant.height - 8):
            assert close(made.getpixel((x, y)), meant.getpixel((x, y)))


def test_nothing_is_kept_but_pixels() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET maker"
    exif[images.ORIENTATION] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 34.0, 0.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET comment")
    xmp = b"<x:xmpmeta>SECRET xmp</x:xmpmeta>"
    for data in (
        file(corners(), "JPEG", exif=exif, comment=b"SECRET", xmp=xmp) + b"SECRET after the end",
        file(corners(), "PNG", exif=exif, pnginfo=text) + b"SECRET after the end",
        file(corners(), "WEBP", exif=exif, xmp=xmp),
    ):
        assert b"SECRET" in data
        for made in accept(data).files.values():
            assert b"SECRET" not in made
            assert not any(name in made for name in (b"EXIF", b"XMP ", b"ICCP"))
            with Image.open(BytesIO(made)) as picture:
                assert not picture.getexif()
                assert not {"exif", "xmp", "icc_profile"} & picture.info.keys()


def test_colours_are_those_that_the_profile_means() -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = {name: profile.index(name) for name in (b"rXYZ", b"gXYZ")}  # in the table of tags: name, offset, length
    profile[at[b"rXYZ"] : at[b"rXYZ"] + 4], profile[at[b"gXYZ"] : at[b"gXYZ"] + 4] = b"gXYZ", b"rXYZ"
    made = shown(file(Image.new("RGB", (64, 64), RED), icc_profile=bytes(profile)))
    assert close(made.getpixel((32, 32)), GREEN)


@pytest.mark.parametrize("profile", [b"no profile", b"\0" * 200])
def test_a_profile_that_cannot_be_read_is_left_aside(profile: bytes) -> None:
    assert close(shown(file(corners(), icc_profile=profile)).getpixel((8, 8)), RED)


def test_a_printers_jpeg_is_shown_in_colour() -> None:
    made = shown(file(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG", quality=95))
    assert made.mode == "RGB"
    assert close(made.getpixel((32, 32)), RED, by=60)


def test_transparency_stays() -> None:
    palette = Image.new("P", (64, 64), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    palette.paste(0, (0, 0, 32, 64))
    made = shown(file(palette, transparency=0))
    assert made.mode == "RGBA"
    assert made.getpixel((8, 8))[3] == 0
    assert close(made.getpixel((56, 8)), (*RED, 255))
    keyed = shown(file(corners(), transparency=RED))  # one colour of an RGB picture
    assert keyed.getpixel((8, 8))[3] == 0
    grey = Image.new("LA", (8, 8), (200, 0))
    assert shown(file(grey)).getpixel((4, 4))[3] == 0


def test_transparency_that_shows_nothing_goes() -> None:
    assert shown(file(corners().convert("RGBA"))).mode == "RGB"


def test_deep_and_flat_greys() -> None:
    deep = Image.frombytes(
        "I;16", (64, 64), b"".join(struct.pack("<H", x * 1024) for _y in range(64) for x in range(64))
    )
    made = shown(file(deep))
    assert close(made.getpixel((32, 32)), (128, 128, 128), by=8)
    assert close(made.getpixel((63, 32)), (252, 252, 252), by=8)
    assert close(shown(file(Image.new("1", (8, 8), 1))).getpixel((4, 4)), WHITE)
    assert close(shown(file(Image.new("L", (8, 8), 90), "JPEG")).getpixel((4, 4)), (90, 90, 90))


def test_a_large_photograph_keeps_its_looks() -> None:
    made = shown(file(corners(4000, 3000), "JPEG"))
    assert made.size == (1600, 1200)
    for at, colour in {(100, 100): RED, (1500, 100): GREEN, (100, 1100): BLUE, (1500, 1100): WHITE}.items():
        assert close(made.getpixel(at), colour)


# --- what does not come in ------------------------------------------------------------------------------------

MOVING = [Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), BLUE)]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotAnImage),
        (b"hello, I am a picture.png", NotAnImage),
        (b"MZ\x90\0" * 50, NotAnImage),
        (b"<html><script>alert(1)</script>", NotAnImage),
        (b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Unsupported),
        (b"<?xml version='1.0'?><svg/>", Unsupported),
        (b"%PDF-1.7 ...", Unsupported),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, Unsupported),
        (file(Image.new("L", (8, 8)), "GIF"), Unsupported),
        (file(Image.new("L", (8, 8)), "TIFF"), Unsupported),
        (file(Image.new("L", (8, 8)), "BMP"), Unsupported),
        (file(MOVING[0], "PNG", save_all=True, append_images=MOVING[1:]), Unsupported),
        (file(MOVING[0], "WEBP", save_all=True, append_images=MOVING[1:]), Unsupported),
        (b"\x89PNG\r\n\x1a\n", Damaged),
        (b"\xff\xd8\xff", Damaged),
        (b"RIFF\0\0\0\0WEBP", Damaged),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 4, Damaged),
        (b"x" * (images.MAX_BYTES + 1), TooLarge),
        (flat_png(0, 10), Damaged),
        (flat_png(8000, 5001, rows=0), TooManyPixels),
        (flat_png(16_001, 1, rows=0), TooManyPixels),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, TooManyPixels),
    ],
)
def test_what_is_refused_and_why(data: bytes, error: type[Refused]) -> None:
    with pytest.raises(error) as caught:
        accept(data)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value)
    assert "%(" not in str(caught.value)
    assert isinstance(error.message, Promise)  # said in the reader's language


@cache
def samples() -> dict[str, bytes]:
    noise = Image.effect_noise((200, 150), 80).convert("RGB")
    return {
        "PNG": file(noise),
        "JPEG": file(noise, "JPEG", quality=90),
        "progressive": file(noise, "JPEG", progressive=True),
        "WEBP": file(noise, "WEBP"),
        "lossless": file(noise, "WEBP", lossless=True),
        "alpha": file(noise.convert("RGBA").rotate(30), "WEBP"),
        "palette": file(noise.quantize(16)),
    }


@pytest.mark.parametrize("name", samples())
def test_a_file_cut_off_is_told_as_such(name: str) -> None:
    data = samples()[name]
    assert accept(data).width == 200
    for part in (0.2, 0.5, 0.9):
        with pytest.raises(Damaged):
            accept(data[: int(len(data) * part)])


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(samples())), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6))
def test_a_damaged_file_is_shown_or_refused(name: str, changes: list[tuple[float, int]]) -> None:
    data = bytearray(samples()[name])
    for at, value in changes:
        data[int(at * min(len(data), 400))] = value  # most of what matters stands at the beginning
    with suppress(Refused):  # and nothing else
        accept(bytes(data))


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBPVP8 "]))
def test_no_bytes_do_harm(data: bytes, start: bytes) -> None:
    with pytest.raises(Refused):
        accept(start + data)


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = samples()["progressive"]
    start = data.rindex(b"\xff\xda")
    scans = images.jpeg_scans(data)
    assert 2 < scans <= images.MAX_SCANS
    again = data[start:-2]
    hidden = b"\xff\xfe\0\x06\xff\xd9\xff\xd9"  # an end that is none: it stands in a comment
    with pytest.raises(Damaged):
        accept(data[:-2] + hidden + again * images.MAX_SCANS + b"\xff\xd9")


def test_a_thumbnail_does_not_count_as_a_scan() -> None:
    exif = Image.Exif()
    exif[0x010E] = "x" + file(corners(), "JPEG").decode("latin-1")
    assert images.jpeg_scans(file(corners(), "JPEG", exif=exif)) == 1


def test_decoders_that_need_more_memory_get_less_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PROGRESSIVE_PIXELS", 100)
    monkeypatch.setattr(images, "MAX_WEBP_PIXELS", 100)
    accept(samples()["JPEG"])
    for name in ("progressive", "WEBP", "lossless", "alpha"):
        with pytest.raises(TooManyPixels, match="200 × 150"):
            accept(samples()[name])


ALONE = """
import resource, sys
import django
from django.conf import settings
settings.configure(USE_I18N=False)
from lessons.images import Refused, accept
limit = int(sys.argv[1])
data = sys.stdin.buffer.read()
if limit:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    print(accept(data).width)
except Refused as refused:
    print(type(refused).__name__)
# The peak of this program: ru_maxrss would begin with that of the process which started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


def alone(data: bytes, *, limit: int = 0) -> tuple[str, int]:
    """What becomes of a file in a process of its own, and the most memory that took, in MB."""
    done = subprocess.run([sys.executable, "-c", ALONE, str(limit)], input=data, capture_output=True, check=True)
    said, peak = done.stdout.decode().split()
    return said, int(peak)


def test_bombs_are_refused_before_they_are_decoded() -> None:
    giant = b"RIFF" + struct.pack("<I", 100) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\xfe\x3f\0" * 2
    header = file(Image.new("L", (16, 16)), "JPEG").split(b"\xff\xc0")
    wide = header[0] + b"\xff\xc0" + header[1][:3] + struct.pack(">HH", 65_000, 65_000) + header[1][7:]
    now = resource.getrlimit(resource.RLIMIT_AS)
    for bomb in (flat_png(30_000, 30_000, rows=100), giant + b"VP8 " * 20, wide):
        assert len(bomb) < 20_000
        said, _peak = alone(bomb, limit=400 * 1024 * 1024)
        assert said == "TooManyPixels"
    assert resource.getrlimit(resource.RLIMIT_AS) == now


def test_the_largest_picture_takes_less_than_300_megabytes() -> None:
    data = flat_png(6300, 6300)
    assert len(data) < 200_000  # it unfolds to 159 MB
    said, peak = alone(data)
    assert said == "1600"
    assert peak < 300, f"{peak} MB"
