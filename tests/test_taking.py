"""Taking a quiz, one question a page or in the text of a lesson."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lessons import reading
from lessons.models import Passage
from quizzes.models import (
    Attempt,
    Purpose,
    QuestionVersion,
    Quiz,
    Response,
    Terms,
)
from tests.base import client_of, make_lesson, make_question, make_quiz, start
from tests.taking import (
    FALSE,
    TEST,
    TRUE,
    ask_all,
    make_claims,
    page,
    record,
    solved,
    url,
)

pytestmark = pytest.mark.django_db


# --- one question a page -----------------------------------------------------------------------------------


class TestOneQuestionAPage:
    @pytest.fixture
    def attempt(self, alice: User) -> Attempt:
        return start(alice, make_quiz(questions=2))

    @pytest.fixture
    def client(self, alice: User) -> Client:
        return client_of(alice)

    def test_a_plain_form_is_answered_by_a_redirect_to_the_same_question(
        self, attempt: Attempt, client: Client
    ) -> None:
        response = client.post(url(attempt, 1), FALSE)
        assert (response.status_code, response.url) == (302, url(attempt, 1))
        shown = page(client.get(url(attempt, 1)))
        assert "It is so." in shown
        assert "It sounds unlikely." in shown
        assert "<html" in shown
        assert f'href="{url(attempt, 2)}"' in shown
        assert 'rel="next"' in shown

    def test_htmx_gets_the_fragment(self, attempt: Attempt, client: Client) -> None:
        shown = page(client.post(url(attempt, 1), FALSE, headers={"hx-request": "true"}))
        assert "<html" not in shown
        assert "It sounds unlikely." in shown
        assert "<html" not in page(client.get(url(attempt, 2), headers={"hx-request": "true"}))

    @pytest.mark.parametrize("more", [{"hx-history-restore-request": "true"}, {"hx-boosted": "true"}])
    def test_htmx_gets_the_whole_page_where_it_wants_one(
        self, attempt: Attempt, client: Client, more: dict[str, str]
    ) -> None:
        assert "<html" in page(client.get(url(attempt, 1), headers={"hx-request": "true"} | more))

    def test_page_and_fragment_are_never_mixed_or_kept(self, attempt: Attempt, client: Client) -> None:
        for headers in ({}, {"hx-request": "true"}):
            response = client.get(url(attempt, 1), headers=headers)
            assert {"HX-Request", "Cookie"} <= set(re.split(r",\s*", response.headers["Vary"]))
            assert "no-store" in response.headers["Cache-Control"]

    def test_an_answered_question_has_no_form_any_more(self, attempt: Attempt, client: Client) -> None:
        assert f'action="{url(attempt, 1)}"' in page(client.get(url(attempt, 1)))
        client.post(url(attempt, 1), TRUE)
        assert f'action="{url(attempt, 1)}"' not in page(client.get(url(attempt, 1)))

    def test_a_second_answer_changes_nothing_and_shows_what_stands(self, attempt: Attempt, client: Client) -> None:
        client.post(url(attempt, 1), TRUE | {"key": "a" * 32})
        shown = page(client.post(url(attempt, 1), FALSE | {"key": "b" * 32}, headers={"hx-request": "true"}))
        assert "It sounds unlikely." not in shown
        assert "It is so." in shown
        assert client.post(url(attempt, 1), FALSE | {"key": "c" * 32}).status_code == 302
        assert [r.answer for r in attempt.responses.all()] == [TRUE]

    def test_the_same_form_sent_twice_is_one_answer(self, alice: User, client: Client) -> None:
        tested = start(alice, make_quiz("test-quiz"), terms=Terms(**TEST))
        key = re.search(r'name="key" value="(\w+)"', page(client.get(url(tested, 1))))
        assert key is not None
        for answer in (TRUE, FALSE, TRUE):
            client.post(url(tested, 1), answer | {"key": key[1]})
        assert [r.answer for r in tested.responses.all()] == [TRUE]

    def test_a_damaged_key_does_not_cost_the_answer(self, attempt: Attempt, client: Client) -> None:
        client.post(url(attempt, 1), TRUE | {"key": "x' OR 1=1"})
        assert attempt.responses.count() == 1

    def test_an_unreadable_answer_is_told_and_not_kept(self, attempt: Attempt, client: Client) -> None:
        for data in ({}, {"choice": ""}, {"choice": "perhaps"}):
            assert 'aria-invalid="true"' in page(client.post(url(attempt, 1), data))
        assert not attempt.responses.exists()

    def test_practice_ends_with_its_last_answer(self, attempt: Attempt, client: Client) -> None:
        client.post(url(attempt, 2), TRUE)
        assert url(attempt, 1) in page(client.get(url(attempt, 2)))  # the way leads back to what is left open
        client.post(url(attempt, 1), TRUE)
        attempt.refresh_from_db()
        assert attempt.finished_at is not None
        assert attempt.get_absolute_url() in page(client.get(url(attempt, 1)))

    def test_a_test_goes_on_to_the_next_question_and_its_end_is_asked_for(self, alice: User, client: Client) -> None:
        tested = start(alice, make_quiz("test-quiz", 2), terms=Terms(**TEST))
        finish = reverse("attempt-finish", args=[tested.pk])
        assert client.post(url(tested, 1), TRUE).url == url(tested, 2)
        htmx = client.post(url(tested, 2), TRUE, headers={"hx-request": "true"})
        assert htmx.headers["HX-Redirect"] == finish
        assert "Hand in" in page(client.get(finish))
        assert client.get(tested.get_absolute_url()).url == finish  # all answered, not handed in
        assert client.post(finish).url == tested.get_absolute_url()
        at = Attempt.objects.get(pk=tested.pk).finished_at
        assert client.post(finish).url == tested.get_absolute_url()
        assert Attempt.objects.get(pk=tested.pk).finished_at == at

    def test_a_given_answer_stands_in_the_form_of_a_test(self, alice: User, client: Client) -> None:
        tested = start(alice, make_quiz("test-quiz", 2), terms=Terms(**TEST))
        client.post(url(tested, 1), FALSE)
        shown = page(client.get(url(tested, 1)))
        [checked] = [
            tag for tag in re.findall(r'<input[^>]*name="choice"[^>]*>', shown) if re.search(r"\schecked\b", tag)
        ]
        assert 'value="false"' in checked

    def test_every_kind_is_asked_answered_and_explained(self, alice: User, client: Client) -> None:
        attempt = start(alice, ask_all())
        for slot, _response in attempt.sheet:
            address = slot.get_absolute_url()
            assert f'action="{address}"' in page(client.get(address))
            shown = page(client.post(address, solved(slot), headers={"hx-request": "true"}))
            if slot.version.question.kind == "short":  # what was written is judged by its author, in a second step
                assert "A ban says no. With a licence" in shown
                boxes = re.findall(r'name="met" value="(\w+)"', shown)
                sent = {"met": boxes, "assessed": "1"}
                shown = page(client.post(address, sent, headers={"hx-request": "true"}))
            assert f"why-{slot.version.question.kind}" in shown
        attempt = Attempt.objects.get(pk=attempt.pk)
        assert attempt.score.percent == 100
        assert attempt.finished_at


class TestResult:
    def test_shows_question_answer_right_answer_and_passage(self, alice: User) -> None:
        make_claims()
        Passage.objects.filter(code="WP-1").update(texts={"en": {"gist": "The gist of the paragraph."}})
        quiz = make_quiz(questions=2)
        for version in QuestionVersion.objects.all():
            QuestionVersion.objects.filter(pk=version.pk).update(keys=["WP-1a"])
        reading._shelf.cache_clear()
        attempt, client = start(alice, quiz), client_of(alice)
        client.post(url(attempt, 1), FALSE)
        client.post(url(attempt, 2), TRUE)
        shown = page(client.get(attempt.get_absolute_url()))
        assert "Statement chemicals-quiz-1." in shown
        assert "Statement chemicals-quiz-2." in shown
        first = shown.partition("Statement chemicals-quiz-1.")[2].partition("Statement chemicals-quiz-2.")[0]
        assert re.search(r"Your answer.*False.*Right answer.*True", first, re.S)
        assert "It is so." in first
        assert "It sounds unlikely." in first
        assert 'href="/sources/news/#p1"' in first
        assert "The gist of the paragraph." in first
        assert "It sounds unlikely." not in shown.partition("Statement chemicals-quiz-2.")[2]

    def test_of_an_attempt_that_goes_on_leads_back_to_it(self, alice: User) -> None:
        attempt = start(alice, make_quiz())
        assert client_of(alice).get(attempt.get_absolute_url()).url == url(attempt, 1)


# --- in the text of a lesson -------------------------------------------------------------------------------


class TestQuestionsInTheText:
    @pytest.fixture
    def checkpoint(self) -> Quiz:
        body = "".join(f"## Part {n}\n\nA sentence.\n\n::: question in-text-{n}\n:::\n\n" for n in (1, 2))
        return make_quiz("in-text", 2, lesson=make_lesson("radar", body=body), purpose=Purpose.CHECKPOINT)

    def place(self, checkpoint: Quiz, n: int = 1) -> str:
        return reverse("quiz-in-place", args=[checkpoint.slug, n])

    def test_stand_in_the_lesson_with_their_forms(self, checkpoint: Quiz) -> None:
        shown = page(Client().get(checkpoint.lesson.get_absolute_url()))
        assert all(f'action="{self.place(checkpoint, n)}"' in shown for n in (1, 2))
        assert "It is so." not in shown

    def test_are_answered_in_place(self, checkpoint: Quiz) -> None:
        client = Client()
        shown = page(client.post(self.place(checkpoint), {"q1-choice": "false"}, headers={"hx-request": "true"}))
        assert "<html" not in shown
        assert "It sounds unlikely." in shown
        lesson = page(client.get(checkpoint.lesson.get_absolute_url()))
        assert "It sounds unlikely." in lesson
        assert f'action="{self.place(checkpoint, 1)}"' not in lesson
        assert f'action="{self.place(checkpoint, 2)}"' in lesson

    def test_lead_back_to_their_place_without_a_script(self, checkpoint: Quiz) -> None:
        response = Client().post(self.place(checkpoint, 2), {"q2-choice": "true"})
        assert response.url == f"{checkpoint.lesson.get_absolute_url()}#in-text-2"

    def test_make_no_guest_of_a_visitor_whose_answer_cannot_be_read(self, checkpoint: Quiz) -> None:
        client = Client()
        assert 'aria-invalid="true"' in page(client.post(self.place(checkpoint), {"q1-choice": "?"}))
        assert not User.objects.exists()
        client.post(self.place(checkpoint), {"q1-choice": "true"})
        client.post(self.place(checkpoint, 2), {"q2-choice": "true"})
        assert Attempt.objects.get(user=User.objects.get()).finished_at

    def test_the_first_answer_stands(self, alice: User, checkpoint: Quiz) -> None:
        client = client_of(alice)
        for choice in ("false", "true"):
            shown = page(client.post(self.place(checkpoint), {"q1-choice": choice}, headers={"hx-request": "true"}))
        assert "It sounds unlikely." in shown
        assert Response.objects.get().credit == 0

    def test_a_question_left_open_in_a_finished_attempt_can_still_be_answered(
        self, alice: User, checkpoint: Quiz
    ) -> None:
        attempt, client = start(alice, checkpoint), client_of(alice)
        record(attempt, 1, TRUE)
        attempt.finish(timezone.now())
        shown = page(client.post(self.place(checkpoint, 2), {"q2-choice": "false"}, headers={"hx-request": "true"}))
        assert "It sounds unlikely." in shown
        assert Response.objects.filter(attempt__user=alice, slot__number=2).exists()

    def test_a_question_that_came_to_the_lesson_later_can_be_answered(self, alice: User, checkpoint: Quiz) -> None:
        client = client_of(alice)
        client.post(self.place(checkpoint), {"q1-choice": "true"})
        checkpoint.places.create(question=make_question("in-text-3", checkpoint.lesson), position=3)
        response = client.post(self.place(checkpoint, 3), {"q3-choice": "true"})
        assert response.status_code == 302
        assert Response.objects.filter(slot__version__question__slug="in-text-3").exists()

    def test_only_those_of_a_checkpoint_have_such_an_address(self, alice: User, checkpoint: Quiz) -> None:
        closing = make_quiz("closing", lesson=checkpoint.lesson)
        for address in (self.place(closing), self.place(checkpoint, 9), self.place(checkpoint, 0)):
            assert client_of(alice).post(address, {"q1-choice": "true"}).status_code == 404
        assert not Attempt.objects.exists()
