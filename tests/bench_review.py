"""How long it takes to work out what is due, from nothing but the answers: `python -m tests.bench_review`.

A learner has answered 500 questions six times each, over a year; the page is built anew each time. Prints medians of
ten runs in ms: reading the answers, replaying them through FSRS-6, the order of what is due with an exam ahead, and
the whole page (as a client gets it).
"""

import io
import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

import pytest  # noqa: F401 - the settings then take static files as they lie there

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jkrel.settings")
os.environ.setdefault("DEMO", "1")

QUESTIONS, TIMES, RUNS = 500, 6, 10


def median(work: Callable[[], object]) -> float:
    times = []
    for _run in range(RUNS):
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def main() -> None:
    import django
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    django.setup()
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        measure()
    finally:
        teardown_databases(databases, verbosity=0)


def measure() -> None:
    from django.core.management import call_command
    from django.urls import reverse
    from django.utils import timezone

    from lessons.reading import shelf
    from progress.history import History
    from progress.models import StudyPlan
    from progress.review import Study
    from progress.stock import Stock
    from quizzes.models import Attempt, QuestionVersion, Quiz, Response, Terms
    from tests.base import client_of, make_user

    call_command("load_curriculum", stdout=io.StringIO())
    user, now = make_user("alice"), timezone.now()
    kept = shelf("en")
    items = list(Stock.of(kept).items.values())[:QUESTIONS]
    versions = QuestionVersion.kept([item.version for item in items])
    quiz = Quiz.objects.create(slug="bench")
    for turn in range(TIMES):
        at = now - timedelta(days=2 ** (TIMES - turn) * 5)
        attempt, _new = Attempt.objects.start(user, quiz, Terms(), now=at, asks=versions)
        Response.objects.bulk_create(
            Response(
                attempt=attempt, slot=slot, sequence=n, received_at=at + timedelta(seconds=30 * n), key=str(n),
                answer={}, credit=(n + turn) % 5 > 0, earned=1, certainty=1 + n % 3, took=20,
            )
            for n, slot in enumerate(attempt.slots.all(), 1)
        )  # fmt: skip
        attempt.finish(at + timedelta(hours=5))
    StudyPlan.objects.create(user=user, exam_on=(now + timedelta(days=60)).date())
    client, url, history = client_of(user), reverse("review"), History.of(user)
    figures = {
        "read": lambda: History.of(user),
        "replay": lambda: Study.of(user, kept, history, now).memories,
        "replay_and_order": lambda: Study.of(user, kept, history, now).ready,
        "page_review": lambda: client.get(url),
        "page_progress": lambda: client.get(reverse("progress")),
        "page_home": lambda: client.get("/"),
    }
    said = " ".join(f"{name}={median(work):.0f}ms" for name, work in figures.items())
    print(f"bench-review questions={len(items)} answers={len(items) * TIMES} {said}")


if __name__ == "__main__":
    main()
