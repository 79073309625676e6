"""A problem reported where it is met: what goes with it, who may send how much, who reads it, and the reply."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lessons import reading
from lessons.models import Passage, Source
from progress.guests import move_work
from quizzes.models import Attempt, Behaviour, Purpose, QuestionVersion, Quiz, Release, Report, Terms
from quizzes.models.correction import MOST_OPEN
from tests.base import client_of, make_guest, make_lesson, make_question, make_quiz, start
from tests.desk import change, form_of, text_of

pytestmark = pytest.mark.django_db

TRUE, FALSE = {"choice": "true"}, {"choice": "false"}
HTMX = {"hx-request": "true"}


def url(attempt: Attempt, n: int = 1) -> str:
    return reverse("attempt-report", args=[attempt.pk, n])


def sends(client: Client, to: str, text: str, n: int = 1, **more: Any) -> Any:
    return client.post(to, {f"report-{n}-text": text}, **more)


@pytest.fixture
def attempt(alice: User) -> Attempt:
    """Alice's practice of two statements, each keyed to a passage."""
    source = Source.objects.create(slug="news", prefix="WP", dated="2019")
    Passage.objects.create(code="WP-1", source=source, number=1).claims.create(code="WP-1a", kind="fact")
    quiz = make_quiz(questions=2)
    QuestionVersion.objects.update(keys=["WP-1a"])
    reading._shelf.cache_clear()
    return start(alice, quiz)


@pytest.fixture
def checkpoint(db: None) -> Quiz:
    body = "## Said\n\nA sentence.\n\n::: question in-text-1\n:::\n"
    return make_quiz("in-text", 1, lesson=make_lesson("radar", body=body), purpose=Purpose.CHECKPOINT)


class TestBesideAQuestion:
    def test_goes_with_version_answer_and_passages_and_leads_back(self, attempt: Attempt, alice: User) -> None:
        client, slot = client_of(alice), attempt.asks[0]
        client.post(slot.get_absolute_url(), FALSE)
        done = sends(client, url(attempt), " The date is wrong. \r\n")
        assert done.url == slot.get_absolute_url()
        assert "Thank you. An editor will look at it." in text_of(client.get(done.url))
        report = Report.objects.get()
        assert (report.user, report.version, report.state) == (alice, slot.version, Report.State.OPEN)
        assert (report.text, report.answer, report.passages) == ("The date is wrong.", "False", "WP-1")
        assert report.response == slot.responses.get()

    def test_before_the_answer_nothing_of_the_key_goes_along(self, attempt: Attempt, alice: User) -> None:
        sends(client_of(alice), url(attempt), "I cannot read this.")
        report = Report.objects.get()
        assert (report.response, report.answer, report.passages) == (None, "", "")

    def test_stands_on_the_page_before_and_after_the_answer_and_on_the_result(
        self, attempt: Attempt, alice: User
    ) -> None:
        client, slots = client_of(alice), attempt.asks
        address = slots[0].get_absolute_url()
        assert f'action="{url(attempt)}"' in text_of(client.get(address))
        client.post(address, FALSE)
        assert f'action="{url(attempt)}"' in text_of(client.get(address))
        client.post(slots[1].get_absolute_url(), TRUE)
        page = text_of(client.get(attempt.get_absolute_url()))
        assert all(f'action="{url(attempt, n)}"' in page for n in (1, 2))
        assert sends(client, url(attempt, 2), "Odd.", 2).url == f"{attempt.get_absolute_url()}#q2"

    def test_htmx_gets_a_word_in_its_place(self, attempt: Attempt, alice: User) -> None:
        said = text_of(sends(client_of(alice), url(attempt), "Odd.", headers=HTMX))
        assert "Thank you" in said
        assert "<html" not in said
        assert "<form" not in said

    @pytest.mark.parametrize("text", ["", "  \r\n ", "x" * 2001, "a\0b"])
    def test_what_cannot_be_kept_is_told_and_not_lost(self, attempt: Attempt, alice: User, text: str) -> None:
        for headers in ({}, HTMX):
            page = sends(client_of(alice), url(attempt), text, headers=headers)
            assert page.status_code == 200
            said = page.content.decode()
            assert 'aria-invalid="true"' in said
            assert text.strip() in said
        assert not Report.objects.exists()

    def test_opens_as_a_page_of_its_own(self, attempt: Attempt, alice: User) -> None:
        page = text_of(client_of(alice).get(url(attempt)))
        assert "Statement chemicals-quiz-1." in page
        assert f'action="{url(attempt)}"' in page

    def test_the_same_words_twice_are_one_report(self, attempt: Attempt, alice: User) -> None:
        for _n in range(3):
            sends(client_of(alice), url(attempt), "Odd.")
        assert Report.objects.count() == 1

    def test_nobody_sends_more_than_a_few_a_day(self, attempt: Attempt, alice: User, bob: User) -> None:
        client = client_of(alice)
        for n in range(MOST_OPEN):
            assert sends(client, url(attempt), f"Odd {n}.").status_code == 302
        page = sends(client, url(attempt), "And this.")
        assert "You have reported much today" in text_of(page)
        assert "And this." in text_of(page)
        assert Report.objects.count() == MOST_OPEN
        Report.objects.filter(text="Odd 0.").update(state=Report.State.MENDED)
        assert sends(client, url(attempt), "And this.").status_code == 302  # looked at: there is room again
        Report.objects.update(made_at=timezone.now() - timedelta(days=2))
        assert sends(client, url(attempt), "The next day.").status_code == 302

    def test_is_only_sent_about_ones_own_attempt(self, attempt: Attempt, bob: User) -> None:
        for to in (url(attempt), url(attempt, 9)):
            assert sends(client_of(bob), to, "Mine?").status_code == 404
            assert client_of(bob).get(to).status_code == 404
        assert sends(Client(), url(attempt), "Mine?").status_code == 302
        assert not Report.objects.exists()


class TestInTheText:
    def to(self, quiz: Quiz, n: int = 1) -> str:
        return reverse("quiz-report", args=[quiz.slug, n])

    def test_a_visitor_reports_without_becoming_anybody(self, checkpoint: Quiz) -> None:
        client = Client()
        lesson = checkpoint.lesson.get_absolute_url()
        assert f'action="{self.to(checkpoint)}"' in text_of(client.get(lesson))
        done = sends(client, self.to(checkpoint), "A word is missing.")
        assert done.url == f"{lesson}#in-text-1"
        assert (Report.objects.get().user, User.objects.count()) == (None, 0)

    def test_visitors_behind_one_address_are_slowed_down(self, checkpoint: Quiz, monkeypatch: Any) -> None:
        monkeypatch.setitem(settings.ACCOUNT_RATE_LIMITS, "report", "2/h/ip")
        for n in range(2):
            assert sends(Client(), self.to(checkpoint), f"Odd {n}.").status_code == 302
        page = sends(Client(), self.to(checkpoint), "Odd again.")
        assert "Please try again in an hour" in text_of(page)
        assert "Odd again." in text_of(page)
        assert Report.objects.count() == 2

    def test_goes_with_the_answer_that_was_given_there(self, checkpoint: Quiz, alice: User) -> None:
        client = client_of(alice)
        client.post(reverse("quiz-in-place", args=[checkpoint.slug, 1]), {"q1-choice": "false"})
        sends(client, self.to(checkpoint), "Why?")
        report = Report.objects.get()
        assert (report.answer, report.response.credit, report.version.number) == ("False", 0, 1)
        assert "You reported a problem here" in text_of(client.get(checkpoint.lesson.get_absolute_url()))

    def test_what_is_reserved_or_stands_elsewhere_has_no_such_page(self, checkpoint: Quiz, alice: User) -> None:
        kept = make_question("kept-back", checkpoint.lesson, reserved=True)
        checkpoint.places.create(question=kept, position=2)
        closing = make_quiz("closing", 1, lesson=checkpoint.lesson)
        for to in (self.to(checkpoint, 2), self.to(checkpoint, 9), self.to(closing)):
            for client in (Client(), client_of(alice)):
                assert client.get(to).status_code == 404
                assert sends(client, to, "Odd.").status_code == 404
        assert not Report.objects.exists()


class TestTheReply:
    def test_is_seen_where_the_report_was_made_once_the_key_may_be(self, alice: User, edith: User) -> None:
        terms = Terms(behaviour=Behaviour.TEST, release=Release.FINISH, context="assignment:1")
        attempt, client = start(alice, make_quiz(questions=2), terms=terms), client_of(alice)
        address = attempt.asks[0].get_absolute_url()
        assert "You reported" not in text_of(client.get(address))
        sends(client, url(attempt), "Both are right.")
        assert "An editor will look at it." in text_of(client.get(address))
        Report.objects.update(state=Report.State.KEPT, reply="False is right <b>here</b>.")
        page = text_of(client.get(address))
        assert "left it as it is" in page
        assert "False is right" not in page  # the test is not handed in
        client.post(reverse("attempt-finish", args=[attempt.pk]))
        page = text_of(client.get(attempt.get_absolute_url()))
        assert page.count("The editor writes:") == 1
        assert "False is right &lt;b&gt;here" in page
        assert "The editor writes:" in text_of(client.get(address))

    def test_is_not_shown_to_others(self, attempt: Attempt, alice: User, bob: User) -> None:
        sends(client_of(alice), url(attempt), "Odd.")
        other = start(bob, attempt.quiz)
        assert "You reported" not in text_of(client_of(bob).get(other.asks[0].get_absolute_url()))


class TestOnTheDesk:
    def test_from_the_list_to_the_question_and_the_reply(self, attempt: Attempt, alice: User, edith: User) -> None:
        for n in (1, 2):
            sends(client_of(alice), url(attempt, n), f"Odd {n}.", n)
        desk = client_of(edith)
        assert reverse("admin:quizzes_report_changelist") in text_of(desk.get("/admin/"))
        page = text_of(desk.get("/admin/quizzes/report/"))
        assert page.index("Odd 2.") < page.index("Odd 1.")  # newest first
        report = Report.objects.get(text="Odd 1.")
        version = reverse("admin:quizzes_question_version", args=[report.version.question_id, 1])
        assert version in page
        assert "Alice" not in page  # editors reach no people
        shown = desk.get(change(report))
        assert "Alice" not in text_of(shown)
        data = form_of(shown) | {"state": "mended", "reply": "Mended, thank you."}
        assert desk.post(change(report), data, follow=True).status_code == 200
        report.refresh_from_db()
        assert (report.state, report.reply, report.text) == ("mended", "Mended, thank you.", "Odd 1.")
        assert report.closed_at is not None
        assert "Odd 1." not in text_of(desk.get("/admin/quizzes/report/"))  # only what is open
        assert "Odd 1." in text_of(desk.get("/admin/quizzes/report/?state=mended"))
        assert "Odd 1." in text_of(desk.get("/admin/quizzes/report/?state=all"))
        desk.post(change(report), form_of(desk.get(change(report))) | {"state": "open"})
        report.refresh_from_db()
        assert report.closed_at is None

    def test_is_closed_to_others_and_deletes_nothing(
        self, attempt: Attempt, alice: User, tom: User, edith: User
    ) -> None:
        sends(client_of(alice), url(attempt), "Odd.")
        report = Report.objects.get()
        for user in (alice, tom):
            assert client_of(user).post(change(report), {"state": "kept"}).status_code in (302, 403)
        assert client_of(edith).post(change(report).replace("change", "delete"), {"post": "yes"}).status_code == 403
        report.refresh_from_db()
        assert report.state == "open"

    def test_its_list_costs_the_same_for_many(self, attempt: Attempt, edith: User) -> None:
        desk = client_of(edith)

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                desk.get("/admin/quizzes/report/")
            return len(queries)

        Report.objects.create(version=attempt.asks[0].version, text="Odd.")
        few = cost()
        for n in range(30):
            Report.objects.create(version=attempt.asks[0].version, text=f"Odd {n}.")
        assert cost() == few


class TestWhoLeaves:
    def test_the_text_stays_without_a_name(self, attempt: Attempt, alice: User) -> None:
        client = client_of(alice)
        client.post(attempt.asks[0].get_absolute_url(), FALSE)
        sends(client, url(attempt), "Odd.")
        alice.delete()
        report = Report.objects.get()
        assert (report.user, report.response, report.text) == (None, None, "Odd.")

    def test_what_a_guest_reported_moves_with_the_work(self, alice: User) -> None:
        guest = make_guest()
        attempt = start(guest, make_quiz())
        sends(client_of(guest), url(attempt), "Odd.")
        attempt.record(attempt.asks[0], TRUE, key="k", now=timezone.now())
        move_work(guest, alice)
        assert Report.objects.get().user == alice
