"""Every page in every state: axe finds nothing, light and dark, on a phone and on a desk; nothing sticks out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Watch
from tests.browser.looking import wrong

Visit = Callable[..., Page]

PAGES = {
    "": """
        / /units/trade-war-2019/ /units/{unwritten}/ /lessons/three-chemicals/ /lessons/radar-and-gsomia/
        /lessons/motives-and-words/ /lessons/streets-and-leaders/ /sources/ /sources/white-paper-2019/
        /sources/dividends-essay/ /timeline/ /terms/ /quizzes/three-chemicals-quiz/ /join/ /account/login/
        /account/signup/ /account/password/reset/ /account/inactive/""",
    "student": """
        / /progress/ /units/trade-war-2019/ /lessons/three-chemicals/ /lessons/motives-and-words/
        /quizzes/three-chemicals-quiz/ {result} /classes/ {room} {task} /account/ /account/email/
        /account/password/change/ /account/2fa/ /account/2fa/totp/activate/ /account/2fa/webauthn/
        /account/reauthenticate/ /account/logout/ /account/delete/""",
    "editor": """
        /admin/ /admin/lessons/lesson/ {desk} {desk}versions/1/ /admin/lessons/lesson/add/ /admin/quizzes/question/
        {question} /admin/quizzes/question/add/ /admin/quizzes/question/add/?kind=ordering&lesson=1
        /admin/quizzes/quiz/ /admin/quizzes/quiz/1/change/ /admin/lessons/term/1/change/
        /admin/lessons/series/1/change/ /admin/lessons/image/add/""",
    "admin": "/admin/ /admin/accounts/user/ /admin/accounts/user/1/change/ /admin/accounts/invitation/add/",
    "teacher": """
        /classes/ /classes/new/ {room} {room}settings/ {room}gradebook/ {room}assign/ {work} {task} {task}edit/
        {task}extend/{pupil}/""",
}
ERRORS = {
    "/nothing/here/": ("", 404),
    "/sources/?q=%00": ("", 400),
    "/join/AAAAAAAA/": ("", 404),
    "/classes/new/": ("student", 403),
    "/classes/999999/": ("student", 404),
}


@pytest.mark.parametrize(("user", "path"), [(user, path) for user in PAGES for path in PAGES[user].split()])
def test_page(visit: Visit, named: dict[str, str], user: str, path: str) -> None:
    page = visit(user)
    response = page.goto(path.format(**named))
    assert response
    assert response.ok
    assert not (found := wrong(page)), "\n".join(found)


@pytest.mark.parametrize("path", ERRORS)
def test_error_page(visit: Visit, watch: Watch, path: str) -> None:
    user, status = ERRORS[path]
    watch.expect(status)
    page = visit(user)
    response = page.goto(path)
    assert response
    assert response.status == status
    assert not (found := wrong(page)), "\n".join(found)


def test_refused_and_too_large(visit: Visit, watch: Watch) -> None:
    page = visit()
    watch.expect(403)
    page.goto("/account/login/")
    page.locator("[name=csrfmiddlewaretoken]").first.evaluate("(it) => it.value = 'forged'")
    page.get_by_label("Password", exact=True).fill("x")
    page.get_by_label("Username or e-mail").fill("x")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("could not check")
    assert not (found := wrong(page, "403 csrf")), "\n".join(found)


def test_notes_and_terms_open(visit: Visit) -> None:
    """What opens in a lesson: a note under its sentence on a phone, a term in place, every <details>."""
    page = visit(viewport=PHONE)
    page.goto("/lessons/three-chemicals/")
    notes = page.locator("input.open")
    assert notes.count() > 5
    notes.evaluate_all("(all) => all.forEach((it) => it.click())")
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    expect(page.locator(".note").first).to_be_visible()
    assert not (found := wrong(page, "lesson with everything open")), "\n".join(found)


def test_documents_open(visit: Visit) -> None:
    page = visit()
    page.goto("/sources/thaw-forces/")
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    assert not (found := wrong(page, "document with everything open")), "\n".join(found)
