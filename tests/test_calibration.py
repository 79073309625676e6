"""How well a learner judges themselves: shares, verdicts and the places of the drawing."""

import pytest
from django.template.loader import render_to_string

from quizzes.calibration import ENOUGH, LEFT, RIGHT, Level, levels, picture
from quizzes.grading import certainty_mark


def said(certainty: int, right: int, wrong: int) -> list[tuple[int, float]]:
    return [(certainty, True)] * right + [(certainty, False)] * wrong


def level(certainty: int, right: int, wrong: int) -> Level:
    return levels(said(certainty, right, wrong))[certainty - 1]


@pytest.mark.parametrize(
    ("certainty", "right", "wrong", "says"),
    [
        (1, 0, 0, "none"),
        (1, ENOUGH - 1, 0, "few"),
        (1, 0, 30, "fits"),
        (1, 20, 10, "fits"),  # exactly two of three
        (1, 21, 9, "shy"),
        (2, 19, 11, "bold"),
        (2, 20, 10, "fits"),
        (2, 24, 6, "fits"),  # exactly four of five
        (2, 25, 5, "shy"),
        (3, 23, 7, "bold"),
        (3, 24, 6, "fits"),
        (3, 30, 0, "fits"),
    ],
)
def test_what_a_level_says(certainty: int, right: int, wrong: int, says: str) -> None:
    assert level(certainty, right, wrong).says == says


def test_a_level_pays_in_its_band_and_no_other_does_better_there() -> None:
    """The bands are where the certainty marks say: at each share the level of its band has the highest mean mark."""
    for percent in range(101):
        p = percent / 100
        means = [p * certainty_mark(1, n) + (1 - p) * certainty_mark(0, n) for n in (1, 2, 3)]
        best = [n for n in (1, 2, 3) if means[n - 1] > max(means) - 1e-9]
        bands = [each.value for each in levels([]) if each.low - 1e-6 <= p <= each.high + 1e-6]
        assert bands == best


def test_parts_count_as_parts() -> None:
    assert levels([(2, 0.5), (2, 1), (1, 0)])[1].share == 0.75


def test_the_drawing_places_the_dot_by_the_share_and_the_bands_side_by_side() -> None:
    drawn = picture([*said(1, 0, 10), *said(2, 10, 10), *said(3, 10, 0)])
    assert [row.dot for row in drawn.rows] == [LEFT, (LEFT + RIGHT) // 2, RIGHT]
    for above, below in zip(drawn.rows, drawn.rows[1:], strict=False):
        assert above.band + above.wide == below.band
        assert above.middle < below.top
    assert drawn.rows[0].band == LEFT
    assert drawn.rows[-1].band + drawn.rows[-1].wide == RIGHT
    assert [(percent, anchor) for _x, percent, anchor in drawn.marks] == [
        (0, "start"), (67, "end"), (80, "start"), (100, "end"),
    ]  # fmt: skip
    assert drawn.n == 40


def test_the_table_says_all_that_the_drawing_shows() -> None:
    html = render_to_string("quizzes/_calibration.html", {"picture": picture([*said(2, 15, 5), *said(3, 6, 6)])})
    table = html.partition("<table")[2]
    for words in ("Fairly sure", "75 %", "from 67 to 80 %", "you judge yourself well", "50 %", "less often than you"):
        assert words in table
    assert "style=" not in html
