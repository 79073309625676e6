"""The states that an address alone does not show: questions, errors, feedback, empty pages. See looking.py."""

import base64
import hmac
import itertools
import re
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answering import answer, kind, send
from tests.browser.looking import wrong
from tests.browser.test_student import sign_up

Visit = Callable[..., Page]
fresh = (f"looker{n}" for n in itertools.count())


@pytest.mark.parametrize("quiz", ["three-chemicals-quiz", "streets-and-leaders-quiz"])
def test_question_in_every_state(visit: Visit, quiz: str) -> None:
    """Form, error and feedback of each kind; the page before handing in; the result; a guest's pages."""
    page = visit()
    page.goto(f"/quizzes/{quiz}/")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".where")).to_be_visible()
    total = int(page.locator(".where").inner_text().split(" of ")[1].split()[0])
    attempt = page.url.removesuffix("1/")
    ask, found, seen = page.locator("#question"), [], set()
    for n in range(1, total + 1):
        page.goto(f"{attempt}{n}/")
        if (what := kind(ask)) in seen:
            continue
        seen.add(what)
        found += wrong(page, f"{quiz}: {what}")
        if what != "ordering":  # with the script it is always in some order
            send(ask)
            expect(page.locator("[data-errors]")).to_be_visible()
            found += wrong(page, f"{quiz}: {what}, error")
        answer(ask)
        expect(page.locator("[data-feedback]")).to_be_visible()
        page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
        found += wrong(page, f"{quiz}: {what}, {page.locator('[data-feedback] h2').inner_text()}")
    page.goto(f"{attempt}finish/")
    found += wrong(page, "before handing in")
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
    secret = re.search(
        r"\b[A-Z2-7]{32}\b",
        page.get_by_role("main").inner_text()
        + " ".join(it.input_value() for it in page.locator("main input:not([type=hidden])").all()),
    )
    assert secret
    page.get_by_role("main").locator("[name=code]").fill("000000")
    page.get_by_role("main").locator("button.button").first.click()
    expect(page.locator("[data-errors], [aria-invalid=true]").first).to_be_visible()
    found += wrong(page, "a wrong code")
    page.get_by_role("main").locator("[name=code]").fill(code_of(secret[0], time.time()))
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
