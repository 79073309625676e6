"""The editors' desk: quizzes, records and pictures; and what the loader and an editor leave each other."""

from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image as Pillow

from lessons.admin.differences import compare
from lessons.loader import stand
from lessons.models import (
    Claim,
    Erratum,
    Event,
    Image,
    Lesson,
    LessonVersion,
    Passage,
    Series,
    Source,
    Status,
    Term,
    Unit,
)
from quizzes.models import Question, Quiz
from tests.base import client_of, make_lesson, make_question, make_quiz
from tests.desk import change, form_of, make_library, text_of

pytestmark = pytest.mark.django_db
RECORDS = (Unit, Source, Passage, Claim, Erratum, Event, Term, Series, Quiz)


@pytest.fixture
def desk(edith: Any) -> Any:
    """Edith's browser."""
    return client_of(edith)


@pytest.fixture
def library(db: None) -> None:
    make_library()


@pytest.fixture
def lesson(library: None) -> Lesson:
    return make_lesson()


class TestQuizzes:
    def test_questions_change_places(self, desk, library):
        quiz = make_quiz(questions=3)
        one, two, three = (place.question for place in quiz.places.all())
        data = form_of(desk.get(change(quiz)))
        data |= {"places-0-position": "2", "places-1-position": "1", "places-2-DELETE": "on"}
        assert desk.post(change(quiz), data).status_code == 302
        assert list(quiz.places.values_list("question", "position")) == [(two.pk, 1), (one.pk, 2)]
        data = form_of(desk.get(change(quiz))) | {"places-0-question": one.pk, "places-1-question": two.pk}
        assert desk.post(change(quiz), data).status_code == 302
        assert list(quiz.places.values_list("question", flat=True)) == [one.pk, two.pk]
        data = form_of(desk.get(change(quiz))) | {"places-2-position": "9", "places-2-question": one.pk}
        response = desk.post(change(quiz), data)
        assert "stands here twice" in text_of(response)
        data["places-2-question"] = three.pk
        assert desk.post(change(quiz), data).status_code == 302
        assert quiz.places.last().question == three

    def test_a_new_quiz(self, desk, lesson):
        question = make_question("one", lesson)
        data = form_of(desk.get("/admin/quizzes/quiz/add/")) | {
            "slug": "new",
            "lesson": lesson.pk,
            "purpose": "closing",
        }
        data |= {"places-0-position": "1", "places-0-question": question.pk}
        response = desk.post("/admin/quizzes/quiz/add/", data)
        assert "has a title" in text_of(response)
        assert desk.post("/admin/quizzes/quiz/add/", form_of(response) | {"title": "New"}).status_code == 302
        quiz = Quiz.objects.get(slug="new")
        assert (str(quiz), quiz.questions.get()) == ("New", question)

    def test_as_many_queries_for_many_questions(self, desk, library):
        small, large = make_quiz("small", 1), make_quiz("large", 12)
        desk.get(change(small))
        counts = []
        for quiz in (small, large):
            with CaptureQueriesContext(connection) as queries:
                desk.get(change(quiz))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestRecords:
    def test_an_edit_is_shown_on_the_site(self, desk, library, client):
        claim = Claim.objects.get(code="WP-16a")
        data = form_of(desk.get(change(claim))) | {"note": "Read twice.", "topic": "trade"}
        assert desk.post(change(claim), data).status_code == 302
        claim.refresh_from_db()
        assert claim.texts == {"en": {"says": "It says WP-16a.", "holder": "", "note": "Read twice."}}
        assert claim.passage.code == "WP-16"
        assert "Read twice." in text_of(client.get("/sources/white-paper-2019/"))

    def test_new_ones_are_checked(self, desk, library):
        passage = {"source": Source.objects.get(prefix="WP").pk, "number": "17", "kind": "body", "gist": "A gist."}
        assert desk.post("/admin/lessons/passage/add/", passage).status_code == 302
        assert Passage.objects.get(code="WP-17").label == "WP ¶17"
        assert "has that paragraph already" in text_of(desk.post("/admin/lessons/passage/add/", passage))
        claim = {"code": "WP-17a", "kind": "fact", "check_result": "contested", "says": "It says."}
        response = desk.post("/admin/lessons/claim/add/", claim)
        assert "names who holds it" in text_of(response)
        assert desk.post("/admin/lessons/claim/add/", claim | {"holder": "Tokyo"}).status_code == 302
        assert Claim.objects.get(code="WP-17a").passage.code == "WP-17"
        for code in ("WP-99a", "WP17a", "wp-17b"):
            response = desk.post("/admin/lessons/claim/add/", claim | {"code": code})
            assert "code" in response.context["adminform"].form.errors
        event = {"slug": "e", "precision": "day", "shore": "both", "event": "It happened.", "claims": "WP-17a, WP-16a"}
        for date in ("2019-13-01", "yesterday", "2019-02-30", "1910/", "20191"):
            response = desk.post("/admin/lessons/event/add/", event | {"date": date})
            assert "date" in response.context["adminform"].form.errors
        assert desk.post("/admin/lessons/event/add/", event | {"date": "1910/1945-08-15"}).status_code == 302
        assert Event.objects.get().claims.count() == 2

    def test_points_of_a_series(self, desk, library):
        series = {"slug": "S12", "chart": "line", "title": "Deficit", "groups": "korea South Korea"}
        series |= {"points-TOTAL_FORMS": "2", "points-INITIAL_FORMS": "0"}
        series |= {"points-0-position": "1", "points-0-group": "korea", "points-0-at": "2010", "points-0-value": "36.1"}
        series |= {"points-1-position": "2", "points-1-group": "korea", "points-1-at": "2018", "points-1-value": "24"}
        series |= {"points-0-claim": "WP-16a", "points-1-claim": "WP-99z"}
        response = desk.post("/admin/lessons/series/add/", series)
        assert "key: name" in text_of(response)
        assert "There is no WP-99z" in text_of(response)
        good = series | {"groups": "korea: South Korea", "points-1-claim": "", "points-1-background": "on"}
        assert desk.post("/admin/lessons/series/add/", good).status_code == 302
        rows = Series.objects.get().rows()
        assert [(row["value"], row["claim"], row["background"]) for row in rows] == [
            (36.1, "WP-16a", False),
            (24.0, None, True),
        ]
        assert 'value="36.1"' in text_of(desk.get(change(Series.objects.get())))

    def test_what_is_cited_is_not_deleted(self, admin_client, library):
        make_lesson(body="## A {#a}\n\nA fact.[WP-16a] [[gsomia]]")
        term = Term.objects.create(slug="gsomia", texts={"en": {"name": "GSOMIA", "meaning": "m"}})
        free = Term.objects.create(slug="unused", texts={"en": {"name": "Unused", "meaning": "m"}})
        claim, passage = Claim.objects.get(code="WP-16a"), Passage.objects.get(code="WP-7")
        for record in (claim, passage, term, Source.objects.first()):
            assert admin_client.post(change(record).replace("change", "delete"), {"post": "yes"}).status_code == 403
        both = {"action": "delete_selected", "_selected_action": [term.pk, free.pk], "post": "yes"}
        admin_client.post("/admin/lessons/term/", both)
        assert Term.objects.count() == 2
        admin_client.post(change(free).replace("change", "delete"), {"post": "yes"})
        assert Term.objects.get() == term

    def test_an_editor_deletes_no_record(self, desk, library):
        assert desk.post(change(Claim.objects.first()).replace("change", "delete"), {"post": "yes"}).status_code == 403


class TestImages:
    @pytest.fixture(autouse=True)
    def uploads(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    def upload(self, name: str = "a.png", size: tuple[int, int] = (600, 300), kind: str = "PNG") -> SimpleUploadedFile:
        out = BytesIO()
        Pillow.new("RGB", size, "teal").save(out, kind)
        return SimpleUploadedFile(name, out.getvalue())

    WORDS = {"slug": "harbour", "alt": "A harbour.", "caption": "", "credit": "Edith, CC BY 4.0"}

    def test_a_picture_is_drawn_anew_and_shown(self, desk, client, tmp_path):
        response = desk.post("/admin/lessons/image/add/", self.WORDS | {"upload": self.upload()})
        assert response.status_code == 302
        image = Image.objects.get()
        assert (image.width, image.height) == (600, 300)
        assert image.file.name.startswith("images/harbour-")
        assert [path.suffix for path in tmp_path.rglob("*.*")] == [".webp", ".webp"]  # 480 and 600 wide
        assert Pillow.open(image.file.path).format == "WEBP"
        for address, width in image.sizes:
            assert Pillow.open(tmp_path / address.removeprefix("/media/")).width == width
        assert len(image.sizes) == 2
        page = text_of(desk.get(change(image)))
        assert image.file.url in page
        assert "::: image harbour" in page

        before = image.file.name
        data = form_of(desk.get(change(image))) | {"alt": "The harbour."}
        assert desk.post(change(image), data).status_code == 302  # no new picture: the old one stays
        image.refresh_from_db()
        assert (image.file.name, image.alt) == (before, "The harbour.")
        desk.post(change(image), data | {"upload": self.upload(size=(300, 300))})
        image.refresh_from_db()
        assert image.file.name != before
        assert (image.width, image.height) == (300, 300)

    @pytest.mark.parametrize(
        "file",
        [
            None,
            SimpleUploadedFile("a.png", b"no picture at all"),
            SimpleUploadedFile("a.svg", b"<svg onload='x()'/>"),
            SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
            SimpleUploadedFile("a.png", b""),
        ],
        ids=["none", "text", "svg", "damaged", "empty"],
    )
    def test_what_is_none_is_refused_and_the_words_stay(self, desk, file):
        response = desk.post("/admin/lessons/image/add/", self.WORDS | ({"upload": file} if file else {}))
        form = response.context["adminform"].form
        assert set(form.errors) == {"upload"}
        assert form["alt"].value() == "A harbour."
        assert not Image.objects.exists()

    def test_words_for_those_who_do_not_see_it_are_required(self, desk):
        response = desk.post(
            "/admin/lessons/image/add/", {"slug": "x", "alt": " ", "credit": "", "upload": self.upload()}
        )
        assert set(response.context["adminform"].form.errors) == {"alt", "credit"}


class TestShipped:
    """What the loader wrote stays the loader's, until an editor changes it."""

    def test_records_survive_the_desk_and_edits_survive_the_loader(self, desk):
        call_command("load_curriculum", stdout=StringIO())
        for model in RECORDS:
            some = list(model._default_manager.all())
            for record in some[:: max(1, len(some) // 6)]:
                response = desk.post(change(record), form_of(desk.get(change(record))))
                assert response.status_code == 302, response.context["adminform"].form.errors
                again = model._default_manager.get(pk=record.pk)
                assert stand(again, again.shipped) == again.shipped, record
        for model in (Lesson, Question):
            for record in list(model._default_manager.all())[::4]:
                desk.post(change(record), form_of(desk.get(change(record))) | {"do": "draft"})
                assert record.versions.count() == 1, record
        out = StringIO()
        call_command("load_curriculum", stdout=out)
        assert "0 added, 0 updated" in out.getvalue()
        assert "0 left alone" in out.getvalue()

        claim, lesson, question = Claim.objects.get(code="WP-16a"), Lesson.objects.first(), Question.objects.first()
        desk.post(change(claim), form_of(desk.get(change(claim))) | {"note": "Mine."})
        desk.post(change(lesson), form_of(desk.get(change(lesson))) | {"title": "Mine", "do": "publish"})
        desk.post(change(question), form_of(desk.get(change(question))) | {"stem": "Mine?", "do": "publish"})
        for record in (claim, lesson, question):  # as if the next edition shipped other words
            type(record).objects.filter(pk=record.pk).update(shipped=(record.shipped or {}) | {"rows": ["old"]})
        for version in (lesson.versions.get(number=1), question.versions.get(number=1)):
            field = "summary" if isinstance(version, LessonVersion) else "errors"
            type(version).objects.filter(pk=version.pk).update(**{field: "older" if field == "summary" else ["E99"]})
        out = StringIO()
        call_command("load_curriculum", stdout=out)
        said = out.getvalue()
        assert "left alone: claim WP-16a: edited here" in said
        assert f"left alone: {lesson.slug}: version 2, edited here, stays" in said
        assert f"left alone: {question.slug}: version 2, edited here, stays" in said
        claim.refresh_from_db()
        assert claim.note == "Mine."
        assert lesson.versions.get(status=Status.PUBLISHED).title == "Mine"
        assert str(question.versions.get(status=Status.PUBLISHED)) == "Mine?"


def marked(before: list[str], after: list[str]) -> list[str]:
    signs = {"same": "{}", "gone": "-{}-", "come": "+{}+"}
    return [
        "…" if line.mark == "gap" else "".join(signs[mark].format(text) for mark, text in line.pieces)
        for line in compare(before, after)
    ]


class TestDifferences:
    def test_nothing_changed(self):
        assert compare(["a", "b"], ["a", "b"]) == []

    def test_a_word_in_a_line(self):
        assert marked(["It was a ban."], ["It was a licence."]) == ["It was a -ban-+licence+."]

    def test_lines_come_and_go_with_a_little_around_them(self):
        before = ["one", "two", "three", "four", "five"]
        assert marked(before, ["one", "two", "three", "five"]) == ["…", "three", "-four-", "five"]
        assert marked(before, [*before, "six"]) == ["…", "five", "+six+"]

    def test_lines_that_have_nothing_in_common(self):
        assert marked(["abc def"], ["xyz uvw rst"]) == ["-abc def-", "+xyz uvw rst+"]
