"""Pictures: every letter has its shape, no text leaves its box, each unit has its own, and each is drawn once."""

import re
from io import BytesIO
from itertools import product

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont

from lessons import covers, drawing, pictures, reading, typeface
from lessons.covers import Card, Cover, Words, arches, settable
from lessons.drawing import DAY, JAPAN, KOREA, NIGHT, PAPER, Scene
from lessons.models import LessonVersion, Status, Term, Unit
from lessons.typeface import broken, face, fit, write

TITLES = [
    "Three chemicals",
    "Will it last?",
    "Forced labour and the “comfort women”",
    "Radar, white papers, GSOMIA",
    "한일 청구권 협정과 두 가지 해석: 무엇이 해결되었고 무엇이 남았는가",
    "日本と韓国の条約、そして「慰安婦」問題をめぐる二つの読み方",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "대한민국임시정부수립백주년기념사업추진위원회공동위원장회의결과보고서",
    "Shōwa, Ŏ and Ŭ – „quotes“, dashes — and (brackets) … 1910–1945",
    "W" * 120,
    "竹" * 120,
    "a " * 60,
    "x",
]

# --- the face ----------------------------------------------------------------------------------------------


def test_the_file_is_small_and_free() -> None:
    assert typeface.FILE.stat().st_size <= 4_000_000
    licence = typeface.FILE.with_name("two-shores-cjk-serif-OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


@pytest.mark.parametrize(
    ("codec", "rows", "name"),
    [("euc_kr", (0xB0, 0xC8), "Hangul of KS X 1001"), ("euc_jp", (0xB0, 0xF4), "kanji of JIS X 0208")],
)
def test_the_face_has_the_letters_of_both_shores(codec: str, rows: tuple[int, int], name: str) -> None:
    letters = "".join(
        bytes((row, cell)).decode(codec, "ignore") for row in range(rows[0], rows[1] + 1) for cell in range(0xA1, 0xFF)
    )
    assert len(letters) > 2300
    assert face().lacks(letters) == "", name


def test_the_face_says_what_it_lacks_each_letter_once() -> None:
    assert face().lacks("Shōwa Ŏ 독도 竹島 Ким é") == ""
    assert face().lacks("e\u0301") == ""  # composed first
    assert face().lacks("a🌉b🌉 سلام") == "🌉سلام"
    assert face().lacks("a\0b\u202ec\x07") == "\0\u202e\x07"


def test_widths_are_those_of_the_letters_and_pairs_are_kerned() -> None:
    pillow = ImageFont.truetype(str(typeface.FILE), 100, layout_engine=ImageFont.Layout.BASIC)
    for letter in "aW.“é한竹ー":
        assert face().width(letter, 100) == pytest.approx(pillow.getlength(letter), abs=1)
    assert face().width("AV", 100) < face().width("A", 100) + face().width("V", 100) - 5
    assert face().width("ab", 50, tracking=0.1) == pytest.approx(face().width("ab", 50) + 5)


@pytest.mark.django_db
def test_no_word_that_is_drawn_lacks_a_letter(curriculum: None) -> None:
    drawn = {version.title for version in LessonVersion.objects.filter(status=Status.PUBLISHED)}
    drawn |= {unit.title for unit in Unit.objects.all()}
    drawn |= {name for term in Term.objects.all() for name in (term.korean_native, term.japanese_native)}
    drawn |= {"한국", "日本", "Two Shores", "Unit 1: · lesson 2 of 34567890 %"}
    assert len(drawn) > 100
    assert {text: face().lacks(text) for text in drawn if face().lacks(text)} == {}


# --- lines -------------------------------------------------------------------------------------------------


def ink(block: typeface.Block) -> tuple[int, int, int, int]:
    """Where there is ink when the block is set at (300, 300)."""
    paper = Image.new("RGB", (1800, 900), "white")
    block.write(ImageDraw.Draw(paper), (300, 300), (0, 0, 0))
    box = ImageChops.invert(paper).getbbox()
    assert box
    return box


@pytest.mark.parametrize(("title", "wide", "lines"), list(product(TITLES, (400, 1048), (1, 3))))
def test_what_is_set_stays_in_its_box(title: str, wide: int, lines: int) -> None:
    block = fit(title, wide, 165, most=96, least=20, lines=lines)
    assert len(block.lines) <= lines
    assert block.width <= wide
    assert block.height <= 165
    left, top, right, bottom = ink(block)
    hang = block.size * 0.3 + 1  # descenders, and the little that a letter leans out
    assert 300 - hang / 4 <= left
    assert right <= 300 + wide + hang / 4
    assert 300 - hang <= top
    assert bottom <= 300 + block.height + hang


@given(st.text(st.sampled_from("ab W,.“”() 한국어竹島の、「」ー0-–é\n"), max_size=120), st.integers(60, 900))
def test_any_text_keeps_all_its_letters_in_order(text: str, wide: int) -> None:
    lines = broken(text, wide, 24)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(face().width(line, 24) <= wide for line in lines if len(line) > 1)
    assert all(line == line.strip() for line in lines)


def test_hangul_keeps_its_words_and_no_line_begins_with_what_closes() -> None:
    korean = TITLES[4]
    for wide in range(240, 900, 50):
        assert " ".join(broken(korean, wide, 40)) == korean
    for wide in range(130, 900, 30):
        for line in broken(TITLES[5], wide, 40)[1:]:
            assert line[0] not in typeface.CLOSES


def test_lines_are_even_and_break_after_a_comma() -> None:
    def lines(title: str) -> tuple[str, ...]:
        return fit(title, 1048, 170, most=96, least=32, lines=3).lines

    assert lines("Forced labour and the “comfort women”") == ("Forced labour and", "the “comfort women”")
    assert lines("Radar, white papers, GSOMIA") == ("Radar, white papers,", "GSOMIA")
    assert lines("Lost in translation, lost to the filter") == ("Lost in translation,", "lost to the filter")
    assert lines("Three chemicals") == ("Three chemicals",)


def test_too_much_text_ends_in_dots() -> None:
    block = fit("word, " * 200, 400, 100, most=40, least=30, lines=2)
    assert block.lines[-1].endswith(",…")
    assert block.width <= 400


def test_a_line_can_begin_at_a_place_stand_around_it_or_end_there() -> None:
    draw = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    wide = face().width("bridge", 40)
    assert write(draw, (100, 0), "bridge", 40, (0, 0, 0)) == pytest.approx((100, 100 + wide))
    assert write(draw, (100, 0), "bridge", 40, (0, 0, 0), align=1) == pytest.approx((100 - wide, 100))
    assert write(draw, (100, 0), "bridge", 40, (0, 0, 0), align=0.5) == pytest.approx((100 - wide / 2, 100 + wide / 2))


# --- covers and cards --------------------------------------------------------------------------------------

PAIR = Words("수출규제", "輸出管理の見直し")
UNITS = [(1, 4), (2, 3), (3, 4), (4, 4), (5, 3), (6, 4), (7, 3), (8, 4)]


def cover(number: int, lessons: int, title: str = "The 2019 trade war") -> Cover:
    return Cover(number, lessons, title, f"Unit {number}", PAIR, "Two Shores")


def card(place: int = 1, title: str = "Three chemicals", number: int = 3) -> Card:
    return Card(number, 4, place, title, "Unit 3: The 2019 trade war · lesson 1 of 4", PAIR, "Two Shores")


def test_sizes_and_weight() -> None:
    for picture in (cover(3, 4).picture(), card().picture()):
        data = covers.png(picture)
        assert Image.open(BytesIO(data)).size == (1200, 630)
        assert len(data) < 120_000
    for light in (DAY, NIGHT):
        data = covers.webp(cover(3, 4).band(1440, light))
        assert Image.open(BytesIO(data)).size == (1440, 360)
        assert len(data) < 20_000


def test_the_same_values_give_the_same_picture_and_every_unit_has_its_own() -> None:
    bands = {number: Cover(number, lessons).band(720, DAY).tobytes() for number, lessons in UNITS}
    assert len(set(bands.values())) == len(UNITS)
    assert all(Cover(number, lessons).band(720, DAY).tobytes() == bands[number] for number, lessons in UNITS)
    assert Cover(3, 5).band(720, DAY).tobytes() != bands[3]


def test_korea_lies_left_and_japan_right_in_equal_weight() -> None:
    whole = [0, 0]
    for number, lessons in UNITS:
        band = Cover(number, lessons).band(1440, DAY)
        assert band.getpixel((2, 290)) == KOREA
        assert band.getpixel((1437, 290)) == JAPAN
        counted = {colour: n for n, colour in band.getcolors(1 << 24)}
        for n, colour in enumerate((KOREA, JAPAN)):
            whole[n] += counted[colour]
    assert 0.8 < whole[0] / whole[1] < 1.25


def test_a_bridge_grows_from_both_shores_and_which_begins_alternates() -> None:
    odd = [arches(4, place, from_left=True) for place in range(1, 5)]
    assert odd == [{0}, {0, 3}, {0, 1, 3}, {0, 1, 2, 3}]
    even = [arches(3, place, from_left=False) for place in range(1, 4)]
    assert even == [{2}, {0, 2}, {0, 1, 2}]


def test_each_lesson_of_a_unit_builds_one_arch_more() -> None:
    def dark(place: int) -> int:
        shapes = card(place).picture().crop((0, 440, 1200, 570))
        return sum(n for n, colour in shapes.getcolors(1 << 24) if sum(colour) < 400)

    counted = [dark(place) for place in range(1, 5)]
    assert counted == sorted(set(counted))


@pytest.mark.parametrize(("number", "count"), list(product((1, 2, 3, 8, 11), (1, 2, 3, 6, 12))))
def test_nothing_stands_higher_than_the_scene_says(number: int, count: int) -> None:
    for bridges in ((count,), tuple(range(1, count + 1))):
        scene = Scene(number, bridges, horizon=0.53, low=0.88)
        image = Image.new("RGB", (600, 315), PAPER)
        scene.paint(image)
        free = image.crop((0, 0, 600, max(1, int(scene.top(315)))))
        assert free.getcolors() == [(free.width * free.height, PAPER)]


@pytest.mark.parametrize("title", TITLES)
def test_titles_end_above_the_drawing(title: str) -> None:
    for made, blank in ((card(title=title), card(title=" ")), (cover(3, 4, title), cover(3, 4, " "))):
        box = ImageChops.difference(made.picture(), blank.picture()).getbbox()
        assert box
        left, top, right, bottom = box
        assert left >= covers.EDGES - 8
        assert right <= 1200 - covers.EDGES + 8
        assert top > 170
        assert bottom <= made.scene.top(630)


@pytest.mark.parametrize("strange", ["سلام", "ไทย", "🌉 bridges", "a\0b"])
def test_letters_that_the_face_lacks_are_left_out_and_no_box_stands_for_them(strange: str) -> None:
    assert not settable(strange)
    assert card(title=strange).picture().tobytes() == card(title="").picture().tobytes()
    assert cover(3, 4, strange).picture().tobytes() == cover(3, 4, "").picture().tobytes()


def test_colours_are_the_tokens_of_the_style_sheet() -> None:
    css = (settings.BASE_DIR / "static/css/two-shores.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)", css)
    light = {name: tuple(bytes.fromhex(code)) for name, code, _dark in found}
    dark = {name: tuple(bytes.fromhex(code)) for name, _light, code in found}
    ours = {"paper": PAPER, "sheet": drawing.SHEET, "ink": drawing.INK, "ink-soft": drawing.SOFT, "line": drawing.LINE}
    ours |= {"edge": drawing.EDGE, "korea": KOREA, "japan": JAPAN, "water": DAY.water}
    ours |= {"korea-wash": DAY.korea, "japan-wash": DAY.japan}
    assert ours == {name: light[name] for name in ours}
    night = {"paper": NIGHT.air, "water": NIGHT.water, "korea-wash": NIGHT.korea, "japan-wash": NIGHT.japan}
    assert night == {name: dark[name] for name in night}


# --- addresses ---------------------------------------------------------------------------------------------


@pytest.fixture
def lesson(curriculum: None, db: None) -> LessonVersion:
    """The shipped lesson on three chemicals; nothing is drawn yet."""
    caches["pictures"].clear()
    return LessonVersion.objects.get(lesson__slug="three-chemicals", status=Status.PUBLISHED)


def image_of(page: str) -> str:
    found = re.search(r'property="og:image" content="http://testserver([^"]+)"', page)
    assert found
    return found[1]


def test_pages_name_their_picture(lesson: LessonVersion) -> None:
    for address, alt in (
        ("/lessons/three-chemicals/", "Three chemicals, over a bridge"),
        ("/units/trade-war-2019/", "The 2019 trade war, over"),
    ):
        page = Client().get(address).content.decode()
        assert f'property="og:image:alt" content="{alt}' in page
        assert 'name="twitter:card" content="summary_large_image"' in page
        response = Client().get(image_of(page))
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/png"
        assert Image.open(BytesIO(response.getvalue())).size == (1200, 630)
    assert "og:image" not in Client().get("/timeline/").content.decode()


def test_a_title_that_could_not_be_drawn_is_not_promised(lesson: LessonVersion) -> None:
    LessonVersion(lesson=lesson.lesson, title="ثلاث مواد", summary="A sum.", body=lesson.body).add().publish()
    page = Client().get("/lessons/three-chemicals/").content.decode()
    assert 'property="og:image:alt" content="A bridge that is being built' in page
    assert Client().get(image_of(page)).status_code == 200


def test_the_unit_shows_its_band_by_day_and_by_night_and_a_lesson_stays_light(lesson: LessonVersion) -> None:
    page = Client().get("/units/trade-war-2019/").content.decode()
    shown = re.findall(r'<img class="(day|night)" src="([^"]+)" srcset="([^"]+)"', page)
    assert [light for light, _src, _set in shown] == ["day", "night"]
    for tag in re.findall(r"<img [^>]*>", page):
        assert 'alt=""' in tag
        assert 'width="720" height="180"' in tag
    for _light, src, srcset in shown:
        for address in [src, *(part.split()[0] for part in srcset.split(", "))]:
            response = Client().get(address)
            assert response.headers["Content-Type"] == "image/webp"
            assert Image.open(BytesIO(response.getvalue())).format == "WEBP"
    for address in ("/lessons/three-chemicals/", "/"):
        assert "<img" not in Client().get(address).content.decode()


def test_a_picture_is_drawn_once_and_kept_by_everybody(lesson: LessonVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    draw = Card.picture

    def noted(self: Card) -> Image.Image:
        drawn.append(self)
        return draw(self)

    monkeypatch.setattr(Card, "picture", noted)
    address = image_of(Client().get("/lessons/three-chemicals/").content.decode())
    assert drawn == []  # not by looking at the page
    first, second = Client().get(address), Client().get(address, headers={"Accept-Encoding": "gzip"})
    data = first.getvalue()
    assert second.getvalue() == data
    assert "Content-Encoding" not in second.headers
    assert len(drawn) == 1
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not first.cookies
    again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = Client().head(address)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(data)))
    assert Client().post(address).status_code == 405


def test_an_old_address_leads_to_the_picture_of_today(lesson: LessonVersion) -> None:
    old = image_of(Client().get("/lessons/three-chemicals/").content.decode())
    LessonVersion(lesson=lesson.lesson, title="Four chemicals", summary="A sum.", body=lesson.body).add().publish()
    new = image_of(Client().get("/lessons/three-chemicals/").content.decode())
    assert new != old
    response = Client().get(old)
    assert (response.status_code, response.headers["Location"]) == (302, new)
    assert "max-age" not in response.headers["Cache-Control"]
    assert len(Client().get(old, follow=True).redirect_chain) == 1


def test_what_is_not_there_is_not_drawn(lesson: LessonVersion) -> None:
    for name, args in (
        ("lesson-card", ("nothing", "0")),
        ("unit-cover", ("nothing", "0")),
        ("unit-band", ("nothing", "day", 720, "0")),
        ("unit-band", ("trade-war-2019", "dusk", 720, "0")),
        ("unit-band", ("trade-war-2019", "day", 9999, "0")),
    ):
        assert Client().get(reverse(name, args=args)).status_code == 404
    assert settings.CACHES["pictures"]["OPTIONS"]["MAX_ENTRIES"] <= 500


@pytest.mark.django_db
def test_every_lesson_and_unit_has_a_picture_with_all_its_words(curriculum: None) -> None:
    on = reading.shelf()
    found = []
    for version in LessonVersion.objects.filter(status=Status.PUBLISHED).select_related("lesson"):
        page = reading.lesson_page(version.lesson.slug, on)
        assert settable(page.version.title)
        found.append(pictures.of_lesson(page, on).address)
        said = pictures.words(page.version.body, on)
        assert settable(said.korean)
        assert settable(said.japanese)
    found += [pictures.of_unit(unit, on).cover.address for unit in Unit.objects.all()]
    assert len(set(found)) == len(found) > 30
    treaty = Unit.objects.get(slug="treaty-1965")
    assert pictures.unit_words(treaty, on) == ("한일청구권협정", "日韓請求権協定")
