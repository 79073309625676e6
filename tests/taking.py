"""What tests of attempts share: a clock to move, short ways to answer, and a quiz of every kind with marked secrets."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from lessons import reading
from lessons.models import Lesson, Passage, Source, Status
from quizzes.asking import answer_form
from quizzes.models import (
    Attempt,
    Behaviour,
    Question,
    QuestionVersion,
    Quiz,
    Release,
    Response,
    Slot,
)
from tests.base import make_lesson
from tests.samples import SAMPLES

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


def slot_of(attempt: Attempt, n: int) -> Slot:
    return attempt.slots.select_related("version__question").get(number=n)


def record(attempt: Attempt, n: int, answer: Any, key: str = "", *, now: datetime | None = None) -> Response:
    return attempt.record(slot_of(attempt, n), answer, key=key or f"key-{n}", now=now or timezone.now())


def url(attempt: Attempt, n: int) -> str:
    return reverse("attempt-question", args=[attempt.pk, n])


def page(response: Any) -> str:
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    return str(response.content.decode())


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


def make_claims() -> None:
    """WP-1a holds, WP-2a is garbled, WP-3a is contested."""
    source = Source.objects.create(slug="news", prefix="WP", dated="2019")
    for n, check in enumerate(("ok", "garbled", "contested"), 1):
        passage = Passage.objects.create(code=f"WP-{n}", source=source, number=n)
        passage.claims.create(code=f"WP-{n}a", kind="fact", check_result=check)


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
