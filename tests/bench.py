"""How much more work a page is than a page has to be: `make bench`.

A line for each page, as `bench lesson ratio=3.4x queries=5 bytes=9123`:

ratio    time of one request, new connection and all, divided by that of the trivial page in bench_trivial.py.
         Both are served by the Makefile's gunicorn command at the same time; one client asks them in turn, in
         short blocks, so that whatever else the machine does hits both. Medians of 500.
         The lesson is read by a visitor; the other pages are asked for by somebody signed in.
queries  of one request, counted in process; BEGIN, COMMIT and savepoints are not counted
bytes    of the body as sent

Everything happens in a database of its own, in a directory that is gone afterwards. Times are printed, never
asserted: they are for people to compare. `python -m tests.bench lesson answer` runs only these; `--profile`
prints where their time goes instead.
"""

import argparse
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from tests.serving import demo, served

TIMES, BLOCK, WARM = 500, 20, 40
PUPILS, ASSIGNMENTS = 24, 10


# --- the client --------------------------------------------------------------------------------------------


def message(method: str, path: str, headers: dict[str, str], body: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Accept-Encoding: gzip, br"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def fetch(port: int, request: bytes) -> tuple[float, int, bytes]:
    """One request on a connection of its own: (seconds from connecting to the last byte, status, body)."""
    begin = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    seconds = time.perf_counter() - begin
    head, _gap, body = b"".join(parts).partition(b"\r\n\r\n")
    return seconds, int(head.split(None, 2)[1]), body


# --- the pages ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A page of the site. `requests()` gives one request after another as (method, path, form)."""

    name: str
    who: Any  # the user who is signed in, or None for a visitor
    requests: Callable[[], Iterator[tuple[str, str, dict[str, Any]]]]
    htmx: bool = False


def always(path: str) -> Callable[[], Iterator[tuple[str, str, dict[str, Any]]]]:
    def requests() -> Iterator[tuple[str, str, dict[str, Any]]]:
        while True:
            yield "GET", path, {}

    return requests


def furnish() -> list[Page]:
    """Make the demo class and, beside it, what is measured; return the pages."""
    from django.core.management import call_command
    from django.db import transaction
    from django.urls import reverse

    from accounts.models import User

    call_command("setup", demo=True, stdout=open(os.devnull, "w"))  # noqa: SIM115
    student, teacher = User.objects.get(username="student"), User.objects.get(username="teacher")
    with transaction.atomic():
        room = gradebook_class(teacher)
        runner = User.objects.create_user("runner", name="Runner")
        running = open_attempts(runner)
    asked = student.attempts.open().filter(quiz__purpose="closing").first() or open_attempt(student)
    return [
        Page("lesson", None, always(reverse("lesson", args=["motives-and-words"]))),
        Page("question", student, always(reverse("attempt-question", args=[asked.pk, 1]))),
        Page("answer", runner, lambda: answers(running), htmx=True),
        Page("home", student, always(reverse("home"))),
        Page("gradebook", teacher, always(reverse("gradebook", args=[room.pk]))),
    ]


def closing() -> list[Any]:
    """The quizzes of one unit, always the same: the figures should not move when the curriculum grows."""
    from quizzes.models import Purpose, Quiz

    asked = Quiz.objects.filter(purpose=Purpose.CLOSING, lesson__unit__slug="trade-war-2019")
    return list(asked.order_by("lesson__number"))


def open_attempt(user: Any, context: str = "", quiz: Any = None) -> Any:
    from django.utils import timezone

    from quizzes.models import Attempt, Terms

    attempt, _new = Attempt.objects.start(user, quiz or closing()[0], Terms(context=context), now=timezone.now())
    return attempt


def open_attempts(user: Any) -> list[Any]:
    """Enough practice attempts that every measured answer goes to a question without one."""
    quizzes, attempts, room = closing(), [], 0
    while room < TIMES + 2 * WARM:
        attempts.append(open_attempt(user, f"bench:{len(attempts)}", quizzes[len(attempts) % len(quizzes)]))
        room += len(attempts[-1].sheet)
    return attempts


def gradebook_class(teacher: Any) -> Any:
    """A class of its own in which every pupil has handed in every assignment."""
    import random

    from django.utils import timezone

    from accounts.models import User
    from classrooms.demo import work
    from classrooms.models import Assignment, Classroom

    now, chance, quizzes = timezone.now(), random.Random(24), closing()
    room = Classroom.open_for(teacher, name="Bench", time_zone="Asia/Seoul")
    pupils = [User.objects.create_user(f"bench{n}", name=f"Pupil, Number {n:02}") for n in range(PUPILS)]
    for pupil in pupils:
        room.admit(pupil)
    for week in range(ASSIGNMENTS):
        due = now - timedelta(days=7 * (ASSIGNMENTS - week))
        task = Assignment.objects.create(classroom=room, quiz=quizzes[week % len(quizzes)], due=due)
        for pupil in pupils:
            when = due - timedelta(hours=chance.randint(1, 99))
            work(task.begin(pupil, now=when), chance.uniform(0.5, 1), when, chance)
    return room


def answers(attempts: list[Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A right answer for one open question after another, as the page's form would send it."""
    import uuid

    from lessons import reading
    from quizzes.asking import answer_form

    shelf = reading.shelf("en")
    for attempt in attempts:
        for slot, response in attempt.sheet:
            if response is None:
                rules, content = slot.version.question.rules, slot.version.content
                solved = answer_form(
                    slot.version, seed=attempt.seed, number=slot.number, shelf=shelf, answer=rules.solution(content)
                )
                fields = {solved.add_prefix(name): value for name, value in solved.initial.items()}
                yield "POST", slot.get_absolute_url(), {**fields, "key": uuid.uuid4().hex}


# --- measuring ---------------------------------------------------------------------------------------------


class Browser:
    """Signed in as the page's user: asks over a socket, or in this process."""

    def __init__(self, page: Page) -> None:
        from django.test import Client

        self.page, self.requests = page, page.requests()
        self.client = Client()
        if page.who:
            self.client.force_login(page.who)
        self.headers = {"Accept": "text/html"} | ({"HX-Request": "true"} if page.htmx else {})
        self.csrf = "b" * 32

    def next(self) -> bytes:
        """The next request, ready to send."""
        method, path, form = next(self.requests)
        session = f"sessionid={self.client.cookies['sessionid'].value}; " if self.page.who else ""
        cookies = {"Cookie": f"{session}csrftoken={self.csrf}"}
        form = {**form, "csrfmiddlewaretoken": self.csrf} if form else form
        return message(method, path, self.headers | cookies, urlencode(form, doseq=True))

    def here(self) -> Any:
        """The next request, answered in this process."""
        method, path, form = next(self.requests)
        response = self.client.generic(
            method,
            path,
            urlencode(form, doseq=True),
            content_type="application/x-www-form-urlencoded",
            headers=self.headers,
        )
        if response.status_code != 200:
            raise SystemExit(f"bench: {method} {path} answers {response.status_code}")
        return response


def queries(browser: Browser) -> int:
    """How many a request takes, once the process is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.here()
    with CaptureQueriesContext(connection) as seen:
        browser.here()
    ours = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].upper().startswith(ours) for query in seen.captured_queries)


def measure(browser: Browser, site: int, trivial: int) -> tuple[float, int]:
    """(how many times as long as the trivial page, median bytes of the body)."""
    plain = message("GET", "/", {"Accept": "text/html"})

    def ask() -> tuple[float, bytes]:
        seconds, status, body = fetch(site, browser.next())
        if status != 200:
            raise SystemExit(f"bench: {browser.page.name} answers {status}")
        return seconds, body

    for _n in range(WARM):  # every worker and thread has to come by
        ask(), fetch(trivial, plain)
    page, yardstick, sizes = [], [], []
    while len(page) < TIMES:
        yardstick += [fetch(trivial, plain)[0] for _n in range(BLOCK)]
        for _n in range(BLOCK):
            seconds, body = ask()
            page.append(seconds)
            sizes.append(len(body))
    return median(page) / median(yardstick), int(median(sizes))


def profile(browser: Browser, times: int = 200) -> None:
    """Print where the time of a page goes, in this process."""
    import cProfile
    import pstats

    for _n in range(5):
        browser.here()
    with cProfile.Profile() as seen:
        for _n in range(times):
            browser.here()
    print(f"\n=== {browser.page.name}, {times} times ===")
    pstats.Stats(seen, stream=sys.stdout).sort_stats("cumulative").print_stats(60)


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare pages with a trivial one.")
    parser.add_argument("pages", nargs="*", help="lesson question answer home gradebook; all without any")
    parser.add_argument("--profile", action="store_true", help="print where the time goes instead")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="two-shores-bench-") as place:
        env = demo(Path(place))
        os.environ.clear()
        os.environ.update(env)
        import django

        django.setup()
        pages = [page for page in furnish() if not wanted.pages or page.name in wanted.pages]
        browsers = [Browser(page) for page in pages]
        if wanted.profile:
            for browser in browsers:
                profile(browser)
            return
        counts = [queries(browser) for browser in browsers]
        with (
            served("jkrel.wsgi", env, ready="/healthz") as site,
            served("tests.bench_trivial", env, ready="/") as trivial,
        ):
            for browser, count in zip(browsers, counts, strict=True):
                ratio, size = measure(browser, site, trivial)
                print(f"bench {browser.page.name} ratio={ratio:.1f}x queries={count} bytes={size}", flush=True)


if __name__ == "__main__":
    main()
