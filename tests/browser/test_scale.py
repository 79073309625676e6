"""Years on a scale: the slider, a click on the scale and the line to type on are one answer."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.answering import send, tab_to
from tests.browser.looking import wrong

Visit = Callable[..., Page]
FROM, TO = 1980, 2025  # the scale of the question in this lesson


def ask(page: Page) -> Locator:
    page.goto("/lessons/memory-apology-islands/")
    return page.locator("#memory-steps")


def places(question: Locator) -> list[tuple[Locator, Locator]]:
    """The line and the slider of each event."""
    return [(one.get_by_role("textbox"), one.get_by_role("slider")) for one in question.locator(".placed").all()]


def test_slider_click_and_typing_are_one_answer(visit: Visit) -> None:
    page = visit()
    question = ask(page)
    assert len(places(question)) == 4
    (line, slider), (second, other), *_rest = places(question)
    expect(slider).to_have_attribute("aria-valuetext", "no year yet")
    expect(line).to_have_value("")

    tab_to(page, slider, most=200)  # keys
    page.keyboard.press("Home")
    expect(line).to_have_value(str(FROM))
    page.keyboard.press("ArrowRight")
    expect(line).to_have_value(str(FROM + 1))
    expect(slider).to_have_attribute("aria-valuetext", str(FROM + 1))
    expect(second).to_have_value("")

    box = other.bounding_box()  # a click, also on the very place where the slider waits
    assert box
    assert box["height"] >= 44
    other.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(second).to_have_value(str((FROM + TO) // 2))
    other.click(position={"x": box["width"] - 16, "y": box["height"] / 2})
    assert int(second.input_value()) > TO - 3

    line.fill("１９９３")  # typing
    expect(slider).to_have_value("1993")
    expect(slider).to_have_attribute("aria-valuetext", "1993")
    line.fill("93")
    expect(slider).to_have_attribute("aria-valuetext", "no year yet")


def test_error_keeps_what_was_typed_and_the_slider_follows_it(visit: Visit) -> None:
    page = visit()
    question = ask(page)
    for n, (line, _slider) in enumerate(places(question)):
        line.fill("93" if n == 0 else "1995")
    send(question)
    expect(question.locator("[data-errors]")).to_be_focused()
    (line, slider), (_second, other), *_rest = places(question)
    expect(line).to_have_value("93")
    expect(line).to_have_attribute("aria-invalid", "true")
    expect(slider).to_have_attribute("aria-valuetext", "no year yet")
    expect(other).to_have_value("1995")
    line.fill("1993")
    send(question)
    expect(question.locator("[data-feedback]")).to_be_visible()


def test_without_script_there_is_only_the_line_to_type_on(visit: Visit) -> None:
    question = ask(visit(java_script_enabled=False))
    expect(question.get_by_role("slider")).to_have_count(0)
    assert len(question.locator(".scale svg").all()) == 4
    for line in question.get_by_role("textbox").all():
        line.fill("1998")
    send(question)
    expect(question.locator("[data-feedback]")).to_be_visible()


def test_the_scale_can_be_seen_and_named_by_all(visit: Visit) -> None:
    page = visit()
    ask(page)
    assert wrong(page) == []
