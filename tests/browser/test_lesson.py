"""A lesson as a thing that is loaded, opened and printed."""

import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE

Visit = Callable[..., Page]
LESSONS = ["three-chemicals", "radar-and-gsomia", "motives-and-words", "streets-and-leaders"]


@pytest.mark.parametrize("slug", [*LESSONS, "memory-apology-islands"])  # the last has the map
def test_opened_cold_it_weighs_less_than_100_kb(visit: Visit, slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = visit()
    sent: dict[str, int] = {}
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    names: dict[str, str] = {}
    line.on("Network.requestWillBeSent", lambda it: names.update({it["requestId"]: it["request"]["url"]}))
    line.on("Network.loadingFinished", lambda it: sent.update({names[it["requestId"]]: int(it["encodedDataLength"])}))
    page.goto(f"/lessons/{slug}/", wait_until="networkidle")
    weight = sum(sent.values())
    with capsys.disabled():
        sys.stderr.write(f"\nweight {slug} {weight} bytes in {len(sent)} requests\n")
    assert any(url.endswith(".woff2") for url in sent)
    assert weight < 100_000, sent


def test_notes_stand_in_the_margin_and_open_on_a_phone(visit: Visit) -> None:
    page = visit(viewport=DESK)
    page.goto("/lessons/three-chemicals/")
    note = page.locator(".prose .note").first
    expect(note).to_be_visible()
    text = page.locator(".prose p.lead").bounding_box()
    place = note.bounding_box()
    assert text
    assert place
    assert place["x"] >= text["x"] + text["width"], "beside the text"

    phone = visit(viewport=PHONE, java_script_enabled=False)
    phone.goto("/lessons/three-chemicals/")
    note = phone.locator(".prose .note").first
    expect(note).to_be_hidden()
    phone.locator(".prose label.ref").first.click()
    expect(note).to_be_visible()


def test_on_paper_every_note_is_there_and_no_button(visit: Visit) -> None:
    page = visit()
    page.goto("/lessons/three-chemicals/")
    page.emulate_media(media="print")
    notes = page.locator(".prose .note")
    assert notes.count() > 10
    for n in range(notes.count()):
        expect(notes.nth(n)).to_be_visible()
    for selector in ("nav.sections", ".settings", ".skip", ".button >> visible=true"):
        assert not page.locator(selector).locator("visible=true").count(), selector
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")


def test_on_paper_a_phone_prints_notes_too(visit: Visit) -> None:
    """Paper is wider than the phone it is sent from, but what counts is that nothing has to be opened."""
    page = visit(viewport=PHONE)
    page.goto("/lessons/radar-and-gsomia/")
    page.emulate_media(media="print")
    expect(page.locator(".prose .note").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_chosen_stay_chosen(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme="light" if scheme == "dark" else "dark")
    page.goto("/lessons/three-chemicals/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label(scheme.title(), exact=True).check()
    chosen = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert chosen != before
    page.goto("/terms/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == chosen
