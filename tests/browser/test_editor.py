"""The editor's path: a lesson from draft to readers, a question through its kind's own form, a picture."""

import io
import re
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watch

Visit = Callable[..., Page]
LESSON = "radar-and-gsomia"


def test_a_lesson_from_draft_to_readers(visit: Visit) -> None:
    desk, reader = visit("editor"), visit()
    new = "A sentence that an editor has just written."
    reader.goto(f"/lessons/{LESSON}/")
    expect(reader.get_by_role("link", name="Edit")).to_have_count(0)

    desk.goto(f"/lessons/{LESSON}/")
    desk.get_by_role("link", name="Edit", exact=True).click()
    summary = desk.get_by_label("Summary")
    before = summary.input_value()
    summary.fill(f"{before} {new}")

    # Preview in a tab of its own: as readers will see it, and nothing is saved
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Preview").click()
    expect(opened.value.locator("p.lead").first).to_contain_text(new)
    expect(opened.value.get_by_role("main").or_(opened.value.locator(".messages")).first).to_be_visible()
    assert opened.value.locator(".note").count() > 5
    opened.value.close()
    reader.reload()
    expect(reader.locator("p.lead").first).not_to_contain_text(new)

    # A draft is not published; a citation that leads nowhere cannot be
    desk.get_by_role("button", name="Save as draft").click()
    expect(desk.locator(".standing")).to_contain_text("You see draft")
    reader.reload()
    expect(reader.locator("p.lead").first).not_to_contain_text(new)
    body = desk.get_by_role("textbox", name="Text:")
    text = body.input_value()
    body.fill(text + "\n\nA claim that nobody makes.[WP-999z]\n")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_role("alert")).to_contain_text("cannot be published")
    expect(desk.get_by_role("alert")).to_contain_text("WP-999z")
    assert "[WP-999z]" in body.input_value(), "what was typed is kept"

    # Put right, it is what readers see
    body.fill(text)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".standing")).to_contain_text("as readers do")
    reader.reload()
    expect(reader.locator("p.lead").first).to_contain_text(new)

    # And back again
    desk.get_by_label("Summary").fill(before)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".standing")).to_contain_text("as readers do")
    reader.reload()
    expect(reader.locator("p.lead").first).not_to_contain_text(new)


def test_two_editors_do_not_overwrite_each_other(visit: Visit) -> None:
    one, other = visit("editor"), visit("editor")
    for page in (one, other):
        page.goto("/lessons/three-chemicals/")
        page.get_by_role("link", name="Edit", exact=True).click()
    one.get_by_label("Minutes").fill("11")
    one.get_by_role("button", name="Save as draft").click()
    expect(one.locator(".standing")).to_contain_text("You see draft")
    other.get_by_label("Minutes").fill("12")
    other.get_by_role("button", name="Save as draft").click()
    expect(other.get_by_role("alert")).to_contain_text("Somebody else saved this meanwhile")
    assert other.get_by_label("Minutes").input_value() == "12"
    one.get_by_role("button", name="Put the draft aside").click()
    expect(one.locator(".standing")).to_contain_text("There is no draft")


def test_a_question_in_its_own_form(visit: Visit, site: Site) -> None:
    desk = visit("editor")
    desk.goto("/admin/quizzes/question/add/")
    desk.get_by_label("Kind").select_option("true_false")
    desk.get_by_label("Lesson").select_option(label="three-chemicals")
    desk.get_by_role("button", name="Go on").click()
    desk.get_by_label("Slug").fill("browser-statement")
    desk.get_by_label("Question or statement").fill("The rule of July 2019 asked for a licence each time.")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator("[role=alert]")).to_be_visible()
    assert desk.get_by_label("Question or statement").input_value().startswith("The rule")
    desk.get_by_label("True", exact=True).check()
    desk.get_by_label("Why the wrong value tempts").fill("Headlines spoke of a ban.")
    desk.get_by_label("Explanation").fill("Each sale needed its own licence.[WP-16a]")
    desk.get_by_label("Keyed to the claims").fill("WP-16a")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".standing")).to_contain_text("as readers do")
    assert site.rows("SELECT kind FROM quizzes_question WHERE slug = 'browser-statement'") == [("true_false",)]

    # Words of a question that is asked: the next reader sees them
    ((pk, slug),) = site.rows(
        "SELECT q.id, q.slug FROM quizzes_question q JOIN quizzes_quizquestion p ON p.question_id = q.id "
        "JOIN quizzes_quiz z ON z.id = p.quiz_id WHERE z.slug = 'three-chemicals-checkpoint' AND p.position = 1"
    )
    desk.goto(f"/admin/quizzes/question/{pk}/change/")
    stem = desk.get_by_label("Question or statement")
    before = stem.input_value()
    stem.fill(f"{before} (read twice)")
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Preview").click()
    expect(opened.value.locator("body")).to_contain_text("(read twice)")
    opened.value.close()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".standing")).to_contain_text("as readers do")
    reader = visit()
    reader.goto("/lessons/three-chemicals/")
    expect(reader.locator(f"#{slug}")).to_contain_text("(read twice)")
    desk.get_by_label("Question or statement").fill(before)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".standing")).to_contain_text("as readers do")


def test_a_picture_is_taken_in(visit: Visit, site: Site) -> None:
    desk = visit("editor")
    drawn = io.BytesIO()
    Image.new("RGB", (640, 480), "#7aa892").save(drawn, "PNG")
    desk.goto("/admin/lessons/image/add/")
    desk.get_by_label("Slug").fill("browser-green")
    desk.get_by_label("Picture").set_input_files(
        {"name": "green.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    )
    desk.get_by_label("What it shows").fill("A plain field of celadon green.")
    desk.get_by_label("Who made it").fill("Drawn by a test, public domain")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    ((file, width, height),) = site.rows("SELECT file, width, height FROM lessons_image WHERE slug = 'browser-green'")
    assert (width, height) == (640, 480)
    assert visit().request.get(f"/media/{file}").ok


def test_no_desk_for_others(visit: Visit, watch: Watch) -> None:
    watch.expect(403)
    watch.expect(404)
    student = visit("student")
    student.goto("/admin/")
    assert not re.search("Two Shores: editors", student.title() + student.locator("body").inner_text())
