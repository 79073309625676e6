"""A certificate from the quiz to the page on which a stranger checks it; and how a unit looks by day and by night."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.looking import wrong
from tests.browser.test_student import sign_up
from tests.serving import ROOT, demo

Visit = Callable[..., Page]
UNIT = "culture-and-opinion"


HANDED_IN = """
from django.utils import timezone
from accounts.models import User
from quizzes.models import Attempt, Quiz, Terms
user, now = User.objects.get(username={user!r}), timezone.now()
for quiz in Quiz.objects.filter(lesson__unit__slug={unit!r}, purpose="closing"):
    attempt, _new = Attempt.objects.start(user, quiz, Terms(), now=now)
    for slot in attempt.asks:
        attempt.record(slot, slot.version.question.rules.solution(slot.version.content), key=str(slot.pk), now=now)
    attempt.finish(now)
"""


def master(site: Site, user: str) -> None:
    """Hand in every closing quiz of the unit, all right, without the browser."""
    run = [sys.executable, "manage.py", "shell", "--no-imports", "-c", HANDED_IN.format(user=user, unit=UNIT)]
    subprocess.run(run, cwd=ROOT, env=demo(site.database.parent), check=True, stdout=subprocess.DEVNULL)


def test_from_the_unit_to_the_page_of_the_code(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto("/account/login/")
    sign_up(page, "certified")
    master(site, "certified")

    page.goto(f"/units/{UNIT}/")
    page.get_by_role("link", name="Get your certificate").click()
    found = wrong(page, "asking for a certificate")
    page.get_by_label("Your name on it").fill("x\u202ey")
    page.get_by_label("Show the name").check()
    page.get_by_role("button", name="Get the certificate").click()
    expect(page.locator("p.error")).to_contain_text("U+202E")
    expect(page.get_by_label("Show the name")).to_be_checked()
    found += wrong(page, "asking for a certificate, error")
    page.get_by_label("Your name on it").fill("Sana 김하늘")
    page.get_by_role("button", name="Get the certificate").click()

    paper = page.locator("img.paper")
    expect(paper).to_be_visible()
    assert paper.evaluate("(it) => it.decode().then(() => it.naturalWidth)") == 1754
    found += wrong(page, "my certificate")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")

    stranger = visit()
    public = page.get_by_role("link", name="/certificates/").get_attribute("href")
    stranger.goto(public or "")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    expect(stranger.get_by_role("main")).to_contain_text("Sana 김하늘")
    expect(stranger.locator(".evidence")).to_have_count(0)
    found += wrong(stranger, "a valid certificate")

    page.get_by_label("Show the name").uncheck()
    page.get_by_label("Show the results").check()
    page.get_by_role("button", name="Save").click()
    stranger.reload()
    expect(stranger.get_by_role("main")).not_to_contain_text("Sana")
    expect(stranger.locator(".evidence tbody tr")).to_have_count(3)
    found += wrong(stranger, "a valid certificate with its results")

    page.get_by_text("Withdraw this certificate").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator(".banner").first).to_be_visible()
    found += wrong(page, "my withdrawn certificate")
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate was withdrawn")
    found += wrong(stranger, "a withdrawn certificate")
    page.goto("/certificates/")
    found += wrong(page, "my certificates")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("chosen", ["as my device", "Light", "Dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_band_is_that_of_the_page_s_colours_and_the_other_is_not_fetched(
    visit: Visit, chosen: str, scheme: str
) -> None:
    page = visit(viewport=PHONE, color_scheme=scheme)
    if chosen != "as my device":
        page.goto("/timeline/")
        page.get_by_label(chosen, exact=True).check()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/units/trade-war-2019/")
    page.wait_for_load_state("networkidle")
    night = chosen == "Dark" or (chosen == "as my device" and scheme == "dark")
    expect(page.locator(".cover .night")).to_be_visible(visible=night)
    expect(page.locator(".cover .day")).to_be_visible(visible=not night)
    shown = page.locator(".cover img:visible")
    box = shown.bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(4, abs=0.1)
    fetched = [url for url in asked if url.endswith(".webp")]
    assert len(fetched) <= (2 if night else 1)
