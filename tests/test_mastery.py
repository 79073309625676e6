"""A skill in a unit: new, learning, mastered or fading, by a rule that can be said in two sentences."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from progress.mastery import ENOUGH, RECENT, Grasp, Known, grasp, together

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
NEW, LEARNING, MASTERED, FADING = Grasp


def known(*credits: float, recall: float = 0.95) -> list[Known]:
    """Questions answered one a day, the last one last."""
    return [Known(BEGIN + timedelta(days=n), credit, recall) for n, credit in enumerate(credits)]


RULE = [
    # latest answers, recall, how many questions there are, state
    ([], 0.95, 9, NEW),
    ([1], 0.95, 9, LEARNING),
    ([1, 1], 0.95, 9, LEARNING),
    ([1, 1, 1], 0.95, 9, MASTERED),
    ([1, 1], 0.95, 2, MASTERED),  # all there are
    ([1], 0.95, 1, MASTERED),
    ([1], 0.95, 2, LEARNING),
    ([1, 1, 0.4], 0.95, 9, MASTERED),  # exactly 80 percent
    ([1, 1, 0.39], 0.95, 9, LEARNING),
    ([1, 1, 0], 0.5, 9, LEARNING),  # never mastered, so it does not fade
    ([1, 1, 1], 0.8, 9, MASTERED),
    ([1, 1, 1], 0.79, 9, FADING),
    ([0, 0, 0] + [1] * RECENT, 0.95, 30, MASTERED),  # what lies further back says little
    ([1] * RECENT + [0, 0, 0], 0.95, 30, LEARNING),
]


@pytest.mark.parametrize(("credits", "recall", "there", "expected"), RULE)
def test_the_state_of_a_skill(credits: list[float], recall: float, there: int, expected: Grasp) -> None:
    found = known(*credits, recall=recall)
    assert grasp(found, there) == expected
    assert grasp(found[::-1], there) == expected, "the order given does not matter"


@given(some.lists(some.sampled_from([0.0, 0.5, 1.0]), max_size=15), some.integers(1, 20))
def test_one_more_right_answer_never_takes_a_skill_back(credits: list[float], there: int) -> None:
    order = [NEW, LEARNING, MASTERED]
    before, after = known(*credits), known(*credits, 1)
    if len(credits) < RECENT or credits[-RECENT] < 1:
        assert order.index(grasp(after, there)) >= order.index(grasp(before, there))
    assert grasp(known(*[1] * ENOUGH), there) == MASTERED


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], NEW),
        ([NEW, NEW], NEW),
        ([NEW, MASTERED], LEARNING),
        ([NEW, LEARNING], LEARNING),
        ([MASTERED, MASTERED], MASTERED),
        ([MASTERED, FADING], FADING),
        ([FADING, LEARNING], LEARNING),
    ],
)
def test_several_together(parts: list[Grasp], expected: Grasp) -> None:
    assert together(parts) == expected
