"""The documents beside each other: comparisons, errata, and the pages for teachers."""

import re

import pytest

from lessons.models import Comparison, Erratum, LessonVersion, Source, Stance, Status
from lessons.readability import grade, syllables
from quizzes.survey import survey

pytestmark = [pytest.mark.usefixtures("curriculum"), pytest.mark.django_db]


def test_every_question_has_a_position_of_every_document():
    sources = set(Source.objects.values_list("slug", flat=True))
    for comparison in Comparison.objects.all():
        rows = comparison.rows()
        assert {row["source"] for row in rows} == sources, comparison
        assert all(bool(row["claims"]) == (row["stance"] != Stance.SILENT) for row in rows), comparison


def test_each_cell_leads_to_its_passages(client):
    page = client.get("/compare/").content.decode()
    assert page.count("<tr id=") == Comparison.objects.count() == 40
    comparison = Comparison.objects.get(slug="X01")
    for position in comparison.positions.all():
        for passage in position.passages:
            assert f'href="{passage.get_absolute_url()}"' in page
        if position.says:
            assert position.says.split("“")[0] in page


def test_all_errata_are_taught_with_what_is_right(client):
    page = client.get("/errata/").content.decode()
    shown = set(re.findall(r'<li id="(E\d\d)">', page))
    assert shown == set(Erratum.objects.values_list("code", flat=True))
    assert len(shown) == 84


def test_a_lesson_leads_its_teacher_to_a_plan_and_no_further(client):
    version = LessonVersion.objects.filter(status=Status.PUBLISHED).exclude(teaching="").first()
    assert version
    address = f"/lessons/{version.lesson.slug}/teaching/"
    assert address in client.get(version.lesson.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert "<table" in page
    for question in version.lesson.questions.all():
        explanation = question.versions.get(status=Status.PUBLISHED).texts["explanation"]
        assert explanation.split("[")[0][:60] not in page


def test_a_lesson_without_a_plan_has_no_page_for_it(client):
    LessonVersion.objects.filter(status=Status.PUBLISHED).update(teaching="")
    assert client.get("/lessons/three-chemicals/teaching/").status_code == 404


def test_the_survey_finds_what_is_missing():
    before = survey()
    assert not any("leads nowhere" in line for line in before.short)
    Erratum.objects.get(code="E05").delete()
    found = survey()
    assert any("no erratum E05" in line for line in found.short)
    assert len(found.short) > len(before.short)


@pytest.mark.parametrize(("word", "count"), [("treaty", 2), ("made", 1), ("people", 2), ("a", 1), ("rhythm", 1)])
def test_syllables(word, count):
    assert syllables(word) == count


def test_long_words_and_sentences_are_harder():
    easy = "The ship came. It saw a plane. No shot was fired."
    hard = "Normalisation notwithstanding, intergovernmental reconciliation necessitated considerable deliberation."
    assert grade(easy) < 4 < 15 < grade(hard)
    assert grade("") == 0
