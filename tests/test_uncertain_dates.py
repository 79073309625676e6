"""Orders of events of which only the year or the month is known: every order that may be right is right."""

from itertools import combinations, permutations
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.asking import shuffled
from quizzes.models import Question, QuestionVersion
from quizzes.questions import ordering
from quizzes.questions.spans import before, days, longest_fit, nearest_order, span
from tests.samples import REFS, WORDS, typed

CONTENT: dict[str, Any] = {
    "items": ["radar", "controls", "boycott", "notice", "pause"],
    "when": {
        "radar": ["2018-12-20"],
        "controls": ["2019-07"],
        "boycott": ["2019-07", "2019-08"],
        "notice": ["2019-08-22"],
        "pause": ["2019-11-22"],
    },
}
TEXTS: dict[str, Any] = {
    "stem": "Put the events in order, earliest first.",
    "items": {key: f"The {key}" for key in CONTENT["items"]},
    "dates": {"notice": "late August 2019"},
    "feedback": {"general": "The radar dispute came first."},
    "explanation": "Each step answered the one before.",
}
pace = settings(max_examples=60, deadline=None, derandomize=True)
spans = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6)).map(lambda pair: (pair[0], sum(pair))), min_size=3, max_size=8
).map(lambda found: {str(n): each for n, each in enumerate(found)})


def is_right(order: tuple[str, ...] | list[str], found: dict[str, Any]) -> bool:
    return not any(before(found[later], found[earlier]) for earlier, later in combinations(order, 2))


@st.composite
def extensions(draw: st.DrawFn, found: dict[str, Any]) -> list[str]:
    """Any order of all events that contradicts no dates."""
    left, order = list(found), []
    while left:
        free = [key for key in left if not any(before(found[other], found[key]) for other in left)]
        order.append(draw(st.sampled_from(free)))
        left.remove(order[-1])
    return order


def dated(found: dict[str, Any]) -> dict[str, Any]:
    """The content of a question about events in these years."""
    items = sorted(found, key=lambda key: found[key])
    return {"items": items, "when": {key: [str(1900 + year) for year in found[key]] for key in items}}


def common(one: list[str], other: tuple[str, ...]) -> int:
    """Length of the longest common subsequence."""
    return max(n for n in range(len(one) + 1) for chosen in combinations(one, n) if is_within(chosen, other))


def is_within(chosen: tuple[str, ...], order: tuple[str, ...]) -> bool:
    rest = iter(order)
    return all(key in rest for key in chosen)


# Spans


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("1965", "1965-01-01", "1965-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-07-04", "2019-07-04", "2019-07-04"),
    ],
)
def test_a_date_is_a_span_of_days(iso: str, first: str, last: str) -> None:
    assert [str(day) for day in days(iso) or ()] == [first, last]


@pytest.mark.parametrize("iso", ["", "65", "19650", "1965-13", "1965-02-30", "0000", "1965-6", "1965/1970", "１９６５"])
def test_other_dates_are_none(iso: str) -> None:
    assert days(iso) is None
    assert span(["1965", iso]) is None


def test_a_span_goes_from_the_first_date_to_the_last() -> None:
    assert [str(day) for day in span(["1951-10", "1965-06-22"]) or ()] == ["1951-10-01", "1965-06-22"]
    assert span(["1965", "1951"]) is None
    assert span([]) is None


# Orders


@pace
@given(data=st.data())
def test_every_order_that_may_be_right_earns_everything(data: st.DataObject) -> None:
    found = data.draw(spans)
    content, order = dated(found), data.draw(extensions(found))
    answer = {"order": order}
    assert is_right(order, found)
    assert ordering.grade(content, answer).credit == 1
    assert all(ordering.grade(content, answer).parts.values())
    assert ordering.feedback(content, answer) == ()
    assert ordering.bucket(content, answer) == ordering.bucket(content, ordering.solution(content))
    parts = ordering.rows(content, TEXTS, answer, refs=REFS)
    assert all(part.right for part in parts)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_credit_is_the_longest_run_in_the_best_of_all_right_orders(data: st.DataObject) -> None:
    """Found the slow way: by every choice of events in every right order."""
    found = dict(list(data.draw(spans).items())[:5])
    given = data.draw(st.permutations(list(found)))
    right = [order for order in permutations(found) if is_right(order, found)]
    longest = max(common(given, order) for order in right)
    assert len(longest_fit(given, found)) == longest
    nearest = nearest_order(given, found)
    assert tuple(nearest) in right
    assert common(given, tuple(nearest)) == longest
    assert ordering.grade(dated(found), {"order": given}).credit == (longest - 1) / (len(found) - 1)


@pace
@given(items=st.permutations(list("abcdef")))
def test_without_dates_one_order_is_right(items: list[str]) -> None:
    content = {"items": list("abcdef")}
    run = max(n for n in range(7) for c in combinations(items, n) if list(c) == sorted(c))
    assert ordering.grade(content, {"order": items}).credit == (run - 1) / 5
    parts = ordering.rows(content, {"items": {}}, {"order": items}, refs=REFS)
    assert [part.expected for part in parts] == list("abcdef")
    assert [part.right for part in parts] == [a == b for a, b in zip(items, "abcdef", strict=True)]


@pace
@given(found=spans.filter(lambda found: not is_right(list(found)[::-1], found)), seed=st.integers(0, 99))
def test_order_shown_is_never_a_right_one(found: dict[str, Any], seed: int) -> None:
    content = dated(found)
    version = QuestionVersion(question=Question(kind="ordering"), content=content, texts={})
    order = shuffled(version, seed, 1)["items"]
    assert sorted(order) == sorted(found)
    assert ordering.grade(content, {"order": order}).credit < 1


# What is said


def test_table_says_where_either_order_counts() -> None:
    ordering.check(CONTENT, TEXTS)
    swapped = {"order": ["radar", "boycott", "controls", "pause", "notice"]}
    assert ordering.grade(CONTENT, swapped).credit == 0.75
    parts = ordering.rows(CONTENT, TEXTS, swapped, refs=REFS)
    assert [part.right for part in parts] == [True, True, True, False, False]
    assert [part.expected for part in parts] == [
        "The radar (20 December 2018)",
        "The boycott (July 2019–August 2019); may change places with 3, 4",
        "The controls (July 2019); may change places with 2",
        "The notice (late August 2019); may change places with 2",
        "The pause (22 November 2019)",
    ]
    assert ordering.describe(CONTENT, TEXTS, swapped, **WORDS).startswith("1. The radar 2. The boycott")


@pytest.mark.parametrize(
    ("when", "field"),
    [
        ({"pause": ["2018"]}, "when.pause"),
        ({"pause": []}, "when.pause"),
        ({"pause": ["2019", "2020", "2021"]}, "when.pause"),
        ({"pause": ["2019-12", "2019-11"]}, "when.pause"),
        ({"pause": [2019]}, "when.pause"),
        ({"pause": "2019"}, "when.pause"),
        ({"pause": ["2019-02-30"]}, "when.pause"),
        ({"other": ["2019"]}, "when"),
        ({key: ["2019"] for key in CONTENT["items"]}, "when"),
    ],
)
def test_dates_are_checked(when: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        ordering.check(CONTENT | {"when": CONTENT["when"] | when}, TEXTS)
    assert set(wrong.value.message_dict) == {field}
    with pytest.raises(ValidationError):
        ordering.check(CONTENT | {"when": None}, TEXTS)


def test_author_writes_dates_in_two_fields_an_item() -> None:
    sent = typed(ordering.author_form(content=CONTENT, texts=TEXTS, refs=REFS))
    assert [sent.get(f"item_{n}") for n in ("3_first", "3_last", "5_last")] == ["2019-07", "2019-08", None]
    after = ordering.author_form(sent | {"item_5_first": "2019", "item_5_last": "2020-01"}, refs=REFS)
    assert after.is_valid(), after.errors
    assert after.content["when"] == CONTENT["when"] | {"pause": ["2019", "2020-01"]}
    missing = ordering.author_form(sent | {"item_5_first": "", "item_2_first": "July"}, refs=REFS)
    assert set(missing.errors) == {"item_5_first", "item_2_first"}
    none = {name: "" for name in sent if name.endswith(("_first", "_last"))}
    plain = ordering.author_form(sent | none, refs=REFS)
    assert plain.is_valid(), plain.errors
    assert "when" not in plain.content
