"""Figures: every value can be read, in the drawing and in the table, on a phone too, and without colour."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import charts, plots
from lessons.charts import Mark, Point, Series
from tests.html import check

SHORES = {"south-korea": "South Korea", "japan": "Japan"}
RANKS = Series(
    "slope",
    "Competitiveness rank",
    (
        Point("south-korea", "1995", 26, "DE-25a"),
        Point("japan", "1995", 4, "DE-25a"),
        Point("south-korea", "2020", 23, "DE-25b"),
        Point("japan", "2020", 34, "DE-25b"),
    ),
    unit="rank",
    invert=True,
    groups=SHORES,
    caution="Two years only; the method changed.",
)
DEFICIT = Series(
    "line",
    "The deficit was falling",
    tuple(Point("deficit", at, value, "", True) for at, value in (("2010", 36.1), ("2018", 24.1), ("2019", 19.2))),
    unit="billion US dollars",
    marks=(Mark("2019-07", "July 2019: stricter licences"),),
    description="It falls throughout.",
)
BARS = Series(
    "bars",
    "Visitors",
    (Point("printed", "2022", 2_400_000, "BC-11c"), Point("official", "2022", 296_867, "", True)),
    groups={"printed": "Japanese to Korea, printed", "official": "Japanese to Korea, official"},
)
ESTIMATES = Series(
    "dots",
    "Estimates",
    (
        Point("low", "1999", 20_000),
        Point("wide", "1990s", 50_000),
        Point("wide", "1990s", 200_000),
        Point("long", "undated", 400_000),
    ),
    groups={"low": "Hata Ikuhiko", "wide": "Yoshimi Yoshiaki", "long": "A very long name " * 4},
)
YEARLY = Series(
    "line",
    "Two lines that cross",
    tuple(Point(group, str(2010 + n), value) for group in SHORES for n, value in enumerate(
        (10, 12, 15, 13, 18, 22, 25, 24, 28, 31) if group == "japan" else (30, 29, 28, 28, 26, 25, 24, 23, 22, 20)
    )),
    groups=SHORES,
)  # fmt: skip
NEGATIVE = Series("bars", "Growth", (Point("a", "2018", -60), Point("b", "2018", 20)), unit_sign="%")
ALL = {s.title: s for s in (RANKS, DEFICIT, BARS, ESTIMATES, YEARLY, NEGATIVE)}


def drawn(series: Series) -> ElementTree.Element:
    return ElementTree.fromstring(charts.svg(series, key="c-1"))


def texts(root: ElementTree.Element) -> list[tuple[str, plots.Box]]:
    """Each text with the box it takes up on a phone."""
    found = []
    for node in root.iter("text"):
        size = plots.BIG if node.get("class") == "big" else plots.SMALL
        width = plots.measure(node.text or "", size)
        left = float(node.get("x", 0)) - {"middle": width / 2, "end": width}.get(node.get("text-anchor", ""), 0)
        base = float(node.get("y", 0))
        found.append((node.text or "", (left, base - 0.74 * size, left + width, base + 0.04 * size)))
    return found


def no_text_meets_another(series: Series) -> None:
    root = drawn(series)
    height = float(root.get("viewBox", "").split()[3])
    boxes = texts(root)
    for i, (text, box) in enumerate(boxes):
        assert box[0] >= -6, (text, box)
        assert box[2] <= plots.WIDTH + 6, (text, box)
        assert box[1] >= -1, (text, box)
        assert box[3] <= height + 1, (text, box)
        for other, its in boxes[i + 1 :]:
            meet = min(box[2], its[2]) - max(box[0], its[0]) > 1 and min(box[3], its[3]) - max(box[1], its[1]) > 1
            assert not meet, (text, box, other, its)


def cells(series: Series) -> list[str]:
    return re.findall(r'<td class="n">(.*?)</td>', charts.table(series))


@pytest.mark.parametrize("series", ALL.values(), ids=ALL.keys())
def test_every_chart_is_readable(series: Series) -> None:
    root = drawn(series)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-1-title c-1-desc"
    assert [root[0].tag, root[0].text, root[1].tag] == ["title", series.title, "desc"]
    assert root[1].text
    assert "style" not in charts.svg(series, key="c-1")
    shown = " ".join(text for text, _box in texts(root))
    for point in series.points:
        assert charts.number(point.value, series.unit_sign) in shown
        assert charts.number(point.value, series.unit_sign) in cells(series)
    assert len(cells(series)) == len(series.points)
    no_text_meets_another(series)
    check(charts.figure(series, key="c-1"))


def test_shores_differ_by_shape_and_by_name() -> None:
    svg = charts.svg(RANKS, key="c-1")
    assert svg.count('<circle class="dot korea"') == 2
    assert svg.count('<rect class="dot japan"') == 2
    assert ">South Korea</text>" in svg
    assert ">Japan</text>" in svg


def test_the_best_rank_is_at_the_top() -> None:
    root = drawn(RANKS)
    heights = {text: box[1] for text, box in texts(root)}
    assert heights["4"] < heights["23"] < heights["26"] < heights["34"]
    assert "The best place, 1, is at the top." in charts.figure(RANKS, key="c-1")


def test_bars_begin_at_zero() -> None:
    a, b = [float(rect.get("width", 0)) for rect in drawn(BARS).iter("rect")]
    assert a / b == pytest.approx(2_400_000 / 296_867, rel=0.01)
    left, right = list(drawn(NEGATIVE).iter("rect"))
    zero = float(right.get("x", 0))
    assert float(left.get("x", 0)) + float(left.get("width", 0)) == pytest.approx(zero, abs=0.2)


def test_lines_begin_at_zero() -> None:
    assert "0" in [text for text, _box in texts(drawn(DEFICIT))]


def test_a_line_over_years_without_figures_is_dotted_and_says_so() -> None:
    assert charts.svg(DEFICIT, key="c-1").count('class="data"') == 1  # 2010 to 2018
    assert charts.svg(DEFICIT, key="c-1").count('class="data dense"') == 1  # 2018 to 2019
    assert "the dots between them are not data" in charts.figure(DEFICIT, key="c-1")
    assert "not data" not in charts.figure(YEARLY, key="c-1")


def test_background_is_told_apart() -> None:
    assert 'class="block hollow"' in charts.svg(BARS, key="c-1")
    assert "Hollow shapes are background figures" in charts.figure(BARS, key="c-1")
    assert "Background figures, in none of the five documents." in charts.figure(DEFICIT, key="c-1")
    assert "<td>background</td>" in charts.table(BARS)


def test_sources_are_linked_once_below_and_in_each_row() -> None:
    out = charts.figure(RANKS, key="c-1", cite=lambda claim: f'<a href="/x/#{claim}">{claim}</a>')
    assert '<p class="small soft">Figures from <a href="/x/#DE-25a">DE-25a</a>, <a href="/x/#DE-25b">' in out
    assert out.count('<td><a href="/x/#DE-25a">') == 2


def test_a_row_without_dates_is_never_drawn_as_a_line() -> None:
    points = (Point("a", "1990", 6516), Point("a", "undated", 30_000))
    series = Series("line", "Income", points, unit_sign="$", groups={"a": "A"})
    assert "<rect" in charts.svg(series, key="c-1")
    assert cells(series) == ["$6,516", "$30,000"]


def test_a_slope_of_one_group_is_a_line() -> None:
    series = Series("slope", "Place", (Point("a", "2018", 2), Point("a", "2019", 4)), invert=True)
    assert charts.plot(series).kind == "line"


@pytest.mark.parametrize(
    ("at", "words", "moment"),
    [
        ("2010", "2010", 2010.5),
        ("2019-07", "July 2019", 2019 + 6 / 12 + 1 / 24),
        ("2023-03-30", "30 March 2023", None),
        ("2023-02-31", "2023-02-31", None),
        ("2023-13", "2023-13", None),
        ("1910-1945", "1910–1945", None),
        ("1990s", "1990s", None),
        ("undated", "undated", None),
    ],
)
def test_dates_in_words(at: str, words: str, moment: float | None) -> None:
    assert charts.when(at) == words
    if moment:
        assert charts.moment(at) == pytest.approx(moment)


@pytest.mark.parametrize(
    ("value", "sign", "shown"),
    [
        (36.1, "", "36.1"),
        (Decimal("24.1000"), "%", "24.1%"),
        (Decimal("60.0000"), "%", "60%"),
        (2_400_000, "", "2,400,000"),
        (-5, "%", "\u22125%"),
        (-1200.5, "$", "\u2212$1,200.5"),
        (0, "", "0"),
    ],
)
def test_numbers_in_words(value: Decimal | float, sign: str, shown: str) -> None:
    assert charts.number(value, sign) == shown


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_cannot_be_drawn_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Series("line", "x", (Point("a", "2010", value),))
    with pytest.raises(ValueError, match="points"):
        Series("line", "x", ())
    with pytest.raises(ValueError, match="chart is one of"):
        Series("pie", "x", (Point("a", "2010", 1),))


POINTS = st.builds(
    Point,
    group=st.sampled_from(["south-korea", "japan", "a", "b"]),
    at=st.sampled_from([*map(str, range(1990, 2024, 3)), "2019", "2020", "2019-07", "2023-03-30", "undated", "1990s"]),
    value=st.one_of(
        st.integers(-1000, 5_000_000), st.decimals(-99, 999, places=1), st.sampled_from([0, 1, 2, 3, 10, 100])
    ),
    claim=st.sampled_from(["", "WP-16a"]),
    background=st.booleans(),
)
SERIES = st.builds(
    Series,
    chart=st.sampled_from(charts.KINDS),
    title=st.sampled_from(["A title", "<b>&\"'"]),
    points=st.lists(POINTS, min_size=1, max_size=10).map(tuple),
    unit=st.sampled_from(["", "percent"]),
    unit_sign=st.sampled_from(["", "%", "$"]),
    invert=st.booleans(),
    groups=st.sampled_from([SHORES, SHORES | {"a": "한국 수출 " * 9, "b": "Long name without end " * 6}]),
    marks=st.sampled_from([(), (Mark("2019-07", "July 2019: stricter licences, announced in Tokyo " * 2),)]),
)


@settings(max_examples=150, deadline=None)
@given(SERIES)
def test_any_series_is_drawn_so_that_no_text_meets_another(series: Series) -> None:
    no_text_meets_another(series)
    check(charts.figure(series, key="c-1"))
    assert cells(series) == [charts.number(point.value, series.unit_sign) for point in series.points]
