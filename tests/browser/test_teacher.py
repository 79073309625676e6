"""The teacher's path: a class, its code, a quiz with a due date, a pupil who does it, the mark, the answers."""

import itertools
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.answering import answer
from tests.browser.conftest import PHONE, Site, Watch
from tests.browser.test_student import sign_up

Visit = Callable[..., Page]
ZONE = "Asia/Tokyo"
fresh = (f"joiner{n}" for n in itertools.count())


def open_class(page: Page, name: str) -> str:
    """Open a class as the teacher; return its join code as it is shown."""
    page.get_by_role("link", name="Classes", exact=True).click()
    page.get_by_role("link", name="New class").click()
    page.get_by_label("Name of the class").fill(name)
    page.get_by_label("Time zone").select_option(ZONE)
    page.get_by_role("button", name="Open the class").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.locator(".joincode").inner_text().strip()


def test_from_a_new_class_to_a_pupils_answers(visit: Visit, site: Site, watch: Watch) -> None:
    teacher = visit("teacher")
    code = open_class(teacher, "Browser 7A")
    due = (datetime.now(ZoneInfo(ZONE)) + timedelta(days=2)).replace(hour=17, minute=30)

    # Set a quiz; a due date that is missing keeps what was chosen
    teacher.get_by_role("link", name="Set a quiz").first.click()
    chosen = teacher.get_by_label("Quiz", exact=True)
    chosen.select_option(index=3)
    quiz = chosen.evaluate("(it) => it.selectedOptions[0].text").split(" (")[0]
    teacher.get_by_role("button", name="Set it for the class").click()
    expect(teacher.locator("[data-errors]")).to_contain_text("Due")
    assert chosen.evaluate("(it) => it.selectedOptions[0].text").startswith(quiz)
    teacher.get_by_label("Due").fill(due.strftime("%Y-%m-%dT%H:%M"))
    teacher.get_by_role("button", name="Set it for the class").click()
    expect(teacher.get_by_role("heading", level=1)).to_have_text(re.compile(re.escape(quiz)))
    expect(teacher.get_by_role("main")).to_contain_text("17:30")
    expect(teacher.get_by_role("main")).to_contain_text("Tokyo time")

    # A pupil with a phone joins by the code; it takes an account
    watch.expect(422)  # a list half put in order is saved only when it is whole
    pupil = visit(viewport=PHONE)
    pupil.goto("/join/")
    pupil.get_by_label("Join code").fill(code.lower())
    pupil.get_by_role("button", name="Find the class").click()
    expect(pupil.get_by_role("heading", level=1)).to_have_text("Browser 7A")
    sign_up(pupil, next(fresh))
    pupil.get_by_role("button", name="Join this class").click()
    pupil.get_by_role("link", name=quiz).first.click()
    expect(pupil.get_by_role("main")).to_contain_text("17:30")
    pupil.get_by_role("button", name="Start").click()
    total = int(pupil.locator(".where").inner_text().split(" of ")[1].split()[0])
    for n in range(1, total + 1):
        expect(pupil.locator(".where")).to_contain_text(f"Question {n} of")
        if n == 2:  # answers can be changed until they are handed in
            pupil.go_back()
            expect(pupil.locator(".where")).to_contain_text("Question 1 of")
            expect(pupil.locator("#question form:has([name=key])")).to_be_visible()
            answer(pupil.locator("#question"))
            expect(pupil.locator(".where")).to_contain_text("Question 2 of")
        answer(pupil.locator("#question"))
        assert not pupil.locator("[data-feedback]").count(), "nothing of the key before it is handed in"
    expect(pupil.get_by_role("heading", level=1)).to_have_text("Before you hand in")
    pupil.get_by_role("button", name="Hand in").click()
    score = pupil.locator(".score").inner_text().split()[0]

    # The mark, and the answers behind it
    teacher.get_by_role("link", name="Gradebook").first.click()
    row = teacher.get_by_role("row", name="Walker, Wren")
    expect(row).to_contain_text(score)
    row.get_by_role("link").first.click()
    expect(teacher.get_by_role("heading", level=1)).to_have_text("Walker, Wren")
    expect(teacher.locator(".again > li")).to_have_count(total)
    expect(teacher.get_by_role("main")).to_contain_text(f"{score} of {total}")
    attempt = teacher.url

    # To anybody else these pages do not exist
    assert pupil.request.get(attempt).status == 404
    assert visit("student").request.get(attempt).status == 404


def test_a_changed_code_lets_nobody_in(visit: Visit, watch) -> None:  # type: ignore[no-untyped-def]
    teacher = visit("teacher")
    code = open_class(teacher, "Browser 7B")
    teacher.get_by_role("button", name="Change the code").click()
    expect(teacher.locator(".joincode")).not_to_have_text(code)
    pupil = visit("student")
    watch.expect(404)
    pupil.goto(f"/join/{code.replace(' ', '')}/")
    expect(pupil.get_by_role("heading", level=1)).to_have_text("No class can be joined with this code")
