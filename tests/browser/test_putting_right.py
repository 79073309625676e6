"""A problem reported where it is met, a key corrected on the desk, and the learner who sees both."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.looking import wrong

Visit = Callable[..., Page]
LESSON = "/lessons/radar-and-gsomia/"


@pytest.mark.parametrize("script", [True, False], ids=["htmx", "without script"])
def test_a_report_from_the_text_of_a_lesson(visit: Visit, site: Site, script: bool) -> None:
    page = visit(java_script_enabled=script, viewport=PHONE)
    page.goto(LESSON)
    place = page.locator(".inset.ask").first
    place.get_by_text("Report a problem").click()
    place.get_by_role("button", name="Send the report").click()
    box = page.get_by_role("textbox", name="What is wrong with this question?")
    expect(page.get_by_text("Say in a few words what is wrong.")).to_be_visible()
    expect(box).to_have_attribute("aria-invalid", "true")
    if script:
        expect(page.locator(".report [data-errors]")).to_be_focused()
        assert not (found := wrong(page, "report with an error")), "\n".join(found)
    words = f"A word is missing ({script})."
    box.fill(words)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you. An editor will look at it.")).to_be_visible()
    expect(page).to_have_url(re.compile(LESSON))
    assert site.rows("SELECT user_id FROM quizzes_report WHERE text = ?", words) == [(None,)]


def test_a_key_is_corrected_and_earlier_answers_are_graded_anew(visit: Visit, site: Site) -> None:
    """With a question and an attempt of its own: the first true_false that a visitor is asked in a lesson."""
    [(slug, question)] = site.rows(
        "SELECT l.slug, q.id FROM quizzes_question q JOIN lessons_lesson l ON l.id = q.lesson_id "
        "JOIN quizzes_quizquestion p ON p.question_id = q.id JOIN quizzes_quiz z ON z.id = p.quiz_id "
        "WHERE q.kind = 'true_false' AND z.purpose = 'checkpoint' AND NOT q.reserved ORDER BY q.id LIMIT 1"
    )
    reader = visit()
    reader.goto(f"/lessons/{slug}/")
    [(name,)] = site.rows("SELECT slug FROM quizzes_question WHERE id = ?", question)
    place = reader.locator(f"#{name}")
    place.get_by_text("True", exact=True).click()
    place.get_by_role("button", name="Check my answer").click()
    before = place.locator(".why h2").inner_text()

    desk = visit("editor")
    desk.goto(f"/admin/quizzes/question/{question}/change/")
    right = desk.locator("select[name=right], [name=right]:not([type=hidden])").first
    if right.evaluate("(it) => it.tagName") == "SELECT":
        right.select_option("false" if before == "Right" else "true")
    else:
        desk.locator(f"[name=right][value={'false' if before == 'Right' else 'true'}]").check()
    desk.get_by_role("button", name="Publish").click()
    desk.get_by_role("link", name="Grade the earlier answers anew").click()
    expect(desk.get_by_role("heading", name="What would change")).to_be_visible()
    assert not (found := wrong(desk, "preview of a regrade")), "\n".join(found)
    desk.get_by_label("Why").fill("True and false were mixed up.")
    desk.get_by_role("button", name="Grade them anew").click()
    expect(desk.get_by_text(re.compile("Graded anew: [0-9]+ answer"))).to_be_visible()

    reader.reload()
    expect(place.get_by_text("Corrected since")).to_be_visible()
    expect(place.locator(".why h2")).not_to_have_text(before)

    desk.get_by_role("button", name=re.compile("Undo")).click()
    expect(desk.get_by_text(re.compile("Taken back: [0-9]+ answer"))).to_be_visible()
    assert not (found := wrong(desk, "question with a regrade undone")), "\n".join(found)
    reader.reload()
    expect(place.locator(".why h2")).to_have_text(before)
    expect(place.get_by_text("Corrected since")).to_have_count(0)
