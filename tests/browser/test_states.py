"""The states that an address alone does not show: questions, errors, feedback, empty pages. See looking.py."""

import base64
import hmac
import itertools
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from quizzes.questions import KINDS
from tests.browser.answering import answer, send
from tests.browser.conftest import Site
from tests.browser.looking import wrong
from tests.browser.test_student import sign_up

Visit = Callable[..., Page]
fresh = (f"looker{n}" for n in itertools.count())


@pytest.mark.parametrize("name", KINDS)
def test_question_in_every_state(visit: Visit, site: Site, name: str) -> None:
    """Form, error and feedback of each kind, in a quiz that asks it."""
    asked = site.rows(
        "SELECT z.slug, p.position FROM quizzes_quiz z JOIN quizzes_quizquestion p ON p.quiz_id = z.id "
        "JOIN quizzes_question q ON q.id = p.question_id "
        "WHERE q.kind = ? AND NOT q.reserved AND z.purpose = 'closing' ORDER BY q.id",
        name,
    )
    assert asked, f"no quiz asks {name}"
    quiz, place = asked[0]
    page = visit()
    page.goto(f"/quizzes/{quiz}/")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".where")).to_be_visible()
    page.goto(page.url.removesuffix("1/") + f"{place}/")
    ask = page.locator("#question")
    found = wrong(page, name)
    if name != "ordering":  # with the script it is always in some order
        send(ask)
        expect(page.locator("[data-errors]")).to_be_visible()
        found += wrong(page, f"{name}, error")
    answer(ask)
    expect(page.locator("[data-feedback]")).to_be_visible()
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    found += wrong(page, f"{name}, {page.locator('[data-feedback] h2').inner_text()}")
    assert not found, "\n".join(found)


def test_a_guest_at_the_end_of_a_quiz(visit: Visit) -> None:
    page = visit()
    page.goto("/quizzes/three-chemicals-quiz/")
    page.get_by_role("button", name="Start").click()
    answer(page.locator("#question"))
    expect(page.locator("[data-feedback]")).to_be_visible()
    page.goto(page.url.removesuffix("1/") + "finish/")
    found = wrong(page, "before handing in")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator(".score")).to_be_visible()
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    found += wrong(page, "result")
    for path in ("/account/", "/account/delete/", "/progress/", "/"):
        page.goto(path)
        found += wrong(page, f"guest: {path}")
    assert not found, "\n".join(found)


def test_questions_in_place(visit: Visit) -> None:
    page = visit()
    page.goto("/lessons/three-chemicals/")
    asks = page.locator(".inset.ask")
    send(asks.first)
    expect(asks.first.locator("[data-errors]")).to_be_visible()
    for n in range(1, asks.count()):
        answer(asks.nth(n))
        expect(asks.nth(n).locator("[data-feedback]")).to_be_visible()
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    assert not (found := wrong(page, "questions in place")), "\n".join(found)


def test_forms_with_errors(visit: Visit, named: dict[str, str]) -> None:
    found = []
    page = visit()
    page.goto("/account/login/")
    page.get_by_label("Username or e-mail").fill("nobody")
    page.get_by_label("Password", exact=True).fill("nothing")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    found += wrong(page, "sign in, error")
    page.goto("/account/signup/")
    page.get_by_label("Username").fill("student")
    page.get_by_label("Password").fill("1")
    page.get_by_role("button", name="Make my account").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    found += wrong(page, "sign up, error")
    page = visit("teacher")
    for path in ("/classes/new/", "{room}assign/", "{task}extend/{pupil}/"):
        page.goto(path.format(**named))
        page.get_by_role("main").locator("form.part button.button, form .actions button.button").first.click()
        expect(page.locator("[data-errors]")).to_be_visible()
        found += wrong(page, f"{path}, error")
    assert not found, "\n".join(found)


def test_empty_and_between(visit: Visit) -> None:
    """What a new account sees, and the question what becomes of a guest's work."""
    found = []
    page = visit()
    page.goto("/account/signup/")
    page.goto("/quizzes/three-chemicals-quiz/")
    page.get_by_role("button", name="Start").click()
    answer(page.locator("#question"))
    expect(page.locator("[data-feedback]")).to_be_visible()
    page.goto("/account/login/")
    page.get_by_label("Username or e-mail").fill("editor")
    page.get_by_label("Password", exact=True).fill("two-shores")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Move them")).to_be_visible()
    found += wrong(page, "what becomes of a guest's work")
    page.get_by_role("button", name="Leave them out").click()
    found += wrong(page, "a message")

    page = visit()
    page.goto("/account/login/")
    sign_up(page, next(fresh))
    for path in ("/", "/progress/", "/classes/", "/account/"):
        page.goto(path)
        found += wrong(page, f"new account: {path}")

    page = visit("teacher")
    page.goto("/classes/new/")
    page.get_by_label("Name of the class").fill("Empty")
    page.get_by_role("button", name="Open the class").click()
    found += wrong(page, "empty class")
    page.goto(page.url + "gradebook/")
    found += wrong(page, "empty gradebook")
    assert not found, "\n".join(found)


def code_of(secret: str, now: float) -> str:
    """The six digits that an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(now) // 30), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_sign_in_in_two_steps(visit: Visit) -> None:
    found = []
    page = visit()
    page.goto("/account/login/")
    name = next(fresh)
    sign_up(page, name)
    page.goto("/account/2fa/totp/activate/")
    page.get_by_label("Password", exact=True).fill("tidal-flats-1965")
    page.get_by_role("main").locator("form button").first.click()
    page.wait_for_url("**/activate/")
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_role("main").locator("[name=code]").fill("000000")
    page.get_by_role("main").locator("button.button").first.click()
    expect(page.locator("[data-errors], [aria-invalid=true]").first).to_be_visible()
    found += wrong(page, "a wrong code")
    page.get_by_role("main").locator("[name=code]").fill(code_of(secret, time.time()))
    page.get_by_role("main").locator("button.button").first.click()
    page.wait_for_url("**/2fa/**")
    for path in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/"):
        page.goto(f"/account/2fa/{path}")
        found += wrong(page, f"/account/2fa/{path}")
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_label("Username or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill("tidal-flats-1965")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/2fa/authenticate/")
    found += wrong(page, "the second step")
    assert not found, "\n".join(found)
