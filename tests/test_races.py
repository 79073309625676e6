"""Several hands at once: one attempt, one answer, one end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from quizzes.models import (
    Attempt,
    Closed,
    Response,
    Slot,
    Terms,
)
from tests.base import client_of, make_quiz, make_user, start
from tests.taking import (
    NOW,
    TEST,
    TRUE,
    at_once,
    record,
    url,
)

pytestmark = pytest.mark.django_db


# --- races -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Double clicks, two tabs, a hasty hand. Every call is one request's, with its own view of the rows."""

    ROUNDS, HANDS = 4, 6

    def test_starting_at_once_makes_one_attempt(self, alice: User) -> None:
        for n in range(self.ROUNDS):
            quiz = make_quiz(f"quiz-{n}", 2)
            given = at_once(*[lambda q=quiz: Attempt.objects.start(alice, q, Terms(), now=NOW)] * self.HANDS)
            assert not [g for g in given if isinstance(g, Exception)], given
            assert len({attempt.pk for attempt, _new in given}) == 1
            assert sum(new for _attempt, new in given) == 1
            assert alice.attempts.filter(quiz=quiz).count() == 1
            assert Slot.objects.filter(attempt__quiz=quiz).count() == 2

    def send(self, attempt: Attempt, answer: Any, key: str) -> Callable[[], Any]:
        def call() -> Any:
            mine = Attempt.objects.get(pk=attempt.pk)
            return record(mine, 1, answer, key)

        return call

    def test_one_form_sent_many_times_is_one_response(self, alice: User) -> None:
        for n in range(self.ROUNDS):
            attempt = start(alice, make_quiz(f"quiz-{n}", 1))
            given = at_once(*[self.send(attempt, TRUE, "same")] * self.HANDS)
            assert len({response.pk for response in given}) == 1
            assert attempt.responses.count() == 1

    def test_in_practice_one_of_many_answers_stands(self, alice: User) -> None:
        for n in range(self.ROUNDS):
            attempt = start(alice, make_quiz(f"quiz-{n}", 1))
            given = at_once(*[self.send(attempt, TRUE, f"k{i}") for i in range(self.HANDS)])
            assert sorted(type(g).__name__ for g in given) == ["Closed"] * (self.HANDS - 1) + ["Response"]
            assert attempt.responses.count() == 1

    def test_in_a_test_all_of_many_answers_are_kept_in_a_row(self, alice: User) -> None:
        for n in range(self.ROUNDS):
            attempt = start(alice, make_quiz(f"quiz-{n}", 1), terms=Terms(**TEST))
            given = at_once(*[self.send(attempt, TRUE, f"k{i}") for i in range(self.HANDS)])
            assert sorted(r.sequence for r in given) == list(range(1, self.HANDS + 1))

    def test_handing_in_happens_once_and_nothing_is_added_after_it(self, alice: User) -> None:
        for n in range(self.ROUNDS):
            attempt = start(alice, make_quiz(f"quiz-{n}", 1), terms=Terms(**TEST))
            hand_in = lambda a=attempt: Attempt.objects.get(pk=a.pk).finish(timezone.now())  # noqa: E731
            sends = [self.send(attempt, TRUE, f"k{i}") for i in range(3)]
            given = at_once(*[hand_in] * 3, *sends)
            assert sorted(given[:3]) == [False, False, True]
            kept = [g for g in given[3:] if isinstance(g, Response)]
            assert all(isinstance(g, Response | Closed) for g in given[3:]), given
            assert attempt.responses.count() == len(kept)
            assert record(attempt, 1, TRUE, "afterwards").late

    def test_the_button_pressed_many_times_starts_one_attempt_and_keeps_one_answer(self) -> None:
        quiz, hands = make_quiz("quiz", 2), []
        client = client_of(make_user("hana"))
        for _i in range(self.HANDS):
            hand = Client()
            hand.cookies.update(client.cookies)
            hands.append(hand)
        starting = reverse("quiz-start", args=[quiz.slug])
        given = at_once(*[lambda hand=hand: hand.post(starting).url for hand in hands])
        attempt = Attempt.objects.get()
        assert given == [url(attempt, 1)] * self.HANDS
        data = TRUE | {"key": "a" * 32}
        given = at_once(*[lambda hand=hand: hand.post(url(attempt, 1), data).status_code for hand in hands])
        assert given == [302] * self.HANDS
        assert Response.objects.count() == 1
