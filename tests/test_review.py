"""Spaced review: what comes back, what never does, the page in each of its states, and the plan."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lessons.models import Lesson, Status
from lessons.reading import shelf
from progress import schedule
from progress.guests import move_work
from progress.history import History
from progress.models import StudyPlan
from progress.review import Study
from progress.review_views import review_quiz
from progress.schedule import REST, SITTING
from quizzes.models import REVIEW, Attempt, Behaviour, Question, Quiz, Release, Response, Skill, Terms
from tests.base import client_of, give, make_lesson, make_question, make_quiz, start

DAY = timedelta(days=1)
NOW = timezone.now()

pytestmark = pytest.mark.django_db


def study(user: Any, now: datetime | None = None) -> Study:
    return Study.of(user, shelf("en"), History.of(user), now or timezone.now())


def asked(user: User, now: datetime | None = None) -> list[str]:
    """The questions that a review begun now would ask."""
    slugs = dict(Question.objects.values_list("versions__pk", "slug"))
    return [slugs[pk] for pk in study(user, now).asks()]


def answer(user: User, quiz: Quiz, *answers: bool, ago: timedelta = 3 * DAY, terms: Terms | None = None) -> Attempt:
    attempt = start(user, quiz, now=NOW - ago, terms=terms)
    give(attempt, *answers, now=NOW - ago)
    attempt.finish(NOW - ago)
    return attempt


def skilled(lesson: Lesson, skill: str, *slugs: str, reserved: bool = False) -> Quiz:
    """A quiz of questions on this skill."""
    quiz = Quiz.objects.create(slug=f"{slugs[0]}-quiz", lesson=lesson)
    for n, slug in enumerate(slugs, 1):
        question = make_question(slug, lesson, reserved=reserved)
        Question.objects.filter(pk=question.pk).update(skill=skill)
        quiz.places.create(question=question, position=n)
    return quiz


@pytest.fixture
def quiz(db: None) -> Quiz:
    """Three statements, all true: facts-1 to facts-3."""
    return make_quiz("facts", 3)


# --- what comes back ---------------------------------------------------------------------------------------


class TestCards:
    def test_knowledge_comes_back_as_it_was_and_what_was_not_asked_does_not(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, True)
        assert asked(alice) == ["facts-1", "facts-2"]

    def test_what_was_right_rests_and_what_was_wrong_comes_back_the_same_day(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, True, ago=timedelta(0))
        assert asked(alice, NOW + SITTING / 2) == []
        assert asked(alice, NOW + SITTING) == ["facts-1"]
        assert asked(alice, NOW + REST) == ["facts-1", "facts-2"]

    def test_reasoning_comes_back_as_a_sibling_whose_answer_counts(self, alice: User) -> None:
        quiz = skilled(make_lesson(), Skill.SOURCING, "who-1", "who-2", "who-3")
        answer(alice, quiz, False)
        assert asked(alice) == ["who-2"]
        review(alice, True)
        assert asked(alice) == []
        assert asked(alice, NOW + 2 * DAY) == ["who-3"]

    def test_a_sibling_is_of_the_same_lesson_and_skill(self, alice: User) -> None:
        lesson, other = make_lesson(), make_lesson("other")
        quiz = skilled(lesson, Skill.CONTEXT, "context-1")
        skilled(lesson, Skill.SOURCING, "sourcing-1")
        skilled(other, Skill.CONTEXT, "context-elsewhere")
        answer(alice, quiz, False)
        assert asked(alice) == ["context-1"], "a lone question comes back itself"

    def test_chronology_is_remembered_question_by_question(self, alice: User) -> None:
        answer(alice, skilled(make_lesson(), Skill.CHRONOLOGY, "when-1", "when-2"), False)
        assert asked(alice) == ["when-1"]

    def test_reserved_questions_never_come_back_and_are_no_sibling(self, alice: User) -> None:
        lesson = make_lesson()
        exam = skilled(lesson, Skill.SOURCING, "kept-1", "kept-2", reserved=True)
        open_one = skilled(lesson, Skill.SOURCING, "open-1")
        terms = Terms(behaviour=Behaviour.TEST, release=Release.FINISH, context="assignment:1")
        answer(alice, exam, False, False, terms=terms)
        assert asked(alice) == []
        answer(alice, open_one, False)
        assert asked(alice) == ["open-1"]

    def test_a_question_reserved_afterwards_is_not_asked_any_more(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, False)
        question = Question.objects.get(slug="facts-1")
        question.reserved = True
        question.save()
        assert asked(alice) == ["facts-2"]

    def test_a_question_that_was_taken_back_is_not_asked_any_more(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, False)
        version = Question.objects.get(slug="facts-1").versions.get()
        version.status = Status.RETIRED
        version.save(update_fields=["status"])
        assert asked(alice) == ["facts-2"]

    def test_nobody_sees_anything_of_anybody_else(self, alice: User, bob: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, False)
        assert asked(bob) == []
        assert not study(bob).memories


class TestEvidence:
    def terms(self, release: str) -> Terms:
        return Terms(closes=NOW + DAY, behaviour=Behaviour.TEST, release=release, context="assignment:1")

    def test_an_assignment_says_nothing_before_its_release(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, False, terms=self.terms(Release.CLOSE))
        assert not study(alice).memories
        assert asked(alice, NOW + 2 * DAY) == ["facts-1", "facts-2"]

    def test_nor_does_a_test_that_is_open(self, alice: User, quiz: Quiz) -> None:
        attempt = start(alice, quiz, now=NOW - DAY, terms=self.terms(Release.FINISH))
        give(attempt, False, now=NOW - DAY)
        assert not study(alice).memories
        attempt.finish(NOW - DAY)
        assert asked(alice) == ["facts-1"]

    def test_in_a_test_the_last_answer_counts_and_in_several_tries_the_first(self, alice: User, quiz: Quiz) -> None:
        tries = Terms(behaviour=Behaviour.TRIES, tries=3)
        for terms, wrong in ((Terms(behaviour=Behaviour.TEST, release=Release.FINISH), False), (tries, True)):
            attempt = start(alice, quiz, now=NOW - 3 * DAY, terms=terms)
            slot = attempt.slots.first()
            for n, choice in enumerate(("false", "true")):
                attempt.record(slot, {"choice": choice}, key=f"{terms.behaviour}{n}", now=NOW - 3 * DAY + n * DAY)
            attempt.finish(NOW - 2 * DAY)
            [memory] = study(alice).memories.values()
            assert memory.wrong == wrong
            Attempt.objects.all().delete()

    def test_answers_set_aside_count_nothing(self, alice: User, quiz: Quiz) -> None:
        attempt = start(alice, quiz, now=NOW - 3 * DAY, terms=Terms(closes=NOW - 2 * DAY, behaviour=Behaviour.TEST))
        give(attempt, False, now=NOW - DAY)
        assert not study(alice).memories

    def test_a_corrected_key_corrects_the_memory_too(self, alice: User, quiz: Quiz) -> None:
        attempt = answer(alice, quiz, False)
        given = attempt.responses.get()
        before = study(alice).memories
        assert [memory.wrong for memory in before.values()] == [True]
        Response.objects.create(
            attempt=attempt, slot=given.slot, sequence=99, received_at=NOW, key="regrade", answer=given.answer,
            credit=1, earned=1, cause=Response.Cause.REGRADE, of=given,
        )  # fmt: skip
        after = study(alice).memories
        assert [memory.wrong for memory in after.values()] == [False]
        assert [m.last.at for m in after.values()] == [m.last.at for m in before.values()]

    def test_what_waits_for_a_teacher_says_nothing_yet(self, alice: User, quiz: Quiz) -> None:
        attempt = start(alice, quiz, now=NOW - DAY)
        Response.objects.create(
            attempt=attempt, slot=attempt.slots.first(), sequence=1, received_at=NOW - DAY, key="k", answer={}
        )
        assert not study(alice).memories

    def test_confident_errors_come_first(self, alice: User, quiz: Quiz) -> None:
        attempt = start(alice, quiz, now=NOW - 9 * DAY, terms=Terms(certainty=True))
        for slot, right, sure, ago in zip(
            attempt.slots.all(), ("false", "true", "false"), (1, 3, 3), (9, 8, 1), strict=True
        ):
            attempt.record(slot, {"choice": right}, key=f"{slot.pk}", now=NOW - ago * DAY, certainty=sure)
        assert asked(alice)[0] == "facts-3"
        assert study(alice).bold

    def test_an_exam_brings_a_question_forward(self, alice: User, quiz: Quiz) -> None:
        for ago in (60, 58, 47):
            answer(alice, quiz, True, ago=ago * DAY)
        [due] = study(alice, NOW - 40 * DAY).back.values()
        now = due - 2 * DAY
        assert asked(alice, now) == []
        StudyPlan.objects.create(user=alice, exam_on=(now + 3 * DAY).date())
        assert asked(alice, now) == ["facts-1"]
        StudyPlan.objects.update(exam_on=(now - DAY).date())
        assert asked(alice, now) == []


# --- a review ----------------------------------------------------------------------------------------------


def begin(client: Client) -> Any:
    return client.post(reverse("review-begin"))


def review(user: User, *answers: bool) -> Attempt:
    """Begin a review as a browser does, answer its questions and hand it in."""
    begin(client_of(user))
    attempt = Attempt.objects.get(user=user, context=REVIEW, finished_at=None)
    give(attempt, *answers)
    attempt.finish(timezone.now())
    return attempt


class TestAReview:
    def test_asks_what_is_due_most_urgent_first_and_how_sure_i_am(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, True, True, False)
        response = begin(client_of(alice))
        attempt = Attempt.objects.get(context=REVIEW)
        assert response.url == attempt.slots.first().get_absolute_url()
        assert [slot.version.question.slug for slot in attempt.asks] == ["facts-3", "facts-1", "facts-2"]
        assert attempt.certainty
        assert attempt.user == alice
        html = client_of(alice).get(response.url).content.decode()
        assert "How sure are you?" in html
        assert f'href="{reverse("review")}"' in html, "the way out leads back"

    def test_who_does_not_want_it_is_not_asked_how_sure(self, alice: User, quiz: Quiz) -> None:
        StudyPlan.objects.create(user=alice, certainty=False)
        answer(alice, quiz, False)
        begin(client_of(alice))
        assert not Attempt.objects.get(context=REVIEW).certainty

    def test_is_resumed_not_begun_twice(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, False)
        client = client_of(alice)
        first = begin(client)
        give(Attempt.objects.get(context=REVIEW), False)
        html = client.get(reverse("review")).content.decode()
        assert "in the middle of a review" in html
        assert "1 question is left" in html
        again = begin(client)
        assert Attempt.objects.filter(context=REVIEW).count() == 1
        assert again.url != first.url, "on to the question that has no answer yet"

    def test_with_nothing_due_there_is_none(self, alice: User, quiz: Quiz) -> None:
        assert begin(client_of(alice)).url == reverse("review")
        assert not Attempt.objects.exists()
        assert not Quiz.objects.filter(slug=REVIEW).exists()

    def test_a_guest_reviews_too(self, gus: User, quiz: Quiz) -> None:
        answer(gus, quiz, False)
        html = client_of(gus).get(reverse("review")).content.decode()
        assert "1 question for today" in html
        assert reverse("account_signup") in html
        begin(client_of(gus))
        assert Attempt.objects.get(context=REVIEW).user == gus

    def test_its_quiz_is_no_quiz_to_practise(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False)
        review(alice, True)
        assert client_of(alice).get(reverse("quiz", args=[REVIEW])).status_code == 404

    def test_the_goal_holds_and_the_rest_is_kept_without_a_number(self, alice: User) -> None:
        answer(alice, make_quiz("many", 37), *[False] * 37)
        StudyPlan.objects.create(user=alice, daily_goal=5)
        client = client_of(alice)
        html = client.get(reverse("review")).content.decode()
        assert "5 questions for today" in html
        assert "kept for other days" in html
        assert not {"37", "32"} & set(html.partition("<main")[2].replace("<", " ").split())
        first = review(alice, *[True] * 5)
        html = client.get(reverse("review")).content.decode()
        assert "That is enough for today" in html
        assert study(alice).today == 0
        more = review(alice, *[True] * 5)
        questions = [{slot.version.question_id for slot in attempt.asks} for attempt in (first, more)]
        assert [len(each) for each in questions] == [5, 5]
        assert not questions[0] & questions[1]

    def test_tomorrow_is_another_day(self, alice: User) -> None:
        answer(alice, make_quiz("many", 8), *[False] * 8)
        StudyPlan.objects.create(user=alice, daily_goal=5)
        review(alice, *[True] * 5)
        assert study(alice).done == 5
        tomorrow = study(alice, timezone.now() + REST)
        assert (tomorrow.done, tomorrow.today) == (0, 5)

    def test_afterwards_the_page_says_how_it_went_and_when_it_comes_back(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, True, False)
        attempt = review(alice, False, True)
        told = {(back.stem, back.verdict): back.days for back in study(alice).strengthened()}
        assert told == {("Statement facts-2.", "wrong"): 0, ("Statement facts-1.", "right"): 14}
        html = client_of(alice).get(reverse("review")).content.decode()
        assert "Done for today" in html
        assert "What you have just reviewed" in html
        assert attempt.get_absolute_url() in html
        assert "in 14 days" in html
        assert not study(alice, timezone.now() + REST).strengthened()

    def test_one_row_and_fifty_cost_the_same(
        self, alice: User, bob: User, record_property: Callable[[str, object], None]
    ) -> None:
        small, large = make_quiz("small", 1), make_quiz("large", 50)
        answer(alice, small, False)
        for n in range(4):
            answer(bob, large, *[False] * 50, ago=(n + 1) * DAY)
        StudyPlan.objects.create(user=bob, daily_goal=50)
        review_quiz()
        counts: dict[str, list[int]] = {"review": [], "progress": [], "home": [], "review-begin": []}
        for user in (alice, bob):
            client = client_of(user)
            for name, found in counts.items():
                ask = client.post if name == "review-begin" else client.get
                ask(reverse(name))
                with CaptureQueriesContext(connection) as queries:
                    ask(reverse(name))
                found.append(len(queries))
        record_property("queries review (page, begin)", f"{counts['review'][0]}, {counts['review-begin'][0]}")
        assert {name: found[0] for name, found in counts.items()} == {name: found[1] for name, found in counts.items()}
        assert max(counts["review"]) <= 8


# --- pages -------------------------------------------------------------------------------------------------


def page(user: User | None, name: str = "review") -> str:
    response = client_of(user).get(reverse(name))
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2]


class TestPages:
    def test_a_visitor_is_told_what_this_is(self, quiz: Quiz) -> None:
        html = page(None)
        assert "comes back before it fades" in html
        assert reverse("account_login") in html
        assert quiz.lesson.get_absolute_url() in html
        assert reverse("review-begin") not in html

    def test_who_has_answered_nothing_is_told_how_it_begins(self, alice: User, quiz: Quiz) -> None:
        html = page(alice)
        assert "Nothing to review yet" in html
        assert quiz.lesson.get_absolute_url() in html

    def test_with_nothing_due_it_says_when_and_leads_on(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, True, ago=timedelta(0))
        html = page(alice)
        assert "Nothing is due now" in html
        assert "tomorrow" in html
        assert "Go on learning" in html

    def test_the_rules_stand_on_the_page(self) -> None:
        html = page(None)
        numbers = (
            f"{schedule.WORDS_A_SECOND:g} words a second",
            f"{schedule.SECONDS_A_MOVE:g} seconds for each choice",
            f"within {schedule.SITTING.seconds // 60} minutes",
            f"rests for {schedule.REST.seconds // 3600} hours",
            f"a chance of {schedule.RETENTION:.0%}".replace("%", " percent"),
            f"below {schedule.EXAM_RECALL:.0%}".replace("%", " percent"),
        )
        for rule in ("less than half right", "right and not sure", "very sure, and quick", *numbers):
            assert rule in html

    def test_there_is_no_streak_and_no_guilt(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, ago=300 * DAY)
        html = (page(alice) + page(alice, "progress") + page(alice, "home")).lower()
        assert not [word for word in ("streak", "overdue", "late", "missed", "behind") if f" {word} " in html]

    def test_home_mentions_it_quietly_when_something_is_due(self, alice: User, quiz: Quiz) -> None:
        assert "questions that you have met" not in page(alice, "home")
        answer(alice, quiz, False, False)
        html = page(alice, "home")
        assert "Review 2 questions that you have met" in html
        assert html.count('rel="next"') == 1

    def test_progress_has_one_next_step_and_review_comes_before_new_lessons(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, False, False)
        html = page(alice, "progress")
        assert html.count('rel="next"') == 1
        assert f'rel="next" href="{reverse("review")}"' in html
        start(alice, make_quiz("closing", 2, lesson=make_lesson("second")))
        assert f'rel="next" href="{reverse("review")}"' not in page(alice, "progress"), "a quiz under way comes first"

    def test_progress_shows_skills_with_words_recall_and_n(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, True, True, True, ago=DAY)
        html = page(alice, "progress")
        assert "You would remember 3 of 3 questions today" in html
        assert "<b>mastered</b>" in html
        assert "95 %" in html
        assert "of 3" in html

    def test_what_lies_far_back_is_fading(self, alice: User, quiz: Quiz) -> None:
        answer(alice, quiz, True, True, True, ago=90 * DAY)
        html = page(alice, "progress").partition("All units")[0]
        assert html.count("<b>fading</b>") > 1  # once in the key

    def test_progress_shows_how_well_i_judge_myself(self, alice: User, quiz: Quiz) -> None:
        assert "How sure you were" not in page(alice, "progress")
        attempt = start(alice, quiz, now=NOW - DAY, terms=Terms(certainty=True))
        for slot in attempt.slots.all():
            attempt.record(slot, {"choice": "true"}, key=f"{slot.pk}", now=NOW - DAY, certainty=3)
        html = page(alice, "progress")
        assert "How sure you were" in html
        assert "From 3 answers" in html

    def test_an_unreleased_assignment_shows_nowhere(self, alice: User, quiz: Quiz) -> None:
        terms = Terms(
            closes=NOW + DAY, behaviour=Behaviour.TEST, release=Release.CLOSE, context="assignment:1", certainty=True
        )
        before = [page(alice, name) for name in ("review", "progress")]
        answer(alice, quiz, False, True, terms=terms)
        assert [page(alice, name) for name in ("review", "progress")] == before


# --- the plan ----------------------------------------------------------------------------------------------


class TestPlan:
    def save(self, user: User, **data: Any) -> Any:
        return client_of(user).post(reverse("review-plan"), {"daily_goal": 20, "exam_on": "", **data})

    def test_is_the_usual_one_until_it_is_saved(self, alice: User) -> None:
        plan = StudyPlan.of(alice)
        assert (plan.daily_goal, plan.exam_on, plan.certainty) == (20, None, True)
        client_of(alice).get(reverse("review-plan"))
        assert not StudyPlan.objects.exists()

    def test_is_saved_and_mine_alone(self, alice: User, bob: User) -> None:
        day = (NOW + 30 * DAY).date()
        for goal in (10, 30):
            assert self.save(alice, daily_goal=goal, exam_on=day.isoformat()).url == reverse("review")
        plan = StudyPlan.objects.get()
        assert (plan.user, plan.daily_goal, plan.exam_on, plan.certainty) == (alice, 30, day, False)
        assert StudyPlan.of(bob).daily_goal == 20
        assert f"{day:%B %Y}" in page(alice)

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ({"exam_on": (NOW - 3 * DAY).date().isoformat()}, "That day is over"),
            ({"exam_on": "2999-01-01"}, "more than three years away"),
            ({"exam_on": "9999-12-31"}, "more than three years away"),
            ({"exam_on": "tomorrow"}, "valid date"),
            ({"daily_goal": 0}, "valid choice"),
            ({"daily_goal": 10**9}, "valid choice"),
            ({"daily_goal": "many"}, "valid choice"),
        ],
    )
    def test_mistakes_are_said_and_nothing_is_saved(self, alice: User, data: dict[str, Any], says: str) -> None:
        response = self.save(alice, **data)
        assert response.status_code == 200
        assert says in response.content.decode()
        assert not StudyPlan.objects.exists()

    def test_an_exam_that_has_passed_meanwhile_does_not_stand_in_the_way(self, alice: User) -> None:
        past = (NOW - 9 * DAY).date()
        StudyPlan.objects.create(user=alice, exam_on=past)
        assert self.save(alice, daily_goal=10, exam_on=past.isoformat()).status_code == 302
        assert StudyPlan.of(alice).exam(NOW) is None
        assert "none ahead" in page(alice)

    def test_goes_with_a_guest_into_the_account_unless_there_is_one(self, alice: User, gus: User, quiz: Quiz) -> None:
        answer(gus, quiz, False)
        StudyPlan.objects.create(user=gus, daily_goal=5)
        move_work(gus, alice)
        assert StudyPlan.of(alice).daily_goal == 5
        other = User.objects.make_guest()
        StudyPlan.objects.create(user=other, daily_goal=50)
        move_work(other, alice)
        assert StudyPlan.objects.get().daily_goal == 5
