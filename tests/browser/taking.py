"""A test as it is taken in a browser: what is on the page, what the browser holds, what the database says."""

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, Watch
from tests.browser.test_student import sign_up

Visit = Callable[..., Page]
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")
SAVE = "**/save/"
PASSWORD = "tidal-flats-1965"
fresh = (f"keeper{n}" for n in itertools.count())


class Taken:
    """An attempt at a quiz, taken like a test, in one browser."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        self.pk = int(page.url.split("/attempts/")[1].split("/")[0])

    def at(self, number: int | str) -> str:
        return f"/attempts/{self.pk}/{number}/"

    def number(self, kind: str, nth: int = 0) -> int:
        """Which question is of this kind."""
        rows = self.site.rows(
            "SELECT s.number FROM quizzes_slot s JOIN quizzes_questionversion v ON v.id = s.version_id JOIN "
            "quizzes_question q ON q.id = v.question_id WHERE s.attempt_id = ? AND q.kind = ? ORDER BY s.number",
            self.pk,
            kind,
        )
        return int(rows[nth][0])

    def open(self, kind: str, nth: int = 0) -> int:
        number = self.number(kind, nth)
        self.page.goto(self.at(number))
        return number

    def responses(self, number: int | None = None) -> list[tuple[Any, str]]:
        """What the database holds, in order: the answer, and why it is set aside."""
        found = self.site.rows(
            "SELECT s.number, r.answer, r.aside FROM quizzes_response r JOIN quizzes_slot s ON s.id = r.slot_id "
            "WHERE r.attempt_id = ? ORDER BY r.sequence",
            self.pk,
        )
        return [(json.loads(answer), aside) for n, answer, aside in found if number in (None, n)]

    def asides(self, number: int | None = None) -> list[str]:
        return [aside for _answer, aside in self.responses(number)]

    def finished(self) -> bool:
        return bool(self.site.rows("SELECT finished_at FROM quizzes_attempt WHERE id = ?", self.pk)[0][0])

    def ends_in(self, seconds: int) -> None:
        """Give the attempt a limit that is reached so many seconds from now."""
        self.site.rows(
            "UPDATE quizzes_attempt SET \"limit\" = CAST(((julianday('now') - julianday(started_at)) * 86400 + ?) "
            "* 1000000 AS INTEGER) WHERE id = ?",
            seconds,
            self.pk,
        )


def quiz_with(site: Site, *kinds: str) -> str:
    """The first closing quiz that asks all these kinds."""
    asked: dict[str, set[str]] = {}
    for slug, kind in site.rows(
        "SELECT z.slug, q.kind FROM quizzes_quiz z JOIN quizzes_quizquestion p ON p.quiz_id = z.id JOIN "
        "quizzes_question q ON q.id = p.question_id WHERE z.purpose = 'closing' AND NOT q.reserved ORDER BY z.id"
    ):
        asked.setdefault(slug, set()).add(kind)
    found = [slug for slug, there in asked.items() if set(kinds) <= there]
    assert found, f"no quiz asks {kinds}"
    return found[0]


def begin(page: Page, site: Site, *kinds: str) -> Taken:
    page.goto(f"/quizzes/{quiz_with(site, *kinds)}/")
    page.get_by_role("button", name="Like a test").click()
    expect(page.locator(".ways")).to_be_visible()
    return Taken(page, site)


def named(visit: Visit, site: Site) -> tuple[Taken, str]:
    """An attempt of somebody with an account, with choices and numbers in it, and the username."""
    page, name = visit(), next(fresh)
    page.goto("/account/login/")
    sign_up(page, name)
    return begin(page, site, "single", "number"), name


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def session_ends(page: Page, site: Site) -> None:
    """As when it has grown too old, or the password was changed elsewhere."""
    (key,) = (each["value"] for each in page.context.cookies() if each["name"] == "sessionid")
    site.rows("DELETE FROM django_session WHERE session_key = ?", key)


def line(page: Page) -> Locator:
    return page.locator("[data-line]")


def choice(page: Page, n: int) -> Locator:
    return page.locator(".choices input").nth(n)


def kept(page: Page) -> list[dict[str, Any]]:
    """The entries in this browser."""
    found: list[dict[str, Any]] = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('keep/')).sort()"
        ".map((key) => JSON.parse(localStorage[key]))"
    )
    return found


def cut(page: Page, watch: Watch) -> None:
    """From now on no save comes through, from any tab."""
    watch.forgive("ERR_FAILED")
    page.context.route(SAVE, lambda route: route.abort())


def mend(page: Page) -> None:
    page.context.unroute(SAVE)


def offline(page: Page, watch: Watch, *, off: bool = True) -> None:
    watch.forgive("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(off)


def come_back(page: Page) -> None:
    """To this tab; it would ask by itself too, within eight seconds. Chromium without a window has no focus to move."""
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
