"""Search finds what readers type, in any script, and nothing that is reserved."""

import pytest

from lessons import reading
from lessons.markup import plain
from lessons.search import Entry, fold, search, terms
from quizzes.finding import entries
from quizzes.models import Question, QuestionVersion

ISLANDS = Entry(
    "Term", "Dokdo / Takeshima", "/terms/#islands", "독도 · 獨島 · 竹島 · たけしま: a group of small islands"
)
CAFE = Entry("Term", "Café Society", "/terms/#cafe", "Kishida Fumio met Yoon in a café <b>there</b>")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("독도", [ISLANDS]),
        ("竹島", [ISLANDS]),
        ("島", [ISLANDS]),
        ("takeshima", [ISLANDS]),
        ("ＴＡＫＥ", [ISLANDS]),
        ("small dokdo", [ISLANDS]),
        ("cafe", [CAFE]),
        ("“kishida fumio”", [CAFE]),
        ("“fumio kishida”", []),
        ("dokdo yoon", []),
        ("", []),
        ("   ", []),
    ],
)
def test_what_is_found(query, found):
    assert [hit.entry for hit in search([ISLANDS, CAFE], query)] == found


def test_a_title_comes_before_a_mention():
    mention = Entry("Lesson", "The summer", "/lessons/summer/", "At last a word about Takeshima, and Takeshima again.")
    assert [hit.entry for hit in search([mention, ISLANDS], "takeshima")] == [ISLANDS, mention]


def test_finds_are_marked_and_everything_else_is_escaped():
    (hit,) = search([CAFE], "cafe there")
    assert hit.title == "<mark>Café</mark> Society"
    assert "&lt;b&gt;<mark>there</mark>&lt;/b&gt;" in hit.excerpt


@pytest.mark.parametrize("text", ["Ünïcode ß ﬁ ﷺ 한글 각 ｶﾞ İI", "e\u0301", "👨‍👩‍👧"])
def test_folding_keeps_places(text):
    import unicodedata

    assert len(fold(text)) == len(unicodedata.normalize("NFC", text))


def test_a_decomposed_query_is_the_same_word():
    import unicodedata

    assert terms(unicodedata.normalize("NFD", "독도")) == terms("독도")


@pytest.mark.usefixtures("curriculum")
class TestPage:
    def test_it_finds_lessons_terms_documents_and_questions(self, client, db):
        page = client.get("/search/", {"q": "GSOMIA"}).content.decode()
        for kind in ("Lesson", "Term", "Document", "Question"):
            assert f'<span class="tag">{kind}</span>' in page

    def test_reserved_questions_are_not_found(self, db):
        asked = QuestionVersion.objects.filter(status="published").select_related("question")
        practised = set(Question.objects.filter(quizzes__purpose__in=["checkpoint", "closing"]))
        public = sorted(plain(str(v)) for v in asked if not v.question.reserved and v.question in practised)
        found = sorted(entry.title for entry in entries(reading.shelf()) if entry.kind == "Question")
        assert found == public
        assert len(public) < len(asked)

    def test_odd_queries_do_no_harm(self, client, db):
        for query in ("<script>", "\\", "((", "a" * 5000, "%", "“"):
            assert client.get("/search/", {"q": query}).status_code == 200
