"""The student's path: read, answer in place, take the quiz, leave and come back, see the result, sign up."""

import itertools
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import answer, answer_by_keys, kind, send, tab_to
from tests.browser.conftest import Site, Watch

Visit = Callable[..., Page]
KINDS = {"one", "many", "number", "matching", "ordering"}
LESSON = "streets-and-leaders"  # its questions in place and its quiz ask in every way there is
LESSON_PLAIN = "motives-and-words"
ANSWER = "form:has([name=key])"  # not that of a report
fresh = (f"walker{n}" for n in itertools.count())


def guests(site: Site) -> set[int]:
    return {pk for (pk,) in site.rows("SELECT id FROM accounts_user WHERE is_guest")}


def answers_of(site: Site, user: int) -> list[tuple[int, float]]:
    return site.rows(
        "SELECT r.id, r.credit FROM quizzes_response r JOIN quizzes_attempt a ON a.id = r.attempt_id "
        "WHERE a.user_id = ? AND r.credit IS NOT NULL ORDER BY r.id",  # a written answer is judged by a second one
        user,
    )


def number_of(page: Page) -> int:
    """Which question of the quiz is on the page."""
    found = re.search(r"Question (\d+) of", page.locator(".where").inner_text())
    assert found
    return int(found[1])


def sign_up(page: Page, username: str) -> None:
    page.get_by_role("link", name="Make an account").first.click()
    page.get_by_label("Username").fill(username)
    page.get_by_label(re.compile("^Name")).fill("Walker, Wren")
    page.get_by_label("Password").fill("tidal-flats-1965")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("link", name="Walker, Wren")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["htmx", "without script"])
def test_from_first_visit_to_an_account(visit: Visit, site: Site, script: bool) -> None:
    lesson = LESSON if script else LESSON_PLAIN
    page = visit(java_script_enabled=script)
    before = guests(site)

    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Start reading").click()
    expect(page).to_have_url(re.compile("/lessons/"))
    page.goto(f"/lessons/{lesson}/")
    title = page.get_by_role("heading", level=1).inner_text()
    assert guests(site) == before, "reading makes nobody a guest"

    # The questions in place
    if script:
        page.evaluate("window.stayed = true")
    kinds, count = set(), page.locator(f".inset.ask {ANSWER}").count()
    assert count >= 3
    for _n in range(count):
        ask = page.locator(".inset.ask", has=page.locator(ANSWER)).first
        where = f"#{ask.get_attribute('id')}"
        kinds.add(answer(ask))
        feedback = page.locator(where).locator("[data-feedback]")
        expect(feedback).to_be_visible()
        if script:
            expect(feedback).to_be_focused()
        else:
            expect(page).to_have_url(f"{site.url}/lessons/{lesson}/{where}")
    assert page.locator(f".inset.ask {ANSWER}").count() == 0
    if script:
        assert page.evaluate("window.stayed"), "the page stayed; only its questions changed"
    (guest,) = guests(site) - before
    assert len(answers_of(site, guest)) == count

    # The quiz, one question a page
    page.get_by_role("link", name="Take the quiz").click()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".where")).to_contain_text("Question 1 of")
    total = int(page.locator(".where").inner_text().split(" of ")[1].split()[0])
    for n in range(1, total + 1):
        assert number_of(page) == n
        if n == 1:  # nothing chosen: the error beside the question, and the question stays
            send(page.locator("#question"))
            expect(page.locator("[data-errors]")).to_be_visible()
            expect(page.locator("[data-errors]")).to_be_focused()
        if n == 4:  # leave, and come back to the same question
            stem = page.get_by_role("heading", level=1).inner_text()
            page.get_by_role("link", name="Leave the quiz").click()
            page.get_by_role("link", name="Take the quiz").click()
            page.get_by_role("button", name="Go on where you stopped").click()
            expect(page.get_by_role("heading", level=1)).to_have_text(stem)
            if script:
                page.evaluate("window.stayed = true")
        kinds.add(answer(page.locator("#question")))
        feedback = page.locator("[data-feedback]")
        expect(feedback).to_be_focused()
        expect(page.locator(".saved")).to_contain_text("Saved")
        assert page.locator(f"#question {ANSWER}").count() == 0, "what is answered cannot be answered again"
        assert len(answers_of(site, guest)) == count + n, "Saved means stored"
        if n == 2:  # a reload shows the same answer
            page.reload()
            expect(page.locator("[data-feedback]")).to_be_visible()
        page.locator("[rel=next]").click()
        if n < total:
            expect(page.locator(".where")).to_contain_text(f"Question {n + 1} of")
            if script:
                expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert kinds >= KINDS

    # The result, and what the site makes of it
    expect(page).to_have_url(re.compile("/result/$"))
    expect(page.locator(".score")).to_contain_text(f"of {total}")
    expect(page.locator(".again > li")).to_have_count(total)
    given = answers_of(site, guest)
    page.goto("/progress/")
    row = page.get_by_role("row", name=title)
    expect(row).to_contain_text(f"{count} / {count}")
    expect(row).to_contain_text("%")

    # An account: the same row, named
    page.goto("/account/")
    name = next(fresh)
    sign_up(page, name)
    assert site.rows("SELECT id, is_guest FROM accounts_user WHERE username = ?", name) == [(guest, 0)]
    assert answers_of(site, guest) == given
    page.goto("/progress/")
    expect(page.get_by_role("row", name=title)).to_contain_text(f"{count} / {count}")


def test_a_whole_quiz_by_keyboard(visit: Visit) -> None:
    page = visit()
    page.goto(f"/quizzes/{LESSON}-quiz/")
    tab_to(page, page.get_by_role("button", name="Start"))
    page.keyboard.press("Enter")
    expect(page.locator(".where")).to_contain_text("Question 1 of")
    total = int(page.locator(".where").inner_text().split(" of ")[1].split()[0])
    kinds = set()
    for n in range(1, total + 1):
        expect(page.locator(".where")).to_contain_text(f"Question {n} of")
        kinds.add(answer_by_keys(page, page.locator("#question")))
        expect(page.locator("[data-feedback]")).to_be_focused()
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/result/$"))
    assert kinds >= {"one", "many", "matching", "ordering"}


def test_number_keys_choose_only_while_they_are_switched_on(visit: Visit) -> None:
    page = visit()
    page.goto(f"/quizzes/{LESSON}-quiz/")
    page.get_by_role("button", name="Start").click()
    while kind(page.locator("#question")) not in ("one", "many"):
        page.get_by_role("link", name="Skip").click()
    page.keyboard.press("1")
    expect(page.locator(".choices input").first).to_be_checked()
    page.get_by_role("checkbox", name="Keys 1 to 9").uncheck()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("2")
    expect(page.locator(".choices input").nth(1)).not_to_be_checked()


def test_what_is_not_saved_says_so_and_is_sent_again_once(visit: Visit, site: Site, watch: Watch) -> None:
    page = visit()
    page.goto(f"/quizzes/{LESSON}-quiz/")
    before = guests(site)
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".where")).to_be_visible()
    (guest,) = guests(site) - before

    watch.forgive("ERR_INTERNET_DISCONNECTED")
    watch.forgive("htmx:")  # it says in the console what the page says too
    page.context.set_offline(True)
    expect(page.locator("#notices")).to_contain_text("You are offline")
    answer(page.locator("#question"))
    expect(page.get_by_role("alert")).to_contain_text("Not saved")
    assert page.locator(".choices input").first.is_checked(), "what was chosen is still there"
    assert not answers_of(site, guest)

    page.context.set_offline(False)
    expect(page.locator("#notices")).not_to_contain_text("You are offline")
    send(page.locator("#question"))
    expect(page.locator(".saved")).to_contain_text("Saved")
    assert len(answers_of(site, guest)) == 1


def test_a_double_click_is_one_answer(visit: Visit, site: Site) -> None:
    page = visit()
    before = guests(site)
    page.goto(f"/quizzes/{LESSON}-quiz/")
    page.get_by_role("button", name="Start").dblclick()
    expect(page.locator(".where")).to_be_visible()
    (guest,) = guests(site) - before
    page.locator(".choices input").first.check()
    page.get_by_role("button", name="Check my answer").dblclick()
    expect(page.locator(".saved")).to_contain_text("Saved")
    assert len(answers_of(site, guest)) == 1
    assert len(site.rows("SELECT id FROM quizzes_attempt WHERE user_id = ?", guest)) == 1
