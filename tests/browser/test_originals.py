"""The document's own words beside our gists: open, they leave the page in order; a visitor finds none of them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.looking import wrong
from tests.serving import ROOT, demo

SOURCE = "/sources/bridging-cultures/"
LONG = "Words that were made up for a test stand here, " * 20


@pytest.fixture
def attached(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "original.txt"
    file.write_text("\n".join(f"[{n}] Paragraph {n}. {LONG if n % 3 else ''}" for n in range(1, 28)))
    command = [sys.executable, "manage.py", "attach_original", "bridging-cultures", str(file)]
    subprocess.run(command, cwd=ROOT, env=demo(site.database.parent), check=True, stdout=subprocess.DEVNULL)


@pytest.mark.usefixtures("attached")
def test_the_original_opens_beside_the_gist(visit: Callable[..., Page]) -> None:
    page = visit("student")
    page.goto(SOURCE)
    words = page.locator("#p5 blockquote")
    expect(words).to_be_hidden()
    page.locator("#p5").get_by_text("The original").click()
    expect(words).to_be_visible()
    expect(words).to_contain_text("Paragraph 5. Words that were made up")
    page.get_by_role("link", name="Open every original").click()
    expect(page.locator("#p27 blockquote")).to_be_visible()
    page.locator("details").evaluate_all("(all) => all.forEach((it) => (it.open = true))")
    assert not (found := wrong(page)), "\n".join(found)
    page.get_by_role("link", name="Close every original").click()
    expect(page.locator("#p27 blockquote")).to_be_hidden()


@pytest.mark.usefixtures("attached")
def test_a_visitor_finds_no_original(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto(f"{SOURCE}?originals=open")
    expect(page.get_by_text("The document itself is not shown.")).to_be_visible()
    expect(page.locator("blockquote")).to_have_count(0)
