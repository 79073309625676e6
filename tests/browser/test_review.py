"""Spaced review: three questions answered some days ago come back, are answered, and come back later."""

import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import answer
from tests.browser.conftest import Site
from tests.browser.looking import wrong

Visit = Callable[..., Page]
QUIZ = "/quizzes/three-chemicals-quiz/"


def days_go_by(site: Site, user: int, days: int) -> None:
    """Everything that this user did happened so many days earlier."""
    back = f"-{days} days"
    with sqlite3.connect(site.database, timeout=20) as line:
        for column in ("started_at", "finished_at"):
            line.execute(
                f"UPDATE quizzes_attempt SET {column} = strftime('%Y-%m-%d %H:%M:%f', {column}, ?) WHERE user_id = ?",
                (back, user),
            )
        line.execute(
            "UPDATE quizzes_response SET received_at = strftime('%Y-%m-%d %H:%M:%f', received_at, ?) "
            "WHERE attempt_id IN (SELECT id FROM quizzes_attempt WHERE user_id = ?)",
            (back, user),
        )


def guest_with_three_answers(page: Page, site: Site) -> int:
    """Answer three questions of a quiz, some days ago; return who did."""
    before = {pk for (pk,) in site.rows("SELECT id FROM accounts_user WHERE is_guest")}
    page.goto(QUIZ)
    page.get_by_role("button", name="Start").first.click()
    for _n in range(3):
        answer(page.locator("#question"))
        expect(page.locator("[data-feedback]")).to_be_visible()
        page.locator("[rel=next]").click()
        expect(page.locator("[data-feedback]")).to_have_count(0)
    guests = {pk for (pk,) in site.rows("SELECT id FROM accounts_user WHERE is_guest")}
    (guest,) = guests - before
    days_go_by(site, guest, 5)
    return guest


@pytest.mark.parametrize("script", [True, False], ids=["htmx", "without script"])
def test_what_was_answered_comes_back_and_is_strengthened(visit: Visit, site: Site, script: bool) -> None:
    page = visit(java_script_enabled=script)
    look = wrong if script else lambda page, name="": []
    page.goto("/review/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("comes back before it fades")
    assert page.get_by_role("button", name="Begin review").count() == 0
    guest = guest_with_three_answers(page, site)

    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("that you have met"))).to_be_visible()
    page.get_by_role("link", name=re.compile("that you have met")).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("for today")
    count = int(heading.inner_text().split()[0])
    assert 1 <= count <= 3
    found = look(page, "review, due")

    page.get_by_role("button", name="Begin review").click()
    for n in range(1, count + 1):
        expect(page.locator(".where")).to_contain_text(f"Question {n} of {count}")
        page.get_by_role("radio", name=re.compile("Fairly sure")).check()
        if n == 1:
            found += look(page, "review, question")
            page.get_by_role("link", name=re.compile("Leave")).click()
            expect(heading).to_contain_text("in the middle of a review")
            found += look(page, "review, under way")
            page.get_by_role("button", name="Go on where you stopped").click()
            page.get_by_role("radio", name=re.compile("Fairly sure")).check()
        answer(page.locator("#question"))
        expect(page.locator("[data-feedback]")).to_be_visible()
        page.locator("[rel=next]").click()
    expect(page).to_have_url(re.compile("/result/$"))
    given = site.rows(
        "SELECT r.certainty FROM quizzes_response r JOIN quizzes_attempt a ON a.id = r.attempt_id "
        "WHERE a.user_id = ? AND a.context = 'review'",
        guest,
    )
    assert given == [(2,)] * count

    page.get_by_role("link", name="Back to review").click()
    done = page.locator(".backs > li")
    expect(done).to_have_count(count)
    expect(done.first).to_contain_text("comes back:")
    found += look(page, "review, finished")
    page.goto("/progress/")
    expect(page.get_by_role("heading", name="Units and skills")).to_be_visible()
    expect(page.get_by_role("rowheader", name="All units")).to_be_visible()
    expect(page.locator(".calibration")).to_contain_text("Fairly sure")
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))") if script else None
    found += look(page, "progress after a review")
    assert not found, "\n".join(found)


def test_the_plan_is_changed_and_mistakes_are_said(visit: Visit, site: Site) -> None:
    page = visit()
    guest_with_three_answers(page, site)
    page.goto("/review/")
    page.get_by_role("link", name="Change the plan").click()
    page.get_by_label("Questions a day").select_option("5")
    page.get_by_label("Day of an exam").fill("2001-01-01")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    found = wrong(page, "plan, error")
    page.get_by_label("Day of an exam").fill("")
    page.get_by_label("Ask me how sure I am").uncheck()
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("Your review plan is saved.")).to_be_visible()
    expect(page.get_by_role("definition").first).to_have_text("5")
    page.get_by_role("button", name="Begin review").click()
    expect(page.locator(".where")).to_be_visible()
    assert page.get_by_role("radio", name=re.compile("Fairly sure")).count() == 0
    assert not found, "\n".join(found)
