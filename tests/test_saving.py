"""Answers of a test as the page's script and its plain forms send them: what is kept, what counts, what is said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lessons import reading
from lessons.models import Lesson, Status
from quizzes.asking import answer_form
from quizzes.models import WAYS, Attempt, Behaviour, Question, QuestionVersion, Quiz, Release, Response, Terms
from quizzes.questions import KINDS
from tests.base import client_of, make_lesson, make_quiz, start
from tests.desk import Form
from tests.samples import SAMPLES

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"choice": "true"}, {"choice": "false"}
TEST = {"behaviour": Behaviour.TEST, "release": Release.FINISH}
MINUTE = timedelta(minutes=1)


class Clock:
    """The server's clock, for a test to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moving = Clock()
    monkeypatch.setattr("django.utils.timezone.now", moving)
    return moving


class Tab:
    """A page of a test in somebody's browser. `who` is whose page it is; another may have signed in since."""

    def __init__(self, user: User | None, attempt: Attempt, *, who: str | None = None, client: Client | None = None):
        self.client, self.attempt, self.count = client or client_of(user), attempt, 0
        self.who = who if who is not None else self.standing().json().get("who", "")

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"attempt-{name}", args=[self.attempt.pk, *args])

    def standing(self) -> Any:
        return self.client.get(self.url("standing"))

    def save(self, answer: dict[str, Any], n: int = 1, **more: Any) -> Any:
        self.count += 1
        key = f"{self.attempt.pk:08x}{id(self) % 16**16:016x}{self.count:08x}"
        return self.client.post(self.url("save", n), {"key": key, "who": self.who} | answer | more)

    def form(self, n: int = 1) -> dict[str, Any]:
        """What the browser would send of the page as it stands."""
        response = self.client.get(self.url("question", n))
        assert response.status_code == 200
        return Asked(response).data

    def send(self, data: dict[str, Any], n: int = 1, **more: Any) -> Any:
        return self.client.post(self.url("question", n), data | more)


class Asked(Form):
    """The form of a question; an option without a value is called by its text."""

    def __init__(self, response: Any) -> None:
        self.unnamed = False
        super().__init__(response, "")

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        at = dict(attrs)
        if tag == "form":
            self.inside = "data-keep" in at
        elif tag == "option" and self.select and "value" not in at:
            self.unnamed = "selected" in at or self.chosen is None
        elif at.get("type") != "image":
            super().handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self.unnamed:
            self.chosen, self.unnamed = data, False
        super().handle_data(data)


@pytest.fixture
def attempt(alice: User) -> Attempt:
    return start(alice, make_quiz(), terms=WAYS["test"])


@pytest.fixture
def tab(alice: User, attempt: Attempt) -> Tab:
    return Tab(alice, attempt)


def given(attempt: Attempt) -> list[tuple[Any, str]]:
    return list(attempt.responses.order_by("sequence").values_list("answer", "aside"))


# --- what the answer to a save means -------------------------------------------------------------------------


class TestSaving:
    def test_what_is_acknowledged_is_in_the_database(self, tab: Tab, attempt: Attempt) -> None:
        reply = tab.save(RIGHT)
        response = attempt.responses.get()
        assert (reply.status_code, response.answer) == (200, RIGHT)
        assert reply.json() == {
            "saved": response.received_at.isoformat(),
            "sequence": response.sequence,
            "aside": "",
            "told": "",
            "newer": "",
        }  # and nothing of the key or of the credit
        assert reply.headers["Cache-Control"] == "no-store, private"

    def test_each_change_is_a_response_and_the_last_one_counts(self, tab: Tab, attempt: Attempt) -> None:
        for answer in (WRONG, RIGHT, WRONG, RIGHT):
            assert tab.save(answer).status_code == 200
        assert given(attempt) == [(WRONG, ""), (RIGHT, ""), (WRONG, ""), (RIGHT, "")]
        assert attempt.score == (1, 3)

    def test_the_same_key_again_is_the_same_response(self, tab: Tab, attempt: Attempt) -> None:
        first = tab.save(RIGHT, key="a" * 32).json()
        assert tab.save(RIGHT, key="a" * 32).json() == first
        assert tab.save(WRONG, key="a" * 32).json() == first
        assert given(attempt) == [(RIGHT, "")]

    def test_the_form_sent_with_the_key_of_a_save_is_the_same_response(self, tab: Tab, attempt: Attempt) -> None:
        """The page's button was pressed while its script waited for the acknowledgement."""
        form = tab.form() | RIGHT | {"key": "b" * 32}
        tab.send(form, to="2")
        assert tab.save(RIGHT, key="b" * 32, base="0", age="4").json()["sequence"] == 1
        assert given(attempt) == [(RIGHT, "")]

    @pytest.mark.parametrize("answer", [{}, {"choice": ""}, {"choice": "perhaps"}, {"choice": "nul \x00"}])
    def test_what_cannot_be_read_is_told_in_a_sentence(self, tab: Tab, attempt: Attempt, answer: Any) -> None:
        reply = tab.save(answer)
        assert reply.status_code == 422
        assert set(reply.json()) == {"error"}
        assert reply.json()["error"].endswith(".")
        assert not attempt.responses.exists()

    def test_a_damaged_key_does_not_cost_the_answer(self, tab: Tab, attempt: Attempt) -> None:
        for key in ("", "x" * 400, "A" * 32):
            assert tab.save(RIGHT, key=key).status_code == 200
        assert attempt.responses.count() == 3

    def test_the_time_it_took_is_that_since_the_page_was_drawn(self, tab: Tab, attempt: Attempt) -> None:
        tab.save(RIGHT, since=tab.form()["since"])
        tab.save(WRONG, since="1:made-up")
        first, second = attempt.responses.order_by("sequence")
        assert first.took is not None
        assert second.took is None


class TestWhoMaySave:
    def test_nobody(self, tab: Tab, attempt: Attempt) -> None:
        assert Tab(None, attempt, who=tab.who).save(RIGHT).status_code == 401
        assert not attempt.responses.exists()

    def test_nobody_as_another(self, tab: Tab, attempt: Attempt, bob: User) -> None:
        """Bob has signed in where Alice's page still stands: neither she nor he gets the answer."""
        his = start(bob, attempt.quiz, terms=WAYS["test"])
        assert Tab(bob, attempt, who=tab.who).save(RIGHT).status_code == 401
        assert Tab(bob, his, who=tab.who).save(RIGHT).status_code == 401
        assert not Response.objects.exists()

    @pytest.mark.parametrize("who", ["", "0" * 16, "é"])
    def test_nobody_who_does_not_say_whose_page_it_is(self, alice: User, attempt: Attempt, who: str) -> None:
        assert Tab(alice, attempt, who=who).save(RIGHT).status_code == 401
        assert not attempt.responses.exists()

    def test_somebody_else_s_attempt_does_not_exist(self, attempt: Attempt, bob: User) -> None:
        his = Tab(bob, start(bob, attempt.quiz, terms=WAYS["test"]))
        his.attempt = attempt
        assert his.save(RIGHT).status_code == 404
        assert not Response.objects.exists()

    def test_a_question_that_is_not_asked_does_not_exist(self, tab: Tab, attempt: Attempt) -> None:
        assert [tab.save(RIGHT, n).status_code for n in (0, 4, 99)] == [404, 404, 404]
        assert not attempt.responses.exists()

    def test_only_by_post(self, tab: Tab) -> None:
        assert tab.client.get(tab.url("save", 1)).status_code == 405

    def test_a_forged_post_is_refused_and_the_token_of_standing_is_good(self, alice: User, attempt: Attempt) -> None:
        tab = Tab(alice, attempt, client=client_of(alice, enforce_csrf_checks=True))
        assert tab.save(RIGHT).status_code == 403
        assert tab.save(RIGHT, csrfmiddlewaretoken="x" * 64).status_code == 403
        assert not attempt.responses.exists()
        tab.client.defaults["HTTP_X_CSRFTOKEN"] = tab.standing().json()["token"]
        assert tab.save(RIGHT).status_code == 200
        assert given(attempt) == [(RIGHT, "")]


class TestWhatTakesNoAnswer:
    def test_practice_is_not_saved_as_one_goes(self, alice: User) -> None:
        for way in ("practice", "tries", "certainty"):
            attempt = start(alice, make_quiz(f"quiz-{way}"), terms=WAYS[way])
            assert Tab(alice, attempt).save(RIGHT).status_code == 409
        assert not Response.objects.exists()

    def test_a_script_that_runs_wild_ends(self, tab: Tab, attempt: Attempt, monkeypatch: Any) -> None:
        monkeypatch.setattr("quizzes.models.attempt.MOST_RESPONSES", 2)
        assert [tab.save(RIGHT).status_code for _n in range(4)] == [200, 200, 409, 409]
        assert attempt.responses.count() == 2
        assert "was not kept" in tab.client.get(tab.send(WRONG).url).content.decode()


# --- two tabs ------------------------------------------------------------------------------------------------


class TestOrder:
    """`base` is the answer that the sender knew, `age` how many seconds ago the new one was made."""

    def test_an_older_answer_that_comes_later_is_kept_and_does_not_count(
        self, tab: Tab, attempt: Attempt, clock: Clock
    ) -> None:
        newer = tab.save(RIGHT, base="0", age="0").json()
        clock.forward(60)
        older = tab.save(WRONG, base="0", age="300").json()
        assert (older["aside"], older["newer"]) == ("superseded", newer["saved"])
        assert older["told"]
        assert given(attempt) == [(RIGHT, ""), (WRONG, "superseded")]
        assert attempt.score == (1, 3)
        assert tab.form()["choice"] == "true"

    def test_less_than_a_second_decides_too(self, tab: Tab, attempt: Attempt, clock: Clock) -> None:
        tab.save(RIGHT, base="0", age="0.000")
        clock.forward(0.5)
        assert tab.save(WRONG, base="0", age="0.501").json()["aside"] == "superseded"
        assert tab.save(WRONG, base="0", age="0.499").json()["aside"] == ""

    def test_one_that_knew_the_other_stands_however_long_it_waited(
        self, tab: Tab, attempt: Attempt, clock: Clock
    ) -> None:
        known = tab.save(RIGHT, base="0", age="0").json()["sequence"]
        clock.forward(600)
        assert tab.save(WRONG, base=str(known), age="600").json()["aside"] == ""
        assert attempt.score == (0, 3)

    def test_what_was_set_aside_may_be_said_again(self, tab: Tab, attempt: Attempt, clock: Clock) -> None:
        tab.save(RIGHT, base="0", age="0")
        clock.forward(60)
        aside = tab.save(WRONG, base="0", age="300").json()
        assert tab.save(WRONG, base=str(aside["sequence"]), age="0").json()["aside"] == ""
        assert given(attempt)[-1] == (WRONG, "")

    @pytest.mark.parametrize("age", ["", "-1", "nan", "inf", "1e400", "1_0", "1" * 10, "1.2345", "one"])
    def test_an_age_that_cannot_be_read_is_none(self, tab: Tab, attempt: Attempt, clock: Clock, age: str) -> None:
        tab.save(RIGHT, base="0", age="0")
        clock.forward(60)
        assert tab.save(WRONG, base="0", age=age).json()["aside"] == ""

    def test_any_age_that_can_be_read_is_taken(self, tab: Tab, clock: Clock) -> None:
        tab.save(RIGHT, base="0", age="0")
        clock.forward(60)
        assert tab.save(WRONG, base="0", age="999999999.999").json()["aside"] == "superseded"


# --- the end -------------------------------------------------------------------------------------------------


class TestLate:
    @pytest.fixture
    def tab(self, alice: User, clock: Clock) -> Tab:
        terms = Terms(limit=MINUTE, **TEST)
        return Tab(alice, start(alice, make_quiz(), terms=terms, now=clock()))

    def test_after_the_deadline_it_is_kept_and_flagged(self, tab: Tab, clock: Clock) -> None:
        clock.forward(60)
        assert tab.save(RIGHT, age="1").json()["aside"] == ""  # the last moment counts
        clock.forward(0.001)
        late = tab.save(WRONG, age="30")  # the server's clock at arrival decides
        assert (late.status_code, late.json()["aside"]) == (200, "late")
        assert late.json()["told"] == "after the deadline"
        assert given(tab.attempt) == [(RIGHT, ""), (WRONG, "late")]
        assert tab.attempt.score == (1, 3)

    def test_after_handing_in_it_is_kept_and_flagged(self, tab: Tab) -> None:
        tab.save(RIGHT, key="c" * 32)
        tab.client.post(tab.url("finish"))
        assert tab.save(WRONG).json()["aside"] == "late"
        assert tab.save(RIGHT, key="c" * 32).json()["aside"] == "", "this one came in time"
        assert given(tab.attempt) == [(RIGHT, ""), (WRONG, "late")]
        result = tab.client.get(tab.url("result")).content.decode()
        assert "One answer arrived after the end" in result

    def test_the_page_knows_the_end_by_the_server_s_clock(self, tab: Tab, clock: Clock) -> None:
        shown = tab.client.get(tab.url("question", 1)).content.decode()
        assert tab.attempt.deadline is not None
        assert f'data-ends="{tab.attempt.deadline.timestamp():.3f}"' in shown
        stands = tab.standing().json()
        assert stands["ends"] - stands["now"] == 60
        clock.forward(61)
        assert tab.standing().json()["open"] is False


# --- certainty -----------------------------------------------------------------------------------------------


class TestCertainty:
    @pytest.fixture
    def tab(self, alice: User) -> Tab:
        return Tab(alice, start(alice, make_quiz(), terms=Terms(certainty=True, **TEST)))

    def test_it_is_kept_with_the_answer_and_may_be_missing(self, tab: Tab) -> None:
        for said in ({}, {"certainty": ""}, {"certainty": "3"}):
            assert tab.save(RIGHT | said).status_code == 200
        assert list(tab.attempt.responses.values_list("certainty", flat=True)) == [None, None, 3]

    @pytest.mark.parametrize("said", ["0", "4", "x", "2.0"])
    def test_no_other_level_is_taken(self, tab: Tab, said: str) -> None:
        reply = tab.save(RIGHT | {"certainty": said})
        assert reply.status_code == 422
        assert reply.json()["error"]
        assert not tab.attempt.responses.exists()

    def test_where_it_is_not_asked_it_is_left_out(self, alice: User) -> None:
        attempt = start(alice, make_quiz("other"), terms=WAYS["test"])
        Tab(alice, attempt).save(RIGHT | {"certainty": "3"})
        assert attempt.responses.get().certainty is None

    def test_of_no_answer_it_is_nothing_to_keep(self, tab: Tab) -> None:
        assert tab.send(tab.form(), certainty="2", to="3").url == tab.url("question", 3)
        assert not tab.attempt.responses.exists()

    def test_a_change_of_it_alone_is_a_change(self, tab: Tab) -> None:
        tab.save(RIGHT | {"certainty": "1"})
        tab.send(tab.form(), to="2")
        assert tab.attempt.responses.count() == 1
        tab.send(tab.form(), certainty="2", to="2")
        assert list(tab.attempt.responses.values_list("certainty", flat=True)) == [1, 2]


# --- the plain form ------------------------------------------------------------------------------------------


def asking(kind: str, user: User) -> Tab:
    lesson = Lesson.objects.first() or make_lesson()
    quiz = Quiz.objects.create(slug=f"asks-{kind.replace('_', '-')}", lesson=lesson, texts={"en": {"title": kind}})
    question = Question.objects.create(slug=quiz.slug, kind=kind, lesson=lesson)
    content, texts = SAMPLES[kind]
    QuestionVersion(question=question, content=content, texts=texts, status=Status.PUBLISHED).add()
    quiz.places.create(question=question, position=1)
    return Tab(user, start(user, quiz, terms=WAYS["test"]))


@pytest.mark.parametrize("kind", KINDS)
class TestUntouched:
    """A form that comes back as the page showed it changes nothing, whatever it asks."""

    def test_without_an_answer(self, alice: User, kind: str) -> None:
        tab = asking(kind, alice)
        assert tab.send(tab.form(), to="end").url == tab.url("finish")
        assert tab.send(tab.form(), flag="1").status_code == 302
        assert not tab.attempt.responses.exists()

    def test_with_an_answer(self, alice: User, kind: str) -> None:
        tab = asking(kind, alice)
        version = tab.attempt.asks[0].version
        solution = version.question.rules.solution(version.content)
        form = answer_form(version, seed=tab.attempt.seed, number=1, shelf=reading.shelf(), answer=solution)
        assert tab.save({form.add_prefix(name): value for name, value in form.initial.items()}).status_code == 200
        tab.attempt = Attempt.objects.get(pk=tab.attempt.pk)
        response = tab.attempt.responses.get()
        shown = tab.form()
        assert shown["base"] == str(response.sequence)
        assert tab.send(shown, to="end").url == tab.url("finish")
        assert tab.send(shown, flag="1").status_code == 302
        assert tab.send(shown).url == tab.url("finish")
        assert list(tab.attempt.responses.all()) == [response]
        assert tab.save(shown).status_code == 200  # and what the page shows can be read
        assert tab.attempt.responses.last().answer == response.answer


class TestPlainForm:
    def test_an_order_that_is_right_as_it_stands_can_be_given(self, alice: User) -> None:
        tab = asking("ordering", alice)
        tab.send(tab.form(), to="end")
        assert not tab.attempt.responses.exists()
        tab.send(tab.form())
        assert tab.attempt.responses.count() == 1

    def test_an_older_tab_that_only_goes_on_overwrites_nothing(self, tab: Tab, attempt: Attempt) -> None:
        empty = tab.form()
        tab.save(WRONG)
        older = tab.form()
        tab.save(RIGHT)
        for form in (empty, older):
            tab.send(form, to="2")
            tab.send(form, flag="1")
        assert given(attempt) == [(WRONG, ""), (RIGHT, "")]
        tab.send(older)  # its own button means what it shows
        assert given(attempt)[-1] == (WRONG, "")

    def test_a_flag_is_set_and_taken_off_and_a_second_press_changes_nothing(self, tab: Tab, attempt: Attempt) -> None:
        for pressed, stands in (("1", True), ("1", True), ("0", False), ("0", False)):
            tab.send(tab.form(), flag=pressed)
            assert attempt.slots.get(number=1).flagged is stands
        assert not attempt.responses.exists()

    def test_what_cannot_be_read_stays_on_the_page_wherever_it_was_to_go(self, tab: Tab, attempt: Attempt) -> None:
        response = tab.send({"choice": "perhaps"}, to="3")
        assert response.status_code == 200
        assert 'aria-invalid="true"' in response.content.decode()
        assert not attempt.responses.exists()


# --- what the script asks besides ----------------------------------------------------------------------------


class TestStanding:
    def test_says_who_how_and_what(self, tab: Tab, attempt: Attempt) -> None:
        sequence = tab.save(RIGHT, 2).json()["sequence"]
        stands = tab.standing().json()
        assert stands.pop("token")
        assert abs(stands.pop("now") - timezone.now().timestamp()) < 3600
        assert stands == {"who": tab.who, "open": True, "ends": None, "saved": {"2": sequence}}
        attempt.finish(timezone.now())
        assert tab.standing().json()["open"] is False

    def test_says_nothing_to_others(self, attempt: Attempt, bob: User) -> None:
        visitor, other = Tab(None, attempt, who="x").standing(), Tab(bob, attempt, who="x").standing()
        assert (visitor.status_code, visitor.content) == (401, b"{}")
        assert other.status_code == 404

    def test_every_user_has_a_name_of_their_own(self, tab: Tab, bob: User) -> None:
        assert tab.who != Tab(bob, start(bob, tab.attempt.quiz)).who
        assert len(tab.who) == 16
        shown = tab.client.get(tab.url("question", 1)).content.decode()
        assert f'data-who="{tab.who}"' in shown


def test_signing_in_leads_back_to_the_other_tab(alice: User) -> None:
    back = reverse("attempt-back")
    assert Client().get(back).url.startswith(reverse("account_login"))
    assert "go back to your question" in client_of(alice).get(back).content.decode()
