"""Questions and lessons in versions: what was asked stays what it was, and what does not resolve is not published."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from lessons.models import LessonVersion, Origin, Status
from quizzes.models import (
    Question,
    QuestionVersion,
)
from tests.base import client_of, make_lesson, make_question, make_quiz, start
from tests.taking import TRUE, make_claims, page, url

pytestmark = pytest.mark.django_db


# --- versions ----------------------------------------------------------------------------------------------


def newer(question: Question, **texts: str) -> QuestionVersion:
    """A further version that is like the published one but for these texts."""
    old = question.published("en").get()
    return QuestionVersion(question=question, **old.words() | {"texts": old.texts | texts, "keys": []})


class TestVersions:
    @pytest.fixture
    def question(self) -> Question:
        return make_question("radar", make_lesson())

    def test_a_version_never_changes(self, question: Question) -> None:
        version = question.published("en").get()
        version.texts["stem"] = "Something else."
        for save in (
            version.save,
            lambda: version.save(update_fields=["texts"]),
            lambda: version.save(force_update=True),
        ):
            with pytest.raises(TypeError):
                save()
        assert question.published("en").get().texts["stem"] == "Statement radar."

    def test_an_attempt_goes_on_asking_the_version_it_began_with(self, alice: User) -> None:
        quiz = make_quiz(questions=1)
        attempt = start(alice, quiz)
        fresh = newer(quiz.questions.get(), stem="A better statement.").add()
        QuestionVersion.objects.filter(question=fresh.question, status=Status.PUBLISHED).update(status=Status.RETIRED)
        QuestionVersion.objects.filter(pk=fresh.pk).update(status=Status.PUBLISHED)
        client = client_of(alice)
        assert "Statement chemicals-quiz-1." in page(client.get(url(attempt, 1)))
        client.post(url(attempt, 1), TRUE)
        assert "Statement chemicals-quiz-1." in page(client.get(attempt.get_absolute_url()))
        assert "A better statement." in page(client.get(url(start(alice, quiz), 1)))

    def test_one_is_published_and_one_draft_stands_beside_it(self, question: Question) -> None:
        first = newer(question, stem="First draft.").add()
        second = newer(question, stem="Second draft.").add()
        first.refresh_from_db()
        assert (first.status, second.status) == (Status.RETIRED, Status.DRAFT)
        assert question.published("en").get().number == 1
        assert [v.number for v in (first, second)] == [2, 3]

    def test_the_database_allows_one_published_version_of_a_language(self, question: Question) -> None:
        version = newer(question)
        version.number, version.status = 7, Status.PUBLISHED
        with pytest.raises(IntegrityError), transaction.atomic():
            version.save()

    @pytest.mark.parametrize(
        ("texts", "keys", "said"),
        [
            ({"explanation": "It is so.[WP-99a]"}, ["WP-1a"], "WP-99a"),
            ({"explanation": "It is so.[E77]"}, ["WP-1a"], "E77"),
            ({}, ["WP-98a"], "WP-98a"),
            ({}, ["WP-2a"], "WP-2a"),  # garbled
            ({}, [], "claim"),
            ({"stem": ""}, ["WP-1a"], "Write a text"),
        ],
    )
    def test_what_does_not_resolve_is_not_published(
        self, question: Question, texts: dict[str, str], keys: list[str], said: str
    ) -> None:
        make_claims()
        version = newer(question, **texts)
        version.keys = keys
        version.add()
        with pytest.raises(ValidationError) as wrong:
            version.publish()
        assert said in " ".join(wrong.value.messages)
        assert question.published("en").get().number == 1

    def test_what_resolves_is_published_and_the_one_before_retires(self, question: Question) -> None:
        make_claims()
        version = newer(question, explanation="It is so.[WP-1a]")
        version.keys = ["WP-1a"]
        version.add().publish()
        assert question.published("en").get() == version
        assert question.versions.get(number=1).status == Status.RETIRED
        assert [c.code for c in version.keyed_to.all()] == [c.code for c in version.cites.all()] == ["WP-1a"]

    @pytest.mark.parametrize("body", ["Said.[WP-99a]", "A [[nobody]].", "Said.[WP-3a]", "::: figure S99\n:::"])
    def test_a_lesson_that_does_not_resolve_is_not_published(self, body: str) -> None:
        make_claims()
        lesson = make_lesson("radar")
        with pytest.raises(ValidationError):
            LessonVersion(lesson=lesson, title="Radar", summary="A sum.", body=f"## Said\n\n{body}").add().publish()
        assert lesson.versions.get(status=Status.PUBLISHED).number == 1

    def test_a_contested_claim_is_published_with_its_holder(self) -> None:
        make_claims()
        body = "## Said\n\nAccording to Tokyo it was so.[WP-3a: the ministry]"
        version = LessonVersion(lesson=make_lesson("radar"), title="Radar", summary="A sum.", body=body).add()
        version.publish()
        assert (version.origin, version.status) == (Origin.EDITED, Status.PUBLISHED)
