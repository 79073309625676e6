"""The map of the region: it is right, it takes no side, and everybody can read it."""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import pytest

from lessons import coasts, markup, plots, region
from lessons.book import Book
from lessons.files import CURRICULUM
from lessons.region import PLACES, USUAL
from tests.html import check

FIGURES = re.compile(r"-?\d*\.?\d+")
TEXT = re.compile(r'<text(?: class="([^"]*)")? x="([\d.-]+)" y="([\d.-]+)"(?: text-anchor="(\w+)")?>(.*?)</text>')
DIRECTIVE = re.compile(r"^::: map(.*)$", re.M)
Ring = list[tuple[float, float]]


def rings(path: str) -> Iterator[Ring]:
    """The outlines of a path of `M x y l dx dy ...`."""
    for piece in path.split("M")[1:]:
        numbers = [float(n) for n in FIGURES.findall(piece)]
        x, y = numbers[:2]
        ring = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        yield ring


def inside(point: tuple[float, float], ring: Ring) -> bool:
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
    return odd


def from_land(point: tuple[float, float], path: str) -> float:
    """Kilometres to the nearest corner of this land; 0 on it."""
    found = list(rings(path))
    if any(inside(point, ring) for ring in found):
        return 0
    return min(math.dist(point, corner) for ring in found for corner in ring) * region.KM


LAND = {"korea": f"{coasts.KOREA} {coasts.BORDER}z{coasts.KOREAN_ISLANDS}", "japan": coasts.JAPAN}


# It is right


def kilometres(one: str, other: str) -> float:
    """On the globe."""
    (a, b), (c, d) = ((math.radians(PLACES[s].latitude), math.radians(PLACES[s].longitude)) for s in (one, other))
    return 6371 * math.acos(math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d))


@pytest.mark.parametrize(
    ("one", "other"), list(combinations(["seoul", "tokyo", "busan", "aomori", "hashima", "oki"], 2))
)
def test_distances_on_the_map_are_those_on_the_globe(one: str, other: str) -> None:
    drawn = math.dist(PLACES[one].at, PLACES[other].at) * region.KM
    assert drawn == pytest.approx(kilometres(one, other), rel=0.03)


def test_places_lie_on_their_own_shore() -> None:
    for slug, place in PLACES.items():
        x, y = place.at
        assert 0 < x < region.WIDTH
        assert 0 < y < region.HEIGHT
        if place.shore:
            other = "japan" if place.shore == "korea" else "korea"
            assert from_land(place.at, LAND[place.shore]) < 15, slug
            assert from_land(place.at, LAND[other]) > 30, slug


def test_what_is_said_of_distances_is_so() -> None:
    said = str(PLACES["dokdo-takeshima"].where)
    assert re.findall(r"\d+", said) == ["87", "158"]  # as both governments give them
    assert kilometres("dokdo-takeshima", "ulleung") == pytest.approx(87, abs=10)  # ours are from middle to middle
    assert kilometres("dokdo-takeshima", "oki") == pytest.approx(158, abs=10)
    assert kilometres("panmunjom", "seoul") == pytest.approx(50, abs=5)
    assert kilometres("hashima", "nagasaki") == pytest.approx(20, abs=3)


# It takes no side


def test_disputed_islands_bear_neither_colour_and_both_names_in_one_size() -> None:
    place = PLACES["dokdo-takeshima"]
    assert place.shore == ""
    assert [language for language, _name in place.natives] == ["ko", "ja"]
    drawn = region.dots(["dokdo-takeshima", "ulleung", "osaka"])
    towns = re.findall(r'<circle class="(town[^"]*)"[^>]* r="(\d+)"', drawn)
    assert towns == [("town", "5"), ("town korea", "4"), ("town japan", "4")]
    names = [inner for _style, _x, _y, _anchor, inner in TEXT.findall(drawn)]
    assert "Dokdo / Takeshima" in names
    both = '<tspan class="native" lang="ko">독도</tspan> / <tspan class="native" lang="ja">竹島</tspan>'
    assert both in names
    assert str(region.SEA[0]) == "Sea of Japan / East Sea"  # here the other side comes first
    assert [language for language, _name in region.SEA[1]] == ["ja", "ko"]


def test_who_holds_and_who_claims_them_is_said_whenever_they_are_shown() -> None:
    with_them = region.figure(["dokdo-takeshima"], key="m")
    assert "administered by the Republic of Korea and claimed by Japan" in with_them
    assert "administered by the Republic of Korea and claimed by Japan" in region.figure(key="m")
    assert "claimed by Japan" not in region.figure(["busan"], key="m")


def test_neither_shore_is_drawn_louder_and_no_border_is_drawn() -> None:
    drawn = re.findall(r'<path class="([^"]+)" d="([^"]+)"', region.ground())
    styles = [style for style, _d in drawn]
    assert sum("shoreline" in style for style in styles) == 2
    assert styles.count("shelf korea") == styles.count("shelf japan") == 1
    lines = [d for style, d in drawn if "shoreline" in style or style == "truce"]
    assert not any(coasts.BORDER in d for d in lines)


# Everybody can read it


def test_native_names_are_in_their_own_script() -> None:
    scripts = {"ko": r"[가-힣]+", "ja": r"[一-龯]+"}
    every = [native for place in PLACES.values() for native in place.natives] + [*region.SEA[1], *region.STRAIT[1]]
    assert all(re.fullmatch(scripts[language], name) for language, name in every)


def test_every_place_is_also_said_in_words() -> None:
    page = region.figure(key="m")
    table = page[page.index("<details") :]
    for slug in USUAL:
        assert str(PLACES[slug].name) in table
        assert str(PLACES[slug].where) in table
    read = check(page)
    drawing = next(attrs for tag, attrs in read.elements if tag == "svg")
    assert drawing["role"] == "img"
    ids = {attrs.get("id") for _tag, attrs in read.elements}
    assert set(str(drawing["aria-labelledby"]).split()) <= ids


def boxes(drawn: str) -> list[tuple[str, float, float, float, float]]:
    """Each text with its box as a phone shows it: left, top, right, bottom."""
    found = []
    for style, x, y, anchor, inner in TEXT.findall(drawn):
        size = region.NATIVE if style in ("state", "sea strait") else region.NAME
        native = "".join(re.findall(r"<tspan[^>]*>([^<]*)", inner))
        other = re.sub(r"<tspan[^>]*>[^<]*</tspan>", "", inner)
        width = plots.measure(other, size) * 0.84 + len(native) * region.NATIVE  # `measure` is wide on purpose
        left = float(x) - {"": 0, "start": 0, "middle": width / 2, "end": width}[anchor]
        found.append((re.sub(r"<[^>]+>", "", inner), left, float(y) - size * 0.7, left + width, float(y) + 1))
    return found


def maps() -> Iterable[Any]:
    """The usual map, and every one in the lessons."""
    yield pytest.param((), id="usual")
    for path in sorted(CURRICULUM.glob("*/*/*.md")):
        for places in DIRECTIVE.findall(path.read_text()):
            yield pytest.param(tuple(places.split()), id=f"{path.stem}:{places.strip()}")


@pytest.mark.parametrize("told", list(maps()))
def test_no_two_names_meet_on_a_phone_and_none_is_cut_off(told: tuple[str, ...]) -> None:
    drawn = region.waters(strait=True) + region.states() + region.dots(region.shown(told), told)
    texts = boxes(drawn)
    assert len(texts) > 10
    for name, left, _top, right, bottom in texts:
        assert left >= -2, name
        assert right <= region.WIDTH + 2, name
        assert bottom <= region.HEIGHT, name
    meeting = [
        (a[0], b[0]) for a, b in combinations(texts, 2) if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]
    assert meeting == []


# In a lesson


def html(body: str) -> str:
    return "".join(str(block.html) for block in markup.render(body, Book(), language="en").blocks)  # type: ignore[union-attr]


def test_a_lesson_shows_the_places_it_names_and_the_capitals() -> None:
    page = html("::: map busan tsushima\nThe **strait**.[background: a map]\n:::")
    read = check(page)
    assert "The <strong>strait</strong>." in page
    assert {"Busan", "Tsushima", "Seoul", "Pyongyang", "Tokyo"} == {
        str(place.name) for place in PLACES.values() if re.search(rf">{place.name} <tspan", page)
    }
    assert [attrs["class"] for tag, attrs in read.elements if "ring" in str(attrs.get("class", ""))] == [
        "ring korea",
        "ring japan",
    ]
    assert page.count('class="told"') == 2


def test_two_maps_on_a_page_share_no_id() -> None:
    check(html("::: map\n:::\n\n::: map busan\n:::"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("::: map atlantis\n:::", "no place “atlantis”"),
        ("::: map busan atlantis\n:::", "no place “atlantis”"),
        ("::: map Busan\n:::", "names of places"),
        ("::: map busan, osaka\n:::", "names of places"),
        ("::: map busan\nText", "never closed"),
    ],
)
def test_a_place_that_is_not_on_the_map_is_said(body: str, says: str) -> None:
    assert says in str(markup.scan(body).problems[0])
    check(html(body))


def test_the_words_under_a_map_count_and_refer() -> None:
    scan = markup.scan("::: map busan\nThree words here.[WP-16a]\n:::")
    assert (scan.words, [c.code for c in scan.claims], scan.problems) == (3, ["WP-16a"], ())
