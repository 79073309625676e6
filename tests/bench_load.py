"""A class-wide deadline: 500 students save a last answer and hand in within one second. `make bench-load`.

Each student has an open test and sends, from a moment of the same second, an answer and, once that is saved, the
hand-in, each on a connection of its own:

    bench-load sqlite students=500 p50=.. p95=.. p99=.. errors=0 lost=0 wrong_scores=0

p50 ..         seconds from the press of a key to "Saved", of all requests
errors         requests without an answer of the kind that was to come
lost           acknowledged answers that are not in the database, and hand-ins that are not
wrong_scores   attempts whose score is not that of the answers sent
"""

import argparse
import asyncio
import random
import sys
import time
from typing import Any

from tests.loads import Save, Student, each_database, furnish, parse
from tests.serving import served

QUESTIONS = 4
WITHIN = 1.0  # seconds in which they all begin


class Outcome:
    """What one student met."""

    def __init__(self, student: Student) -> None:
        self.student = student
        self.kept: list[Save] = []
        self.handed_in = False
        self.seconds: list[float] = []
        self.errors = 0


async def ask(port: int, request: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    whole = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return parse(whole)[0]


async def press(outcome: Outcome, port: int, request: bytes, expected: int) -> bool:
    begin = time.perf_counter()
    try:
        status = await ask(port, request)
    except (OSError, ValueError, TimeoutError):
        status = 0
    outcome.seconds.append(time.perf_counter() - begin)
    outcome.errors += status != expected
    return status == expected


async def finish(outcome: Outcome, port: int, chance: random.Random) -> None:
    student = outcome.student
    await asyncio.sleep(chance.uniform(0, WITHIN))
    save = student.save(chance.randrange(QUESTIONS), chance.random() < 0.7)
    if await press(outcome, port, student.request(save.path, save.body), 200):
        outcome.kept.append(save)
    outcome.handed_in = await press(outcome, port, student.hand_in(), 302)


async def everybody(outcomes: list[Outcome], port: int) -> None:
    chance = random.Random(500)
    await asyncio.gather(*(finish(outcome, port, chance) for outcome in outcomes))


def here(kind: str, students: int) -> int:
    """One run against the database of the environment."""
    import os

    import django

    django.setup()
    from django.db import connection

    from quizzes.models import Attempt, Response

    outcomes = [Outcome(student) for student in furnish(students, QUESTIONS)]
    connection.close()
    with served("jkrel.wsgi", dict(os.environ), ready="/healthz") as port:
        asyncio.run(everybody(outcomes, port))
    stored = {(a, s, k): answer for a, s, k, answer in Response.objects.values_list("attempt", "slot", "key", "answer")}
    lost = wrong = 0
    for outcome in outcomes:
        attempt: Any = Attempt.objects.get(pk=outcome.student.attempt.pk)
        lost += sum(stored.get((save.attempt, save.slot, save.key)) != save.answer for save in outcome.kept)
        lost += outcome.handed_in and attempt.finished_at is None
        wrong += attempt.score != (sum(save.right for save in outcome.kept), QUESTIONS)
    seconds = sorted(second for outcome in outcomes for second in outcome.seconds)
    at = {p: seconds[min(len(seconds) - 1, len(seconds) * p // 100)] for p in (50, 95, 99)}
    errors = sum(outcome.errors for outcome in outcomes)
    print(
        f"bench-load {kind} students={students} p50={at[50]:.2f} p95={at[95]:.2f} p99={at[99]:.2f} "
        f"errors={errors} lost={lost} wrong_scores={wrong}"
    )
    return int(bool(errors or lost or wrong))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--here", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.here:
        return here(wanted.here, wanted.students)
    return each_database("tests.bench_load", wanted.database, ["--students", str(wanted.students)])


if __name__ == "__main__":
    sys.exit(main())
