"""The shipped curriculum keeps the rules of its trade: it can be traced, it explains, it asks for thought."""

from collections import Counter
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import escape

from lessons import markup
from lessons.models import Check, Claim, Lesson, LessonVersion, Status, Unit
from quizzes.models import Purpose, Question, QuestionVersion, Quiz, Skill
from quizzes.questions import KINDS
from tests.base import client_of, make_user, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curriculum")]

WORDS, CLOSING = range(500, 901), range(6, 11)
CHOOSING = ("single", "multiple", "which_source")


def published(model: Any) -> list[Any]:
    found = list(model.objects.filter(status=Status.PUBLISHED).select_related(model.OF))
    assert found
    return found


def test_it_holds_the_unit_on_the_trade_war(record_property: Callable[[str, object], None]) -> None:
    assert Unit.objects.get(slug="trade-war-2019").lessons.count() == 4
    questions = published(QuestionVersion)
    record_property("curriculum lessons", len(published(LessonVersion)))
    record_property("curriculum questions", len(questions))
    record_property("curriculum kinds", dict(Counter(v.question.kind for v in questions)))
    record_property("curriculum skills", dict(Counter(v.question.skill for v in questions)))
    assert {v.question.kind for v in questions} >= {
        "single", "true_false", "multiple", "number", "ordering", "matching", "which_source",
    }  # fmt: skip


def test_loading_it_again_changes_nothing() -> None:
    out = StringIO()
    call_command("load_curriculum", stdout=out)
    assert "0 added, 0 updated" in out.getvalue()
    assert "0 left alone" in out.getvalue()


# --- it can be traced --------------------------------------------------------------------------------------


def test_every_citation_leads_somewhere_and_every_contested_claim_names_its_holder() -> None:
    problems = {str(v): v.problems() for model in (LessonVersion, QuestionVersion) for v in published(model)}
    assert {title: found for title, found in problems.items() if found} == {}


def test_no_question_is_keyed_to_what_cannot_be_relied_on() -> None:
    doubtful = set(Claim.objects.filter(check_result__in=Check.unkeyable()).values_list("code", flat=True))
    assert doubtful  # there are such claims, and questions about them as errors
    assert any(v.errors for v in published(QuestionVersion))
    assert {v.question.slug: doubtful & set(v.keys) for v in published(QuestionVersion) if doubtful & set(v.keys)} == {}


def test_every_lesson_and_explanation_cites() -> None:
    assert [v.question.slug for v in published(QuestionVersion) if not (v.scan.claims or v.scan.errata)] == []
    assert [v.lesson.slug for v in published(LessonVersion) if v.claims.count() < 5] == []


def test_a_contested_claim_always_has_a_holder_in_its_record() -> None:
    contested = Claim.objects.filter(check_result=Check.CONTESTED)
    assert contested
    assert [claim.code for claim in contested if not claim.holder] == []


# --- lessons -----------------------------------------------------------------------------------------------


def test_lessons_have_the_length_and_the_sections_they_should(record_property: Callable[[str, object], None]) -> None:
    wrong = []
    for version in published(LessonVersion):
        scan = markup.scan(version.body)
        record_property(f"lesson {version.lesson.slug} words", scan.words)
        wrong += [f"{version.lesson.slug}: {advice}" for advice in scan.advice]
        if scan.words not in WORDS or not version.objectives or not version.summary:
            wrong.append(version.lesson.slug)
    assert wrong == []


def test_the_questions_in_the_text_are_the_checkpoint() -> None:
    for version in published(LessonVersion):
        checkpoint = version.lesson.quizzes.get(purpose=Purpose.CHECKPOINT)
        assert list(markup.scan(version.body).questions) == [row["asks"] for row in checkpoint.rows()]


def test_each_lesson_ends_with_a_quiz_of_other_questions() -> None:
    for lesson in Lesson.objects.filter(versions__status=Status.PUBLISHED):
        closing = lesson.quizzes.get(purpose=Purpose.CLOSING)
        assert closing.places.filter(question__reserved=False).count() in CLOSING
        assert closing.title
        in_text = lesson.quizzes.get(purpose=Purpose.CHECKPOINT).questions.all()
        assert not set(closing.questions.all()) & set(in_text)


# --- questions ---------------------------------------------------------------------------------------------


def test_every_wrong_answer_is_told_why_it_tempts() -> None:
    silent = []
    for version in published(QuestionVersion):
        kind, content = version.question.kind, version.content
        rules = KINDS[kind]
        keys = {"true_false": ["true", "false"], "which_source": content.get("sources")}.get(
            kind, content.get("options")
        )
        for key in keys if kind in ("single", "true_false", "which_source", "multiple") else ():
            answer = {"choices": [key]} if kind == "multiple" else {"choice": key}
            told = [text for text in rules.feedback(content, answer) if version.texts["feedback"].get(text)]
            if rules.grade(content, answer).credit == 0 and not told:
                silent.append(f"{version.question.slug} {key}")
    assert silent == []


def test_a_third_or_more_ask_for_thought_and_not_for_memory() -> None:
    for quizzes in (Quiz.objects.filter(purpose=Purpose.CLOSING), Quiz.objects.all()):
        skills = Counter(Question.objects.filter(quizzes__in=quizzes).distinct().values_list("skill", flat=True))
        assert sum(n for skill, n in skills.items() if skill != Skill.KNOWLEDGE) * 3 >= sum(skills.values())
        assert len(skills) >= 5


def test_the_right_option_does_not_stand_out_by_its_length() -> None:
    """Who always takes the longest option must not do much better than chance."""
    longest, chance = 0, 0.0
    for version in published(QuestionVersion):
        if version.question.kind == "single":
            texts = version.texts["options"]
            longest += max(texts, key=lambda key: len(texts[key])) == version.content["right"]
            chance += 1 / len(texts)
    assert longest < 1.8 * chance


def test_every_published_question_can_be_asked_and_solved() -> None:
    for version in published(QuestionVersion):
        rules = version.question.rules
        assert rules.grade(version.content, rules.solution(version.content)).credit == 1, version.question.slug


# --- reserved questions ------------------------------------------------------------------------------------


def test_reserved_questions_stand_in_quizzes_for_assignments_only() -> None:
    reserved = Question.objects.filter(reserved=True)
    assert reserved
    assert not Quiz.objects.exclude(purpose=Purpose.ASSIGNMENT).filter(questions__in=reserved).exists()


def test_reserved_questions_are_seen_nowhere_by_a_reader() -> None:
    hana = make_user("hana")
    client = client_of(hana)
    stems = {True: set(), False: set()}
    for version in published(QuestionVersion):
        stems[version.question.reserved].add(escape(version.texts["stem"]))
    hidden = [stem for stem in stems[True] - stems[False] if "{" not in stem]
    assert hidden
    pages = [reverse(name) for name in ("home", "progress", "source-list", "timeline", "terms")]
    pages += [lesson.get_absolute_url() for lesson in Lesson.objects.all()]
    for quiz in Quiz.objects.exclude(purpose=Purpose.ASSIGNMENT):
        pages.append(quiz.get_absolute_url())
        pages += [slot.get_absolute_url() for slot, _response in start(hana, quiz).sheet]
    for page in pages:
        text = client.get(page).content.decode()
        assert not [stem for stem in hidden if stem in text], page
