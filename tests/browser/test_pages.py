"""Every page: axe finds nothing, light and dark, on a phone and on a desk; nothing sticks out. See looking.py."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import URLResolver, get_resolver, resolve
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Watch
from tests.browser.looking import WHOLE, violations, wrong
from tests.serving import ROOT

Visit = Callable[..., Page]

PAGES = {
    "": """
        / /units/trade-war-2019/ /units/{unwritten}/ /lessons/three-chemicals/ /lessons/motives-and-words/
        /lessons/{teachable}/teaching/ /sources/ /sources/white-paper-2019/ /sources/dividends-essay/ /errata/
        /compare/ /timeline/ /terms/ /search/ /search/?q=GSOMIA /search/?q=xyzzy /quizzes/three-chemicals-quiz/
        /quizzes/ /quizzes/three-chemicals-checkpoint/1/report/
        /certificates/check/
        /join/ /review/ /account/login/ /account/signup/ /account/password/reset/ /account/password/reset/done/
        /account/password/reset/key/a-b/ /account/password/reset/key/done/ /account/inactive/
        /account/confirm-email/ /account/confirm-email/nothing/""",
    "student": """
        /certificates/ /units/treaty-1965/certificate/
        / /progress/ /review/ /review/plan/ /units/trade-war-2019/ /lessons/three-chemicals/ /lessons/motives-and-words/
        /quizzes/ /quizzes/mixed-trade-war-2019/
        /quizzes/three-chemicals-quiz/ {result} /classes/ {room} {task} /attempts/back/ /account/ /account/email/
        /account/password/change/ /account/2fa/ /account/2fa/totp/activate/ /account/2fa/webauthn/
        /account/reauthenticate/ /account/logout/ /account/delete/""",
    "teacher": """
        /classes/ /classes/new/ {room} {room}settings/ {room}gradebook/ {room}assign/ {work} {task} {task}edit/
        {task}extend/{pupil}/""",
    "editor": """
        /admin/ /admin/lessons/lesson/ {desk} {version} /admin/lessons/lesson/add/ /admin/quizzes/question/
        {question} /admin/quizzes/question/add/ /admin/quizzes/question/add/?kind=ordering&lesson=1
        /admin/quizzes/question/1/regrade/ /admin/quizzes/report/ /admin/quizzes/regrade/
        /admin/quizzes/quiz/ /admin/quizzes/quiz/1/change/ /admin/lessons/term/1/change/
        /admin/lessons/series/1/change/ /admin/lessons/image/add/""",
    "admin": "/admin/ /admin/accounts/user/ /admin/accounts/user/1/change/ /admin/accounts/invitation/add/",
}
ERRORS = {
    "/nothing/here/": ("", 404),
    "/sources/?q=%00": ("", 400),
    "/join/AAAAAAAA/": ("", 404),
    "/certificates/AAAA-BBBB-CCCC/": ("", 404),
    "/account/invitations/nothing/": ("", 404),
    "/classes/new/": ("student", 403),
    "/classes/999999/": ("student", 404),
}
ELSEWHERE = {
    "healthz readyz media gradebook-csv mfa_download_recovery_codes": "no page",
    "attempt-save attempt-standing attempt-again": "no page of their own",
    "quiz-start quiz-in-place assignment-start assignment-delete class-code class-remove": "no page of their own",
    "review-begin certificate-withdraw": "no page of its own",
    "lesson-card unit-cover unit-band certificate-png certificate-pdf": "no page",
    "certificate-mine": "test_certificate.py",
    "attempt-question attempt-report attempt-finish guest-merge mfa_authenticate mfa_deactivate_totp "
    "mfa_generate_recovery_codes mfa_view_recovery_codes": "test_states.py",
    "account_confirm_login_code account_set_password mfa_reauthenticate": "not reached with the demo accounts",
    "mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn mfa_reauthenticate_webauthn": "take a passkey",
}


def test_every_page_is_looked_at() -> None:
    """A new address belongs into one of the lists above."""

    def names(resolver: URLResolver) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "admin":
                    yield from names(pattern)
            else:
                yield str(pattern.name)

    some = {
        "room": "/classes/1/",
        "task": "/assignments/1/",
        "work": "/classes/1/attempts/1/",
        "pupil": "1",
        "result": "/attempts/1/result/",
        "unwritten": "a",
        "teachable": "a",
    }
    paths = [path for user in ("", "student", "teacher") for path in PAGES[user].split()]
    seen = {resolve(path.format(**some).split("?")[0]).url_name for path in [*paths, *list(ERRORS)[2:]]}
    seen |= {name for names in ELSEWHERE for name in names.split()}
    assert set(names(get_resolver())) == seen


@pytest.mark.parametrize(("user", "path"), [(user, path) for user in PAGES for path in PAGES[user].split()])
def test_page(visit: Visit, named: dict[str, str], user: str, path: str) -> None:
    page = visit(user)
    response = page.goto(path.format(**named))
    assert response
    assert response.ok
    assert not (found := wrong(page)), "\n".join(found)


@pytest.mark.parametrize("slug", sorted(path.stem for path in ROOT.glob("lessons/curriculum/en/*/*.questions.yaml")))
def test_every_lesson_and_quiz_on_a_phone(visit: Visit, slug: str) -> None:
    slug = slug.removesuffix(".questions")
    page = visit(viewport=PHONE)
    for path in (f"/lessons/{slug}/", f"/quizzes/{slug}-quiz/"):
        response = page.goto(path)
        assert response
        assert response.ok
        assert not (found := list(violations(page, WHOLE))), "\n".join(found)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("path", ERRORS)
def test_error_page(visit: Visit, watch: Watch, path: str) -> None:
    user, status = ERRORS[path]
    watch.expect(status)
    page = visit(user)
    response = page.goto(path)
    assert response
    assert response.status == status
    assert not (found := wrong(page)), "\n".join(found)


def test_a_form_that_was_forged(visit: Visit, watch: Watch) -> None:
    watch.expect(403)
    page = visit()
    page.goto("/account/login/")
    page.get_by_role("main").locator("[name=csrfmiddlewaretoken]").evaluate("(it) => it.value = 'forged'")
    page.get_by_label("Username or e-mail").fill("x")
    page.get_by_label("Password", exact=True).fill("x")
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


@pytest.mark.parametrize("path", ["/sources/thaw-forces/", "/compare/", "/errata/", "/progress/", "/review/"])
def test_everything_open(visit: Visit, path: str) -> None:
    page = visit("student")
    page.goto(path)
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    assert not (found := wrong(page, f"{path} with everything open")), "\n".join(found)
