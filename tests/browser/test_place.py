"""A place on the map, set by mouse, by touch, by arrow keys, from the lists, and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.answering import tab_to
from tests.browser.conftest import PHONE, Site

Visit = Callable[..., Page]
QUIZ = "memory-apology-islands-quiz"


def open_place(page: Page, site: Site) -> Locator:
    """The question on the map, in a new attempt."""
    [(n,)] = site.rows(
        "SELECT p.position FROM quizzes_quiz z JOIN quizzes_quizquestion p ON p.quiz_id = z.id "
        "JOIN quizzes_question q ON q.id = p.question_id WHERE z.slug = ? AND q.slug = 'memory-where-islands'",
        QUIZ,
    )
    page.goto(f"/quizzes/{QUIZ}/")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".where")).to_be_visible()
    page.goto(page.url.rstrip("/").rpartition("/")[0] + f"/{n}/")
    return page.locator("#question")


def square(ask: Locator) -> str:
    return "".join(select.input_value() for select in ask.locator(".place select").all())


def point(ask: Locator, across: float, down: float, *, tap: bool = False) -> None:
    picture = ask.locator(".place .at:visible")
    box = picture.bounding_box()
    assert box
    place = {"x": box["width"] * across, "y": box["height"] * down}
    if tap:
        picture.tap(position=place)
    else:
        picture.click(position=place)


def check(ask: Locator) -> None:
    ask.get_by_role("button", name="Check my answer").click()


@pytest.mark.parametrize("tap", [False, True])
def test_pointing_marks_the_place_and_can_be_mended(visit: Visit, site: Site, tap: bool) -> None:
    page = visit(viewport=PHONE, has_touch=True) if tap else visit()
    ask = open_place(page, site)
    expect(ask.locator(".pin")).to_be_hidden()
    point(ask, 0.1, 0.1, tap=tap)
    assert square(ask) == "C2"
    point(ask, 0.475, 0.505, tap=tap)
    assert square(ask) == "J9"
    expect(ask.locator(".pin")).to_be_visible()
    check(ask)
    expect(page.locator("[data-feedback]")).to_contain_text("Right")
    expect(page.locator(".target")).to_be_visible()


def test_arrow_keys_move_the_mark_and_the_lists_follow(visit: Visit, site: Site) -> None:
    page = visit()
    ask = open_place(page, site)
    tab_to(page, ask.locator(".place .at:visible"))
    page.keyboard.press("ArrowRight")  # it begins in the middle
    assert square(ask) == "K9"
    page.keyboard.press("Shift+ArrowLeft")
    assert square(ask) == "J9"
    expect(page.locator("#spoken")).to_have_text("J9")
    page.keyboard.press("Enter")
    expect(page.locator("[data-feedback]")).to_contain_text("Right")


def test_the_lists_move_the_mark(visit: Visit, site: Site) -> None:
    page = visit()
    ask = open_place(page, site)
    point(ask, 0.9, 0.9)
    before = ask.locator(".pin").get_attribute("transform")
    ask.get_by_label("Column").select_option("J")
    ask.get_by_label("Row").select_option("9")
    assert ask.locator(".pin").get_attribute("transform") != before
    check(ask)
    expect(page.locator("[data-feedback]")).to_contain_text("Right")


@pytest.mark.parametrize("width", [320, 390, 600, 1280])
def test_without_script_a_click_is_looked_at_before_it_counts(visit: Visit, site: Site, width: int) -> None:
    page = visit(java_script_enabled=False, viewport={"width": width, "height": 800})
    ask = open_place(page, site)
    point(ask, 0.475, 0.505)
    expect(ask.locator(".marked")).to_contain_text("Your mark is in square J9.")
    expect(page.locator("[data-feedback]")).to_have_count(0)
    check(ask)
    expect(page.locator("[data-feedback]")).to_contain_text("Right")
