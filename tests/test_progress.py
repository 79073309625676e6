"""How far a learner is: counted from the answers, told in one word, with one next step."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lessons.models import Lesson, Unit
from progress.mastery import MASTERED, Evidence, State, state
from progress.summary import LessonLine, UnitLine, marked, next_step, units
from quizzes.models import Attempt, Behaviour, Purpose, Quiz, Release, Terms
from tests.base import client_of, give, make_lesson, make_question, make_quiz, start

HOUR = timedelta(hours=1)

# --- the rule ----------------------------------------------------------------------------------------------

RULE = [
    # in place, answered, best, state
    (0, 0, None, State.NEW),
    (4, 0, None, State.NEW),
    (4, 1, None, State.LEARNING),
    (4, 3, None, State.LEARNING),
    (4, 4, None, State.READ),
    (4, 5, None, State.READ),  # a question left the lesson after it was answered
    (4, 0, 0, State.READ),  # the quiz was handed in
    (4, 0, MASTERED - 1, State.READ),
    (4, 4, MASTERED - 1, State.READ),
    (4, 0, MASTERED, State.MASTERED),
    (4, 1, MASTERED, State.MASTERED),
    (0, 0, 100, State.MASTERED),
    (0, 0, 79, State.READ),
    (0, 2, None, State.LEARNING),
]


@pytest.mark.parametrize(("in_place", "answered", "best", "expected"), RULE)
def test_the_state_of_a_lesson(in_place: int, answered: int, best: int | None, expected: State) -> None:
    assert state(Evidence(in_place, answered, best)) == expected


def test_more_evidence_never_takes_a_lesson_back() -> None:
    order = list(State)
    bests: list[int | None] = [None, 0, 50, 79, 80, 100]
    for in_place in range(4):
        for answered in range(in_place + 1):
            for i, best in enumerate(bests):
                now = order.index(state(Evidence(in_place, answered, best)))
                assert order.index(state(Evidence(in_place, answered + 1, best))) >= now
                assert all(order.index(state(Evidence(in_place, answered, more))) >= now for more in bests[i:])


# --- the next step -----------------------------------------------------------------------------------------

NEW, BEGUN, READ = Evidence(3), Evidence(3, 1), Evidence(3, 3)
TRIED, MASTERED_IT = Evidence(3, 3, 60), Evidence(3, 3, 90)


def lines(*lessons: Evidence | tuple[Evidence, int]) -> tuple[UnitLine, ...]:
    """Units of two lessons each; a pair is a lesson with a quiz under way."""
    made = []
    for n, each in enumerate(lessons):
        evidence, running = each if isinstance(each, tuple) else (each, None)
        lesson = Lesson(pk=n + 1, slug=f"lesson-{n + 1}", unit_id=n // 2 + 1)
        made.append(LessonLine(lesson, f"Lesson {n + 1}", 5, evidence, f"quiz-{n + 1}", running))
    pairs = [tuple(made[i : i + 2]) for i in range(0, len(made), 2)]
    return tuple(UnitLine(Unit(pk=n, number=n), pair) for n, pair in enumerate(pairs, 1))


STEPS: list[tuple[list[Any], str, str]] = [
    ([NEW, NEW], "begin", "/lessons/lesson-1/"),
    ([BEGUN, NEW], "read", "/lessons/lesson-1/"),
    ([READ, NEW], "quiz", "/quizzes/quiz-1/"),
    ([TRIED, NEW], "retake", "/quizzes/quiz-1/"),
    ([MASTERED_IT, NEW], "begin", "/lessons/lesson-2/"),
    ([NEW, BEGUN], "read", "/lessons/lesson-2/"),  # what was begun comes before what is new
    ([NEW, NEW, READ, NEW], "quiz", "/quizzes/quiz-3/"),
    ([MASTERED_IT, NEW, NEW, TRIED], "retake", "/quizzes/quiz-4/"),
    ([BEGUN, NEW, NEW, (READ, 7)], "resume", "/quizzes/quiz-4/"),  # a quiz under way comes before everything
    ([(MASTERED_IT, 7), NEW], "resume", "/quizzes/quiz-1/"),
    ([MASTERED_IT, MASTERED_IT], "done", ""),
    ([], "done", ""),
]


@pytest.mark.parametrize(("lessons", "kind", "url"), STEPS)
def test_the_next_step(lessons: list[Any], kind: str, url: str) -> None:
    found = lines(*lessons)
    step = next_step(found)
    assert (step.kind, step.url) == (kind, url)
    here = [unit for unit in marked(found, step) if unit.here]
    assert len(here) == (kind != "done")


def test_a_step_says_how_many_questions_are_left() -> None:
    assert next_step(lines(BEGUN)).left == 2


def test_a_unit_says_in_a_few_words_how_far_it_is() -> None:
    said = {
        (NEW, NEW): "2 lessons",
        (BEGUN, NEW): "begun",
        (READ, NEW): "1 of 2 read",
        (TRIED, READ): "2 of 2 read",
        (MASTERED_IT, READ): "1 of 2 mastered",
        (MASTERED_IT, MASTERED_IT): "All 2 lessons mastered",
    }
    assert {lessons: lines(*lessons)[0].how for lessons in said} == said


# --- counted from the answers ------------------------------------------------------------------------------


@pytest.fixture
def lesson(db: None) -> Lesson:
    """A lesson with two questions in its text, and a closing quiz of five."""
    made = make_lesson()
    make_quiz("in-text", 2, lesson=made, purpose=Purpose.CHECKPOINT)
    make_quiz("closing", 5, lesson=made)
    return made


def quiz(purpose: str) -> Quiz:
    return Quiz.objects.get(purpose=purpose)


def line(user: Any, now: datetime | None = None) -> LessonLine:
    [unit] = units(user, "en", now=now or timezone.now())
    return unit.lessons[0]


def take(user: User, *answers: bool, purpose: str = Purpose.CLOSING, terms: Terms | None = None) -> Attempt:
    attempt = start(user, quiz(purpose), terms=terms)
    give(attempt, *answers)
    attempt.finish(timezone.now())
    return attempt


class TestCounting:
    def test_nothing_answered_is_new(self, lesson: Lesson, alice: User) -> None:
        assert line(alice).state == State.NEW
        assert line(alice).evidence == Evidence(in_place=2)

    def test_answers_in_the_text_count_right_or_wrong_and_over_several_attempts(
        self, lesson: Lesson, alice: User
    ) -> None:
        give(start(alice, quiz(Purpose.CHECKPOINT)), False)
        assert line(alice).state == State.LEARNING
        take(alice, purpose=Purpose.CHECKPOINT)
        second = start(alice, quiz(Purpose.CHECKPOINT))
        second.record(second.slots.get(number=2), {"choice": "true"}, key="k", now=timezone.now())
        assert line(alice).evidence.answered == 2
        assert line(alice).state == State.READ

    def test_the_best_result_counts(self, lesson: Lesson, alice: User) -> None:
        for right, best in ((3, 60), (4, 80), (1, 80)):
            take(alice, *[True] * right)
            assert line(alice).evidence.best == best
        assert line(alice).state == State.MASTERED

    def test_what_was_left_open_counts_as_not_right(self, lesson: Lesson, alice: User) -> None:
        take(alice, True)
        assert line(alice).evidence.best == 20

    def test_a_quiz_under_way_has_no_result_yet_and_is_the_next_step(self, lesson: Lesson, alice: User) -> None:
        attempt = start(alice, quiz(Purpose.CLOSING))
        give(attempt, True, True)
        assert line(alice).evidence.best is None
        assert line(alice).running == attempt.pk
        assert next_step(units(alice, "en", now=timezone.now())).kind == "resume"

    def test_a_visitor_and_another_pupil_have_nothing(self, lesson: Lesson, alice: User, bob: User) -> None:
        take(alice, *[True] * 5)
        assert line(bob).state == State.NEW
        visitor = type("Visitor", (), {"is_authenticated": False})()
        assert line(visitor).state == State.NEW

    def test_questions_kept_for_assignments_are_not_missed_in_the_text(self, lesson: Lesson, alice: User) -> None:
        quiz(Purpose.CHECKPOINT).places.create(question=make_question("kept", lesson, reserved=True), position=9)
        assert line(alice).evidence.in_place == 2


class TestAssignments:
    """What a pupil does for a class counts too, once its result may be seen, and not a moment before."""

    def terms(self, now: datetime, release: str) -> Terms:
        return Terms(closes=now + HOUR, behaviour=Behaviour.TEST, release=release, context="assignment:1")

    @pytest.mark.parametrize(
        ("release", "while_open", "handed_in", "closed"),
        [(Release.FINISH, None, 100, 100), (Release.CLOSE, None, None, 100), (Release.AT_ONCE, None, 100, 100)],
    )
    def test_count_from_their_release(
        self, lesson: Lesson, alice: User, release: str, while_open: int, handed_in: int, closed: int
    ) -> None:
        now = timezone.now()
        attempt = start(alice, quiz(Purpose.CLOSING), terms=self.terms(now, release), now=now)
        give(attempt, *[True] * 5, now=now)
        assert line(alice, now).evidence.best == while_open
        attempt.finish(now)
        assert line(alice, now).evidence.best == handed_in
        assert line(alice, now + 2 * HOUR).evidence.best == closed

    def test_are_not_resumed_as_practice(self, lesson: Lesson, alice: User) -> None:
        now = timezone.now()
        start(alice, quiz(Purpose.CLOSING), terms=self.terms(now, Release.FINISH), now=now)
        assert line(alice).running is None

    def test_say_nothing_on_any_page_before(self, lesson: Lesson, alice: User) -> None:
        now = timezone.now()
        attempt = start(alice, quiz(Purpose.CLOSING), terms=self.terms(now, Release.CLOSE), now=now)
        client = client_of(alice)
        before = [client.get(reverse(name)).content.count(b"100") for name in ("home", "progress")]
        give(attempt, *[True] * 5, now=now)
        attempt.finish(now)
        shown = [client.get(reverse(name)).content for name in ("home", "progress")]
        assert [html.count(b"100") for html in shown] == before
        told = shown[1].decode().partition("<main")[2].partition("How this is counted")[0]
        assert "astered" not in told
        assert "%" not in told

    def test_late_answers_count_nothing(self, lesson: Lesson, alice: User) -> None:
        now = timezone.now()
        attempt = start(alice, quiz(Purpose.CLOSING), terms=self.terms(now, Release.FINISH), now=now)
        give(attempt, True, now=now)
        for slot in attempt.slots.filter(number__gt=1):
            attempt.record(slot, {"choice": "true"}, key=f"late{slot.pk}", now=now + 2 * HOUR)
        assert line(alice, now + 2 * HOUR).evidence.best == 20


# --- pages -------------------------------------------------------------------------------------------------


class TestPages:
    def test_progress_shows_each_lesson_and_one_next_step(self, lesson: Lesson, alice: User) -> None:
        take(alice, True, True, True)
        html = client_of(alice).get(reverse("progress")).content.decode()
        assert "Three chemicals" in html
        assert "60 %" in html
        assert "0 / 2" in html
        assert html.count('rel="next"') == 1
        assert f'href="{quiz(Purpose.CLOSING).get_absolute_url()}"' in html

    def test_home_and_unit_show_the_same_state(self, lesson: Lesson, alice: User) -> None:
        client = client_of(alice)
        for answers, word in (((), "new"), ([True] * 3, "read"), ([True] * 5, "mastered")):
            if answers:
                take(alice, *answers)
            shown = client.get(lesson.unit.get_absolute_url()).content.decode()
            assert word in shown.lower()
            assert word in client.get(reverse("progress")).content.decode().lower()

    def test_home_tells_a_visitor_what_this_is_and_lets_them_in(self, lesson: Lesson) -> None:
        html = Client().get("/").content.decode()
        assert f'href="{lesson.get_absolute_url()}"' in html
        assert html.count('rel="next"') == 1
        assert reverse("account_login") in html

    def test_home_offers_a_visitor_a_quiz(self, lesson: Lesson) -> None:
        assert quiz(Purpose.CLOSING).get_absolute_url() in Client().get("/").content.decode()

    def test_an_unfinished_quiz_is_offered_first(self, lesson: Lesson, alice: User) -> None:
        start(alice, quiz(Purpose.CLOSING))
        assert "in the middle of its quiz" in client_of(alice).get("/").content.decode()

    def test_a_site_without_lessons_has_its_pages_too(self, alice: User) -> None:
        for client in (Client(), client_of(alice)):
            assert client.get("/").status_code == 200
        assert client_of(alice).get(reverse("progress")).status_code == 200

    def test_a_guest_has_progress_too(self, lesson: Lesson, gus: User) -> None:
        take(gus, *[True] * 5)
        html = client_of(gus).get(reverse("progress")).content.decode()
        assert "100 %" in html
        assert reverse("account") in html


def test_the_map_speaks_of_lessons_to_come_only_while_there_are_some(alice: User) -> None:
    unit = make_lesson().unit
    for planned, said in ((["Three chemicals", "Motives"], True), (["Three chemicals"], False)):
        unit.texts["en"]["planned"] = planned
        unit.save()
        page = client_of(None).get(reverse("home")).content.decode()
        assert ("still being written" in page) is said
