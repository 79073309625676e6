"""Taking a quiz: what is asked, what is kept, what counts, and what may be seen when."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from lessons import reading
from lessons.models import Lesson, LessonVersion, Origin, Passage, Source, Status
from quizzes.asking import answer_form, shuffled
from quizzes.models import (
    WAYS,
    Attempt,
    Behaviour,
    Closed,
    Purpose,
    Question,
    QuestionVersion,
    Quiz,
    Release,
    Response,
    Slot,
    Terms,
)
from tests.base import client_of, give, make_lesson, make_question, make_quiz, make_user, start
from tests.samples import SAMPLES

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TRUE, FALSE = {"choice": "true"}, {"choice": "false"}
TEST = {"behaviour": Behaviour.TEST, "release": Release.FINISH, "context": "assignment:1"}


class Clock:
    """The server's clock, for a test to move."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moving = Clock()
    monkeypatch.setattr("django.utils.timezone.now", moving)
    return moving


def slot_of(attempt: Attempt, n: int) -> Slot:
    return attempt.slots.select_related("version__question").get(number=n)


def record(attempt: Attempt, n: int, answer: Any, key: str = "", *, now: datetime | None = None) -> Response:
    return attempt.record(slot_of(attempt, n), answer, key=key or f"key-{n}", now=now or timezone.now())


def url(attempt: Attempt, n: int) -> str:
    return reverse("attempt-question", args=[attempt.pk, n])


def page(response: Any) -> str:
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    return str(response.content.decode())


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


# --- versions ----------------------------------------------------------------------------------------------


def newer(question: Question, **texts: str) -> QuestionVersion:
    """A further version that is like the published one but for these texts."""
    old = question.published("en").get()
    return QuestionVersion(question=question, **old.words() | {"texts": old.texts | texts, "keys": []})


class TestVersions:
    @pytest.fixture
    def question(self) -> Question:
        return make_question("radar", make_lesson())

    def test_a_version_never_changes(self, question: Question) -> None:
        version = question.published("en").get()
        version.texts["stem"] = "Something else."
        for save in (
            version.save,
            lambda: version.save(update_fields=["texts"]),
            lambda: version.save(force_update=True),
        ):
            with pytest.raises(TypeError):
                save()
        assert question.published("en").get().texts["stem"] == "Statement radar."

    def test_an_attempt_goes_on_asking_the_version_it_began_with(self, alice: User) -> None:
        quiz = make_quiz(questions=1)
        attempt = start(alice, quiz)
        fresh = newer(quiz.questions.get(), stem="A better statement.").add()
        QuestionVersion.objects.filter(question=fresh.question, status=Status.PUBLISHED).update(status=Status.RETIRED)
        QuestionVersion.objects.filter(pk=fresh.pk).update(status=Status.PUBLISHED)
        client = client_of(alice)
        assert "Statement chemicals-quiz-1." in page(client.get(url(attempt, 1)))
        client.post(url(attempt, 1), TRUE)
        assert "Statement chemicals-quiz-1." in page(client.get(attempt.get_absolute_url()))
        assert "A better statement." in page(client.get(url(start(alice, quiz), 1)))

    def test_one_is_published_and_one_draft_stands_beside_it(self, question: Question) -> None:
        first = newer(question, stem="First draft.").add()
        second = newer(question, stem="Second draft.").add()
        first.refresh_from_db()
        assert (first.status, second.status) == (Status.RETIRED, Status.DRAFT)
        assert question.published("en").get().number == 1
        assert [v.number for v in (first, second)] == [2, 3]

    def test_the_database_allows_one_published_version_of_a_language(self, question: Question) -> None:
        version = newer(question)
        version.number, version.status = 7, Status.PUBLISHED
        with pytest.raises(IntegrityError), transaction.atomic():
            version.save()

    @pytest.mark.parametrize(
        ("texts", "keys", "said"),
        [
            ({"explanation": "It is so.[WP-99a]"}, ["WP-1a"], "WP-99a"),
            ({"explanation": "It is so.[E77]"}, ["WP-1a"], "E77"),
            ({}, ["WP-98a"], "WP-98a"),
            ({}, ["WP-2a"], "WP-2a"),  # garbled
            ({}, [], "claim"),
            ({"stem": ""}, ["WP-1a"], "Write a text"),
        ],
    )
    def test_what_does_not_resolve_is_not_published(
        self, question: Question, texts: dict[str, str], keys: list[str], said: str
    ) -> None:
        make_claims()
        version = newer(question, **texts)
        version.keys = keys
        version.add()
        with pytest.raises(ValidationError) as wrong:
            version.publish()
        assert said in " ".join(wrong.value.messages)
        assert question.published("en").get().number == 1

    def test_what_resolves_is_published_and_the_one_before_retires(self, question: Question) -> None:
        make_claims()
        version = newer(question, explanation="It is so.[WP-1a]")
        version.keys = ["WP-1a"]
        version.add().publish()
        assert question.published("en").get() == version
        assert question.versions.get(number=1).status == Status.RETIRED
        assert [c.code for c in version.keyed_to.all()] == [c.code for c in version.cites.all()] == ["WP-1a"]

    @pytest.mark.parametrize("body", ["Said.[WP-99a]", "A [[nobody]].", "Said.[WP-3a]", "::: figure S99\n:::"])
    def test_a_lesson_that_does_not_resolve_is_not_published(self, body: str) -> None:
        make_claims()
        lesson = make_lesson("radar")
        with pytest.raises(ValidationError):
            LessonVersion(lesson=lesson, title="Radar", summary="A sum.", body=f"## Said\n\n{body}").add().publish()
        assert lesson.versions.get(status=Status.PUBLISHED).number == 1

    def test_a_contested_claim_is_published_with_its_holder(self) -> None:
        make_claims()
        body = "## Said\n\nAccording to Tokyo it was so.[WP-3a: the ministry]"
        version = LessonVersion(lesson=make_lesson("radar"), title="Radar", summary="A sum.", body=body).add()
        version.publish()
        assert (version.origin, version.status) == (Origin.EDITED, Status.PUBLISHED)


def make_claims() -> None:
    """WP-1a holds, WP-2a is garbled, WP-3a is contested."""
    source = Source.objects.create(slug="news", prefix="WP", dated="2019")
    for n, check in enumerate(("ok", "garbled", "contested"), 1):
        passage = Passage.objects.create(code=f"WP-{n}", source=source, number=n)
        passage.claims.create(code=f"WP-{n}a", kind="fact", check_result=check)


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


# --- what may be seen when ---------------------------------------------------------------------------------

SENTINEL = (
    "zq9-zq9-zq9"  # too long to come up in a token by chance; stands in every text that only the released key may show
)


def ask_all(slug: str = "all-kinds") -> Quiz:
    """A quiz of every kind; explanations and feedback carry a mark to look for."""
    lesson = Lesson.objects.first() or make_lesson()
    quiz = Quiz.objects.create(slug=slug, lesson=lesson, texts={"en": {"title": "All kinds"}})
    for n, (kind, (content, texts)) in enumerate(SAMPLES.items(), 1):
        question = Question.objects.create(slug=f"{slug}-{kind.replace('_', '-')}", kind=kind, lesson=lesson)
        feedback = {key: f"{text} {SENTINEL}-tempts-{key}" for key, text in texts["feedback"].items()}
        texts = texts | {"explanation": f"{SENTINEL} why-{kind} {texts['explanation']}", "feedback": feedback}
        texts["hints"] = [f"{SENTINEL} hint-1", f"{SENTINEL} hint-2"]
        if "dates" in texts:
            texts["dates"] = {key: f"{date} {SENTINEL}" for key, date in texts["dates"].items()}
        QuestionVersion(question=question, content=content, texts=texts, status=Status.PUBLISHED).add()
        quiz.places.create(question=question, position=n)
    return quiz


def solved(slot: Slot, answer: Any = None) -> dict[str, Any]:
    """What a browser posts for the right answer, or for another one."""
    version = slot.version
    answer = answer or version.question.rules.solution(version.content)
    form = answer_form(version, seed=slot.attempt.seed, number=slot.number, shelf=reading.shelf(), answer=answer)
    return {form.add_prefix(name): value for name, value in form.initial.items()}


def wrong_answer(slot: Slot) -> Any:
    """An answer that a browser can send and that is not fully right; None where this finds none."""
    rules, content = slot.version.question.rules, slot.version.content
    solution = rules.solution(content)
    others = [dict(solution, choice=key) for key in (*content.get("options", ()), *content.get("sentences", ()))]
    others += [{"choice": key} for key in (*content.get("sources", ()), "true", "false")]
    others += [{"choices": [key]} for key in (*content.get("options", ()), *content.get("passages", ()))]
    others += [{"value": "1"}, {"text": "something else"}, {"order": list(reversed(content.get("items", ())))}]
    for other in others:
        if not other.keys() <= solution.keys() or rules.grade(content, other).credit == 1:
            continue
        form = answer_form(slot.version, seed=1, number=1, shelf=reading.shelf(), answer=other)
        sent = {form.add_prefix(name): value for name, value in form.initial.items()}
        again = answer_form(slot.version, seed=1, number=1, shelf=reading.shelf(), data=as_post(sent))
        if again.is_valid() and again.answer == other:
            return other
    return None


def as_post(sent: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


class TestNothingOfTheKeyIsSeenBeforeItsRelease:
    @pytest.fixture
    def quiz(self) -> Quiz:
        return ask_all()

    def everywhere(self, client: Client, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """Every page about this attempt that its owner can open, and every answer to what can be sent."""
        own = [url(attempt, slot.number) for slot, _response in attempt.sheet]
        own += [reverse("attempt-finish", args=[attempt.pk]), attempt.get_absolute_url()]
        lesson = attempt.quiz.lesson
        also = [attempt.quiz.get_absolute_url(), lesson.get_absolute_url(), lesson.unit.get_absolute_url()]
        also += [reverse(name) for name in ("home", "progress", "review", "errata", "compare", "terms", "timeline")]
        also += [f"{reverse('search')}?q=tempts", reverse("attempt-standing", args=[attempt.pk])]
        for address in [*own, *also]:
            for headers in ({}, {"hx-request": "true"}):
                response = client.get(address, headers=headers)
                yield address, f"{response.headers}{response.content.decode()}"
        for address in own[:-2]:
            response = client.post(address, {"choice": "?", "value": "?"}, headers={"hx-request": "true"})
            yield f"POST {address}", response.content.decode()
        who = salted_hmac("keep", str(attempt.user_id)).hexdigest()[:16]
        for slot in attempt.asks:
            for sent in ({}, solved(slot_of(attempt, slot.number))):
                response = client.post(f"{slot.get_absolute_url()}save/", {**sent, "who": who})
                yield f"POST {slot.get_absolute_url()}save/", f"{response.headers}{response.content.decode()}"
        response = client.post(reverse("attempt-again", args=[attempt.pk]), follow=True)
        yield "POST again", response.content.decode()

    def leaks(self, client: Client, attempt: Attempt) -> list[str]:
        return [address for address, said in self.everywhere(client, attempt) if SENTINEL in said]

    def test_in_practice_before_the_answer(self, alice: User, quiz: Quiz) -> None:
        assert self.leaks(client_of(alice), start(alice, quiz)) == []

    def test_in_practice_only_what_was_answered_is_explained(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz), client_of(alice)
        client.post(url(attempt, 1), solved(slot_of(attempt, 1)))
        assert set(self.leaks(client, attempt)) == {url(attempt, 1), f"POST {url(attempt, 1)}"}

    def test_in_practice_with_certainty_an_answer_that_lacks_it_is_not_explained(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=WAYS["certainty"]), client_of(alice)
        for slot, _response in attempt.sheet:
            response = client.post(slot.get_absolute_url(), solved(slot), headers={"hx-request": "true"})
            assert SENTINEL not in response.content.decode()
        assert self.leaks(client, attempt) == []

    def test_with_several_tries_a_wrong_one_shows_one_hint_and_nothing_else(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=WAYS["tries"]), client_of(alice)
        tried = 0
        for slot, _response in attempt.sheet:
            rules, content = slot.version.question.rules, slot.version.content
            wrong = wrong_answer(slot)
            if wrong is None or slot.version.question.by_person:
                continue
            assert (rules.grade(content, wrong).credit or 0) < 1
            sent = client.post(slot.get_absolute_url(), solved(slot, wrong), headers={"hx-request": "true"})
            said = sent.content.decode()
            assert f"{SENTINEL} hint-1" in said, slot.version.question.kind
            assert SENTINEL not in said.replace(f"{SENTINEL} hint-1", ""), slot.version.question.kind
            tried += 1
        assert tried > 6

    @pytest.mark.parametrize("release", [Release.FINISH, Release.CLOSE])
    def test_in_a_test_before_it_is_handed_in(self, alice: User, quiz: Quiz, clock: Clock, release: str) -> None:
        terms = Terms(closes=clock() + HOUR, **TEST | {"release": release})
        attempt, client = start(alice, quiz, terms=terms), client_of(alice)
        for slot, _response in attempt.sheet[:-1]:
            response = client.post(slot.get_absolute_url(), solved(slot), headers={"hx-request": "true"})
            assert SENTINEL not in response.content.decode()
        assert self.leaks(client, Attempt.objects.get(pk=attempt.pk)) == []

    def test_handed_in_it_waits_for_the_closing_time_of_everybody(self, alice: User, quiz: Quiz, clock: Clock) -> None:
        terms = Terms(closes=clock() + HOUR, **TEST | {"release": Release.CLOSE})
        attempt, client = start(alice, quiz, terms=terms), client_of(alice)
        for slot, _response in attempt.sheet:
            client.post(slot.get_absolute_url(), solved(slot))
        client.post(reverse("attempt-finish", args=[attempt.pk]))
        attempt = Attempt.objects.get(pk=attempt.pk)
        assert self.leaks(client, attempt) == []
        before = page(client.get(attempt.get_absolute_url()))
        assert f"of {len(SAMPLES)}" not in before  # nor the score
        clock.forward(HOUR + MINUTE)
        after = page(client.get(attempt.get_absolute_url()))
        assert all(f"why-{kind}" in after for kind in SAMPLES)
        assert f"of {len(SAMPLES)}" in after

    def test_an_extension_puts_the_release_off_again(self, alice: User, quiz: Quiz, clock: Clock) -> None:
        terms = Terms(closes=clock() + HOUR, **TEST | {"release": Release.CLOSE})
        attempt, client = start(alice, quiz, terms=terms), client_of(alice)
        attempt.finish(clock())
        clock.forward(HOUR + MINUTE)
        attempt.extend(closes=clock() + HOUR, limit=None)
        assert self.leaks(client, Attempt.objects.get(pk=attempt.pk)) == []

    def test_released_at_the_end_it_shows_everything_then(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=Terms(**TEST)), client_of(alice)
        client.post(reverse("attempt-finish", args=[attempt.pk]))
        shown = page(client.get(attempt.get_absolute_url()))
        assert all(f"why-{kind}" in shown for kind in SAMPLES)

    def test_the_form_is_the_same_whatever_is_right(self, alice: User, quiz: Quiz) -> None:
        """Two questions that look alike and have another key give the same page, token and key of the form apart."""

        def seen(attempt: Attempt, n: int) -> str:
            shown = page(client_of(alice).get(url(attempt, n)))
            shown = re.sub(r'(name="(?:key|since|csrfmiddlewaretoken)" value=|nonce=)"[^"]*"', "", shown)
            return shown.replace(f"/attempts/{attempt.pk}/", "").replace("-other", "")

        other, pages = ask_all("all-kinds-other"), []
        for version in QuestionVersion.objects.filter(question__places__quiz=other):
            if version.question.kind == "single":
                QuestionVersion.objects.filter(pk=version.pk).update(content=version.content | {"right": "ban"})
        for each in (quiz, other):
            attempt = start(alice, each)
            Attempt.objects.filter(pk=attempt.pk).update(seed=7)
            pages.append(seen(attempt, list(SAMPLES).index("single") + 1))
        assert pages[0] == pages[1]


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


# --- races -------------------------------------------------------------------------------------------------


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What these give when they begin in the same moment, each with its own connection; errors are given too."""
    gate, given = threading.Barrier(len(calls)), [None] * len(calls)

    def run(n: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            given[n] = call()
        except Exception as error:
            given[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


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
