"""How a learner deals with a question on the page. Which answer is given does not matter; that one is given does."""

from playwright.sync_api import Locator, Page, expect


def kind(ask: Locator) -> str:
    """What there is to do in this question, as the page shows it."""
    for name, selector in (
        ("ordering", ".order"),
        ("cloze", ".cloze"),
        ("place", ".place"),
        ("matching", ".matrix, .pairs"),
        ("number", ".number"),
        ("text", ".typed"),
        ("short", "textarea:not([name^=report])"),
        ("timeline", ".placed .scale"),
        ("many", ".choices [type=checkbox]"),
        ("one", ".choices [type=radio]"),
    ):
        if ask.locator(selector).count():
            return name
    raise AssertionError(f"a question with nothing to answer: {ask.inner_text()}")


def answer(ask: Locator) -> str:
    """Answer with the mouse and send it; return the kind."""
    found = fill(ask)
    judged = found == "short" and ask.get_by_role("button", name="Check my answer").count()
    send(ask)
    if judged:  # in practice whoever wrote it says what it holds
        own = ask.get_by_role("button", name="That is my judgement")
        expect(own).to_be_visible()
        ask.locator(".choices input").first.check()
        own.click()
    return found


def fill(ask: Locator) -> str:
    """Enter an answer; return the kind."""
    found = kind(ask)
    match found:
        case "one" | "many":
            ask.locator(".choices input").first.check()
        case "number":
            ask.get_by_role("textbox").fill("1999")
        case "text" | "short":
            ask.get_by_role("textbox").fill("something")
        case "timeline":
            for event in ask.locator(".placed").all():  # the first year of its scale
                event.get_by_role("textbox").fill(event.locator("[type=range]").get_attribute("min") or "")
        case "matching":
            for row in ask.locator(".matrix fieldset").all():
                row.locator("input").first.check()
            for row in ask.locator(".pairs select").all():
                row.select_option(index=1)
        case "cloze":
            fill_gaps(ask)
        case "place":
            ask.locator(".place .at:visible").click()
        case "ordering":
            lists = ask.locator(".order select")
            places = lists.count()
            for n in range(places):  # as they stand: a list that is open gets its place
                lists.nth(n).select_option(str(n + 1))
    return found


def fill_gaps(ask: Locator) -> None:
    for gap in ask.locator(".cloze select").all():
        gap.select_option(index=1)
    for gap in ask.locator(".cloze input").all():
        gap.fill("something")


def send(ask: Locator) -> None:
    ask.get_by_role("button", name="Check my answer").or_(ask.get_by_role("button", name="Save and go on")).click()


def tab_to(page: Page, goal: Locator, *, most: int = 40) -> None:
    """Press Tab until `goal` has the focus."""
    for _n in range(most):
        if goal.evaluate("(it) => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {goal}")


def answer_by_keys(page: Page, ask: Locator) -> str:
    """Answer with the keyboard alone and send it; return the kind."""
    found = kind(ask)
    match found:
        case "one" | "many":
            page.keyboard.press("2")
            expect(ask.locator(".choices input").nth(1)).to_be_checked()
        case "number":
            tab_to(page, ask.get_by_role("textbox"))
            page.keyboard.type("1999")
        case "text":
            tab_to(page, ask.get_by_role("textbox"))
            page.keyboard.type("something")
        case "timeline":
            for slider in ask.get_by_role("slider").all():
                tab_to(page, slider)
                page.keyboard.press("ArrowRight")
        case "matching":
            for row in ask.locator(".matrix fieldset").all():
                tab_to(page, row.locator("input").first)
                page.keyboard.press("Space")
            for row in ask.locator(".pairs select").all():
                tab_to(page, row)
                page.keyboard.press("ArrowDown")
        case "place":
            tab_to(page, ask.locator(".place .at:visible"))
            page.keyboard.press("ArrowRight")
        case "ordering":
            items = ask.locator(".order > li")
            first, second = (items.nth(n).locator("> span").first.inner_text() for n in (0, 1))
            tab_to(page, items.nth(1).get_by_role("button", name="Move up"))
            page.keyboard.press("Enter")
            expect(items.nth(0).locator("> span").first).to_have_text(second)
            expect(items.nth(1).locator("> span").first).to_have_text(first)
            expect(items.nth(0).get_by_role("button", name="Move up")).to_be_focused()
            expect(page.locator("#spoken")).to_contain_text("now 1 of")
    tab_to(page, ask.get_by_role("button", name="Check my answer"))
    page.keyboard.press("Enter")
    return found
