"""A written answer: judged by its author in practice, by a teacher in an assignment."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms.gradebook import frame, gather, lay_out
from classrooms.models import Assignment, Classroom
from lessons.models import Lesson, Status
from quizzes.models import WAYS, Attempt, Closed, Question, QuestionVersion, Quiz, Response, Terms
from tests.base import client_of, make_quiz, start
from tests.samples import SAMPLES

pytestmark = pytest.mark.django_db

TEXT = "A ban says no. A licence <b>asks</b> first."
SAMPLE = "With a licence one must ask"  # of the sample answer
POINT = "A licence says: ask first"


@pytest.fixture
def quiz() -> Quiz:
    """Two statements, and a written answer as the third question."""
    quiz = make_quiz(questions=2)
    content, texts = SAMPLES["short"]
    question = Question.objects.create(slug="in-your-words", kind="short", lesson=Lesson.objects.get())
    QuestionVersion(question=question, content=content, texts=texts, status=Status.PUBLISHED).add()
    quiz.places.create(question=question, position=3)
    return quiz


@pytest.fixture
def task(room: Classroom, quiz: Quiz) -> Assignment:
    return Assignment.objects.create(classroom=room, quiz=quiz, due=timezone.now() + timedelta(days=1))


def boxes(page: str, prefix: str = "") -> list[str]:
    import re

    return re.findall(rf'name="{prefix}met" value="(\w+)"', page)


def shown(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


class TestPractice:
    def test_sample_and_rubric_come_after_the_answer_and_its_author_judges_it(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz), client_of(alice)
        address = reverse("attempt-question", args=[attempt.pk, 3])
        before = shown(client.get(address))
        assert SAMPLE not in before
        assert POINT not in before
        page = shown(client.post(address, {"text": TEXT}, headers={"hx-request": "true"}))
        assert SAMPLE in page
        assert POINT in page
        assert "&lt;b&gt;asks&lt;/b&gt;" in page
        assert attempt.responses.get().credit is None
        assert len(boxes(page)) == 2
        page = shown(client.post(address, {"met": boxes(page)[:1], "assessed": "1"}, headers={"hx-request": "true"}))
        assert "Partly right" in page
        attempt = Attempt.objects.get(pk=attempt.pk)
        assert attempt.sheet[2][1].credit == 0.5  # type: ignore[union-attr]
        assert attempt.sheet[2][1].answer["text"] == TEXT  # type: ignore[union-attr]

    def test_to_meet_nothing_is_a_judgement_too_and_a_second_press_is_not(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz), client_of(alice)
        address = reverse("attempt-question", args=[attempt.pk, 3])
        client.post(address, {"text": TEXT})
        assert "Tick what your answer says." in shown(client.post(address, {"text": TEXT}))
        assert attempt.responses.count() == 1
        client.post(address, {"assessed": "1"})
        assert Attempt.objects.get(pk=attempt.pk).sheet[2][1].credit == 0  # type: ignore[union-attr]

    @pytest.mark.parametrize("text", ["", "  \n ", "x" * 1501, "a\x00b"])
    def test_what_cannot_be_taken_is_kept_in_the_box(self, alice: User, quiz: Quiz, text: str) -> None:
        attempt = start(alice, quiz)
        page = shown(client_of(alice).post(reverse("attempt-question", args=[attempt.pk, 3]), {"text": text}))
        assert 'aria-invalid="true"' in page
        assert text.strip().replace("\x00", "") in page.replace("\x00", "")
        assert attempt.responses.count() == 0

    def test_in_a_test_of_ones_own_it_is_not_shown_before_the_end(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=WAYS["test"]), client_of(alice)
        address = reverse("attempt-question", args=[attempt.pk, 3])
        client.post(address, {"text": TEXT})
        assert SAMPLE not in shown(client.get(address))
        attempt.finish(timezone.now())
        page = shown(client.get(attempt.get_absolute_url()))
        assert "still to be judged, by you" in page
        page = shown(client.get(address))
        assert SAMPLE in page
        client.post(address, {"met": boxes(page), "assessed": "1"})
        attempt = Attempt.objects.get(pk=attempt.pk)
        assert attempt.score == (1, 3)
        assert "still to be judged" not in shown(client.get(attempt.get_absolute_url()))

    def test_where_a_teacher_marks_nobody_judges_himself(self, alice: User, quiz: Quiz) -> None:
        """An assignment that shows answers at once: the question is settled, and waits."""
        attempt, client = start(alice, quiz, terms=Terms(context="assignment:1")), client_of(alice)
        address = reverse("attempt-question", args=[attempt.pk, 3])
        page = shown(client.post(address, {"text": TEXT}, headers={"hx-request": "true"}))
        assert "Waits for your teacher" in page
        client.post(address, {"met": [], "assessed": "1"})
        assert [r.credit for r in attempt.responses.all()] == [None]

    def test_with_several_tries_it_has_one(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=WAYS["tries"]), client_of(alice)
        address = reverse("attempt-question", args=[attempt.pk, 3])
        page = shown(client.post(address, {"text": TEXT}, headers={"hx-request": "true"}))
        client.post(address, {"met": boxes(page)[:1], "assessed": "1"})
        assert "<textarea" not in shown(client.get(address)).partition("Report")[0]
        assert Attempt.objects.get(pk=attempt.pk).sheet[2][1].earned == 0.5  # type: ignore[union-attr]


class TestAssignment:
    @pytest.fixture
    def attempt(self, task: Assignment, alice: User) -> Attempt:
        attempt = task.begin(alice, now=timezone.now())
        for slot, answer in zip(attempt.asks, [{"choice": "true"}, {"choice": "true"}, {"text": TEXT}], strict=True):
            attempt.record(slot, answer, key=f"k{slot.number}", now=timezone.now())
        return attempt

    def page_of(self, room: Classroom, attempt: Attempt) -> str:
        return reverse("class-attempt", args=[room.pk, attempt.pk])

    def mark(self, tom: User, room: Classroom, attempt: Attempt, points: int, comment: str = "") -> Any:
        client, address = client_of(tom), self.page_of(room, attempt)
        found = boxes(shown(client.get(address)), "mark3-")
        sent = {"number": "3", "mark3-met": found[:points], "mark3-assessed": "1", "mark3-comment": comment}
        return client.post(address, sent)

    def test_waits_for_a_mark_and_says_so_to_both(
        self, room: Classroom, tom: User, alice: User, attempt: Attempt
    ) -> None:
        attempt.finish(timezone.now())
        assert "waits for your teacher" in shown(client_of(alice).get(attempt.get_absolute_url()))
        assert "waits for your mark" in shown(client_of(tom).get(self.page_of(room, attempt)))
        assert "answer waits for your mark" in shown(client_of(tom).get(room.get_absolute_url()))
        [row] = [
            row for row in lay_out(room, gather(frame([room.pk]), timezone.now())).rows if row.pupil.name == "Alice"
        ]
        assert (row.cells[0].points, row.cells[0].note) == ("2", "1 to mark")

    def test_a_mark_counts_and_its_words_reach_the_pupil(
        self, room: Classroom, tom: User, alice: User, attempt: Attempt
    ) -> None:
        attempt.finish(timezone.now())
        self.mark(tom, room, attempt, 1, "Say <what> a ban is.")
        page = shown(client_of(alice).get(attempt.get_absolute_url()))
        assert "Say &lt;what&gt; a ban is." in page
        assert Attempt.objects.get(pk=attempt.pk).score == (2.5, 3)
        assert "waits for your mark" not in shown(client_of(tom).get(room.get_absolute_url()))
        marked = attempt.responses.get(cause=Response.Cause.MARK)
        assert (marked.by, marked.of, marked.answer["text"]) == (tom, attempt.responses.get(key="k3"), TEXT)

    def test_the_same_mark_again_adds_nothing_and_another_replaces_it(
        self, room: Classroom, tom: User, attempt: Attempt
    ) -> None:
        attempt.finish(timezone.now())
        for points in (1, 1, 2):
            self.mark(tom, room, attempt, points)
        assert attempt.responses.filter(cause=Response.Cause.MARK).count() == 2
        assert Attempt.objects.get(pk=attempt.pk).score == (3, 3)

    def test_while_the_attempt_is_open_nothing_is_marked(self, room: Classroom, tom: User, attempt: Attempt) -> None:
        page = shown(client_of(tom).get(self.page_of(room, attempt)))
        assert "once it is handed in" in page
        self.mark(tom, room, attempt, 2)
        assert not attempt.responses.filter(cause=Response.Cause.MARK).exists()
        slot = attempt.asks[2]
        with pytest.raises(Closed):
            attempt.mark(slot, {"text": TEXT, "met": []}, comment="", by=tom, now=timezone.now())

    def test_too_long_a_comment_is_shown_again_with_its_error(
        self, room: Classroom, tom: User, attempt: Attempt
    ) -> None:
        attempt.finish(timezone.now())
        page = shown(self.mark(tom, room, attempt, 1, "x" * 2001))
        assert "x" * 2001 in page
        assert "at most 2000 characters" in page
        assert not attempt.responses.filter(cause=Response.Cause.MARK).exists()

    @pytest.mark.parametrize("number", ["1", "9", "", "3x"])
    def test_only_a_written_answer_can_be_marked(
        self, room: Classroom, tom: User, attempt: Attempt, number: str
    ) -> None:
        attempt.finish(timezone.now())
        sent = {"number": number, f"mark{number}-assessed": "1"}
        assert client_of(tom).post(self.page_of(room, attempt), sent).status_code == 404

    def test_nobody_else_marks(self, room: Classroom, tina: User, alice: User, attempt: Attempt) -> None:
        attempt.finish(timezone.now())
        for user in (tina, alice):
            sent = {"number": "3", "mark3-assessed": "1"}
            assert client_of(user).post(self.page_of(room, attempt), sent).status_code == 404
        assert attempt.responses.count() == 3

    def test_what_came_too_late_is_shown_to_the_teacher(self, room: Classroom, tom: User, attempt: Attempt) -> None:
        attempt.finish(timezone.now())
        late = attempt.record(attempt.asks[2], {"text": "One thing more."}, key="late", now=timezone.now())
        assert late.late
        page = shown(client_of(tom).get(self.page_of(room, attempt)))
        assert "Kept, and not counted" in page
        assert "One thing more." in page
