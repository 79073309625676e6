"""Timeline questions: which years are read, what a near miss earns, and what the scale shows."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from quizzes.questions import timeline
from quizzes.questions.scale import Scale
from tests.samples import REFS, SAMPLES, WORDS, form, post, typed

CONTENT, TEXTS = SAMPLES["timeline"]
ONE = {"from": 1900, "to": 2025, "events": ["treaty"], "right": {"treaty": 1965}, "tolerance": 2, "reach": 12}
SAID = {"stem": "When?", "explanation": "Then.", "events": {"treaty": "The treaty"}, "feedback": {"treaty": "Look."}}


def sent(year: str, language: str = "en", content: Any = None) -> Any:
    blank = timeline.form(ONE, SAID, order={}, **WORDS)
    words = WORDS | {"language": language}
    data = {blank.add_prefix(name): year for name in blank.fields}
    return timeline.form(content or ONE, SAID, order={}, data=data, **words)


# Years


@pytest.mark.parametrize(
    ("text", "language", "year"),
    [
        ("1965", "en", 1965),
        (" 1965 ", "en", 1965),
        ("１９６５", "ja", 1965),
        ("1 965", "en", 1965),
        ("1\u2009965", "en", 1965),
        ("1,965", "en", 1965),
        ("1.965", "de", 1965),
        ("١٩٦٥", "en", 1965),
        ("01965", "en", 1965),
    ],
)
def test_year_as_people_write_it(text: str, language: str, year: int) -> None:
    read = sent(text, language)
    assert read.is_valid(), read.errors
    assert read.answer == {"years": {"treaty": year}}


@pytest.mark.parametrize(
    "text",
    ["", "nan", "inf", "1e400", "1e3", "1_000", "1_965", "-1965", "\u22121965", "65", "1965.5", "19650", "about 1965",
     "1899", "2026", "½", "\x00"],
)  # fmt: skip
def test_what_is_no_year_of_the_scale_is_told_and_kept(text: str) -> None:
    read = sent(text)
    assert not read.is_valid()
    assert read.error
    assert f'value="{text}"' in str(read).replace("&#x27;", "'")
    if text in ("1899", "2026"):
        assert read.error == "Write a year from 1900 to 2025."


def test_error_names_the_event_where_there_are_several() -> None:
    data = post("timeline", timeline.solution(CONTENT)).copy()
    first = next(iter(data))
    data[first] = "65"
    read = form("timeline", data=data)
    assert read.error.startswith("“The t")
    assert "Write the year in full" in read.error
    assert [event["wrong"] for event in read.events()] == [True, False]


# Credit


@pytest.mark.parametrize(
    ("year", "credit", "bucket"),
    [
        (1965, 1, "right"),
        (1963, 1, "right"),
        (1967, 1, "right"),
        (1968, 0.9, "near-late"),
        (1962, 0.9, "near-early"),
        (1954, 0.1, "near-early"),
        (1953, 0, "early"),
        (2025, 0, "late"),
    ],
)
def test_credit_falls_with_the_distance(year: int, credit: float, bucket: str) -> None:
    answer = {"years": {"treaty": year}}
    assert timeline.grade(ONE, answer).credit == pytest.approx(credit)
    assert timeline.bucket(ONE, answer) == f"treaty={bucket}"
    assert timeline.feedback(ONE, answer) == (() if credit == 1 else ("treaty",))


def test_without_reach_a_near_miss_earns_nothing() -> None:
    content = {name: value for name, value in ONE.items() if name != "reach"}
    timeline.check(content, SAID)
    credits = [timeline.grade(content, {"years": {"treaty": year}}).credit for year in (1962, 1963, 1967, 1968)]
    assert credits == [0, 1, 1, 0]
    assert "near miss" in str(sent("1965"))
    assert "near miss" not in str(sent("1965", content=content))


def test_any_year_of_several_is_right_and_events_share_the_credit() -> None:
    for talks in (1950, 1951, 1958, 1964, 1965):
        assert timeline.grade(CONTENT, {"years": {"treaty": 1965, "talks": talks}}).credit == 1
    assert timeline.grade(CONTENT, {"years": {"treaty": 1965, "talks": 1970}}).credit == pytest.approx((1 + 0.5) / 2)
    assert timeline.grade(CONTENT, {"years": {"treaty": 1965}}).credit == 0.5
    assert timeline.grade(CONTENT, {"years": {"treaty": True, "talks": 10**5000}}).credit == 0


# What is said


def test_table_says_how_far_off_and_what_counts() -> None:
    told = timeline.rows(CONTENT, TEXTS, {"years": {"treaty": 1964, "talks": 1966}}, refs=REFS)
    assert [(part.given, part.expected, part.right) for part in told] == [
        ("1964 (1 year early)", "22 June of that year (from 1964 to 1966 counts)", True),
        ("1966 (2 years late)", "1951–1964 (from 1950 to 1965 counts)", False),
    ]
    assert timeline.describe(ONE, SAID, {"years": {"treaty": 1964}}, **WORDS) == "1964"
    said = timeline.describe(CONTENT, TEXTS, {"years": {"treaty": 1964, "talks": 1966}}, **WORDS)
    assert said == "The treaty <all> is signed → 1964; Talks 会談 go on → 1966"


# The scale


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (1900, 2025, [1900, 1925, 1950, 1975, 2000, 2025]),
        (1945, 2023, [1945, 1960, 1980, 2000, 2023]),
        (2015, 2025, [2015, 2018, 2020, 2022, 2025]),
        (100, 9999, [100, 2000, 4000, 6000, 8000, 9999]),
    ],
)
def test_marks_are_round_years_and_both_ends(first: int, last: int, years: list[int]) -> None:
    marks = Scale(first, last).marks()
    assert [mark.year for mark in marks] == years
    assert (marks[0].at, marks[-1].at) == ("0.00%", "100.00%")


def test_only_what_is_typed_is_sent_and_the_slider_waits_for_the_script() -> None:
    page = str(form("timeline"))
    assert page.count('type="range"') == 2
    assert page.count("hidden>") == 3  # two sliders, and the words that speak of them
    for slider in page.split("<input")[1:]:
        attributes = slider.split(">")[0]
        assert ("name=" in attributes) != ('type="range"' in attributes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from": 2025, "to": 1900}, "from"),
        ({"from": 1960, "to": 1969}, "from"),
        ({"from": 99}, "from"),
        ({"to": 10**400}, "from"),
        ({"from": "1900"}, "from"),
        ({"to": True}, "to"),
        ({"right": {"treaty": 1899, "talks": 1951}}, "right.treaty"),
        ({"right": {"treaty": [1951, 2026], "talks": 1951}}, "right.treaty"),
        ({"right": {"treaty": [1965, 1951], "talks": 1951}}, "right.treaty"),
        ({"right": {"treaty": [1965, 1965], "talks": 1951}}, "right.treaty"),
        ({"right": {"treaty": 1965.5, "talks": 1951}}, "right.treaty"),
        ({"right": {"treaty": 1965}}, "right.talks"),
        ({"right": {"treaty": 1965, "talks": 1951, "war": 1941}}, "right"),
        ({"tolerance": -1}, "tolerance"),
        ({"tolerance": 125, "reach": 126}, "tolerance"),
        ({"tolerance": 5, "reach": 5}, "reach"),
        ({"reach": 126}, "reach"),
        ({"reach": "9"}, "reach"),
        ({"events": []}, "events"),
        ({"events": list("abcdef")}, "events"),
    ],
)
def test_timeline_is_checked(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        timeline.check(CONTENT | changes, TEXTS)
    assert field in wrong.value.message_dict


def test_author_reads_the_error_beside_the_field() -> None:
    good = typed(timeline.author_form(content=CONTENT, texts=TEXTS, refs=REFS))
    for field, value in [
        ("from", "early"),
        ("to", "2025.5"),
        ("reach", "1"),
        ("event_1_first", "1800"),
        ("event_2_last", "then"),
        ("event_1_feedback", ""),
    ]:
        after = timeline.author_form(good | {field: value}, refs=REFS)
        assert set(after.errors) == {field}, field
        assert after[field].value() == value
