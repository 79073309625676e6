"""What must hold on every page, whatever it says: axe finds nothing, and nothing sticks out of a phone."""

from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE

# Without preload: axe would write the style sheets of @import rules into the page, which the CSP forbids.
WHOLE = {"resultTypes": ["violations"], "preload": False}
COLOURS = {**WHOLE, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SEEN = (
    "() => [...document.querySelectorAll('body *')].filter((it) => {"
    "const r = it.getBoundingClientRect(), s = getComputedStyle(it);"
    "return r.width && r.right > innerWidth + 1 && s.position !== 'fixed' && !it.closest('.scroll')})"
    ".slice(0, 5).map((it) => it.tagName + '.' + it.className)"
)
SCRIPT = Axe().axe_script


def wrong(page: Page, name: str = "") -> list[str]:
    """What is wrong with the page as it stands, at both sizes, light and dark; the size is the desk's again after."""
    found: list[str] = []
    page.emulate_media(reduced_motion="reduce")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme, rules in (("light", WHOLE), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate("document.getAnimations().forEach((it) => it.finish())")
            where = f"{name or page.url} at {size['width']}, {scheme}"
            found += [f"{where}: {line}" for line in violations(page, rules)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name or page.url} is wider than {size['width']}: {page.evaluate(SEEN)}")
    page.emulate_media(color_scheme="light")
    return found


def violations(page: Page, rules: dict) -> Iterable[str]:  # type: ignore[type-arg]
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    for violation in page.evaluate("(rules) => axe.run(document, rules).then((found) => found.violations)", rules):
        nodes = violation["nodes"]
        places = "; ".join(node["html"][:160] for node in nodes[:3])
        summary = nodes[0].get("failureSummary", "").replace("\n", " ")
        yield f"{violation['id']} ({violation['impact']}), {len(nodes)}x: {places} | {summary}"
