"""What somebody would try who wants more than is theirs: keys, other people's data, a full disk, a busy server.

Each test says the attack. What every address and form allows to whom stands in test_access and test_bad_input.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms.models import Assignment, Classroom
from classrooms.views import MOST_ASIDE
from lessons.models import Lesson, Status
from progress import review_views
from quizzes.models import REVIEW, WAYS, Attempt, Purpose, Question, QuestionVersion, Quiz, Regrade, Report, Response
from quizzes.models import Terms as On
from tests.base import PASSWORD, client_of, make_guest, make_lesson, make_quiz, sign_in, signed_in, start
from tests.samples import SAMPLES
from tests.taking import SENTINEL, ask_all, solved, wrong_answer
from tests.test_regrade import correct
from tests.test_saving import Tab

pytestmark = pytest.mark.django_db

TRUE, FALSE = {"choice": "true"}, {"choice": "false"}
HTMX = {"hx-request": "true"}
WHY = "It is so."  # the explanation of every statement
RUNS = "<script>alert(1)</script><img src=x onerror=alert(1)>{ko:<b>x</b>}"


def quiz_of(kind: str) -> Quiz:
    """A quiz of one statement, and as its second question one of this kind."""
    quiz = make_quiz(questions=1)
    content, texts = SAMPLES[kind]
    question = Question.objects.create(slug=f"of-{kind}", kind=kind, lesson=Lesson.objects.get())
    QuestionVersion(question=question, content=content, texts=texts, status=Status.PUBLISHED).add()
    quiz.places.create(question=question, position=2)
    return quiz


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.fixture
def written(room: Classroom, alice: User) -> Attempt:
    """Alice's attempt at an assignment with a written answer, which she has given; it is still open."""
    now = timezone.now()
    day = timedelta(days=1)
    task = Assignment.objects.create(classroom=room, quiz=quiz_of("short"), due=now + day, closes=now + day)
    attempt = task.begin(alice, now=now)
    attempt.record(attempt.asks[1], {"text": "A good answer."}, key="1" * 32, now=now)
    return attempt


class TestForTheKey:
    def test_who_takes_the_questions_of_a_lesson_like_a_test_reads_no_answers_in_its_text(self, alice: User) -> None:
        body = "## Said\n\nA sentence.\n\n::: question in-text-1\n:::\n"
        quiz = make_quiz("in-text", 1, lesson=make_lesson("radar", body=body), purpose=Purpose.CHECKPOINT)
        client = client_of(alice)
        for way in WAYS:
            client.post(reverse("quiz-start", args=[quiz.slug]), {"way": way, "anew": "1"})
            attempt = Attempt.objects.first()
            assert attempt is not None
            client.post(attempt.asks[0].get_absolute_url(), FALSE)
            read = WHY in text_of(client.get(quiz.lesson.get_absolute_url()))  # type: ignore[union-attr]
            open_to_change = attempt.behaviour != "practice" and attempt.is_open(timezone.now())
            assert (read, open_to_change) == (True, False), way

    def test_who_reports_a_question_learns_nothing_of_its_key_before_the_release(self, alice: User) -> None:
        quiz, client = ask_all(), client_of(alice)
        for way in ("practice", "tries", "test"):
            attempt = start(alice, quiz, terms=WAYS[way])
            for slot in attempt.asks:
                if way == "tries" and (wrong := wrong_answer(slot)):
                    client.post(slot.get_absolute_url(), solved(slot, wrong))
                elif way == "test":
                    client.post(slot.get_absolute_url(), solved(slot))
                to, text = f"{slot.get_absolute_url()}report/", {f"report-{slot.number}-text": "Odd."}
                said = [client.get(to), client.get(to, headers=HTMX), client.post(to, {}), client.post(to, text)]
                assert not any(SENTINEL in page.content.decode() for page in said), (way, slot)
            assert not Report.objects.exclude(passages="").exists()
            Report.objects.all().delete()
            attempt.finish(timezone.now())


class TestForOtherPeople:
    def test_an_editor_asks_the_list_of_reports_who_made_them(self, alice: User, edith: User) -> None:
        version = make_quiz().questions.first().published("en").get()
        Report.send(alice, version, "The date is wrong.", now=timezone.now())
        client = client_of(edith)
        for query in (f"user={alice.pk}", f"user__id={alice.pk}", "user__username=alice", "response__attempt=1"):
            assert client.get(f"{reverse('admin:quizzes_report_changelist')}?{query}").status_code == 400, query
        assert "The date is wrong." in text_of(client.get(f"{reverse('admin:quizzes_report_changelist')}?state=all"))

    def test_another_site_posts_in_my_name(self, alice: User, tom: User, room: Classroom, written: Attempt) -> None:
        own = start(alice, make_quiz("other"))
        own.finish(timezone.now())
        addresses = [
            (alice, reverse("attempt-save", args=[written.pk, 1])),
            (alice, reverse("attempt-report", args=[written.pk, 1])),
            (alice, reverse("attempt-again", args=[own.pk])),
            (alice, reverse("review-begin")),
            (alice, reverse("review-plan")),
            (alice, reverse("certificate-get", args=["trade-war-2019"])),
            (tom, reverse("class-attempt", args=[room.pk, written.pk])),
        ]
        for user, to in addresses:
            assert client_of(user, enforce_csrf_checks=True).post(to).status_code == 403, to

    def test_what_learners_and_teachers_write_runs_nowhere(
        self, alice: User, tom: User, edith: User, room: Classroom, written: Attempt
    ) -> None:
        slot, now = written.asks[1], timezone.now()
        written.record(slot, {"text": RUNS}, key="2" * 32, now=now)
        mine = client_of(alice)
        mine.post(reverse("attempt-report", args=[written.pk, 2]), {"report-2-text": RUNS})
        written.finish(now)
        written.record(slot, {"text": RUNS}, key="3" * 32, now=now)  # late
        written.mark(slot, {"text": RUNS, "met": []}, comment=RUNS, by=tom, now=timezone.now())
        Report.objects.update(reply=RUNS, state=Report.State.KEPT)
        desk, report = client_of(edith), Report.objects.get()
        pages = [
            mine.get(written.get_absolute_url()),
            mine.get(slot.get_absolute_url()),
            client_of(tom).get(reverse("class-attempt", args=[room.pk, written.pk])),
            desk.get(f"{reverse('admin:quizzes_report_changelist')}?state=all"),
            desk.get(reverse("admin:quizzes_report_change", args=[report.pk])),
        ]
        for page in pages:
            said = text_of(page)
            assert "alert(1)" in said
            assert not re.search(r"<script>alert|<img src=x|<b>x", said), page.request["PATH_INFO"]


class TestForAnotherMark:
    def test_the_answer_is_exchanged_while_the_teacher_marks_it(
        self, tom: User, room: Classroom, written: Attempt
    ) -> None:
        def move(**by: int) -> None:
            written.extend(closes=timezone.now() + timedelta(**by), limit=None)

        move(minutes=-1)
        to, client = reverse("class-attempt", args=[room.pk, written.pk]), client_of(tom)
        page = text_of(client.get(to))
        [answer] = re.findall(r'name="answer" value="(\d+)"', page)
        good = {"number": "2", "answer": answer, "mark2-assessed": "1"}
        good["mark2-met"] = re.findall(r'name="mark2-met" value="(\w+)"', page)  # type: ignore[assignment]
        move(hours=1)  # an extension, asked for at the right moment
        written.record(written.asks[1], {"text": "Nonsense."}, key="2" * 32, now=timezone.now())
        move(seconds=-1)
        assert "The pupil has changed the answer since." in text_of(client.post(to, good))
        assert not written.responses.filter(cause=Response.Cause.MARK).exists()
        [good["answer"]] = re.findall(r'name="answer" value="(\d+)"', text_of(client.get(to)))
        for _twice in range(2):
            assert client.post(to, good).status_code == 302
        assert [m.answer["text"] for m in written.responses.filter(cause=Response.Cause.MARK)] == ["Nonsense."]

    def test_an_answer_slips_in_while_a_wrong_regrade_is_taken_back(
        self, alice: User, edith: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On PostgreSQL it may have been graded by the key that is taken back, and be committed a moment later."""
        attempt = start(alice, make_quiz(questions=1))
        key = correct(attempt.asks[0].version.question, {"right": False}, feedback={"true": "It sounds likely."})
        made = Regrade.begin(key, reason="A mistake.", by=edith, now=timezone.now())
        settle = Regrade._settle

        def slow(self: Regrade, *args: Any) -> int:
            monkeypatch.setattr(Regrade, "_settle", settle)
            added = settle(self, *args)
            given = attempt.record(attempt.asks[0], FALSE, key="meanwhile", now=timezone.now())
            with connection.cursor() as cursor:
                sql = "UPDATE quizzes_response SET credit = 1, earned = 1, regrade_id = %s WHERE id = %s"
                cursor.execute(sql, [made.pk, given.pk])
            return added

        monkeypatch.setattr(Regrade, "_settle", slow)
        assert made.undo(edith, timezone.now()) == 1
        assert Attempt.objects.get().score.points == 0

    def test_the_key_of_one_answer_is_sent_with_another_question(self, alice: User) -> None:
        """It must not be called saved: nothing of it is kept."""
        tab = Tab(alice, start(alice, make_quiz(), terms=WAYS["test"]))
        assert tab.save(TRUE, 1, key="a" * 32).status_code == 200
        assert tab.save(TRUE, 2, key="a" * 32).status_code == 409

    def test_what_was_wrong_is_asked_again_in_its_own_language(self, alice: User) -> None:
        """Or a Korean attempt would be explained from the English shelf."""
        for version in QuestionVersion.objects.filter(question__quizzes=make_quiz()):
            words = {"content": version.content, "texts": version.texts, "language": "ko"}
            QuestionVersion(question=version.question, status=Status.PUBLISHED, **words).add()
        attempt, _new = Attempt.objects.start(alice, Quiz.objects.get(), On(), now=timezone.now(), language="ko")
        attempt.finish(timezone.now())
        client_of(alice).post(reverse("attempt-again", args=[attempt.pk]))
        assert list(Attempt.objects.values_list("language", flat=True)) == ["ko", "ko"]


class TestForTheDiskAndTheServer:
    def test_many_guests_each_send_a_few_reports(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(settings.ACCOUNT_RATE_LIMITS, "report", "2/h/ip")
        quiz = make_quiz()
        for n in range(3):
            guest = make_guest()
            attempt = start(guest, quiz)
            client_of(guest).post(reverse("attempt-report", args=[attempt.pk, 1]), {"report-1-text": f"Odd {n}."})
        assert Report.objects.count() == 2

    def test_attempts_are_started_without_end(self, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(settings.ACCOUNT_RATE_LIMITS, "start", "3/10m/user")
        quiz, client = make_quiz(), client_of(alice)
        went = [client.post(reverse("quiz-start", args=[quiz.slug]), {"anew": "1"}).status_code for _n in range(5)]
        assert went == [302, 302, 302, 429, 429]
        assert client.post(reverse("review-begin")).status_code == 429
        assert Attempt.objects.count() == 3

    def test_late_answers_without_end_do_not_bury_the_teachers_page(
        self, tom: User, room: Classroom, written: Attempt
    ) -> None:
        now = timezone.now()
        written.finish(now)
        late = {"attempt": written, "slot": written.asks[1], "received_at": now, "aside": Response.Aside.LATE}
        Response.objects.bulk_create(
            Response(**late, sequence=n, key=f"{n}", answer={"text": f"Late no. {n}."}) for n in range(2, 302)
        )
        page = text_of(client_of(tom).get(reverse("class-attempt", args=[room.pk, written.pk])))
        assert re.findall(r"Late no. (\d+)", page) == [str(n) for n in range(302 - MOST_ASIDE, 302)]

    def test_a_flood_of_other_addresses_does_not_make_the_site_forget_wrong_passwords(self, alice: User) -> None:
        client = Client()
        for _n in range(10):
            sign_in(client, alice.username, "a guess")
        for n in range(700):
            Client(REMOTE_ADDR=f"10.0.{n // 250}.{n % 250}").get(reverse("certificate", args=["ABCD-ABCD-ABCD"]))
        sign_in(client, alice.username, PASSWORD)
        assert signed_in(client) is None

    @pytest.mark.parametrize("point", ["sNaN", "-sNaN7", "NaN", "Infinity", "1e999999999", "٠.٥", "0x1"])
    def test_a_point_that_is_no_number_breaks_nothing(self, alice: User, point: str) -> None:
        attempt = start(alice, quiz_of("place"))
        to = attempt.asks[1].get_absolute_url()
        assert client_of(alice).post(to, {"column": "A", "row": "1", "x": point, "y": "0.1"}).status_code == 302
        assert 0 <= attempt.responses.get().answer["x"] <= 1

    def test_a_review_is_handed_in_and_begun_in_the_same_moment(
        self, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        versions, found = QuestionVersion.objects.filter(question__quizzes=make_quiz()), review_views.review_quiz
        about = {"terms": On(context=REVIEW), "now": timezone.now(), "asks": list(versions)}
        review, _new = Attempt.objects.start(alice, found(), **about)

        def other_tab() -> Quiz:
            review.finish(timezone.now())
            return found()

        monkeypatch.setattr(review_views, "review_quiz", other_tab)
        begun = client_of(alice).post(reverse("review-begin"))
        assert (begun.status_code, begun.url) == (302, reverse("review"))
