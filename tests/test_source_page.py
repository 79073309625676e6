"""The page of a document: what its errata rest on, and where each paragraph is taught and asked."""

import re
from html import unescape

import pytest
from django.test import Client

from lessons import markup
from lessons.models import Erratum, Lesson, Passage, Source, Status
from quizzes.models import Purpose, Question, QuestionVersion, Quiz
from tests.base import make_quiz

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curriculum")]


def page(url: str) -> str:
    response = Client().get(url)
    assert response.status_code == 200
    return unescape(response.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def paragraph(html: str, number: int) -> str:
    """One paragraph of a source page."""
    return html.partition(f'<li id="p{number}"')[2].partition('<li id="p')[0]


def asked(html: str, number: int) -> str:
    return words(paragraph(html, number).partition("Asked in:")[2].partition("</p>")[0])


def reference(erratum: Erratum) -> str:
    if erratum.reference_title:
        named = (erratum.reference_title, erratum.reference_publisher, erratum.reference_when)
        return f"Looked up in: {markup.plain(', '.join(filter(None, named)))}."
    return f"The document itself shows it: {erratum.shown_by}" if erratum.shown_by else "unreferenced"


def test_an_erratum_names_its_reference_on_both_pages() -> None:
    Erratum.objects.filter(code="E05").update(reference_title="", texts={"en": {"printed": "x", "correction": "y"}})
    every = words(page("/errata/"))
    sources = {source: words(page(source.get_absolute_url())) for source in Source.objects.all()}
    for erratum in Erratum.objects.prefetch_related("claims__passage__source"):
        shown = sources[erratum.passages[0].source].partition(f"Erratum {erratum.code} ")[2][:1500]
        assert words(reference(erratum)) in shown
        assert words(reference(erratum)) in every
        assert f"How sure: {erratum.status}." in shown
    assert sources[Source.objects.get(prefix="WP")].count("unreferenced") == 1


def test_titles_in_korean_are_marked_as_such() -> None:
    html = re.sub(r'<(\w+)[^>]*\slang="ko"[^>]*>.*?</\1>', "", page("/errata/"), flags=re.S)
    assert re.findall(r"[\uac00-\ud7af]+", html.partition("<main")[2].partition("</main>")[0]) == []


def test_a_paragraph_says_in_which_quizzes_it_is_asked() -> None:
    source = Source.objects.create(slug="news", prefix="NW", dated="2020", texts={"en": {"short": "News"}})
    claims = [
        Passage.objects.create(code=f"NW-{n}", source=source, number=n).claims.create(code=f"NW-{n}a", kind="fact")
        for n in (1, 2, 3)
    ]
    erratum = Erratum.objects.create(code="E99", kind="fact")
    erratum.claims.add(claims[1])
    lesson = Lesson.objects.get(slug="three-chemicals")
    closing = make_quiz("news-quiz", 3, lesson=lesson)
    in_text = make_quiz("news-in-text", 2, lesson=lesson, purpose=Purpose.CHECKPOINT)
    for slug, purpose in (("kept", Purpose.ASSIGNMENT), ("other", Purpose.CLOSING)):
        make_quiz(slug, 1, lesson=lesson, purpose=purpose, reserved=purpose == Purpose.CLOSING)
    versions = {version.question.slug: version for version in QuestionVersion.objects.select_related("question")}
    for slug, number in {"news-quiz-1": 1, "news-quiz-2": 1, "kept-1": 1, "other-1": 1, "news-quiz-3": 2}.items():
        versions[slug].keyed_to.add(claims[number - 1])
    versions["news-quiz-2"].cites.add(claims[0])  # counts once
    versions["news-in-text-1"].cites.add(claims[0])
    versions["news-in-text-2"].about_error.add(erratum)
    html = page("/sources/news/")
    assert asked(html, 1) == "News quiz (2 questions), the lesson’s text"
    assert asked(html, 2) == "News quiz, the lesson’s text"
    assert "Asked in" not in paragraph(html, 3)
    links = re.findall(r'href="([^"]+)"', paragraph(html, 1).partition("Asked in:")[2])
    assert links == [closing.get_absolute_url(), f"{lesson.get_absolute_url()}#news-in-text-1"]

    Quiz.objects.filter(pk=in_text.pk).update(texts={})
    QuestionVersion.objects.filter(question__quizzes=closing).update(status=Status.RETIRED)
    Quiz.objects.get(pk=closing.pk).save()  # the edition moves
    html = page("/sources/news/")
    assert asked(html, 1) == asked(html, 2) == "the text of Three chemicals"


def test_every_question_that_anybody_may_answer_is_found_from_its_paragraphs() -> None:
    pages = {source.prefix: page(source.get_absolute_url()) for source in Source.objects.all()}
    published = QuestionVersion.objects.filter(status=Status.PUBLISHED).select_related("question__lesson")
    for version in published.filter(question__reserved=False):
        for quiz in version.question.quizzes.exclude(purpose=Purpose.ASSIGNMENT):
            in_text = quiz.purpose == Purpose.CHECKPOINT
            url = version.question.lesson.get_absolute_url() if in_text else quiz.get_absolute_url()
            for code in version.keys:
                prefix, number = re.fullmatch(r"(\w+)-(\d+)[a-z]?", code).groups()
                assert f'href="{url}' in paragraph(pages[prefix], int(number)).partition("Asked in:")[2], (
                    version,
                    code,
                )
    everything = "".join(pages.values())
    for question in Question.objects.filter(reserved=True):
        assert question.slug not in everything
    for quiz in Quiz.objects.filter(purpose=Purpose.ASSIGNMENT):
        assert quiz.get_absolute_url() not in everything
