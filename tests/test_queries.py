"""What a page costs: as many queries for fifty rows as for one, and few of them. Prints every figure."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms.models import Assignment, Work
from lessons.models import Claim, Erratum, Event, LessonVersion, Original, Passage, Source, Term
from quizzes.models import Purpose, Quiz
from tests.base import client_of, give, make_class, make_lesson, make_question, make_quiz, make_user, start

pytestmark = pytest.mark.django_db

MOST = 8  # a page
# Those that take more, and no more than this; a figure that falls is lowered here, so that nothing creeps back.
MORE: dict[str, int] = {
    "answer (the last, plain form)": 10,
    "answer (in the text)": 11,
    "class-list": 9,
    "class": 10,
    "class-attempt": 9,
    "assignment": 10,
    "class-list (teacher)": 9,
}
MANY = 50
BOOKKEEPING = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET )", re.I)


class House:
    """A site that can be filled: `fill(n)` makes n of everything that a page could list."""

    def __init__(self, alice: User, tom: User) -> None:
        self.alice, self.tom = alice, tom
        self.lesson = make_lesson("three-chemicals")
        self.unit = self.lesson.unit
        self.source = Source.objects.create(slug="white-paper-2019", prefix="WP", dated="2019", texts=english("short"))
        self.quiz = make_quiz("closing-quiz", 0, lesson=self.lesson)
        self.checkpoint = make_quiz("checkpoint", 0, lesson=self.lesson, purpose=Purpose.CHECKPOINT)
        self.room = make_class(tom, alice)
        self.task = self.assign()
        self.filled = 0
        self.ask(self.quiz, MANY + 1)  # so that there is a first and a last question at any size
        self.ask(self.checkpoint, MANY + 1)

    def ask(self, quiz: Quiz, i: int) -> None:
        quiz.places.create(question=make_question(f"{quiz.slug}-{i}", self.lesson), position=i)

    def assign(self) -> Assignment:
        due = timezone.now() + timedelta(days=2)
        return Assignment.objects.create(classroom=self.room, quiz=self.quiz, due=due, tries=20)

    def fill(self, n: int) -> None:
        for i in range(self.filled + 1, n + 1):
            self.records(i)
            for quiz in (self.quiz, self.checkpoint):
                self.ask(quiz, i)
            if i > 1:
                make_lesson(f"lesson-{i}")
                other = self.assign() if i % 5 == 0 else None
                self.work(make_user(f"pupil-{i}"), other)
        self.read()
        for _i in range(self.filled, n):
            attempt = start(self.alice, self.quiz)
            give(attempt, True, False)
            attempt.finish(timezone.now())
        for attempt in (self.task.begin(self.alice, now=timezone.now()), start(self.alice, self.checkpoint)):
            give(attempt, True)
            attempt.finish(timezone.now())
        self.filled = n

    def records(self, i: int) -> None:
        passage = Passage.objects.create(code=f"WP-{i}", source=self.source, number=i, texts=english("gist"))
        Original.objects.create(passage=passage, text="Their own words.")
        claims = [
            Claim.objects.create(code=f"WP-{i}{letter}", passage=passage, kind="fact", texts=english("says", "note"))
            for letter in "ab"
        ]
        errata = Erratum.objects.create(code=f"E{i:02}", kind="fact", texts=english("printed", "correction"))
        event = Event.objects.create(slug=f"e-{i}", date=f"19{i:02}", precision="year", texts=english("event"))
        term = Term.objects.create(slug=f"t-{i}", texts=english("name", "meaning"))
        for record in (errata, event, term):
            record.claims.set(claims)

    def work(self, pupil: User, other: Assignment | None) -> None:
        self.room.admit(pupil)
        for task in filter(None, [self.task, other]):
            attempt = task.begin(pupil, now=timezone.now())
            give(attempt, True, False)
            attempt.finish(timezone.now())
        self.task.extend(pupil, closes=timezone.now(), extra_time=timedelta(0), by=self.tom)

    def read(self) -> None:
        """Publish a lesson that cites every claim and asks every question in its text."""
        said = (f"A sentence about [[{t.slug}]] it.[{t.claims.first()}]" for t in Term.objects.all())
        asked = self.checkpoint.places.values_list("question__slug", flat=True)
        sections = zip(["What was said.", *said], asked, strict=True)
        body = "\n\n".join(
            f"## Section {n}\n\n{text}\n\n::: question {slug}\n:::" for n, (text, slug) in enumerate(sections)
        )
        LessonVersion(lesson=self.lesson, title="Three", summary="Sum.", body=body).add().publish()


def english(*names: str) -> dict[str, Any]:
    return {"en": dict.fromkeys(names, "Some words")}


def queries(client: Client, url: str, data: Any = None, *, status: int = 200, **headers: str) -> int:
    """How many queries the page takes once it is warm."""
    ask = (
        (lambda: client.get(url, headers=headers))
        if data is None
        else (lambda: client.post(url, data, headers=headers))
    )
    if data is None:
        ask()
    with CaptureQueriesContext(connection) as asked:
        response = ask()
    assert response.status_code == status, (url, response.status_code)
    return sum(not BOOKKEEPING.match(query["sql"]) for query in asked)


def figures(house: House) -> dict[str, int]:
    """The queries of each page, by its name."""
    visitor, alice, tom = Client(), client_of(house.alice), client_of(house.tom)
    lesson, quiz = house.lesson.get_absolute_url(), house.quiz.get_absolute_url()
    reading = {
        "lesson": lesson,
        "home": reverse("home"),
        "unit": house.unit.get_absolute_url(),
        "source-list": reverse("source-list"),
        "source": house.source.get_absolute_url(),
        "timeline": reverse("timeline"),
        "terms": reverse("terms"),
        "quiz": quiz,
    }
    found = {f"{name} (visitor)": queries(visitor, url) for name, url in reading.items()}
    attempt = start(house.alice, house.quiz)
    first, *others, last = list(attempt.slots.all())
    hers = {
        "progress": reverse("progress"),
        "review": reverse("review"),
        "question": first.get_absolute_url(),
        "finish": reverse("attempt-finish", args=[attempt.pk]),
        "class-list": reverse("class-list"),
        "class (pupil)": house.room.get_absolute_url(),
        "assignment (pupil)": house.task.get_absolute_url(),
    }
    found |= {name: queries(alice, url) for name, url in (reading | hers).items()}
    found["start"] = queries(alice, reverse("quiz-start", args=[house.quiz.slug]), {}, status=302)
    found["answer (unreadable)"] = queries(alice, first.get_absolute_url(), {}, hx_request="true")
    found["answer"] = queries(alice, first.get_absolute_url(), right(), hx_request="true")
    for slot in others:
        attempt.record(slot, {"choice": "true"}, key=str(slot.pk), now=timezone.now())
    found["answer (the last, plain form)"] = queries(alice, last.get_absolute_url(), right(), status=302)
    place = reverse("quiz-in-place", args=[house.checkpoint.slug, 1])
    started = start(house.alice, house.checkpoint)
    found["answer (in the text)"] = queries(alice, place, right("q1"), hx_request="true")
    attempt.finish(timezone.now())
    started.finish(timezone.now())
    found["result"] = queries(alice, attempt.get_absolute_url())
    work = Work.objects.filter(assignment=house.task, user=house.alice).first()
    pages = {
        "class": house.room.get_absolute_url(),
        "gradebook": reverse("gradebook", args=[house.room.pk]),
        "gradebook-csv": reverse("gradebook-csv", args=[house.room.pk]),
        "class-attempt": reverse("class-attempt", args=[house.room.pk, work.attempt_id]),
        "assign": reverse("assign", args=[house.room.pk]),
        "assignment": house.task.get_absolute_url(),
        "class-list (teacher)": reverse("class-list"),
    }
    return found | {name: queries(tom, url) for name, url in pages.items()}


def right(prefix: str = "") -> dict[str, str]:
    """What a browser posts to say that the statement is true."""
    return {f"{prefix}-choice" if prefix else "choice": "true"}


def test_pages_cost_the_same_for_one_row_and_for_fifty_and_few_queries(
    alice: User, tom: User, record_property: Callable[[str, object], None]
) -> None:
    house = House(alice, tom)
    house.fill(1)
    one = figures(house)
    house.fill(MANY)
    many = figures(house)
    for name, count in many.items():
        record_property(f"queries {name}", count)
    assert many == one
    assert {name: count for name, count in many.items() if count > MORE.get(name, MOST)} == {}


def test_bookkeeping_of_transactions_is_not_counted() -> None:
    assert BOOKKEEPING.match('SAVEPOINT "s1"')
    assert not BOOKKEEPING.match('UPDATE "quizzes_attempt" SET "seed" = 1')
