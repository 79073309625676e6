"""A corrected key: who changes and by how much, done once, done whole, taken back; and every score adds up."""

import re
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from classrooms.gradebook import frame, scores_for, stamp
from classrooms.models import Assignment, Classroom
from lessons.models import Status
from progress.history import History
from quizzes.grading import score, stepped
from quizzes.models import (
    Attempt,
    Behaviour,
    Closed,
    Question,
    QuestionVersion,
    Quiz,
    Regrade,
    Release,
    Response,
    Terms,
    correction,
)
from quizzes.questions import KINDS
from quizzes.regrading import outdated, preview
from quizzes.rereading import readable
from tests.base import client_of, give, make_quiz, make_user, start
from tests.desk import change, make_library, text_of
from tests.invented import answers, mangled, questions
from tests.samples import SAMPLES
from tests.taking import at_once

pytestmark = pytest.mark.django_db

TRUE, FALSE = {"choice": "true"}, {"choice": "false"}
TEST = {"behaviour": Behaviour.TEST, "release": Release.FINISH, "context": "assignment:1"}


def correct(question: Question, content: dict[str, Any], **texts: Any) -> QuestionVersion:
    """Publish a further version with this content."""
    old = question.published("en").get()
    new = QuestionVersion(question=question, content=content, texts=old.texts | texts, keys=old.keys).add()
    question.versions.filter(status=Status.PUBLISHED).update(status=Status.RETIRED)
    question.versions.filter(pk=new.pk).update(status=Status.PUBLISHED)
    new.status = Status.PUBLISHED
    return new


def regrade(version: QuestionVersion, by: User) -> tuple[Regrade, int]:
    made = Regrade.begin(version, reason="The key was wrong.", by=by, now=timezone.now())
    return made, made.apply(timezone.now())


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.get(pk=attempt.pk)


def points(*attempts: Attempt) -> list[float]:
    """The scores as the learner's page counts them, after making sure that the gradebook counts the same."""
    mine = {attempt.pk: fresh(attempt).score for attempt in attempts}
    assert {pk: each[0] for pk, each in scores_for(mine).items()} == mine
    return [mine[attempt.pk].points for attempt in attempts]


@pytest.fixture
def quiz(db: None) -> Quiz:
    """Two statements, both true, the published key says."""
    return make_quiz(questions=2)


@pytest.fixture
def asked(quiz: Quiz) -> Question:
    return quiz.questions.get(slug="chemicals-quiz-1")


@pytest.fixture
def three(quiz: Quiz, alice: User, bob: User, charlie: User) -> list[Attempt]:
    """Alice and Bob answered the first statement, one this way and one the other; Charlie left it open."""
    attempts = [start(user, quiz) for user in (alice, bob, charlie)]
    give(attempts[0], True)
    give(attempts[1], False)
    attempts[2].record(attempts[2].asks[1], TRUE, key="second", now=timezone.now())
    return attempts


@pytest.fixture
def corrected(three: list[Attempt], asked: Question) -> QuestionVersion:
    return correct(asked, {"right": False}, feedback={"true": "It sounds likely."}, explanation="It is not so.")


class TestPreview:
    def test_says_who_changes_and_by_how_much(self, corrected: QuestionVersion) -> None:
        found = preview(corrected, timezone.now(), names=True)
        assert (found.answers, found.changed, found.marked, found.unread, found.same) == (2, 2, 0, 0, 0)
        assert [(e.who, e.before.points, e.after.points, e.gain) for e in found.up] == [("Bob", 0, 1, 1)]
        assert [(e.who, e.before.points, e.after.points, e.gain) for e in found.down] == [("Alice", 1, 0, -1)]
        assert all(e.going and e.before.out_of == 2 for e in found.effects)

    def test_names_nobody_unless_asked(self, corrected: QuestionVersion) -> None:
        assert {effect.who for effect in preview(corrected, timezone.now()).effects} == {""}

    def test_writes_nothing_and_costs_the_same_for_many(self, corrected: QuestionVersion, quiz: Quiz) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                preview(corrected, timezone.now(), names=True)
            assert not [q for q in queries if re.match("INSERT|UPDATE|DELETE", q["sql"])]
            return len(queries)

        cost()  # the versions are read once
        few = cost()
        for n in range(20):
            attempt = start(make_user(f"pupil-{n}"), quiz)
            attempt.slots.filter(version=corrected).update(version=corrected.siblings.get(number=1))
            give(attempt, True)
        assert cost() == few
        assert len(preview(corrected, timezone.now()).down) == 21

    def test_tells_which_answered_versions_had_another_content(self, corrected: QuestionVersion) -> None:
        assert outdated(corrected) == [1]
        mended = correct(corrected.question, corrected.content, stem="Better words.")
        assert outdated(mended) == [1]  # version 2 was never answered, and says the same


class TestApplied:
    def test_each_answer_is_judged_once_and_kept(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User
    ) -> None:
        before = list(Response.objects.order_by("pk").values())
        made, added = regrade(corrected, edith)
        assert added == 2
        assert points(*three) == [0, 1, 1]
        assert list(Response.objects.order_by("pk").values())[: len(before)] == before
        judgement = Response.objects.get(attempt=three[0], cause=Response.Cause.REGRADE)
        original = judgement.of
        assert original is not None
        assert (judgement.regrade, judgement.answer, judgement.credit, judgement.earned) == (made, TRUE, 0, 0)
        assert (judgement.took, judgement.certainty) == (original.took, original.certainty)
        assert judgement.key == f"regrade-{made.pk}-{original.pk}"

    def test_repeating_it_adds_nothing(self, corrected: QuestionVersion, three: list[Attempt], edith: User) -> None:
        made, _added = regrade(corrected, edith)
        again, added = regrade(corrected, edith)
        assert (again, added, Regrade.objects.count()) == (made, 0, 1)
        assert points(*three) == [0, 1, 1]

    def test_killed_halfway_it_is_run_again_and_does_the_rest(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = Regrade.begin(corrected, reason="Wrong.", by=edith, now=timezone.now())
        monkeypatch.setattr(correction, "BATCH", 1)
        due, calls = Regrade._due, []

        def dies(*args: Any) -> list[Response]:
            calls.append(args)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return due(*args)

        monkeypatch.setattr(Regrade, "_due", dies)
        with pytest.raises(KeyboardInterrupt):
            made.apply(timezone.now())
        assert Response.objects.filter(cause=Response.Cause.REGRADE).count() == 1
        assert made.apply(timezone.now()) == 1
        assert points(*three) == [0, 1, 1]

    def test_what_was_set_aside_is_not_touched(self, quiz: Quiz, asked: Question, alice: User, edith: User) -> None:
        now = timezone.now()
        attempt = start(alice, quiz, terms=Terms(closes=now + timedelta(hours=1), **TEST), now=now)
        slot = attempt.asks[0]
        attempt.record(slot, TRUE, key="in time", now=now)
        attempt.record(slot, FALSE, key="late", now=now + timedelta(hours=2))
        regrade(correct(asked, {"right": False}), edith)
        assert points(attempt) == [0]
        assert [r.of.key for r in attempt.responses.filter(cause="regrade")] == ["in time"]

    def test_in_a_test_the_last_answer_is_judged(self, quiz: Quiz, asked: Question, alice: User, edith: User) -> None:
        attempt = start(alice, quiz, terms=Terms(**TEST))
        for n, answer in enumerate((FALSE, TRUE, FALSE)):
            attempt.record(attempt.asks[0], answer, key=f"k{n}", now=timezone.now())
        _made, added = regrade(correct(asked, {"right": False}), edith)
        assert (added, points(attempt)) == (1, [1])

    def test_with_several_tries_the_steps_are_counted_anew(
        self, quiz: Quiz, asked: Question, alice: User, bob: User, edith: User
    ) -> None:
        terms = Terms(behaviour=Behaviour.TRIES, tries=3)
        second, first = start(alice, quiz, terms=terms), start(bob, quiz, terms=terms)
        for n, answer in enumerate((FALSE, TRUE)):
            second.record(second.asks[0], answer, key=f"k{n}", now=timezone.now())
        first.record(first.asks[0], TRUE, key="k", now=timezone.now())
        assert points(second, first) == [0.666667, 1]
        made, added = regrade(correct(asked, {"right": False}), edith)
        assert (added, points(second, first)) == (3, [1, 0])  # her first try was right after all
        made.undo(edith, timezone.now())
        assert points(second, first) == [0.666667, 1]

    def test_an_answer_that_names_what_is_gone_keeps_its_credit(self, alice: User, bob: User, edith: User) -> None:
        make_library()
        quiz = make_quiz(questions=0)
        content, texts = SAMPLES["single"]
        question = Question.objects.create(slug="licence", kind="single", lesson=quiz.lesson)
        QuestionVersion(question=question, content=content, texts=texts, status=Status.PUBLISHED).add()
        quiz.places.create(question=question, position=1)
        gone, stays = start(alice, quiz), start(bob, quiz)
        gone.record(gone.asks[0], {"choice": "licence"}, key="a", now=timezone.now())
        stays.record(stays.asks[0], {"choice": "quota"}, key="b", now=timezone.now())
        better = {"options": ["ban", "permit", "quota"], "right": "quota"}
        version = correct(question, better, options={"ban": "Stop", "permit": "A permit", "quota": "A limit"})
        found = preview(version, timezone.now())
        assert (found.answers, found.changed, found.unread) == (2, 1, 1)
        _made, added = regrade(version, edith)
        assert (added, points(gone, stays)) == (1, [1, 1])

    def test_a_teachers_mark_survives(self, quiz: Quiz, asked: Question, alice: User, tom: User, edith: User) -> None:
        attempt = start(alice, quiz, terms=Terms(**TEST))
        attempt.record(attempt.asks[0], FALSE, key="a", now=timezone.now())
        attempt.finish(timezone.now())
        attempt.mark(attempt.asks[0], FALSE, comment="No.", by=tom, now=timezone.now())
        version = correct(asked, {"right": False})
        found = preview(version, timezone.now())
        assert (found.answers, found.marked, found.changed, found.same) == (1, 1, 0, 1)
        made, added = regrade(version, edith)
        assert (added, points(attempt), made.undo(edith, timezone.now())) == (0, [0], 0)

    def test_the_class_and_the_review_see_it(
        self, quiz: Quiz, asked: Question, room: Classroom, alice: User, tom: User, edith: User
    ) -> None:
        now = timezone.now()
        task = Assignment.objects.create(classroom=room, quiz=quiz, due=now + timedelta(days=1))
        attempt = task.begin(alice, now=now)
        give(attempt, True, True)
        attempt.finish(now)

        def kept() -> str:
            return stamp(Classroom.objects.with_work().get(pk=room.pk), frame([room.pk]), now)

        before, client = kept(), client_of(tom)
        gradebook = reverse("gradebook", args=[room.pk])
        assert "2 of 2" in text_of(client.get(gradebook))
        version = correct(asked, {"right": False}, feedback={"true": "It sounds likely."})
        regrade(version, edith)
        assert kept() != before
        assert "1 of 2" in text_of(client.get(gradebook))
        seen = text_of(client.get(reverse("class-attempt", args=[room.pk, attempt.pk])))
        assert "graded anew by a corrected key" in seen
        given = [one.credit for sheet in History.of(alice).given.values() for each in sheet.values() for one in each]
        assert sorted(given) == [0, 1]


class TestUndone:
    def test_brings_back_what_stood_and_twice_is_once(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User, ada: User
    ) -> None:
        made, _added = regrade(corrected, edith)
        assert made.undo(ada, timezone.now()) == 2
        at = made.undone_at
        assert points(*three) == [1, 0, 1]
        assert made.undo(edith, timezone.now()) == 0
        assert (made.undone_at, made.undone_by) == (at, ada)
        assert Response.objects.filter(key__startswith=f"undo-{made.pk}-").count() == 2

    def test_a_later_regrade_works(self, corrected: QuestionVersion, three: list[Attempt], edith: User) -> None:
        made, _added = regrade(corrected, edith)
        made.undo(edith, timezone.now())
        assert made.apply(timezone.now()) == 0  # what is undone stays so
        later, added = regrade(corrected, edith)
        assert (later != made, added, points(*three)) == (True, 2, [0, 1, 1])

    def test_of_two_that_stand_the_latest_says(
        self, corrected: QuestionVersion, three: list[Attempt], asked: Question, edith: User
    ) -> None:
        first, _added = regrade(corrected, edith)
        second, _added = regrade(correct(asked, {"right": True}), edith)
        assert points(*three) == [1, 0, 1]
        assert first.undo(edith, timezone.now()) == 0  # it says nothing any more
        assert points(*three) == [1, 0, 1]
        again, _added = regrade(corrected, edith)
        assert points(*three) == [0, 1, 1]
        again.undo(edith, timezone.now())
        assert points(*three) == [1, 0, 1]
        assert Response.objects.filter(attempt=three[0]).last().regrade == second
        second.undo(edith, timezone.now())
        assert points(*three) == [1, 0, 1]


class TestAttemptsThatGoOn:
    """What is still given to the old version is graded by the corrected key."""

    def test_a_new_answer_to_the_old_version(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User
    ) -> None:
        made, _added = regrade(corrected, edith)
        attempt = three[2]
        response = attempt.record(attempt.asks[0], FALSE, key="now", now=timezone.now())
        assert (response.cause, response.credit, response.regrade) == (Response.Cause.ANSWER, 1, made)
        assert (points(attempt), made.apply(timezone.now())) == ([2], 0)
        made.undo(edith, timezone.now())
        assert points(attempt) == [1]
        other = start(make_user("dora"), attempt.quiz)  # asks the corrected version itself
        assert other.record(other.asks[0], FALSE, key="x", now=timezone.now()).credit == 1

    def test_an_answer_that_did_not_know_of_it_is_found_by_the_second_look(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = Regrade.begin(corrected, reason="Wrong.", by=edith, now=timezone.now())
        settle = Regrade._settle

        def slow(self: Regrade, *args: Any) -> int:
            added = settle(self, *args)
            monkeypatch.setattr(Regrade, "_settle", settle)
            with monkeypatch.context() as then:
                then.setattr(correction.RegradeQuerySet, "standing", lambda self, version: self.none())
                three[2].record(three[2].asks[0], TRUE, key="meanwhile", now=timezone.now())
            return added

        monkeypatch.setattr(Regrade, "_settle", slow)
        assert made.apply(timezone.now()) == 3
        assert points(*three) == [0, 1, 1]

    def test_costs_no_query_where_nothing_was_corrected(self, quiz: Quiz, alice: User) -> None:
        attempt = start(alice, quiz)
        slot = attempt.asks[0]
        with CaptureQueriesContext(connection) as queries:
            attempt.record(slot, TRUE, key="k", now=timezone.now())
        asked = [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(asked) == 3  # the lock, what was given before, and the answer

    def test_an_answer_typed_before_it_is_not_taken_for_an_old_one(
        self, quiz: Quiz, asked: Question, alice: User, edith: User
    ) -> None:
        now = timezone.now()
        attempt = start(alice, quiz, terms=Terms(**TEST), now=now)
        first = attempt.record(attempt.asks[0], TRUE, key="a", now=now)
        made = Regrade.begin(correct(asked, {"right": False}), reason="Wrong.", by=edith, now=now)
        made.apply(now + timedelta(minutes=5))
        about = {"base": first.sequence, "made": now + timedelta(minutes=1), "now": now + timedelta(minutes=9)}
        assert attempt.record(attempt.asks[0], FALSE, key="b", **about).aside == ""
        assert points(attempt) == [1]


class TestWhatLearnersSee:
    def seen(self, attempt: Attempt) -> str:
        attempt.finish(timezone.now())
        return text_of(client_of(attempt.user).get(attempt.get_absolute_url()))

    def test_corrected_since_and_the_key_that_stands(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User
    ) -> None:
        assert "Corrected since" not in self.seen(three[1])
        made, _added = regrade(corrected, edith)
        for attempt, sign in ((three[0], True), (three[1], True), (three[2], False)):
            page = self.seen(attempt)
            assert ("Corrected since" in page) == sign
            assert "It is not so." in page  # also where nothing was answered
        made.undo(edith, timezone.now())
        page = self.seen(three[0])
        assert "Corrected since" not in page
        assert "It is not so." not in page

    def test_a_result_costs_the_same_with_and_without_it(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User
    ) -> None:
        def cost() -> int:
            self.seen(three[0])
            client, url = client_of(three[0].user), three[0].get_absolute_url()
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            return len(queries)

        before = cost()
        regrade(corrected, edith)
        assert cost() == before


class TestOnTheDesk:
    def url(self, question: Question) -> str:
        return reverse("admin:quizzes_question_regrade", args=[question.pk])

    def test_from_the_question_to_the_preview_to_the_regrade_and_back(
        self, corrected: QuestionVersion, three: list[Attempt], edith: User
    ) -> None:
        question, desk = corrected.question, client_of(edith)
        page = text_of(desk.get(change(question)))
        assert "Version 1 was answered too" in page
        assert self.url(question) in page
        page = text_of(desk.get(self.url(question)))
        assert "1 score goes up" in page
        assert "1 score goes down" in page
        assert "Bob" not in page  # an editor reaches no people
        refused = desk.post(self.url(question), {"version": "2", "reason": " "})
        assert refused.status_code == 200
        assert refused.context["form"].errors["reason"]
        assert not Regrade.objects.exists()
        done = desk.post(self.url(question), {"version": "2", "reason": "Dates mixed up."}, follow=True)
        assert "Graded anew: 2 answers." in text_of(done)
        assert "Dates mixed up." in text_of(done)
        assert points(*three) == [0, 1, 1]
        made = Regrade.objects.get()
        assert (made.by, made.reason) == (edith, "Dates mixed up.")
        undo = reverse("admin:quizzes_question_undo", args=[question.pk, made.pk])
        assert desk.get(undo).status_code == 405
        assert "Taken back: 2 answers" in text_of(desk.post(undo, follow=True))
        assert points(*three) == [1, 0, 1]
        elsewhere = reverse("admin:quizzes_question_undo", args=[three[0].asks[1].version.question_id, made.pk])
        assert desk.post(elsewhere).status_code == 404

    def test_an_admin_sees_who(self, corrected: QuestionVersion, ada: User) -> None:
        client = client_of(ada)
        assert "Bob" in text_of(client.get(self.url(corrected.question)))
        done = client.post(self.url(corrected.question), {"version": "2", "reason": "Wrong."}, follow=True)
        assert done.redirect_chain[-1][0] == reverse("admin:quizzes_regrade_changelist")
        assert Regrade.objects.get().by == ada

    def test_what_another_editor_published_meanwhile_is_looked_at_first(
        self, corrected: QuestionVersion, edith: User
    ) -> None:
        correct(corrected.question, {"right": True})
        page = client_of(edith).post(self.url(corrected.question), {"version": "2", "reason": "Wrong."})
        assert "Another version was published meanwhile" in text_of(page)
        assert not Regrade.objects.exists()

    def test_nobody_else_reaches_it(self, corrected: QuestionVersion, tom: User, alice: User, edith: User) -> None:
        made, _added = regrade(corrected, edith)
        for user in (tom, alice):
            for url in (
                self.url(corrected.question),
                reverse("admin:quizzes_question_undo", args=[corrected.question_id, made.pk]),
            ):
                assert client_of(user).post(url, {"version": "2", "reason": "Mine."}).status_code in (302, 403)
        made.refresh_from_db()
        assert (made.undone_at, Regrade.objects.count()) == (None, 1)

    def test_a_change_of_words_alone_asks_for_nothing(self, three: list[Attempt], asked: Question, edith: User) -> None:
        correct(asked, {"right": True}, stem="Better words.")
        assert "Earlier answers" not in text_of(client_of(edith).get(change(asked)))


# --- every score adds up -----------------------------------------------------------------------------------

quick = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def recomputed(attempt: Attempt) -> float:
    """The score worked out from nothing but the answers, the keys, and the regrades that stand."""
    earned = []
    for slot in attempt.slots.select_related("version__question"):
        version, credits = slot.version, []
        keys = Regrade.objects.filter(
            undone_at=None, question=version.question, version__number__gt=version.number
        ).order_by("pk")
        key = keys.last().version if keys else version
        for response in slot.responses.filter(cause=Response.Cause.ANSWER, aside="").order_by("sequence"):
            credits.append(key.question.rules.grade(key.content, response.answer).credit)
        earned.append(stepped(credits, attempt.tries))
    return score(earned).points


@quick
@given(data=st.data())
def test_whatever_happens_scores_are_what_answers_keys_and_regrades_say(
    django_db_blocker: Any, db: None, data: st.DataObject
) -> None:
    with transaction.atomic():
        editor = make_user("emil")
        question = make_quiz(questions=1).questions.get()
        quiz = question.quizzes.get()
        terms = [Terms(**TEST), Terms(behaviour=Behaviour.TRIES, tries=3), Terms()]
        people = [make_user(f"p{n}") for n in range(3)]
        attempts = [start(user, quiz, terms=each) for user, each in zip(people, terms, strict=True)]
        key = question.published("en").get()
        for n in range(data.draw(st.integers(3, 12))):
            step = data.draw(st.sampled_from(["answer", "answer", "begin", "publish", "regrade", "undo", "again"]))
            now = timezone.now()
            if step == "answer":
                attempt = fresh(data.draw(st.sampled_from(attempts)))
                given = data.draw(st.sampled_from([TRUE, FALSE]))
                with suppress(Closed):
                    attempt.record(attempt.asks[0], given, key=f"k{n}", now=now)
            elif step == "begin":
                attempts.append(start(make_user(f"later-{n}"), quiz, terms=data.draw(st.sampled_from(terms))))
            elif step == "publish":
                key = correct(question, {"right": data.draw(st.booleans())})
            elif step == "regrade":
                regrade(key, editor)
            elif made := list(Regrade.objects.all()):
                one = data.draw(st.sampled_from(made))
                one.undo(editor, now) if step == "undo" else one.apply(now)
        assert points(*attempts) == [recomputed(attempt) for attempt in attempts]
        assert [made.apply(timezone.now()) for made in Regrade.objects.all()] == [0] * Regrade.objects.count()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_answers_that_come_in_meanwhile_are_graded_by_one_key_or_the_other_and_end_with_the_right_one(
    edith: User,
) -> None:
    """Twelve pupils send answers in the moment in which two editors press the button and one takes it back."""
    for n in range(3):
        quiz = make_quiz(f"quiz-{n}", 1)
        question, pupils = quiz.questions.get(), [make_user(f"p-{n}-{i}") for i in range(4)]
        attempts = [start(user, quiz, terms=Terms(**TEST)) for user in pupils]
        for attempt in attempts:
            attempt.record(attempt.asks[0], FALSE, key="first", now=timezone.now())
        version = correct(question, {"right": False})
        first = Regrade.begin(correct(question, {"right": True}), reason="?", by=edith, now=timezone.now())

        def send(attempt: Attempt, key: str) -> Any:
            mine = fresh(attempt)
            return mine.record(mine.asks[0], TRUE, key=key, now=timezone.now())

        calls: list[Any] = [partial(send, attempt, f"k{i}") for attempt in attempts for i in range(3)]
        calls += [partial(regrade, version, edith)] * 2 + [partial(first.undo, edith, timezone.now())]
        assert not [error for error in at_once(*calls) if isinstance(error, Exception)]
        assert points(*attempts) == [recomputed(attempt) for attempt in attempts]
        assert [made.apply(timezone.now()) for made in Regrade.objects.filter(question=question)] == [0, 0]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "short"])
@quick
@given(data=st.data())
def test_any_answer_of_any_kind_is_read_by_its_own_version_and_by_another_or_not(
    kind: str, data: st.DataObject
) -> None:
    rules: Any = KINDS[kind]
    content, texts = data.draw(questions(kind))
    answer = data.draw(answers(kind, content))
    assert readable(rules, content, texts, answer, language="en")
    readable(rules, content, texts, data.draw(mangled(answer)), language="en")
    other, words = data.draw(questions(kind))
    if readable(rules, other, words, answer, language="en"):
        assert rules.grade(other, answer).credit is not None
