"""How an attempt behaves: several tries with hints, certainty, a test with flags, only what was not right."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from lessons.models import Status
from quizzes import certainty, grading
from quizzes.asking import seconds, since
from quizzes.models import AGAIN, WAYS, Attempt, Behaviour, Closed, QuestionVersion, Quiz, Release, Response, Terms
from tests.base import client_of, give, make_question, make_quiz, start

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"choice": "true"}, {"choice": "false"}


def record(attempt: Attempt, n: int, answer: Any, **about: Any) -> Response:
    slot = attempt.slots.select_related("version__question").get(number=n)
    key = f"{attempt.responses.count()}"
    return attempt.record(slot, answer, key=key, now=timezone.now(), **about)


def url(attempt: Attempt, n: int) -> str:
    return reverse("attempt-question", args=[attempt.pk, n])


def shown(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


# --- the arithmetic ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credits", "tries", "earned"),
    [
        ([], 3, None),
        ([1], 3, 1),
        ([0, 1], 3, 0.666667),
        ([0, 0, 1], 3, 0.333333),
        ([0, 0, 0], 3, 0),
        ([0.5, 0.6], 2, 0.5),  # the best stands: half at once beats a little more at the second try
        ([0, 1], 1, 1),  # one try, as in a test: the last answer stands
        ([1, 0], 1, 0),
        ([None], 1, None),
        ([None, 0.5], 3, 0.5),  # what nobody has judged is no try
    ],
)
def test_each_try_is_worth_a_step_less(credits: list[float | None], tries: int, earned: float | None) -> None:
    assert grading.stepped(credits, tries) == earned


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.integers(1, 6))
def test_steps_stay_between_nothing_and_one_and_never_fall(credits: list[float], tries: int) -> None:
    stands = [grading.stepped(credits[: n + 1], tries) or 0 for n in range(len(credits))]
    assert all(0 <= earned <= 1 for earned in stands)
    assert tries == 1 or stands == sorted(stands)


def test_certainty_marks_are_those_of_moodle_and_its_thresholds_follow_from_them() -> None:
    """https://docs.moodle.org/en/Using_certainty-based_marking: right 1, 2, 3; wrong 0, -2, -6; 67 % and 80 %."""
    assert [grading.certainty_mark(1, level) for level in (1, 2, 3)] == [1, 2, 3]
    assert [grading.certainty_mark(0, level) for level in (1, 2, 3)] == [0, -2, -6]
    assert grading.certainty_mark(0.5, 3) == 1.5
    assert grading.certainty_mark(1, None) == 1
    assert [level.least for level in certainty.levels()] == [0, 67, 80]


@given(st.floats(0, 1))
def test_the_level_that_pays_is_the_honest_one(chance: float) -> None:
    def expected(level: int) -> float:
        return chance * grading.certainty_mark(1, level) + (1 - chance) * grading.certainty_mark(0, level)

    honest = max(level for level in (1, 2, 3) if level == 1 or chance >= grading.threshold(level))
    assert expected(honest) == pytest.approx(max(map(expected, (1, 2, 3))))


@pytest.mark.parametrize(
    ("percent", "says"), [(100, "Well done."), (80, "Well done."), (79, "Half."), (50, "Half."), (0, "")]
)
def test_the_words_at_the_end_are_those_of_the_highest_band_reached(percent: int, says: str) -> None:
    assert grading.band(["50: Half.", "80 %: Well done.", "not a band"], percent) == says


# --- several tries -----------------------------------------------------------------------------------------


class TestTries:
    @pytest.fixture
    def attempt(self, alice: User) -> Attempt:
        quiz = make_quiz(questions=2)
        for version in QuestionVersion.objects.filter(question__places__quiz=quiz):
            hints = {"hints": ["Look at the year.", "It was in <July>."]}
            QuestionVersion.objects.filter(pk=version.pk).update(texts=version.texts | hints)
        return start(alice, quiz, terms=WAYS["tries"])

    def test_a_wrong_answer_brings_a_hint_and_never_the_key(self, attempt: Attempt, alice: User) -> None:
        client = client_of(alice)
        assert "Hint" not in shown(client.get(url(attempt, 1)))
        first = shown(client.post(url(attempt, 1), WRONG, headers={"hx-request": "true"}))
        assert "Look at the year." in first
        assert "in &lt;July&gt;" not in first
        assert "2 tries are left" in first
        second = shown(client.post(url(attempt, 1), WRONG, headers={"hx-request": "true"}))
        assert "in &lt;July&gt;" in second
        assert "One try is left" in second
        for page in (first, second):
            assert "It is so." not in page
            assert "It sounds unlikely." not in page

    def test_a_right_answer_ends_it_and_so_does_the_last_try(self, attempt: Attempt, alice: User) -> None:
        client = client_of(alice)
        for answer in (WRONG, RIGHT, RIGHT):
            page = shown(client.post(url(attempt, 1), answer, headers={"hx-request": "true"}))
        assert "It is so." in page
        assert [r.earned for r in attempt.responses.all()] == [0, 0.666667]
        for answer in (WRONG, WRONG, WRONG, RIGHT):
            client.post(url(attempt, 2), answer)
        attempt = Attempt.objects.get(pk=attempt.pk)
        assert attempt.score == (0.666667, 2)
        assert attempt.responses.count() == 5
        assert attempt.finished_at  # with the last try of the last question

    def test_the_verdict_is_that_of_the_answer_and_the_points_are_those_of_the_tries(
        self, attempt: Attempt, alice: User
    ) -> None:
        record(attempt, 1, WRONG)
        record(attempt, 1, RIGHT)
        page = shown(client_of(alice).get(url(attempt, 1)))
        assert "Right" in page
        assert "earns 0.67 of 1" in page

    def test_without_hints_it_says_where_to_look(self, attempt: Attempt, alice: User) -> None:
        for version in QuestionVersion.objects.filter(slots__attempt=attempt):
            texts = {name: text for name, text in version.texts.items() if name != "hints"}
            QuestionVersion.objects.filter(pk=version.pk).update(texts=texts, keys=["WP-1a"])
        page = shown(client_of(alice).post(url(attempt, 1), WRONG, headers={"hx-request": "true"}))
        assert "tries are left" in page


# --- certainty ---------------------------------------------------------------------------------------------


class TestCertainty:
    @pytest.fixture
    def attempt(self, alice: User) -> Attempt:
        return start(alice, make_quiz(), terms=WAYS["certainty"])

    def test_practice_asks_for_it_and_keeps_what_was_chosen(self, attempt: Attempt, alice: User) -> None:
        client = client_of(alice)
        assert "How sure are you?" in shown(client.get(url(attempt, 1)))
        page = shown(client.post(url(attempt, 1), WRONG))
        assert "Say how sure you are." in page
        assert attempt.responses.count() == 0
        client.post(url(attempt, 1), WRONG | {"certainty": "3"})
        response = attempt.responses.get()
        assert (response.certainty, response.credit) == (3, 0)
        assert "You were very sure" in shown(client.get(url(attempt, 1)))

    @pytest.mark.parametrize("said", ["0", "4", "x", "-1", "1e0"])
    def test_no_other_level_is_taken(self, attempt: Attempt, alice: User, said: str) -> None:
        shown(client_of(alice).post(url(attempt, 1), RIGHT | {"certainty": said}))
        assert attempt.responses.count() == 0

    def test_the_result_shows_what_it_came_to(self, attempt: Attempt, alice: User) -> None:
        for n, (answer, level) in enumerate([(RIGHT, 3), (WRONG, 3), (RIGHT, 1)], 1):
            record(attempt, n, answer, certainty=level)
        assert attempt.certainty_score == 3 - 6 + 1
        attempt.finish(timezone.now())
        page = shown(client_of(alice).get(attempt.get_absolute_url()))
        assert "earned -2 marks in all" in page
        assert attempt.score == (2, 3)  # certainty does not change the score

    def test_where_it_is_not_asked_a_posted_level_is_left_out(self, alice: User) -> None:
        attempt = start(alice, make_quiz())
        assert "How sure are you?" not in shown(client_of(alice).get(url(attempt, 1)))
        client_of(alice).post(url(attempt, 1), RIGHT | {"certainty": "3"})
        assert attempt.responses.get().certainty is None

    def test_a_test_takes_an_answer_without_it(self, alice: User) -> None:
        attempt = start(
            alice, make_quiz(), terms=Terms(behaviour=Behaviour.TEST, release=Release.FINISH, certainty=True)
        )
        client_of(alice).post(url(attempt, 1), RIGHT)
        client_of(alice).post(url(attempt, 1), RIGHT | {"certainty": "2"})
        assert [r.certainty for r in attempt.responses.all()] == [None, 2]


# --- a test ------------------------------------------------------------------------------------------------


class TestLikeATest:
    @pytest.fixture
    def attempt(self, alice: User) -> Attempt:
        return start(alice, make_quiz(), terms=WAYS["test"])

    def test_every_question_can_be_reached_from_every_other_and_the_answer_is_kept(
        self, attempt: Attempt, alice: User
    ) -> None:
        client = client_of(alice)
        assert client.post(url(attempt, 1), RIGHT | {"to": "3"}).url == url(attempt, 3)
        assert client.post(url(attempt, 3), {"to": "1"}).url == url(attempt, 1)  # nothing chosen: skipped
        assert client.post(url(attempt, 1), RIGHT | {"to": "end"}).url == reverse("attempt-finish", args=[attempt.pk])
        assert client.post(url(attempt, 1), RIGHT | {"to": "99"}).url == url(attempt, 2)
        # an untouched answer is left as it was; the last post has no `to` that leads anywhere, but is untouched too
        assert attempt.responses.count() == 1

    def test_a_question_is_flagged_and_the_end_says_so(self, attempt: Attempt, alice: User) -> None:
        client = client_of(alice)
        client.post(url(attempt, 2), WRONG | {"flag": "1"})
        assert attempt.slots.get(number=2).flagged
        assert attempt.responses.get().answer == WRONG
        page = shown(client.get(reverse("attempt-finish", args=[attempt.pk])))
        assert page.count("flagged") == 1
        assert page.count("not answered yet") == 2
        client.post(url(attempt, 2), WRONG | {"flag": "0"})
        assert not attempt.slots.get(number=2).flagged
        assert attempt.responses.count() == 1

    def test_the_last_answer_stands_and_all_are_kept(self, attempt: Attempt) -> None:
        for answer in (WRONG, RIGHT, WRONG, RIGHT):
            record(attempt, 1, answer)
        assert attempt.score == (1, 3)
        assert attempt.responses.count() == 4

    def test_the_older_answer_of_another_tab_is_set_aside(self, attempt: Attempt) -> None:
        now = timezone.now()
        newer = record(attempt, 1, RIGHT, base=0, made=now)
        older = record(attempt, 1, WRONG, base=0, made=now - timedelta(minutes=5))
        assert older.aside == Response.Aside.SUPERSEDED
        assert attempt.score == (1, 3)
        known = record(attempt, 1, WRONG, base=newer.sequence, made=now - timedelta(minutes=5))
        assert known.aside == ""  # it knew the other: this is a change of mind that waited for the network

    def test_what_comes_after_handing_in_is_kept_and_told(self, attempt: Attempt, alice: User) -> None:
        attempt.finish(timezone.now())
        client = client_of(alice)
        page = shown(client.post(url(attempt, 1), RIGHT, follow=True))
        assert "marked late" in page
        assert attempt.responses.get().aside == Response.Aside.LATE
        assert attempt.score == (0, 3)
        assert "It is kept" in shown(client.get(attempt.get_absolute_url()))


# --- beginning ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_the_way_that_is_chosen_is_the_one_that_begins(alice: User, way: str) -> None:
    quiz = make_quiz()
    client_of(alice).post(reverse("quiz-start", args=[quiz.slug]), {"way": way})
    attempt = alice.attempts.get()
    assert {name: getattr(attempt, name) for name in vars(WAYS[way])} == vars(WAYS[way])


def test_an_open_attempt_goes_on_unless_it_is_ended(alice: User) -> None:
    quiz = make_quiz()
    client, address = client_of(alice), reverse("quiz-start", args=[quiz.slug])
    client.post(address, {"way": "practice"})
    client.post(address, {"way": "test"})
    assert alice.attempts.get().behaviour == Behaviour.PRACTICE
    client.post(address, {"way": "test", "anew": "1"})
    assert [a.behaviour for a in alice.attempts.order_by("pk")] == [Behaviour.PRACTICE, Behaviour.TEST]
    assert alice.attempts.open().get().behaviour == Behaviour.TEST


# --- only what was not right -------------------------------------------------------------------------------


class TestAgain:
    @pytest.fixture
    def quiz(self) -> Quiz:
        return make_quiz(questions=4)

    def test_asks_just_these_as_they_are_asked_now(self, alice: User, quiz: Quiz) -> None:
        attempt = start(alice, quiz)
        give(attempt, True, False, True, False)
        attempt.finish(timezone.now())
        client = client_of(alice)
        address = reverse("attempt-again", args=[attempt.pk])
        assert "Only the 2 that were not right" in shown(client.get(attempt.get_absolute_url()))
        client.post(address)
        fresh = alice.attempts.get(context=f"{AGAIN}{attempt.pk}")
        assert [slot.version.question.slug for slot in fresh.asks] == ["chemicals-quiz-2", "chemicals-quiz-4"]
        client.post(address)  # a second press goes on with it
        assert alice.attempts.count() == 2

    def test_says_nothing_of_the_whole_quiz(self, alice: User, quiz: Quiz) -> None:
        attempt = start(alice, quiz)
        give(attempt, True, False, False, False)
        attempt.finish(timezone.now())
        client_of(alice).post(reverse("attempt-again", args=[attempt.pk]))
        fresh = alice.attempts.get(context=f"{AGAIN}{attempt.pk}")
        give(fresh, True, True, True)
        fresh.finish(timezone.now())
        assert list(alice.attempts.whole()) == [attempt]
        page = shown(client_of(alice).get(reverse("progress")))
        assert "25 %" in page
        assert "100 %" not in page

    def test_of_a_reserved_question_nothing_is_practised(self, alice: User, quiz: Quiz) -> None:
        quiz.questions.update(reserved=True)
        terms = Terms(behaviour=Behaviour.TEST, release=Release.FINISH, context="assignment:1")
        attempt = start(alice, quiz, terms=terms)
        attempt.finish(timezone.now())
        assert client_of(alice).post(reverse("attempt-again", args=[attempt.pk])).status_code == 404

    def test_before_the_release_it_does_not_exist(self, alice: User, quiz: Quiz) -> None:
        """Which questions come again would tell which were wrong."""
        now = timezone.now()
        terms = Terms(behaviour=Behaviour.TEST, release=Release.CLOSE, closes=now + timedelta(hours=1), context="a:1")
        attempt = start(alice, quiz, terms=terms)
        give(attempt, True)
        attempt.finish(now)
        assert client_of(alice).post(reverse("attempt-again", args=[attempt.pk])).status_code == 404

    def test_a_question_that_is_no_longer_asked_does_not_come_back(self, alice: User, quiz: Quiz) -> None:
        attempt = start(alice, quiz)
        attempt.finish(timezone.now())
        QuestionVersion.objects.filter(question__slug="chemicals-quiz-1").update(status=Status.RETIRED)
        client_of(alice).post(reverse("attempt-again", args=[attempt.pk]))
        assert len(alice.attempts.get(context__startswith=AGAIN).asks) == 3


# --- how long it took --------------------------------------------------------------------------------------


def test_the_time_an_answer_took_is_counted_from_the_page(alice: User) -> None:
    attempt, now = start(alice, make_quiz()), timezone.now()
    token = since(attempt, 1, now)
    assert seconds(attempt, 1, token, now + timedelta(seconds=42)) == 42
    assert seconds(attempt, 2, token, now) is None  # another question's
    assert seconds(attempt, 1, token.replace(token[0], "9"), now) is None or token[0] == "9"
    assert seconds(attempt, 1, "", now) is None
    client_of(alice).post(url(attempt, 1), RIGHT | {"since": since(attempt, 1, now - timedelta(seconds=30))})
    assert 30 <= (attempt.responses.get().took or 0) < 90


def test_a_settled_question_takes_nothing_more(alice: User) -> None:
    attempt = start(alice, make_quiz())
    record(attempt, 1, RIGHT)
    with pytest.raises(Closed):
        record(attempt, 1, WRONG)


def test_what_one_draws_is_not_what_another_draws(alice: User, bob: User) -> None:
    quiz = Quiz.objects.create(slug="mixed", purpose="mixed", texts={"en": {"title": "Mixed"}})
    lesson = make_quiz().lesson
    for n in range(20):
        make_question(f"pool-{n}", lesson)
    make_question("kept-back", lesson, reserved=True)
    quiz.draws.create(count=5, lesson=lesson)
    asked = [[slot.version.question.slug for slot in start(user, quiz).asks] for user in (alice, bob)]
    assert all(len(set(each)) == 5 for each in asked)
    assert asked[0] != asked[1]
    assert not any("kept-back" in each for each in asked)
    attempt = alice.attempts.get()
    give(attempt, *[True] * 5)
    attempt.finish(timezone.now())
    again = [slot.version.question.slug for slot in start(alice, quiz).asks]
    assert not set(again) & set(asked[0])  # first what is new
