"""An attempt: what is asked, what is kept, and what counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lessons.models import Status
from quizzes.asking import shuffled
from quizzes.models import (
    Attempt,
    Closed,
    Purpose,
    Question,
    QuestionVersion,
    Quiz,
    Response,
    Terms,
)
from tests.base import client_of, give, make_lesson, make_question, make_quiz, start
from tests.taking import FALSE, HOUR, MINUTE, TEST, TRUE, Clock, ask_all, page, record, url

pytestmark = pytest.mark.django_db


# --- starting ----------------------------------------------------------------------------------------------


class TestStarting:
    def test_twice_is_one_attempt(self, alice: User) -> None:
        quiz = make_quiz()
        first, new = Attempt.objects.start(alice, quiz, Terms(), now=timezone.now())
        again, newer = Attempt.objects.start(alice, quiz, Terms(), now=timezone.now())
        assert (new, newer) == (True, False)
        assert first == again
        assert alice.attempts.count() == 1

    def test_after_the_end_is_a_new_one(self, alice: User) -> None:
        quiz = make_quiz()
        first = start(alice, quiz)
        assert first.finish(timezone.now())
        assert start(alice, quiz) != first

    def test_practice_and_an_assignment_stand_beside_each_other(self, alice: User) -> None:
        quiz = make_quiz()
        assert start(alice, quiz) != start(alice, quiz, terms=Terms(**TEST))
        assert alice.attempts.practice().count() == 1

    def test_when_time_has_closed_the_last_one_is_a_new_one(self, alice: User) -> None:
        quiz, now = make_quiz(), timezone.now()
        limited = Terms(limit=HOUR, **TEST)
        first = start(alice, quiz, terms=limited, now=now)
        second = start(alice, quiz, terms=limited, now=now + 2 * HOUR)
        first.refresh_from_db()
        assert second != first
        assert first.finished_at == now + HOUR  # not when somebody noticed

    def test_the_database_itself_allows_one_open_attempt(self, alice: User) -> None:
        attempt = start(alice, make_quiz())
        with pytest.raises(IntegrityError), transaction.atomic():
            Attempt.objects.create(user=alice, quiz=attempt.quiz, seed=1, started_at=timezone.now())

    def test_copies_its_terms(self, alice: User) -> None:
        now = timezone.now()
        terms = Terms(opens=now, closes=now + HOUR, limit=MINUTE, **TEST)
        attempt = start(alice, make_quiz(), terms=terms, now=now)
        assert {name: getattr(attempt, name) for name in vars(terms)} == vars(terms)

    def test_asks_the_published_versions_in_the_quiz_s_order(self, alice: User) -> None:
        quiz = make_quiz(questions=3)
        draft = make_question("only-a-draft", quiz.lesson)
        QuestionVersion.objects.filter(question=draft).update(status=Status.DRAFT)
        quiz.places.create(question=draft, position=9)
        asked = [slot.version.question.slug for slot, _response in start(alice, quiz).sheet]
        assert asked == ["chemicals-quiz-1", "chemicals-quiz-2", "chemicals-quiz-3"]

    def test_a_quiz_without_a_question_cannot_be_started(self, alice: User) -> None:
        quiz = make_quiz(questions=0)
        with pytest.raises(Question.DoesNotExist):
            start(alice, quiz)
        assert not Attempt.objects.exists()
        assert client_of(alice).post(reverse("quiz-start", args=[quiz.slug])).status_code == 404

    def test_a_visitor_becomes_a_guest_by_post_only(self) -> None:
        quiz, client = make_quiz(), Client()
        start_url = reverse("quiz-start", args=[quiz.slug])
        for address in (quiz.get_absolute_url(), start_url, reverse("home"), quiz.lesson.get_absolute_url()):
            client.get(address)
        assert not User.objects.exists()
        response = client.post(start_url)
        assert response.url == url(Attempt.objects.get(user=User.objects.get(is_guest=True)), 1)

    def test_coming_back_leads_to_the_first_question_without_an_answer(self, alice: User) -> None:
        quiz = make_quiz(questions=3)
        attempt, client = start(alice, quiz), client_of(alice)
        record(attempt, 1, TRUE)
        record(attempt, 3, TRUE)
        assert client.post(reverse("quiz-start", args=[quiz.slug])).url == url(attempt, 2)
        assert client.get(attempt.get_absolute_url()).url == url(attempt, 2)
        assert alice.attempts.count() == 1

    def test_the_order_shown_stays_the_same_for_one_attempt_and_varies_between_them(self) -> None:
        version = ask_all().places.get(question__kind="ordering").question.published("en").get()
        seen = [shuffled(version, seed, 1)["items"] for seed in range(30)]
        assert seen == [shuffled(version, seed, 1)["items"] for seed in range(30)]
        assert len({tuple(order) for order in seen}) > 5
        assert version.content["items"] not in seen  # the right order would be the answer


class TestReservedQuestions:
    @pytest.fixture
    def quiz(self) -> Quiz:
        quiz = make_quiz(questions=2)
        quiz.places.create(question=make_question("kept-back", quiz.lesson, reserved=True), position=3)
        return quiz

    def slugs(self, attempt: Attempt) -> list[str]:
        return [slot.version.question.slug for slot, _response in attempt.sheet]

    def test_are_absent_from_practice(self, alice: User, quiz: Quiz) -> None:
        assert self.slugs(start(alice, quiz)) == ["chemicals-quiz-1", "chemicals-quiz-2"]
        assert "2 questions" in page(client_of(alice).get(quiz.get_absolute_url()))

    def test_are_asked_in_an_assignment(self, alice: User, quiz: Quiz) -> None:
        assert "kept-back" in self.slugs(start(alice, quiz, terms=Terms(**TEST)))

    def test_are_absent_from_the_lesson_and_its_addresses(self, alice: User) -> None:
        lesson = make_lesson("radar", body="## Said\n\nA sentence.\n\n::: question kept-back\n:::")
        checkpoint = make_quiz("in-text", 0, lesson=lesson, purpose=Purpose.CHECKPOINT)
        checkpoint.places.create(question=make_question("kept-back", lesson, reserved=True), position=1)
        client = client_of(alice)
        assert "Statement kept-back" not in page(client.get(lesson.get_absolute_url()))
        place = reverse("quiz-in-place", args=[checkpoint.slug, 1])
        assert client.post(place, {"q1-choice": "true"}).status_code == 404


# --- recording ---------------------------------------------------------------------------------------------


class TestRecording:
    def test_the_same_key_twice_is_one_response(self, alice: User) -> None:
        attempt = start(alice, make_quiz())
        first = record(attempt, 1, TRUE, "same")
        assert record(attempt, 1, FALSE, "same") == first
        assert [(r.answer, r.credit) for r in attempt.responses.all()] == [(TRUE, 1.0)]

    def test_in_practice_the_first_answer_stands(self, alice: User) -> None:
        attempt = start(alice, make_quiz())
        record(attempt, 1, FALSE, "one")
        with pytest.raises(Closed):
            record(attempt, 1, TRUE, "two")
        assert attempt.score == (0, 3)

    def test_in_a_test_the_last_answer_counts_and_all_are_kept(self, alice: User) -> None:
        attempt = start(alice, make_quiz(), terms=Terms(**TEST))
        for n, answer in enumerate((FALSE, TRUE, FALSE, TRUE)):
            record(attempt, 1, answer, f"k{n}")
        assert attempt.score == (1, 3)
        assert list(attempt.responses.values_list("sequence", "credit")) == [(1, 0), (2, 1), (3, 0), (4, 1)]

    def test_the_score_is_what_the_responses_say(self, alice: User) -> None:
        attempt = start(alice, make_quiz(questions=4))
        give(attempt, True, False, True)
        assert attempt.score == (2, 4)  # the fourth has no answer, and counts nothing
        assert attempt.score == Attempt.objects.get(pk=attempt.pk).score

    def test_nothing_is_taken_after_the_end(self, alice: User) -> None:
        attempt = start(alice, make_quiz())
        attempt.finish(timezone.now())
        with pytest.raises(Closed):
            record(attempt, 1, TRUE)
        assert not Response.objects.exists()

    def test_the_end_comes_once(self, alice: User, clock: Clock) -> None:
        attempt = start(alice, make_quiz())
        assert attempt.finish(clock())
        at = attempt.finished_at
        assert not Attempt.objects.get(pk=attempt.pk).finish(clock.forward(HOUR))
        attempt.refresh_from_db()
        assert attempt.finished_at == at


class TestResponsesAreOnlyEverAdded:
    @pytest.fixture
    def response(self, alice: User) -> Response:
        return record(start(alice, make_quiz()), 1, TRUE)

    @pytest.mark.parametrize(
        "change",
        [
            lambda r: r.save(),
            lambda r: r.save(update_fields=["credit"]),
            lambda r: r.delete(),
            lambda r: Response.objects.filter(pk=r.pk).update(credit=1),
            lambda r: Response.objects.filter(pk=r.pk).delete(),
            lambda r: Response.objects.all().delete(),
            lambda r: Response.objects.bulk_update([r], ["credit"]),
            lambda r: r.attempt.responses.update(credit=1),
            lambda r: r.attempt.responses.all().delete(),
        ],
    )
    def test_they_cannot_be_changed(self, response: Response, change: Callable[[Response], Any]) -> None:
        response.credit = 0.5
        with pytest.raises(TypeError):
            change(response)
        assert Response.objects.get().credit == 1

    def test_they_go_with_the_person_who_leaves(self, response: Response, alice: User) -> None:
        alice.delete()
        assert not Response.objects.exists()

    def test_the_database_refuses_two_of_one_place_or_key_and_impossible_credit(self, response: Response) -> None:
        same = {"attempt": response.attempt, "slot": response.slot, "received_at": timezone.now(), "answer": TRUE}
        for wrong in (
            {"sequence": 1, "key": "other", "credit": 1},
            {"sequence": 2, "key": response.key, "credit": 1},
            {"sequence": 2, "key": "other", "credit": 1.1},
            {"sequence": 2, "key": "other", "credit": -0.1},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Response.objects.create(**same, **wrong)


# --- time --------------------------------------------------------------------------------------------------


class TestDeadline:
    """The server's clock decides when an answer arrives; what comes late is kept and counts nothing."""

    @pytest.fixture
    def attempt(self, alice: User, clock: Clock) -> Attempt:
        attempt = start(alice, make_quiz(), terms=Terms(closes=clock() + HOUR, **TEST), now=clock())
        record(attempt, 1, TRUE, "in time", now=clock())
        return attempt

    def test_the_last_moment_counts(self, attempt: Attempt) -> None:
        assert attempt.closes is not None
        assert not record(attempt, 2, TRUE, now=attempt.closes).late
        assert record(attempt, 3, TRUE, now=attempt.closes + timedelta(microseconds=1)).late

    def test_a_late_answer_is_kept_and_changes_no_credit(self, attempt: Attempt, clock: Clock) -> None:
        late = record(attempt, 1, FALSE, "late", now=clock() + 2 * HOUR)
        assert (late.late, late.answer) == (True, FALSE)
        assert attempt.score == (1, 3)
        assert Attempt.objects.get(pk=attempt.pk).sheet[0][1] == attempt.responses.get(key="in time")

    def test_the_limit_ends_it_too_whichever_comes_first(self, alice: User, clock: Clock) -> None:
        quiz = make_quiz("other")
        for limit, closes, ends in ((MINUTE, HOUR, MINUTE), (HOUR, MINUTE, MINUTE), (MINUTE, None, MINUTE)):
            terms = Terms(limit=limit, closes=closes and clock() + closes, **TEST | {"context": f"{limit}{closes}"})
            attempt = start(alice, quiz, terms=terms, now=clock())
            assert attempt.deadline == clock() + ends
            assert attempt.is_open(clock() + ends)
            assert not attempt.is_open(clock() + ends + timedelta(seconds=1))

    def test_handing_in_late_is_handing_in_at_the_deadline(self, attempt: Attempt, clock: Clock) -> None:
        attempt.finish(clock.forward(3 * HOUR))
        assert attempt.finished_at == attempt.closes

    def test_over_finds_what_is_handed_in_or_closed_by_time(self, attempt: Attempt, alice: User, clock: Clock) -> None:
        limited = start(alice, attempt.quiz, terms=Terms(limit=MINUTE, context="a"), now=clock())
        handed_in = start(alice, attempt.quiz, terms=Terms(context="b"), now=clock())
        handed_in.finish(clock())
        start(alice, attempt.quiz, now=clock())
        for later, over in (
            (timedelta(0), {handed_in}),
            (2 * MINUTE, {handed_in, limited}),
            (2 * HOUR, {handed_in, limited, attempt}),
        ):
            assert set(Attempt.objects.over(clock() + later)) == over
            assert over == {a for a in Attempt.objects.all() if not a.is_open(clock() + later)}

    def test_an_extension_opens_again_what_only_time_had_closed(self, attempt: Attempt, clock: Clock) -> None:
        now = clock.forward(2 * HOUR)
        assert not attempt.is_open(now)
        attempt.extend(closes=now + HOUR, limit=None)
        assert Attempt.objects.get(pk=attempt.pk).is_open(now)
        assert not record(attempt, 2, TRUE, now=now).late
        assert attempt.score == (2, 3)

    def test_an_extension_does_not_open_what_was_handed_in(self, attempt: Attempt, clock: Clock) -> None:
        attempt.finish(clock())
        attempt.extend(closes=clock() + 9 * HOUR, limit=None)
        assert record(attempt, 2, TRUE).late
        assert attempt.score == (1, 3)

    def test_the_page_takes_a_late_answer_and_says_what_stands(
        self, attempt: Attempt, alice: User, clock: Clock
    ) -> None:
        client = client_of(alice)
        clock.forward(2 * HOUR)
        response = client.post(url(attempt, 2), TRUE | {"late": "", "received_at": "2000-01-01"}, follow=True)
        assert response.status_code == 200
        assert attempt.responses.get(slot__number=2).late
        assert attempt.score == (1, 3)
        assert f'action="{url(attempt, 2)}"' not in page(client.get(url(attempt, 2)))
        assert client.get(reverse("attempt-finish", args=[attempt.pk])).url == attempt.get_absolute_url()
