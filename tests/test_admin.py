"""The editors' desk: lessons and questions in versions, and that nothing typed is ever lost."""

from typing import Any

import pytest
from django.urls import reverse

from lessons.models import Lesson, LessonVersion, Origin, Status, Term
from quizzes.models import Question
from quizzes.questions import KINDS
from tests import samples
from tests.base import client_of, give, make_lesson, make_question, make_quiz, make_user, start
from tests.desk import change, form_of, make_library, text_of
from tests.samples import REFS, SAMPLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(edith: Any) -> Any:
    """Edith's browser."""
    return client_of(edith)


@pytest.fixture
def lesson(db: None) -> Lesson:
    make_library()
    made = make_lesson()
    made.versions.update(objectives=["one"])
    return made


class TestWhoMayEnter:
    def test_a_visitor_is_sent_to_the_sites_own_sign_in(self, client):
        response = client.get("/admin/lessons/lesson/", follow=True)
        assert response.redirect_chain[-1][0].startswith(reverse("account_login"))

    def test_a_pupil_and_a_teacher_are_not_let_in(self, alice, tom):
        for person in (alice, tom):
            assert client_of(person).get("/admin/", follow=True).status_code == 403

    def test_an_editor_reaches_no_people_and_no_answers(self, desk, alice):
        for model in ("accounts/user", "auth/group", "quizzes/attempt", "classrooms/classroom", "accounts/invitation"):
            assert desk.get(f"/admin/{model}/").status_code in (403, 404)
        assert desk.get(change(alice)).status_code == 403

    def test_an_admin_of_people_reaches_no_lessons(self, ada, lesson):
        client = client_of(ada)
        assert client.get(change(lesson)).status_code == 403
        assert client.post(f"/admin/lessons/lesson/{lesson.pk}/preview/", {}).status_code == 403

    def test_only_a_signed_in_editor_previews_or_looks_back(self, client, alice, lesson):
        for browser in (client, client_of(alice)):
            for page in ("preview", "versions/1", "versions/1/bring-back", "discard"):
                response = browser.post(f"/admin/lessons/lesson/{lesson.pk}/{page}/", {"title": "Mine"})
                assert response.status_code in (302, 403)
        assert lesson.versions.count() == 1

    def test_the_desk_leads_to_what_is_begun(self, desk):
        page = desk.get("/admin/")
        assert "/admin/lessons/lesson/?state=draft" in text_of(page)
        for model in ("accounts", "auth", "classrooms"):
            assert f"/admin/{model}/" not in text_of(page)


class TestLessons:
    def test_from_draft_to_preview_to_the_site(self, desk, edith, lesson, client):
        page = desk.get(change(lesson))
        data = form_of(page) | {
            "title": "Three materials",
            "body": "## New {#new}\r\n\r\nA fact.[WP-16a]",
            "do": "draft",
        }
        assert desk.post(change(lesson), data).status_code == 302
        draft = lesson.versions.get(status=Status.DRAFT)
        assert (draft.number, draft.author, draft.origin) == (2, edith, Origin.EDITED)
        assert draft.body == "## New {#new}\n\nA fact.[WP-16a]"
        assert "Three materials" not in text_of(client.get(lesson.get_absolute_url()))

        typed = form_of(desk.get(change(lesson))) | {"title": "Only typed"}
        preview = desk.post(f"/admin/lessons/lesson/{lesson.pk}/preview/", typed)
        assert "Only typed" in text_of(preview)
        assert 'data-cite="WP-16a"' in text_of(preview)
        assert "Preview" in text_of(preview)
        assert "Three materials" in text_of(desk.get(f"/admin/lessons/lesson/{lesson.pk}/preview/"))
        assert lesson.versions.count() == 2

        response = desk.post(change(lesson), form_of(desk.get(change(lesson))) | {"do": "publish"}, follow=True)
        assert "Version 2 is published" in text_of(response)
        assert lesson.versions.count() == 2  # the draft itself was published
        assert "Three materials" in text_of(client.get(lesson.get_absolute_url()))
        assert list(draft.claims.values_list("code", flat=True)) == ["WP-16a"]

    def test_saving_without_a_change_adds_no_version(self, desk, lesson):
        response = desk.post(change(lesson), form_of(desk.get(change(lesson))) | {"do": "draft"}, follow=True)
        assert "Nothing was changed" in text_of(response)
        response = desk.post(
            change(lesson), form_of(desk.get(change(lesson))) | {"do": "draft", "number": "7"}, follow=True
        )
        assert "no new version" in text_of(response)
        lesson.refresh_from_db()
        assert (lesson.number, lesson.versions.count()) == (7, 1)

    @pytest.mark.parametrize(
        ("field", "text", "says"),
        [
            ("body", "## A {#a}\n\nA fact.[WP-99z]", "no claim WP-99z"),
            ("body", "## A {#a}\n\nA view.[WP-7b]", "WP-7b is contested"),
            ("body", "## A {#a}\n\n::: nonsense\n:::", "nonsense"),
            ("summary", "A sum.[E99]", "no erratum E99"),
        ],
    )
    def test_a_text_with_a_problem_is_not_published_and_not_lost(self, desk, lesson, field, text, says):
        data = form_of(desk.get(change(lesson))) | {field: text}
        response = desk.post(change(lesson), data | {"do": "publish"})
        assert response.status_code == 200
        assert any(says in error for error in response.context["desk"].words[0].errors[field])
        assert response.context["desk"].words[0][field].value() == text
        assert lesson.versions.count() == 1

        response = desk.post(change(lesson), form_of(response) | {"do": "draft"}, follow=True)
        assert "Before this draft can be published" in text_of(response)
        assert getattr(lesson.versions.get(status=Status.DRAFT), field) == text

    def test_an_incomplete_form_says_so_and_keeps_what_was_typed(self, desk, lesson):
        data = form_of(desk.get(change(lesson))) | {"title": "", "objectives": "", "minutes": "soon", "body": "Typed."}
        response = desk.post(change(lesson), data | {"do": "draft"})
        assert set(response.context["desk"].words[0].errors) == {"title", "objectives", "minutes"}
        assert form_of(response)["body"] == "Typed."
        assert lesson.versions.count() == 1

    def test_what_cannot_be_kept_is_refused(self, desk, lesson):
        data = form_of(desk.get(change(lesson))) | {"body": "a\0b", "objectives": "a\0b", "title": "a\0b"}
        response = desk.post(change(lesson), data | {"do": "publish"})
        assert set(response.context["desk"].words[0].errors) == {"title", "objectives", "body"}

    def test_two_editors_do_not_overwrite_each_other(self, desk, lesson):
        other = client_of(make_user("emil", "Editors"))
        mine = form_of(desk.get(change(lesson))) | {"body": "Mine.", "do": "draft"}
        theirs = form_of(other.get(change(lesson))) | {"body": "Theirs.", "do": "draft"}
        other.post(change(lesson), theirs)
        for do in ("draft", "publish"):
            response = desk.post(change(lesson), mine | {"do": do})
            assert "Somebody else saved this" in text_of(response)
            assert "Emil" in text_of(response)
            assert "Theirs." in text_of(response)
            again = form_of(response)
            assert (again["body"], again["base"]) == ("Mine.", "2")
        assert lesson.versions.count() == 2
        desk.post(change(lesson), again | {"do": "draft"})
        assert lesson.versions.get(status=Status.DRAFT).body == "Mine."
        assert lesson.versions.filter(body="Theirs.", status=Status.RETIRED).exists()

    def test_a_tampered_base_overwrites_nothing(self, desk, lesson):
        data = form_of(desk.get(change(lesson))) | {"body": "Mine.", "do": "draft"}
        for base in ("0", "99", "x", ""):
            assert "Somebody else" in text_of(desk.post(change(lesson), data | {"base": base}))
        assert lesson.versions.count() == 1

    def test_an_old_version_is_compared_and_brought_back(self, desk, lesson):
        data = form_of(desk.get(change(lesson))) | {"body": "Something else.", "do": "publish"}
        desk.post(change(lesson), data)
        look = f"/admin/lessons/lesson/{lesson.pk}/versions/1/"
        page = text_of(desk.get(look))
        assert "<ins>" in page
        assert "<del>Something else.</del>" in page
        desk.post(look + "bring-back/")
        draft = lesson.versions.get(status=Status.DRAFT)
        assert draft.number == 3
        assert draft.words() == lesson.versions.get(number=1).words()
        desk.post(f"/admin/lessons/lesson/{lesson.pk}/discard/")
        assert lesson.versions.filter(status=Status.DRAFT).count() == 0
        assert lesson.versions.count() == 3
        assert desk.get(look + "bring-back/").status_code == 405
        assert desk.get(look.replace("/1/", "/9/")).status_code in (404, 302)
        assert desk.post(f"/admin/lessons/lesson/{lesson.pk}/versions/9/bring-back/").status_code == 404

    def test_a_new_lesson(self, desk, lesson, client):
        data = form_of(desk.get("/admin/lessons/lesson/add/"))
        data |= {"unit": lesson.unit.pk, "number": "2", "slug": "radar", "title": "Radar", "summary": "A sum."}
        data |= {"minutes": "8", "objectives": "one\r\ntwo", "body": "## A {#a}\n\nText.[WP-99z]", "do": "publish"}
        response = desk.post("/admin/lessons/lesson/add/", data)
        assert "no claim WP-99z" in text_of(response)
        assert not Lesson.objects.filter(slug="radar").exists()
        response = desk.post(
            "/admin/lessons/lesson/add/", form_of(response) | {"body": "## A {#a}\n\nText.", "do": "publish"}
        )
        assert response.status_code == 302
        assert Lesson.objects.get(slug="radar").versions.get().objectives == ["one", "two"]
        assert "Radar" in text_of(client.get("/lessons/radar/"))

    def test_its_address_stays(self, desk, lesson):
        data = form_of(desk.get(change(lesson))) | {"slug": "other", "number": "3", "do": "draft"}
        assert desk.post(change(lesson), data).status_code == 302
        lesson.refresh_from_db()
        assert (lesson.slug, lesson.number) == ("three-chemicals", 3)

    def test_key_terms_keep_their_order(self, desk, lesson):
        for slug in ("alpha", "beta", "gamma"):
            Term.objects.create(slug=slug, texts={"en": {"name": slug, "meaning": "m"}})
        words = lesson.versions.get().words() | {"terms": ["gamma", "alpha"]}
        LessonVersion(lesson=lesson, **words).add()
        data = form_of(desk.get(change(lesson)))
        desk.post(change(lesson), data | {"do": "draft"})
        assert lesson.versions.count() == 2
        desk.post(change(lesson), data | {"do": "draft", "terms": ["alpha", "beta", "gamma"]})
        assert lesson.versions.first().terms == ["gamma", "alpha", "beta"]

    def test_the_list_finds_words_and_shows_drafts(self, desk, lesson):
        desk.post(change(lesson), form_of(desk.get(change(lesson))) | {"title": "Acids", "do": "draft"})
        page = text_of(desk.get("/admin/lessons/lesson/?q=acids"))
        assert "draft 2" in page
        assert "1 lesson" in page
        assert "0 lessons" in text_of(desk.get("/admin/lessons/lesson/?q=zinc"))
        assert "0 lessons" in text_of(desk.get("/admin/lessons/lesson/?state=unpublished"))
        assert "1 lesson" in text_of(desk.get("/admin/lessons/lesson/?state=draft"))

    def test_nothing_published_is_deleted(self, admin_client, lesson):
        assert admin_client.get(change(lesson).replace("change", "delete")).status_code == 403
        data = {"action": "delete_selected", "_selected_action": [lesson.pk], "post": "yes"}
        admin_client.post("/admin/lessons/lesson/", data)
        assert Lesson.objects.filter(pk=lesson.pk).exists()


class TestQuestions:
    def data(self, kind: str) -> dict[str, Any]:
        content, texts = SAMPLES[kind]
        author = KINDS[kind].author_form(content=content, texts=texts, refs=REFS)
        return samples.typed(author) | {"keyed_to": "WP-16a", "about_error": "", "skill": "context", "difficulty": "2"}

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_is_written_shown_and_changed(self, desk, lesson, kind):
        assert "Single choice" in text_of(desk.get("/admin/quizzes/question/add/"))
        add = f"/admin/quizzes/question/add/?kind={kind}&lesson={lesson.pk}"
        blank = form_of(desk.get(add))
        response = desk.post(add, blank | {"slug": "new-one", "do": "publish"})
        assert response.status_code == 200  # empty: refused, with errors
        assert response.context["errors"]
        assert sum(len(form.fields) for form in response.context["desk"].forms) == len(
            set().union(*(form.fields for form in response.context["desk"].forms))  # no name means two things
        )
        data = {name: value for name, value in blank.items() if name in ("base", "csrfmiddlewaretoken")}
        response = desk.post(add, data | self.data(kind) | {"slug": "new-one", "lesson": lesson.pk, "do": "publish"})
        assert response.status_code == 302, [form.errors for form in response.context["desk"].forms]
        question = Question.objects.get(slug="new-one")
        version = question.versions.get()
        assert (question.kind, version.status, version.keys) == (kind, Status.PUBLISHED, ["WP-16a"])
        assert (version.content, version.texts) == SAMPLES[kind]

        page = desk.get(change(question))
        assert desk.post(change(question), form_of(page) | {"do": "draft"}).status_code == 302
        assert question.versions.count() == 1
        typed = form_of(page) | {"stem": "Another stem?"}
        preview = desk.post(f"/admin/quizzes/question/{question.pk}/preview/", typed)
        assert "Another stem?" in text_of(preview)
        assert "When it is answered" in text_of(preview)
        assert question.versions.count() == 1
        desk.post(change(question), typed | {"do": "draft"})
        draft = question.versions.get(status=Status.DRAFT)
        assert str(draft) == "Another stem?"
        assert draft.content == version.content
        assert "Another" in text_of(desk.get(f"/admin/quizzes/question/{question.pk}/versions/2/"))
        desk.post(change(question), typed | {"stem": "", "do": "draft"})
        assert question.versions.count() == 2
        nothing = desk.post(f"/admin/quizzes/question/{question.pk}/preview/", typed | {"stem": ""})
        assert "nothing to show yet" in text_of(nothing)

    def test_an_attempt_keeps_the_version_it_asked(self, desk, alice, lesson):
        quiz = make_quiz(questions=1)
        attempt = start(alice, quiz)
        give(attempt, True)
        question = quiz.questions.get()
        data = form_of(desk.get(change(question))) | {"right": "false", "keyed_to": "WP-16a", "do": "publish"}
        assert desk.post(change(question), data).status_code == 302
        assert question.versions.get(status=Status.PUBLISHED).content == {"right": False}
        attempt = type(attempt).objects.get(pk=attempt.pk)
        assert attempt.score.points == 1
        assert attempt.slots.get().version.number == 1

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"keyed_to": ""}, "keyed_to"),
            ({"keyed_to": "WP-1a"}, "keyed_to"),
            ({"keyed_to": "WP-16a", "explanation": "So.[WP-99z]"}, "explanation"),
            ({"keyed_to": "WP-16a", "feedback": "So.[WP-7b]"}, "explanation"),
        ],
    )
    def test_a_key_without_ground_is_not_published(self, desk, lesson, typed, field):
        question = make_question("one", lesson)
        data = form_of(desk.get(change(question))) | {"stem": "Another."} | typed
        response = desk.post(change(question), data | {"do": "publish"})
        assert response.status_code == 200
        assert any(field in form.errors for form in response.context["desk"].words)
        assert question.versions.count() == 1

    @pytest.mark.parametrize("codes", ["WP-99z", "WP-16a nonsense", "'; drop", "a\0b", "É" * 500])
    def test_codes_that_lead_nowhere_are_named(self, desk, lesson, codes):
        question = make_question("one", lesson)
        response = desk.post(change(question), form_of(desk.get(change(question))) | {"keyed_to": codes, "do": "draft"})
        assert "keyed_to" in response.context["desk"].words[1].errors
        assert question.versions.count() == 1

    def test_its_kind_stays(self, desk, lesson):
        question = make_question("one", lesson)
        data = form_of(desk.get(change(question))) | {
            "kind": "single",
            "slug": "two",
            "do": "draft",
            "skill": "context",
        }
        desk.post(change(question), data)
        question.refresh_from_db()
        assert (question.kind, question.slug, question.skill) == ("true_false", "one", "context")

    def test_an_unknown_kind_or_lesson_asks_again(self, desk, lesson):
        for query in ("kind=essay&lesson=1", f"kind=single&lesson={lesson.pk}0", "kind=single&lesson=x"):
            response = desk.get(f"/admin/quizzes/question/add/?{query}")
            assert response.status_code == 200
            assert "errorlist" in text_of(response)

    def test_the_list_finds_words_in_stems_with_as_many_queries_for_many(
        self, desk, lesson, django_assert_max_num_queries
    ):
        for n in range(12):
            make_question(f"statement-{n}", lesson)
        assert "1 question" in text_of(desk.get("/admin/quizzes/question/?q=statement+statement-7"))
        with django_assert_max_num_queries(16):
            desk.get("/admin/quizzes/question/")
