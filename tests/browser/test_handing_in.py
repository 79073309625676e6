"""The end of a test: handing in, the time limit, the way there without a script; and how a test looks."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.answering import fill, send
from tests.browser.conftest import PHONE, Site, Watch
from tests.browser.looking import wrong
from tests.browser.taking import SAVED, Taken, Visit, begin, choice, cut, kept, line, mend, quiz_with


@pytest.fixture
def taken(visit: Visit, site: Site) -> Taken:
    """A guest's, with choices and numbers in it."""
    return begin(visit(), site, "single", "number")


# --- handing in ----------------------------------------------------------------------------------------------


def test_handing_in_sends_first_what_is_unsent(taken: Taken, watch: Watch) -> None:
    page = taken.page
    cut(page, watch)
    number = taken.open("single")
    choice(page, 0).check()
    expect(line(page)).to_contain_text("Not saved yet")
    page.goto(taken.at("finish"))
    expect(line(page)).to_contain_text(f"Answers not saved yet: 1 (question {number})")
    mend(page)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".score")).to_be_visible()
    assert taken.asides(number) == [""], "it came before the end"
    assert taken.finished()
    expect(line(page)).to_be_hidden()
    assert kept(page) == []


def test_handing_in_says_how_many_cannot_be_sent_and_what_comes_later_is_kept_as_late(
    taken: Taken, watch: Watch
) -> None:
    page = taken.page
    cut(page, watch)
    for kind in ("single", "number"):
        taken.open(kind)
        fill(page.locator("#question"))
        expect(line(page)).to_contain_text("Not saved yet")
    page.goto(taken.at("finish"))
    page.get_by_role("button", name="Hand in").click()
    expect(line(page)).to_contain_text("Answers not saved yet: 2")
    expect(line(page)).to_contain_text("once more")
    assert not taken.finished()
    assert not (found := wrong(page, "handing in with something unsaved")), "\n".join(found)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".score")).to_be_visible()
    assert taken.finished()
    assert len(kept(page)) == 2
    mend(page)
    expect(line(page)).to_contain_text("after the end: it is kept and marked late")
    page.reload()
    expect(page.get_by_text("2 answers arrived after the end")).to_be_visible()
    assert taken.asides() == ["late", "late"]
    assert kept(page) == []


def test_handing_in_clears_what_can_never_be_sent(taken: Taken, watch: Watch) -> None:
    watch.expect(422)
    page = taken.page
    number = taken.open("number")
    page.get_by_role("textbox").fill("many")
    expect(line(page)).to_contain_text("Not saved yet")
    page.goto(taken.at("finish"))
    page.get_by_role("button", name="Hand in").click()
    expect(line(page)).to_contain_text(f"Answers not saved yet: 1 (question {number})")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".score")).to_be_visible()
    for _wait in range(100):  # a function to wait for would be made of text, which the CSP forbids
        if not kept(page):
            break
        page.wait_for_timeout(50)
    assert kept(page) == []
    assert taken.responses() == []


def test_back_after_handing_in_shows_what_is_settled(taken: Taken) -> None:
    page = taken.page
    number = taken.open("single")
    choice(page, 0).check()
    expect(line(page)).to_have_text(SAVED)
    page.get_by_role("button", name="To the end").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".score")).to_be_visible()
    for _step in range(3):
        page.go_back()
        expect(page.locator("[data-keep], [data-hand-in]")).to_have_count(0)
    assert taken.asides(number) == [""]


# --- without the script --------------------------------------------------------------------------------------


@pytest.mark.parametrize("blocked", ["JavaScript off", "keep.js", "every script"])
def test_a_whole_test_by_plain_forms(visit: Visit, site: Site, watch: Watch, blocked: str) -> None:
    watch.forgive("ERR_FAILED")
    page = visit(java_script_enabled=blocked != "JavaScript off", viewport=PHONE)
    page.context.route(
        re.compile(r"/keep\.\w+\.js|/keep\.js" if blocked == "keep.js" else r"\.js$"), lambda r: r.abort()
    )
    taken = begin(page, site, "single", "number")
    total = page.locator(".ways li").count() - 1
    for n in range(1, total + 1):
        expect(page.locator(".where")).to_contain_text(f"Question {n} of {total}")
        fill(page.locator("#question"))
        if n == 2:
            page.get_by_role("button", name="Flag it").click()  # which keeps the answer too
            expect(page.get_by_role("button", name="Flagged: take the flag off")).to_be_visible()
        assert len(taken.responses(n)) == (n == 2)
        send(page.locator("#question"))
        expect(page.locator(".where").or_(page.get_by_role("heading", name="Before you hand in")).first).to_be_visible()
    expect(page.get_by_role("heading", name="Before you hand in")).to_be_visible()
    assert taken.asides() == [""] * total
    expect(page.locator(".rows")).to_contain_text("flagged")
    page.get_by_role("link", name="Question 2", exact=True).click()
    page.get_by_role("button", name="Flagged: take the flag off").click()
    page.locator(".ways").get_by_role("button", name=f"{total} answered").click()
    expect(page.locator(".where")).to_contain_text(f"Question {total} of {total}")
    page.goto(taken.at(taken.number("single")))
    choice(page, 1).check()
    page.get_by_role("button", name="To the end").click()
    expect(page.locator(".rows")).not_to_contain_text("flagged")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".score")).to_be_visible()
    assert taken.asides() == [""] * (total + 1), "one more: the one that was changed"
    assert taken.finished()


# --- the end -------------------------------------------------------------------------------------------------


def test_the_page_says_when_the_attempt_ends_and_what_is_left(taken: Taken) -> None:
    page = taken.page
    taken.ends_in(6 * 60 + 30)
    page.clock.install()
    taken.open("number")
    ends = page.locator("[data-ends]")
    expect(ends).to_contain_text(re.compile(r"Ends at \d\d:\d\d.*7 minutes left"))
    page.clock.fast_forward(60_000)
    expect(ends).to_contain_text("6 minutes left")
    expect(page.locator("#spoken")).to_be_empty()
    page.clock.fast_forward(60_000)
    expect(page.locator("#spoken")).to_have_text("5 minutes left")
    page.clock.fast_forward(4 * 60_000)
    expect(page.locator("#spoken")).to_have_text("1 minute left")
    assert not wrong(page, "a minute before the end")


def test_at_the_end_it_sends_what_there_is_and_says_so(taken: Taken) -> None:
    page = taken.page
    taken.ends_in(3600)
    page.clock.install()
    number = taken.open("number")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.get_by_role("textbox").press_sequentially("1965")
    assert taken.responses() == [], "its two seconds do not pass"
    page.clock.fast_forward(3596_000)
    expect(line(page)).to_have_text(SAVED)
    assert [(answer["value"], aside) for answer, aside in taken.responses(number)] == [("1965", "")]
    taken.ends_in(-1)  # the server's clock says so too
    page.clock.fast_forward(3_700_000)  # beyond any end that the page knows of
    expect(page.locator("#notices")).to_contain_text("Time is up")
    page.get_by_role("textbox").fill("1966")
    page.get_by_role("textbox").blur()
    expect(line(page)).to_contain_text("after the end: it is kept and marked late")
    values = [(answer["value"], aside) for answer, aside in taken.responses(number)]
    assert values == [("1965", ""), ("1966", "late")]
    page.get_by_role("link", name="See what was handed in").click()
    expect(page.get_by_text("One answer arrived after the end")).to_be_visible()


def test_more_time_that_was_given_meanwhile_counts(taken: Taken) -> None:
    page = taken.page
    taken.ends_in(60)
    page.clock.install()
    taken.open("single")
    expect(page.locator("[data-ends]")).to_contain_text("1 minute left")
    taken.ends_in(30 * 60)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-ends]")).to_contain_text("30 minutes left")
    expect(page.locator("#notices")).to_be_empty()


# --- how it looks --------------------------------------------------------------------------------------------


def test_every_state_of_a_test_on_a_phone_and_on_a_desk(taken: Taken, watch: Watch) -> None:
    page = taken.page
    taken.open("single")
    found = wrong(page, "a question")
    choice(page, 0).check()
    expect(line(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Flag it").click()
    expect(page.get_by_role("button", name="Flagged: take")).to_be_visible()
    found += wrong(page, "saved and flagged")
    cut(page, watch)
    choice(page, 1).check()
    expect(line(page)).to_contain_text("Not saved yet")
    found += wrong(page, "not saved yet")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    small = page.locator(".ways button, .actions button").evaluate_all(
        "(all) => all.map((it) => it.getBoundingClientRect()).filter((it) => it.width < 44 || it.height < 44).length"
    )
    assert small == 0
    assert not found, "\n".join(found)


def test_certainty_beside_an_answer(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto(f"/quizzes/{quiz_with(site, 'single', 'number')}/")
    found = wrong(page, "the ways to take a quiz")
    page.get_by_role("button", name="Practice with certainty").click()
    found += wrong(page, "certainty")
    send(page.locator("#question"))
    expect(page.locator(".sure .error")).to_be_visible()
    found += wrong(page, "certainty, error")
    assert not found, "\n".join(found)
