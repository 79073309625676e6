"""Attempts that lose nothing: whatever happens to the network, the session or the tab, an answer of a test is in the
database, or the page says that it is not yet."""

import re

import pytest
from playwright.sync_api import Error, Route, expect

from quizzes.questions import KINDS
from tests.browser.answering import fill
from tests.browser.conftest import Site, Watch
from tests.browser.looking import wrong
from tests.browser.taking import (
    SAVE,
    SAVED,
    Taken,
    Visit,
    begin,
    choice,
    come_back,
    cut,
    fresh,
    kept,
    line,
    mend,
    named,
    offline,
    session_ends,
    sign_in,
)
from tests.browser.test_student import sign_up


@pytest.fixture
def taken(visit: Visit, site: Site) -> Taken:
    """A guest's, with choices and numbers in it."""
    return begin(visit(), site, "single", "number")


# --- while all is well ---------------------------------------------------------------------------------------


def test_each_change_is_saved_as_it_is_made(taken: Taken) -> None:
    page = taken.page
    number = taken.open("single")
    for n in (0, 1):
        choice(page, n).check()
        expect(line(page)).to_have_text(SAVED)
        expect(page.locator(".ways [aria-current]")).to_have_accessible_name(f"{number} answered")
        assert len(taken.responses(number)) == n + 1
        page.reload()
        expect(choice(page, n)).to_be_checked()
        expect(line(page)).to_have_text(SAVED)
    number = taken.open("number")
    box = page.get_by_role("textbox")
    box.press_sequentially("19")
    expect(line(page)).to_have_text("Saving …")
    box.press_sequentially("65")  # the two seconds begin again: it is one answer
    expect(line(page)).to_have_text(SAVED)
    assert [answer["value"] for answer, _aside in taken.responses(number)] == ["1965"]
    box.fill("1966")
    box.blur()
    expect(line(page)).to_have_text(SAVED)
    assert [answer["value"] for answer, _aside in taken.responses(number)] == ["1965", "1966"]
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator(".where")).not_to_contain_text(f"Question {number} ")
    assert len(taken.responses(number)) == 2, "what is saved already is not saved twice"
    assert kept(page) == []


def test_saved_is_never_said_before_the_server_says_so(taken: Taken) -> None:
    page, held = taken.page, []
    number = taken.open("single")
    page.route(SAVE, lambda route: held.append(route))
    with page.expect_request(SAVE):
        choice(page, 0).check()
    expect(line(page)).to_have_text("Saving …")
    assert taken.responses(number) == []
    answer = held[0].fetch()
    assert len(taken.responses(number)) == 1, "the server has it, and has answered"
    expect(line(page)).to_have_text("Saving …")
    held[0].fulfill(response=answer)
    expect(line(page)).to_have_text(SAVED)


def test_a_double_click_has_one_effect(taken: Taken) -> None:
    page = taken.page
    number = taken.open("number")
    page.get_by_role("textbox").fill("1965")
    page.get_by_role("button", name="Save and go on").dblclick()
    expect(page.locator(".where")).not_to_contain_text(f"Question {number} ")
    page.goto(taken.at(number))
    expect(line(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Flag it").dblclick()
    expect(page.get_by_role("button", name="Flagged: take")).to_be_visible()
    page.goto(taken.at("finish"))
    page.get_by_role("button", name="Hand in").dblclick()
    expect(page.locator(".score")).to_be_visible()
    assert [(answer["value"], aside) for answer, aside in taken.responses()] == [("1965", "")]
    assert taken.finished()


# --- the network goes away -----------------------------------------------------------------------------------


def test_ten_minutes_offline(taken: Taken, watch: Watch) -> None:
    page = taken.page
    page.clock.install()
    number = taken.open("number")
    offline(page, watch)
    box = page.get_by_role("textbox")
    box.fill("1910")
    box.blur()
    expect(line(page)).to_contain_text("Not saved yet: You are offline")
    page.clock.fast_forward("10:00")
    box.fill("1945")  # a change of mind: only the latest is sent
    box.blur()
    expect(line(page)).to_contain_text("Not saved yet: You are offline")
    assert taken.responses() == []
    offline(page, watch, off=False)
    expect(line(page)).to_have_text(SAVED)
    assert [(answer["value"], aside) for answer, aside in taken.responses(number)] == [("1945", "")]
    assert kept(page) == []


def test_ten_minutes_offline_with_a_reload(taken: Taken, watch: Watch) -> None:
    page = taken.page
    page.clock.install()
    number = taken.open("single")
    offline(page, watch)
    choice(page, 1).check()
    expect(line(page)).to_contain_text("Not saved yet: You are offline")
    key = kept(page)[0]["key"]
    page.clock.fast_forward("10:00")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    assert taken.responses() == []
    offline(page, watch, off=False)
    page.goto(taken.at(number))
    expect(choice(page, 1)).to_be_checked()
    expect(line(page)).to_have_text(SAVED)
    assert taken.asides(number) == [""]
    assert taken.site.rows("SELECT key FROM quizzes_response WHERE attempt_id = ?", taken.pk) == [(key,)]


def test_what_waited_is_sent_in_the_order_made_and_from_any_page_of_the_test(taken: Taken, watch: Watch) -> None:
    page = taken.page
    cut(page, watch)
    second = taken.open("number")
    page.get_by_role("textbox").fill("1965")
    expect(line(page)).to_contain_text("Not saved yet: The site does not answer")
    first = taken.open("single")
    choice(page, 0).check()
    expect(line(page)).to_contain_text("Not saved yet")
    page.goto(taken.at("finish"))
    expect(line(page)).to_contain_text("Answers not saved yet: 2")
    assert taken.responses() == []
    mend(page)
    expect(line(page)).not_to_contain_text("not saved")
    for number in (first, second):
        row = page.locator(".rows li", has=page.get_by_role("link", name=f"Question {number}", exact=True))
        expect(row).not_to_contain_text("not answered")
    order = taken.site.rows(
        "SELECT s.number FROM quizzes_response r JOIN quizzes_slot s ON s.id = r.slot_id "
        "WHERE r.attempt_id = ? ORDER BY r.sequence",
        taken.pk,
    )
    assert order == [(second,), (first,)]


@pytest.mark.parametrize("way", ["no answer", "an error"])
def test_a_failed_save_is_still_unsaved_after_a_reload_and_sent_again(taken: Taken, watch: Watch, way: str) -> None:
    page = taken.page
    watch.expect(500)
    watch.forgive("ERR_FAILED")
    page.context.route(SAVE, lambda route: route.abort() if way == "no answer" else route.fulfill(status=500))
    number = taken.open("single")
    choice(page, 1).check()
    for _time in range(2):
        expect(line(page)).to_contain_text("Not saved yet: The site does not answer")
        expect(choice(page, 1)).to_be_checked()
        assert taken.responses() == []
        page.reload()
    mend(page)
    expect(line(page)).to_have_text(SAVED)
    assert taken.asides(number) == [""]
    page.reload()
    expect(choice(page, 1)).to_be_checked()
    assert kept(page) == []


def test_an_answer_that_came_in_without_its_acknowledgement_is_not_doubled(taken: Taken, watch: Watch) -> None:
    page, lost = taken.page, []
    watch.forgive("ERR_FAILED")

    def lose(route: Route) -> None:
        lost.append(route.fetch())
        route.abort()

    page.context.route(SAVE, lose)
    number = taken.open("single")
    choice(page, 0).check()
    expect(line(page)).to_contain_text("Not saved yet")
    choice(page, 1).check()  # goes out after the first one is known to be there
    mend(page)
    expect(line(page)).to_have_text(SAVED)
    assert len(lost) >= 1
    assert taken.asides(number) == ["", ""]
    page.reload()
    expect(choice(page, 1)).to_be_checked()


def test_a_tab_that_was_killed(taken: Taken, watch: Watch) -> None:
    page = taken.page
    page.clock.install()
    number = taken.open("number")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    cut(page, watch)
    page.get_by_role("textbox").press_sequentially("1998")
    expect(line(page)).to_have_text("Saving …")
    context = page.context
    with pytest.raises(Error, match="crash"):  # in the two seconds after the last key, which do not pass
        page.goto("chrome://crash")  # a tab that is closed would still send it
    assert taken.responses() == []
    page.close()
    taken.page = page = context.new_page()
    mend(page)
    page.goto(taken.at(number))
    expect(page.get_by_role("textbox")).to_have_value("1998")
    expect(line(page)).to_have_text(SAVED)
    assert [answer["value"] for answer, _aside in taken.responses(number)] == ["1998"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_put_back_as_it_was(visit: Visit, site: Site, watch: Watch, kind: str) -> None:
    taken = begin(visit(), site, kind)
    page = taken.page
    number = taken.open(kind)
    cut(page, watch)
    watch.expect(422)
    if kind == "ordering":
        page.get_by_role("button", name="Move down").first.click()
    else:
        fill(page.locator("#question"))
    expect(line(page)).to_contain_text("Not saved yet")
    standing = (
        "[...new FormData(document.querySelector('[data-keep]'))]"
        ".filter(([name]) => !/token|key|since|base/.test(name))"
        ".map(([name, value]) => [name, +value || value])"  # 0.50 is 0.5
    )
    before, drawn = page.evaluate(standing), page.locator(".order > li > span:first-child").all_inner_texts()
    page.reload()
    expect(line(page)).to_contain_text("Not saved yet")
    assert page.evaluate(standing) == before
    assert page.locator(".order > li > span:first-child").all_inner_texts() == drawn
    for slider in page.get_by_role("slider").all():
        expect(slider).to_have_value(slider.get_attribute("min") or "")
    if kind == "place":
        expect(page.locator(".pin")).to_be_visible()
    mend(page)
    expect(line(page)).to_have_text(SAVED)
    assert taken.asides(number) == [""]
    page.reload()
    assert page.evaluate(standing) == before
    page.get_by_role("button", name="To the end").click()
    expect(page.get_by_role("heading", name="Before you hand in")).to_be_visible()
    assert taken.asides(number) == [""], "an untouched answer is not sent again"


def test_leaving_is_warned_of_only_while_something_is_unsent(taken: Taken, watch: Watch) -> None:
    page, asked = taken.page, []
    number = taken.open("single")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    choice(page, 0).check()
    expect(line(page)).to_have_text(SAVED)
    page.goto("/")
    assert asked == []
    page.goto(taken.at(number))
    cut(page, watch)
    choice(page, 1).check()
    expect(line(page)).to_contain_text("Not saved yet")
    page.goto("/")
    assert asked == ["beforeunload"]
    assert len(taken.responses()) == 1


@pytest.mark.parametrize("how", ["full", "forbidden"])
def test_a_browser_that_stores_nothing_saves_online_and_says_so(taken: Taken, how: str) -> None:
    page = taken.page
    full = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    forbidden = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.add_init_script(full if how == "full" else forbidden)
    number = taken.open("single")
    choice(page, 0).check()
    expect(line(page)).to_have_text(SAVED)
    expect(page.locator("#notices")).to_contain_text("This browser holds nothing back for you")
    assert taken.asides(number) == [""]
    choice(page, 1).check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator(".where")).not_to_contain_text(f"Question {number} ")
    assert taken.asides(number) == ["", ""]


def test_what_cannot_be_read_looks_unsaved_until_it_can(visit: Visit, site: Site, watch: Watch) -> None:
    watch.expect(422)
    taken = begin(visit(), site, "number")
    page = taken.page
    number = taken.open("number")
    page.get_by_role("textbox").fill("many")
    for _time in range(2):
        expect(line(page)).to_contain_text(re.compile("Not saved yet: .*figures"))
        expect(page.get_by_role("textbox")).to_have_value("many")
        assert taken.responses() == []
        page.reload()
    page.get_by_role("textbox").fill("1965")
    expect(line(page)).to_have_text(SAVED)
    assert [answer["value"] for answer, _aside in taken.responses(number)] == ["1965"]
    page.get_by_role("textbox").fill("")
    expect(line(page)).to_contain_text("Not saved yet")
    assert len(taken.responses()) == 1


# --- the session goes away -----------------------------------------------------------------------------------


def test_an_expired_session_is_signed_in_again_beside_the_page(visit: Visit, site: Site, watch: Watch) -> None:
    watch.expect(401)
    watch.expect(403)
    taken, name = named(visit, site)
    page = taken.page
    number = taken.open("number")
    page.evaluate("window.stayed = true")
    session_ends(page, site)
    page.get_by_role("textbox").fill("1965")
    expect(line(page)).to_contain_text("Not saved yet: You have been signed out")
    page.get_by_role("button", name="Save and go on").click()  # does not leave with what is not saved
    expect(line(page)).to_be_focused()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="sign in again").click()
    sign_in(opened.value, name)
    expect(opened.value.get_by_role("heading", name="You are signed in")).to_be_visible()
    assert not wrong(opened.value, "back to the other tab")
    come_back(page)
    expect(line(page)).to_have_text(SAVED)
    assert page.evaluate("window.stayed")
    assert [answer["value"] for answer, _aside in taken.responses(number)] == ["1965"]
    page.get_by_role("button", name="Save and go on").click()  # with the new token
    expect(page.locator(".where")).not_to_contain_text(f"Question {number} ")
    assert kept(page) == []


def test_one_user_s_answer_is_never_sent_as_another_s(visit: Visit, site: Site, watch: Watch) -> None:
    watch.expect(401)
    watch.expect(403)
    watch.expect(404)
    taken, name = named(visit, site)
    page = taken.page
    number = taken.open("single")
    other = next(fresh)
    beside = page.context.new_page()
    session_ends(page, site)
    beside.goto("/account/login/")
    sign_up(beside, other)
    choice(page, 0).check()
    expect(line(page)).to_contain_text("Somebody else is signed in")
    taken_by_other = begin(beside, site, "single", "number")  # the other's own test, in the same browser
    taken_by_other.open("single")
    choice(beside, 1).check()
    expect(line(beside)).to_have_text(SAVED)
    page.get_by_role("button", name="Save and go on").click()
    expect(line(page)).to_be_focused()
    expect(line(page)).to_contain_text("is not sent as theirs")
    assert taken.responses() == []
    assert len(taken_by_other.responses()) == 1
    assert len(kept(page)) == 1
    beside.goto("/account/logout/")
    expect(beside.get_by_text("waits in this browser and is not saved yet")).to_be_visible()
    beside.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(beside.get_by_role("link", name="Sign in").first).to_be_visible()
    beside.goto("/account/login/")
    sign_in(beside, name)
    expect(beside.get_by_role("link", name="Walker, Wren")).to_be_visible()
    come_back(page)
    expect(line(page)).to_have_text(SAVED)
    assert taken.asides(number) == [""]
    assert len(taken_by_other.responses()) == 1


def test_signing_out_leaves_nothing_behind(visit: Visit, site: Site, watch: Watch) -> None:
    taken, _name = named(visit, site)
    page = taken.page
    taken.open("single")
    cut(page, watch)
    choice(page, 0).check()
    expect(line(page)).to_contain_text("Not saved yet")
    page.evaluate("localStorage.theme = 'dark'")
    page.goto("/account/")
    assert len(kept(page)) == 1, "leaving the page alone removes nothing"
    expect(page.get_by_text("waits in this browser and is not saved yet")).to_be_visible()
    assert not wrong(page, "signing out with something unsaved")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert kept(page) == []
    assert page.evaluate("localStorage.theme") == "dark"
    assert taken.responses() == []


# --- two tabs ------------------------------------------------------------------------------------------------


def test_two_tabs_the_newer_answer_stands_and_the_older_tab_is_told(taken: Taken) -> None:
    older = taken.page
    number = taken.open("single")
    newer = older.context.new_page()
    newer.goto(taken.at(number))
    choice(older, 0).check()
    expect(line(older)).to_have_text(SAVED)
    expect(newer.get_by_role("alert")).to_contain_text(re.compile(r"Answered in another tab at \d\d:\d\d:\d\d\."))
    choice(newer, 1).check()
    expect(line(newer)).to_have_text(SAVED)
    expect(newer.get_by_role("alert")).to_have_count(0)
    expect(older.get_by_role("alert")).to_contain_text(re.compile(r"Answered in another tab at \d\d:\d\d:\d\d\."))
    expect(choice(older, 0)).to_be_checked()
    older.get_by_role("button", name="Save and go on").click()  # first say which one
    expect(older.get_by_role("alert")).to_be_focused()
    first, second = taken.responses(number)
    assert (first[1], second[1]) == ("", "")
    assert not wrong(older, "answered in another tab")
    older.get_by_role("button", name="See the other").click()
    expect(choice(older, 1)).to_be_checked()
    expect(older.get_by_role("alert")).to_have_count(0)
    choice(older, 2).check()
    expect(newer.get_by_role("alert")).to_be_visible()
    newer.get_by_role("button", name="Use what is here").click()
    expect(line(newer)).to_have_text(SAVED)
    assert [answer for answer, _aside in taken.responses(number)][1::2] == [second[0], second[0]]
    assert taken.asides(number) == [""] * 4


def test_the_older_answer_of_another_browser_is_kept_and_told(visit: Visit, site: Site, watch: Watch) -> None:
    taken, name = named(visit, site)
    older = taken.page
    number = taken.open("number")
    newer = visit()
    newer.goto("/account/login/")
    sign_in(newer, name)
    expect(newer.get_by_role("link", name="Walker, Wren")).to_be_visible()
    newer.goto(taken.at(number))
    offline(older, watch)
    older.get_by_role("textbox").fill("1910")
    older.get_by_role("textbox").blur()
    expect(line(older)).to_contain_text("Not saved yet")
    newer.get_by_role("textbox").fill("1945")
    newer.get_by_role("textbox").blur()
    expect(line(newer)).to_have_text(SAVED)
    offline(older, watch, off=False)
    expect(older.get_by_role("alert")).to_contain_text("Answered in another tab at")
    expect(older.get_by_role("textbox")).to_have_value("1910")
    values = [(answer["value"], aside) for answer, aside in taken.responses(number)]
    assert values == [("1945", ""), ("1910", "superseded")]
    older.get_by_role("button", name="Use what is here").click()
    expect(line(older)).to_have_text(SAVED)
    values = [(answer["value"], aside) for answer, aside in taken.responses(number)]
    assert values == [("1945", ""), ("1910", "superseded"), ("1910", "")]


def test_a_tab_that_did_not_hear_of_it_overwrites_nothing_by_going_on(taken: Taken, visit: Visit) -> None:
    """Without a script no tab hears of the other."""
    page = visit(java_script_enabled=False, storage_state=taken.page.context.storage_state())
    number = taken.open("single")
    choice(taken.page, 0).check()
    expect(line(taken.page)).to_have_text(SAVED)
    page.goto(taken.at(number))
    choice(taken.page, 1).check()
    expect(line(taken.page)).to_have_text(SAVED)
    stands = taken.responses(number)
    assert len(stands) == 2
    page.get_by_role("button", name="To the end").click()
    expect(page.get_by_role("heading", name="Before you hand in")).to_be_visible()
    assert taken.responses(number) == stands
