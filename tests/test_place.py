"""Places on a map or picture: what is special about them; what holds for all kinds stands in test_question_kinds."""

import copy
import math
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from lessons import region
from lessons.models import Status
from quizzes.models import Question, QuestionVersion, Quiz
from quizzes.questions import place, squares
from quizzes.questions.squares import LETTERS, WIDTHS, Canvas, at
from tests.base import make_lesson, make_quiz, start
from tests.samples import REFS, SAMPLES, WORDS, form, typed

CONTENT, TEXTS = SAMPLES["place"]
PICTURE: dict[str, Any] = {
    "image": "harbour",
    "ratio": 0.75,
    "spots": ["crane", "gate"],
    "at": {"crane": [0.2, 0.5], "gate": [0.8, 0.5]},
    "right": ["crane"],
    "radius": 0.05,
}
PICTURED = {
    "stem": "Where is the crane?",
    "spots": {"crane": "The crane", "gate": "The gate"},
    "feedback": {"gate": "That is where one comes in.", "elsewhere": "Look for something tall."},
    "explanation": "It stands on the left.[WP-16a]",
}
part = st.floats(0, 1)
shapes = st.sampled_from([0.3, 0.75, region.HEIGHT / region.WIDTH, 1.0, 2.0]).map(Canvas)


def with_content(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (copy.deepcopy(CONTENT) | changes).items() if value is not None}


def refused(content: Any, texts: Any = TEXTS) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as wrong:
        place.check(content, texts)
    return wrong.value.message_dict


# Squares: the way without pointing is as good


@given(shape=shapes, x=part, y=part)
def test_the_square_of_a_spot_always_hits_it(shape: Canvas, x: float, y: float) -> None:
    letter, row = shape.square((x, y))
    middle = shape.middle(letter, row)
    assert shape.square(middle) == (letter, row)
    assert shape.apart(middle, (x, y)) <= shape.reach + 0.0002


def test_every_spot_of_the_map_earns_full_credit_by_its_square() -> None:
    for slug in region.PLACES:
        content = with_content(spots=[slug], at={}, right=[slug], radius=0.036)
        shape = squares.canvas(content)
        letter, row = shape.square(at(content, slug))
        data = {"q1-column": letter, "q1-row": str(row)}
        sent = form("place", content=content, data=data)
        assert sent.is_valid()
        assert place.grade(content, sent.answer).credit == 1, slug


def test_a_radius_that_no_square_can_hit_is_refused() -> None:
    assert "radius" in refused(with_content(radius=0.03))
    place.check(with_content(radius=0.036), TEXTS)


# What an author may ask


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"map": "world"}, "map"),
        ({"map": None}, "map"),
        ({"image": "harbour", "ratio": 0.75}, "map"),
        ({"right": []}, "right"),
        ({"right": ["gone"]}, "right"),
        ({"right": "busan"}, "right"),
        ({"at": {"coast": "atlantis"}}, "at.coast"),
        ({"at": {"coast": [0.5, 1.5]}}, "at.coast"),
        ({"at": {"coast": [0.5]}}, "at.coast"),
        ({"at": {"coast": "seoul"}}, "at.coast"),  # the map names it
        ({"at": {"coast": [0.35, 0.65]}}, "at.coast"),  # so near that it would count as right
        ({"at": {"coast": [0.37, 0.53], "gone": [0.1, 0.1]}}, "at"),
        ({"spots": ["busan", "near", "coast"]}, "spots"),
        ({"radius": None}, "radius"),
        ({"radius": 0.5}, "radius"),
        ({"ring": -0.1}, "ring"),
        ({"ring": "wide"}, "ring"),
    ],
)
def test_author_is_told_what_is_wrong(changes: dict[str, Any], field: str) -> None:
    assert field in refused(with_content(**changes))


def test_no_feedback_to_a_near_miss_where_there_is_no_ring() -> None:
    assert set(refused(with_content(ring=0))) == {"feedback.near"}


@pytest.mark.parametrize("ratio", [None, 0.1, 5, "wide", True])
def test_a_picture_says_its_shape(ratio: Any) -> None:
    place.check(PICTURE, PICTURED)
    assert set(refused(PICTURE | {"ratio": ratio}, PICTURED)) == {"ratio"}


def test_a_picture_has_no_places_by_name() -> None:
    named = PICTURE | {"spots": ["busan", "gate"], "right": ["busan"], "at": {"gate": [0.8, 0.5]}}
    texts = PICTURED | {"spots": {"busan": "Busan", "gate": "The gate"}}
    assert set(refused(named, texts)) == {"at.busan"}


def test_author_writes_percent_and_chooses_from_lists() -> None:
    sent = typed(place.author_form(content=CONTENT, texts=TEXTS, refs=REFS))
    assert (sent["radius"], sent["ring"]) == ("4", "3")
    assert (sent["spot_1_place"], sent["spot_3_x"], sent["spot_3_y"]) == ("busan", "37", "53")
    assert "seoul" not in str(place.author_form(refs=REFS)["spot_1_place"])
    both = place.author_form(sent | {"spot_1_x": "30", "spot_1_y": "30"}, refs=REFS)
    assert set(both.errors) == {"spot_1_place"}
    half = place.author_form(sent | {"spot_3_y": ""}, refs=REFS)
    assert "spot_3_y" in half.errors
    new = place.author_form(
        sent | {"spot_4_text": "Jeju {ko:제주}", "spot_4_place": "jeju", "spot_4_feedback": "No."}, refs=REFS
    )
    assert new.is_valid(), new.errors
    assert new.content["spots"][-1] == "jeju"
    assert new.content["at"] == CONTENT["at"]


def test_author_takes_the_shape_from_the_picture() -> None:
    sent = typed(place.author_form(content=PICTURE, texts=PICTURED, refs=REFS))
    assert sent["picture"] == "image:harbour"
    after = place.author_form(sent, refs=REFS)
    assert after.is_valid(), after.errors
    assert after.content["ratio"] == 0.75
    assert "picture" in place.author_form(sent | {"picture": ""}, refs=REFS).errors


# Credit


def beside(spot: str, distance: float, angle: float) -> dict[str, float]:
    x, y = at(CONTENT, spot)
    return {"x": x + distance * math.cos(angle), "y": y + distance * math.sin(angle) * region.WIDTH / region.HEIGHT}


@given(angle=st.floats(0, 2 * math.pi))
def test_credit_is_full_inside_half_around_and_none_beyond(angle: float) -> None:
    content = with_content(spots=["busan"], at={}, right=["busan"])
    for distance, credit, told in (
        (0.039, 1, ()),
        (0.041, 0.5, ("near",)),
        (0.069, 0.5, ("near",)),
        (0.071, 0, ("elsewhere",)),
    ):
        answer = beside("busan", distance, angle)
        assert place.grade(content, answer).credit == credit
        assert place.feedback(content, answer) == told


def test_a_tempting_spot_says_why_even_inside_the_ring() -> None:
    answer = dict(zip("xy", at(CONTENT, "tsushima"), strict=True))
    shape = squares.canvas(CONTENT)
    assert shape.apart(at(CONTENT, "busan"), at(CONTENT, "tsushima")) < CONTENT["radius"] + CONTENT["ring"]
    assert place.grade(CONTENT, answer).credit == 0
    assert place.feedback(CONTENT, answer) == ("tsushima",)
    assert place.bucket(CONTENT, answer) == "tsushima"


def test_of_several_right_spots_any_is_enough() -> None:
    content = with_content(right=["busan", "coast"])
    for spot in content["right"]:
        x, y = at(content, spot)
        assert place.grade(content, {"x": x, "y": y}).credit == 1
    [row] = place.rows(content, TEXTS, None, refs=REFS)
    assert row.expected == "Busan {ko:부산} (G11) or The coast north of it (H9)"
    line = {"spots": dict.fromkeys(content["spots"], "the coast")}
    [row] = place.rows(content, TEXTS | line, None, refs=REFS)
    assert row.expected == "the coast (G11, H9)"
    assert row.picture.count("the coast</text>") == 1


# What is said


def test_before_the_key_is_shown_an_answer_names_no_spot() -> None:
    for spot in CONTENT["spots"]:
        x, y = at(CONTENT, spot)
        said = place.describe(CONTENT, TEXTS, {"x": x, "y": y}, **WORDS)
        assert re.fullmatch(r"[A-T]\d+, about \d+ km [a-z-]+ of Seoul", said)
    assert place.describe(CONTENT, TEXTS, {"x": 0.85, "y": 0.6}, **WORDS) == "R10, close to Tokyo"
    assert place.describe(PICTURE, PICTURED, {"x": 0.2, "y": 0.5}, **WORDS) == "E8"


def test_afterwards_it_is_told_and_drawn() -> None:
    def told(x: float, y: float) -> str:
        [row] = place.rows(CONTENT, TEXTS, {"x": x, "y": y}, refs=REFS)
        assert row.expected == "Busan {ko:부산} (G11)"
        assert row.picture.count('class="target"') == 1
        assert row.picture.count('class="pin"') == 1
        assert "hidden" not in row.picture.replace("aria-hidden", "")
        assert "Busan 부산" in row.picture
        return row.given

    assert told(0.341, 0.651) == "G11: Busan {ko:부산}"
    assert told(0.35, 0.71) == "H12: near Tsushima <all>"
    assert told(0.39, 0.65) == "H11: 95 km from Busan {ko:부산}"
    assert told(0.9, 0.1) == "S2: 1360 km from Busan {ko:부산}"
    [row] = place.rows(CONTENT, TEXTS, None, refs=REFS)
    assert (row.given, row.picture.count('class="pin"')) == ("no answer", 0)


def test_the_names_in_the_drawing_are_escaped() -> None:
    [row] = place.rows(with_content(right=["tsushima"]), TEXTS, None, refs=REFS)
    assert "Tsushima &lt;all&gt;" in row.picture


def test_the_question_shows_no_spot_and_nothing_that_depends_on_the_key() -> None:
    page = str(form("place"))
    assert "target" not in page
    assert not any(str(region.PLACES[slug].name) in page for slug in ("busan", "tsushima", "dokdo-takeshima"))
    assert page.count("<svg") == 3  # map, squares, mark
    assert "Seoul lies in E8, Tokyo in Q10." in page


def test_an_uploaded_picture_is_shown_with_its_words() -> None:
    page = str(place.form(PICTURE, PICTURED, order={}, **WORDS))
    assert 'src="/media/images/harbour-960.webp" alt="A harbour &lt;all&gt;."' in page
    assert 'width="350" height="262"' in page
    gone = str(place.form(PICTURE | {"image": "gone"}, PICTURED, order={}, **WORDS))
    assert '<p class="missing">gone</p>' in gone


# Pointing without a script


def click(x: object, y: object, width: int = 350, **more: str) -> Any:
    return form("place", data={f"q1-at-{width}.x": x, f"q1-at-{width}.y": y, **more})


@pytest.mark.parametrize("width", WIDTHS)
def test_a_click_sets_the_mark_and_asks_to_confirm_it(width: int) -> None:
    height = width * region.HEIGHT / region.WIDTH
    sent = click(str(round(width * 0.341)), str(round(height * 0.651)), width)
    assert not sent.is_valid()
    assert not sent.errors
    assert sent.error == ""
    assert not hasattr(sent, "answer")
    page = str(sent)
    assert "Your mark is in square <b>G11</b>." in page
    assert "<option selected>G</option>" in page
    assert "<option selected>11</option>" in page
    assert 'aria-invalid="true"' not in page
    shown = {name: sent[name].value() for name in ("column", "row", "x", "y")}
    again = form("place", data={f"q1-{name}": value for name, value in shown.items()})
    assert again.is_valid()
    assert place.grade(CONTENT, again.answer).credit == 1


@pytest.mark.parametrize(
    ("x", "y"), [("0", "0"), ("", "5"), ("-3", "5"), ("x", "5"), ("9" * 30, "5"), ("5", None), ("１", "²")]
)
def test_what_is_no_click_marks_nothing(x: Any, y: Any) -> None:
    sent = click(x, y)
    assert not sent.is_valid()
    assert sent.error == "Mark a place, or choose column and row, then check it."
    chosen = click(x, y, **{"q1-column": "G", "q1-row": "11"})
    assert chosen.is_valid()


def test_a_click_at_the_very_edge_is_on_the_picture() -> None:
    sent = click("350", "999")
    assert sent.point == (1.0, 1.0)
    assert sent.square() == "T16"


def test_a_square_chosen_later_counts_and_not_the_point_of_before() -> None:
    sent = form("place", data={"q1-column": "C", "q1-row": "3", "q1-x": "0.341", "q1-y": "0.651"})
    assert sent.is_valid()
    assert sent.answer == {"x": 0.125, "y": 0.1562}
    inside = form("place", data={"q1-column": "G", "q1-row": "11", "q1-x": "0.341", "q1-y": "0.651"})
    assert inside.is_valid()
    assert inside.answer == {"x": 0.341, "y": 0.651}


@pytest.mark.parametrize("junk", ["nan", "inf", "1e400", "-1", "2", "x" * 99, "0.5\x00"])
def test_a_point_that_cannot_be_read_leaves_the_square(junk: str) -> None:
    sent = form("place", data={"q1-column": "C", "q1-row": "3", "q1-x": junk, "q1-y": "0.15"})
    assert sent.is_valid()
    assert sent.answer == {"x": 0.125, "y": 0.1562}


def test_one_list_alone_is_no_square() -> None:
    sent = form("place", data={"q1-column": "C"})
    assert sent.error == "Choose both column and row."
    page = str(sent)
    assert page.count('aria-invalid="true"') == 1
    assert "<option selected>C</option>" in page


def test_the_steps_of_the_style_sheet_are_those_that_a_click_is_read_by() -> None:
    css = (region.coasts.__file__ or "").replace("lessons/coasts.py", "static/css/two-shores.css")
    with open(css) as file:
        rules = file.read()
    assert {int(n) for n in re.findall(r"\.at\.w(\d+) \{ display: block", rules)} == set(WIDTHS)
    assert {int(n) for n in re.findall(r"\.pointing \{[^}]*inline-size: (\d+)px", rules)} == set(WIDTHS)
    assert len(set(LETTERS)) == 20


# On the site


def ask_place(content: Any = CONTENT, texts: Any = TEXTS) -> Quiz:
    lesson = make_lesson()
    quiz = make_quiz("where", questions=0, lesson=lesson)
    question = Question.objects.create(slug="where-1", kind="place", lesson=lesson)
    plain = texts | {"explanation": "There.", "feedback": dict.fromkeys(texts["feedback"], "No.")}
    QuestionVersion(question=question, content=content, texts=plain, status=Status.PUBLISHED).add()
    quiz.places.create(question=question, position=1)
    return quiz


@pytest.mark.django_db
def test_a_click_stores_nothing_and_the_answer_after_it_counts(client: Client, alice: User) -> None:
    client.force_login(alice)
    attempt = start(alice, ask_place())
    url = attempt.asks[0].get_absolute_url()
    page = client.post(url, {"at-350.x": "119", "at-350.y": "185", "key": "0" * 32})
    assert page.status_code == 200
    assert "Your mark is in square" in page.content.decode()
    assert "<title>Error" not in page.content.decode()
    attempt = alice.attempts.get()
    assert [response for _slot, response in attempt.sheet] == [None]
    client.post(url, {"column": "G", "row": "11", "x": "0.34", "y": "0.6505", "key": "1" * 32})
    [(_slot, response)] = alice.attempts.get().sheet
    assert (response.answer, response.credit) == ({"x": 0.34, "y": 0.6505}, 1)
    shown = client.get(url).content.decode()
    assert 'class="target"' in shown
    assert timezone.now() >= response.received_at


@pytest.mark.django_db
def test_a_picture_that_is_not_on_the_shelves_is_a_problem() -> None:
    lesson = make_lesson()
    question = Question.objects.create(slug="where-1", kind="place", lesson=lesson)
    version = QuestionVersion(question=question, content=PICTURE, texts=PICTURED, language="en")
    assert "offers harbour, which does not exist" in version.problems()
