"""When a question comes back: what an answer is rated, what FSRS-6 keeps of it, exams, order, siblings."""

from datetime import UTC, datetime, timedelta, timezone
from functools import reduce
from itertools import pairwise

import pytest
from fsrs import Rating
from hypothesis import given, settings
from hypothesis import strategies as some

from progress import schedule
from progress.schedule import (
    DAY,
    EXAM_RECALL,
    REST,
    SITTING,
    Answer,
    Memory,
    back,
    due,
    rating,
    reading_time,
    remember,
    share,
    sibling,
    sittings,
    urgency,
)

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def answer(after: timedelta = timedelta(0), credit: float = 1, certainty: int | None = None, *, q: int = 1) -> Answer:
    return Answer(q, BEGIN + after, credit, certainty)


def memory(*answers: Answer) -> Memory:
    found = remember(answers)
    assert found
    return found


# --- ratings -----------------------------------------------------------------------------------------------

READING = 20.0
RATINGS = [
    # credit, certainty, took, rating
    (0, None, None, Rating.Again),
    (0, 1, None, Rating.Again),
    (0, 3, 5, Rating.Again),
    (0.49, 2, None, Rating.Again),
    (0.5, None, None, Rating.Hard),
    (0.99, 3, 5, Rating.Hard),
    (1, 1, None, Rating.Hard),  # guessed
    (1, 1, 5, Rating.Hard),
    (1, None, None, Rating.Good),  # not asked
    (1, None, 5, Rating.Good),
    (1, 2, 5, Rating.Good),
    (1, 3, None, Rating.Good),  # an unknown time is never quick
    (1, 3, 21, Rating.Good),
    (1, 3, 20, Rating.Easy),
    (1, 3, 0, Rating.Easy),
]


@pytest.mark.parametrize(("credit", "certainty", "took", "expected"), RATINGS)
def test_ratings(credit: float, certainty: int | None, took: int | None, expected: Rating) -> None:
    assert rating(credit, certainty, took, READING) == expected


def test_without_a_known_length_nothing_is_quick() -> None:
    assert rating(1, 3, 1) == Rating.Good


def test_time_to_read_grows_with_words_and_with_what_there_is_to_place() -> None:
    assert reading_time(40, 1) == 12
    assert reading_time(40, 5) == 20


# --- sittings ----------------------------------------------------------------------------------------------


def rated(*answers: Answer) -> list[Rating]:
    return [sitting.rating for sitting in sittings(answers)]


def test_answers_within_ten_minutes_count_once_and_the_first_one_speaks() -> None:
    crammed = [answer(n * MINUTE, credit=n > 0) for n in range(10)]
    assert rated(*crammed) == [Rating.Again]
    assert rated(*crammed, answer(SITTING)) == [Rating.Again, Rating.Good]
    assert rated(answer(), answer(2 * MINUTE, 0)) == [Rating.Good]


def test_a_sitting_does_not_grow_with_its_answers() -> None:
    assert len(sittings(answer(n * 9 * MINUTE) for n in range(4))) == 2


def test_different_questions_of_a_card_count_with_their_mean() -> None:
    assert rated(answer(), answer(MINUTE, 0, q=2)) == [Rating.Hard]
    assert rated(answer(credit=0), answer(MINUTE, 0, q=2), answer(2 * MINUTE, q=3)) == [Rating.Again]
    assert rated(answer(certainty=3), answer(MINUTE, q=2)) == [Rating.Good]
    assert rated(answer(certainty=3), answer(MINUTE, certainty=1, q=2)) == [Rating.Hard]


def test_several_questions_in_a_row_are_never_quick() -> None:
    quick = [Answer(q, BEGIN + q * MINUTE, 1, 3, 1, READING) for q in (1, 2)]
    assert rated(quick[0]) == [Rating.Easy]
    assert rated(*quick) == [Rating.Good]


def test_answers_may_come_in_any_order() -> None:
    answers = [answer(n * DAY, credit=n % 2) for n in range(6)]
    assert remember(reversed(answers)) == remember(answers)


# --- what is remembered ------------------------------------------------------------------------------------


def test_the_published_sequence_of_intervals() -> None:
    """py-fsrs, the first test of its suite: good six times, again twice, good five times, each when it is due."""
    answers, intervals, at = [], [], BEGIN
    for right in [True] * 6 + [False] * 2 + [True] * 5:
        answers.append(Answer(1, at, float(right)))
        at = memory(*answers).due
        intervals.append((at - answers[-1].at).days)
    assert intervals == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


credits = some.sampled_from([0.0, 0.5, 1.0])
histories = some.lists(
    some.tuples(some.integers(0, 60 * 24 * 90), credits, some.sampled_from([None, 1, 2, 3])), min_size=1, max_size=12
).map(lambda rows: [answer(minutes * MINUTE, credit, sure) for minutes, credit, sure in rows])


@settings(max_examples=60, deadline=None)
@given(histories)
def test_a_replay_is_the_same_as_going_step_by_step(answers: list[Answer]) -> None:
    first, *more = sittings(answers)
    start = remember([a for a in answers if a.at < first.at + SITTING])
    assert start
    assert remember(answers) == reduce(Memory.after, more, start)


@settings(max_examples=60, deadline=None)
@given(histories)
def test_recall_falls_with_time_and_what_is_due_stands_at_ninety_percent(answers: list[Answer]) -> None:
    kept = memory(*answers)
    recalls = [kept.recall(kept.last.at + n * DAY) for n in range(60)]
    assert recalls[0] == 1
    assert all(later < sooner for sooner, later in pairwise(recalls))
    if (kept.due - kept.last.at) >= 2 * DAY:  # whole days, rounded
        assert kept.recall(kept.due) == pytest.approx(0.9, abs=0.03)


def test_wrong_answers_are_soon_back_and_right_ones_hold_longer() -> None:
    held = [memory(answer(credit=credit, certainty=sure)).stability for credit, sure in ((0, 2), (1, 1), (1, 2))]
    assert held == sorted(held)
    assert memory(answer()).stability < memory(answer(), answer(DAY)).stability


def test_times_in_any_zone_are_the_same_moment() -> None:
    seoul = timezone(timedelta(hours=9))
    local = Answer(1, BEGIN.astimezone(seoul), 1)
    assert memory(local).due == memory(answer()).due
    assert memory(local).recall(BEGIN.astimezone(seoul) + 5 * DAY) == memory(answer()).recall(BEGIN + 5 * DAY)


def test_on_the_day_of_the_answer_nobody_is_told_that_all_is_known() -> None:
    wrong = memory(answer(credit=0))
    assert wrong.recall(BEGIN) == 1
    assert wrong.expected(BEGIN) == wrong.expected(BEGIN + DAY) == wrong.recall(BEGIN + DAY) < 0.8
    assert wrong.expected(BEGIN + 3 * DAY) == wrong.recall(BEGIN + 3 * DAY)


def test_nothing_answered_is_nothing_remembered() -> None:
    assert remember([]) is None


# --- when it is asked again --------------------------------------------------------------------------------


def test_what_was_right_rests_and_what_was_wrong_may_come_back_after_the_sitting() -> None:
    right, wrong = memory(answer()), memory(answer(credit=0))
    assert right.due < BEGIN + REST == back(right)
    assert wrong.due < BEGIN + SITTING == back(wrong)
    firm = memory(answer(), answer(DAY))
    assert back(firm) == firm.due > BEGIN + DAY + REST


def firm(days: int = 40) -> Memory:
    """Right three times: due long after `days`."""
    kept = memory(answer(), answer(DAY), answer(7 * DAY))
    assert kept.due > kept.last.at + timedelta(days=days // 2)
    return kept


def test_an_exam_that_is_far_enough_or_over_changes_nothing() -> None:
    kept = firm()
    for exam in (None, kept.last.at - DAY, kept.last.at, kept.last.at + DAY, kept.last.at + 2 * DAY):
        assert due(kept, exam) == kept.due


def test_an_exam_pulls_a_question_in_to_the_first_day_on_which_one_right_answer_carries_it_there() -> None:
    kept = firm()
    exam = kept.last.at + (kept.due - kept.last.at) - DAY  # just before it would be due, at about 90 percent
    assert kept.recall(exam) < EXAM_RECALL
    pulled = due(kept, exam)
    assert kept.last.at < pulled < exam

    def on_the_day(at: datetime) -> float:
        return kept.after(schedule.Sitting(at, Rating.Good)).recall(exam)

    assert on_the_day(pulled) >= EXAM_RECALL
    assert pulled == kept.last.at + DAY or on_the_day(pulled - DAY) < EXAM_RECALL


@settings(max_examples=80, deadline=None)
@given(histories, some.integers(-3, 400))
def test_an_exam_only_ever_pulls_in_and_leaves_the_day_itself_free(answers: list[Answer], ahead: int) -> None:
    kept = memory(*answers)
    exam = kept.last.at + ahead * DAY
    pulled = due(kept, exam)
    assert pulled <= kept.due
    if pulled < kept.due:
        assert kept.last.at + DAY <= pulled <= exam - DAY
        after = kept.after(schedule.Sitting(pulled, Rating.Good))
        assert after.recall(exam) >= EXAM_RECALL or pulled == exam - DAY
        assert due(after, exam) == after.due or after.recall(exam) < EXAM_RECALL


def test_the_better_known_can_come_earlier_before_an_exam() -> None:
    exam = BEGIN + 60 * DAY
    weaker, stronger = memory(answer(), answer(2 * DAY)), memory(answer(), answer(2 * DAY), answer(13 * DAY))
    assert due(stronger, exam) < exam - 3 * DAY
    assert exam - due(stronger, exam) > timedelta(0)
    assert weaker.stability < stronger.stability


# --- order, goal, siblings ---------------------------------------------------------------------------------


def test_confident_errors_come_first_then_the_least_likely_to_be_recalled_then_the_oldest() -> None:
    now = BEGIN + 30 * DAY
    cards = {
        "believed": memory(answer(29 * DAY, 0, 3)),
        "shaky": memory(answer(credit=0)),
        "older": memory(answer(DAY - MINUTE)),
        "younger": memory(answer(DAY - MINUTE / 2)),
        "firm": memory(answer(), answer(DAY), answer(20 * DAY)),
    }
    assert cards["older"].recall(now) == cards["younger"].recall(now)
    shuffled = ["younger", "firm", "shaky", "believed", "older"]
    assert sorted(shuffled, key=lambda name: urgency(cards[name], now)) == [*cards]


def test_a_confident_error_is_forgotten_with_the_next_right_answer() -> None:
    error = answer(credit=0, certainty=3)
    assert memory(error).last.bold
    assert not memory(error, answer(DAY)).last.bold
    assert not memory(answer(credit=0, certainty=2)).last.bold
    assert not memory(answer(credit=0.5, certainty=3)).last.bold


@pytest.mark.parametrize(
    ("ready", "goal", "done", "expected"),
    [(54, 20, 0, 20), (54, 20, 12, 8), (54, 20, 20, 0), (54, 20, 33, 0), (5, 20, 0, 5), (0, 20, 3, 0)],
)
def test_the_goal_holds_and_the_rest_is_kept(ready: int, goal: int, done: int, expected: int) -> None:
    assert share(ready, goal, done) == expected


def test_the_sibling_least_recently_seen_is_asked() -> None:
    assert sibling([1, 2, 3], {1: BEGIN, 2: BEGIN - DAY, 3: BEGIN - MINUTE}) == 2
    assert sibling([1, 2, 3], {1: BEGIN - DAY, 3: BEGIN}) == 2, "one never seen comes first"
    assert sibling([7], {7: BEGIN}) == 7, "a lone question comes back itself"
    assert sibling([3, 1, 2], {}) == 1
