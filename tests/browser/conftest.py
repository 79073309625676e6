"""A real Chromium before a real server: gunicorn, hashed static files and the strict CSP, as in `make run`.

Every test gets pages that take nothing amiss silently: an error or a warning in the console, a breach of the CSP,
an exception, a request that fails or leaves the site fails the test when it ends.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.serving import ROOT, demo, served

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ADVICE = "No Chromium for the browser tests: apt install chromium, or set CHROMIUM=/path/to/it."
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PASSWORD = "two-shores"  # of the demo accounts


def chromium() -> str | None:
    """Where an installed Chromium is."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands here is a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """All tests that lack a Chromium are told of in one line."""
    report = yield
    if report.skipped and ADVICE in str(report.longrepr):
        report.longrepr = (__file__, 1, ADVICE)
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None and os.environ.get("CI"):
        pytest.fail(ADVICE)
    if path is None:
        pytest.skip(ADVICE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


class Site:
    """The demo site of this test run."""

    def __init__(self, url: str, database: Path) -> None:
        self.url, self.database = url, database

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the server's database says, for what no page shows."""
        with sqlite3.connect(self.database) as line:
            return line.execute(query, values).fetchall()


def furnished(shared: Path) -> Path:
    """The files of a demo site; the first process of a test run makes them, the others wait for it."""
    place, done, failed = shared / "demo", shared / "demo.done", shared / "demo.failed"
    try:
        place.mkdir()
    except FileExistsError:
        while not done.exists():
            assert not failed.exists(), "manage.py setup --demo failed in another test process"
            time.sleep(0.2)
        return place
    try:
        setup = [sys.executable, "manage.py", "setup", "--demo"]
        subprocess.run(setup, cwd=ROOT, env=demo(place), check=True, stdout=subprocess.DEVNULL)
        done.touch()
    except BaseException:
        failed.touch()
        raise
    return place


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of a process; a test that changes something does it with an account or class of its own."""
    ours = tmp_path_factory.getbasetemp()
    place = ours / "site"
    shutil.copytree(furnished(ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours), place)
    with served("jkrel.wsgi", demo(place), ready="/readyz") as port:
        yield Site(f"http://127.0.0.1:{port}", place / "db.sqlite3")


@pytest.fixture(scope="session")
def named(site: Site) -> dict[str, str]:
    """Addresses in the demo class, and other names that addresses in the tests use."""

    def one(query: str) -> Any:
        return site.rows(query)[0][0]

    student = one("SELECT id FROM accounts_user WHERE username = 'student'")
    room = one("SELECT id FROM classrooms_classroom WHERE name = 'History 10B'")
    task = one("SELECT id FROM classrooms_assignment ORDER BY due LIMIT 1")
    work, pupil = site.rows(f"SELECT attempt_id, user_id FROM classrooms_work WHERE assignment_id = {task}")[0]
    mine = one(f"SELECT id FROM quizzes_attempt WHERE user_id = {student} AND finished_at > '' AND context = ''")
    lesson = one("SELECT id FROM lessons_lesson WHERE slug = 'motives-and-words'")
    return {
        "room": f"/classes/{room}/",
        "task": f"/assignments/{task}/",
        "work": f"/classes/{room}/attempts/{work}/",
        "pupil": str(pupil),
        "result": f"/attempts/{mine}/result/",
        "desk": f"/admin/lessons/lesson/{lesson}/change/",
        "version": f"/admin/lessons/lesson/{lesson}/versions/1/",
        "question": f"/admin/quizzes/question/{one('SELECT id FROM quizzes_question LIMIT 1')}/change/",
        "unwritten": one("SELECT slug FROM lessons_unit ORDER BY id IN (SELECT unit_id FROM lessons_lesson), number"),
        "teachable": one(
            "SELECT slug FROM lessons_lesson l JOIN lessons_lessonversion v ON v.lesson_id = l.id WHERE v.teaching > ''"
        ),
    }


class Watch:
    """Writes down what goes wrong in a context. `expect(404)`: such an answer is meant; `forgive("ERR_...")`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.found: list[str] = []
        self.expected: list[str] = []

    def expect(self, status: int) -> None:
        self.forgive(f"status of {status}")

    def forgive(self, words: str) -> None:
        self.expected.append(words)

    def over(self, page: Page) -> None:
        page.on("console", lambda message: self.said(message.type, message.text, message.location["url"]))
        page.on("pageerror", lambda error: self.found.append(f"exception: {error}"))
        page.on("request", self.asked)
        page.on("requestfailed", self.failed)

    def said(self, kind: str, text: str, where: str) -> None:
        if kind in ("error", "warning") and not any(words in text for words in self.expected):
            self.found.append(f"console: {text} ({where})")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.site.url + "/", "data:", "blob:")):
            self.found.append(f"leaves the site: {request.url}")

    def failed(self, request: Request) -> None:
        meant = ["ERR_ABORTED", *self.expected]  # the first: the page was left before it came
        if not any(words in (request.failure or "") for words in meant):
            self.found.append(f"failed: {request.url} {request.failure}")


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    watching = Watch(site)
    yield watching
    assert not watching.found, "\n".join(watching.found)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site) -> Callable[[str], Any]:
    """The cookies of a demo account, got by signing in once."""

    @cache
    def state(user: str) -> Any:
        context = browser.new_context(base_url=site.url)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("Username or e-mail").fill(user)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(site.url + "/")
        kept = context.storage_state()
        context.close()
        return kept

    return state


@pytest.fixture
def visit(browser: Browser, site: Site, watch: Watch, signed_in: Callable[[str], Any]) -> Iterator[Callable[..., Page]]:
    """`visit()` is a page in a browser of its own; `visit("teacher")` is signed in with a demo account.

    Options are those of Playwright's new_context.
    """
    contexts: list[BrowserContext] = []

    def opened(user: str = "", **options: Any) -> Page:
        ours = {"viewport": DESK, "locale": "en-GB", "storage_state": signed_in(user) if user else None}
        context = browser.new_context(base_url=site.url, **ours | options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("page", watch.over)
        page = context.new_page()
        if user:
            page.goto("/")
        return page

    yield opened
    for context in contexts:
        context.close()
