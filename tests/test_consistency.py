"""The curriculum agrees with itself: figures, names, citations and keys, and the checks that say so."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils.html import escape

from lessons import proofs as told_by
from lessons.models import LessonVersion, Status, Term
from lessons.once import ONCE, once_lines, read_once
from lessons.vouching import consistency as records
from lessons.vouching.fitting import Fitting
from lessons.vouching.quantities import Key, dated, keys, number, read
from lessons.vouching.statements import Statement, stretches, told
from lessons.vouching.witnesses import Names, Vouching
from quizzes import consistency
from quizzes.consistency import Asked
from quizzes.models import QuestionVersion
from quizzes.proofs import advice, asked, prove
from tests.base import client_of

# --- figures -----------------------------------------------------------------------------------------------


def year(n: int, month: int = 0) -> Key:
    return Key("moment", n * 12 + month - 1) if month else Key("year", n)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On 8 August 2019", {Key("day", 8, 8), Key("month", 8), year(2019), year(2019, 8)}),
        ("on 1 and 4 July", {Key("day", 7, 1), Key("day", 7, 4), Key("month", 7)}),
        ("22–24 May 2022", {Key("day", 5, 22), Key("day", 5, 24), Key("month", 5), year(2022), year(2022, 5)}),
        ("28 Aug: off", {Key("day", 8, 28), Key("month", 8)}),
        ("from 1975 to 1977", {year(1975), year(1977)}),
        ("in 1975–77", {year(1975), year(1977)}),
        ("a 36-year rule", {Key("number", 36)}),
        ("the thirty-sixth, 36th", {Key("number", 36)}),
        ("1,000 people, a thousand", {Key("number", 1000)}),
        ("51.7 million and 3 billion", {Key("number", 51_700_000), Key("number", 3_000_000_000)}),
        ("two hundred and five", {Key("number", 205)}),
        ("third and fifth", {Key("number", 3), Key("number", 5)}),
        ("two thirds may march in the March First Movement", {Key("number", 2), Key("number", 1)}),
        ("May came, and then March", {Key("month", 3)}),
        ("Neither {number} nor word", set()),
    ],
)
def test_figures_are_read_however_they_are_written(text, found):
    assert keys(text) == found


def test_words_for_little_are_told_apart_and_places_are_kept():
    text = "Two of millions, twelve, 2"
    assert [(text[f.start : f.end], f.small) for f in read(text)] == [
        ("Two", True), ("millions", True), ("twelve", False), ("2", False),
    ]  # fmt: skip


def test_dates_and_values_of_records_are_read_like_texts():
    assert dated("2019-07/2019-09-01") == keys("in July 2019 and on 1 September 2019")
    assert number(300, "million US dollars") == keys("300, or 300 million")
    assert keys(f"on {Key('day', 8, 22)}, in {Key('month', 5)}, {Key('number', 119e6)}, {Key('number', 5.2e10)}") == {
        Key("day", 8, 22), Key("month", 8), Key("month", 5), Key("number", 119e6), Key("number", 5.2e10),
    }  # fmt: skip


# --- statements --------------------------------------------------------------------------------------------

TEXT = """## A rule {#rule}

Japan changed a rule in 2019.[WP-16a] It was July. The {ko:규제} of [[samsung|Samsung]].[E46, background: since
2004] No more.

| 0–6 | Read 1965. |
| --- | --- |
| 1 | two |
"""


def test_a_text_is_cut_at_its_citations():
    cut = stretches(TEXT)
    assert [s.text for s in cut[:4]] == [
        "A rule", "Japan changed a rule in 2019", "It was July. The 규제 of Samsung", "No more",
    ]  # fmt: skip
    assert (cut[1].claims, cut[2].errata, cut[2].notes) == (("WP-16a",), ("E46",), ("since 2004",))
    assert (cut[2].terms, cut[2].spelt, cut[2].before) == ({"samsung"}, ("규제",), "Japan changed a rule in 2019")
    assert set(cut[2].leans) == {"WP-16a"}
    assert not any("0–6" in s.text for s in cut)  # the minutes of a plan are no figures


def test_every_sentence_keeps_what_its_stretch_cites():
    second, third = [s for s in told(TEXT, "lesson", "here") if s.cites == ("E46",)]
    assert (second.text, third.text) == ("It was July.", "The 규제 of Samsung")
    assert second.note == "since 2004"
    assert "규제" in second.around


# --- who vouches -------------------------------------------------------------------------------------------

CLAIMS = [
    Statement("sources", "WP-1a", "Japan limited the export of materials in July 2019.", of="WP-1a", checked=False),
    Statement("sources", "WP-2a", "Samsung made 60 percent of the memory chips.", of="WP-2a", checked=False),
    Statement("sources", "WP-3a", "Boycotts of beer spread in the summer.", of="WP-3a", checked=False),
    Statement("sources", "E01", "Not the summer of 1998 is meant, but of 2019.", cites=("WP-3a",), of="E01"),
]
CLAIMS += [Statement("sources", "other", f"Something else, the {n:x}th", checked=False) for n in range(100, 200)]
NAMES = Names({"samsung": ["Samsung"], "moon": ["Moon Jae-in", "Moon"], "boycott": ["boycott"]})


def found(text: str, *cites: str, at_home: tuple[str, ...] = (), **more: object) -> list[tuple[str, str]]:
    about = Statement("chips", "chips", text, cites=cites, **more)
    statements = [*CLAIMS, about]
    vouching = Vouching(statements, NAMES, {"WP-1a": {"moon"}}, {"chips": at_home})
    return [(doubt.kind, doubt.what) for doubt in vouching.doubts(len(CLAIMS))]


def test_what_a_claim_says_it_vouches_for():
    assert found("Since July 2019 exports are limited", "WP-1a") == []
    assert found("Since July 2018 exports are limited", "WP-1a") == [("figure", "July 2018"), ("figure", "2018")]
    assert found("Since May 2019 exports are limited", "WP-1a") == [("figure", "May 2019")]
    assert found("Samsung made 61 percent", "WP-2a") == [("figure", "61")]
    assert found("The boycott of 1998", "WP-3a") == []  # an erratum speaks of its claim


def test_a_note_the_paragraph_and_the_term_vouch_as_well():
    assert found("Since 2004", "WP-1a", note="the route of 2004") == []
    assert found("It was July 2019", leans=("WP-1a",)) == []
    assert found("Moon answered", "WP-1a") == []
    assert found("Moon answered", "WP-2a") == [("name", "moon")]
    assert found("Moon answered", "WP-2a", at_home=("moon",)) == []


def test_nobody_vouches_for_what_is_offered_as_wrong():
    assert found("Moon bought 99 of them", checked=False) == []


def test_names_are_found_at_the_start_of_a_sentence_and_in_the_plural():
    assert NAMES.within("Boycotts hurt Samsung’s sales, said Moon Jae-in.") == {"boycott", "samsung", "moon"}
    assert NAMES.within("The moonlight, the girlboycott") == frozenset()


def test_a_citation_that_fits_nothing_names_one_that_would():
    citing = [
        Statement("chips", "chips", "Memory chips come from Samsung", cites=("WP-2a",)),
        Statement("chips", "chips", "Nobody bought beer that summer", cites=("WP-2a",)),
    ]
    fitting = Fitting([*CLAIMS, *citing], {"round-up": "WP"})
    (good,), (bad,) = (list(fitting.doubts(statement)) for statement in citing)
    assert good.rank == 1
    assert not good.better
    assert bad.rank > 1
    assert bad.better == "WP-3a"


# --- records -----------------------------------------------------------------------------------------------

GLOSSARY = {"yoon": records.Entry.of(["윤석열"], ["Yoon Suk Yeol", "President from 2022."])}


def test_links_and_spellings_say_what_they_are():
    names = Names({"yoon": ["Yoon"]})
    assert not [*records.links("[[yoon|President Yoon]], [[yoon|since 2022]], [[yoon]]", GLOSSARY)]
    assert [*records.links("[[yoon|Kishida]]", GLOSSARY)]
    assert not [*records.spellings("Yoon ({ko:윤석열}) came.", GLOSSARY, names)]
    assert [*records.spellings("Kishida ({ko:윤석열}) came.", GLOSSARY, names)]
    assert [*records.key_terms(["yoon"], "Nobody came.", names)]


def test_points_dates_positions_and_intros():
    assert not [*records.point(300, "million dollars", "It was 300 million.", "worth 300 million")]
    assert len([*records.point(300, "million dollars", "It was 30 million.", "worth 400 million")]) == 2
    assert not [*records.precision("2019-08", "month"), *records.precision("1910/1945", "period")]
    assert [*records.precision("2019-08", "day")]
    assert not [*records.position("round-up", "WP", "agree", ["WP-1a"]), *records.position("essay", "DE", "silent", [])]
    assert len([*records.position("round-up", "WP", "silent", ["DE-1a"])]) == 2
    assert [*records.position("round-up", "WP", "differ", [])]
    assert [*records.announced("Nine questions on 2019.", 8)]
    assert not [*records.announced("On the quarrel of 2019.", 8)]


# --- questions ---------------------------------------------------------------------------------------------


def question(kind, content, keyed, errors=(), **texts):
    return Asked("q", "chips", kind, content, {"stem": "?", "explanation": "So it is.[WP-1a]", **texts}, keyed, errors)


def problems(*args, **kwargs):
    return [*consistency.problems(question(*args, **kwargs), {"round-up": "WP", "essay": "DE"})]


def test_a_key_is_cited_and_a_stranger_is_noticed():
    assert problems("single", {"right": "a"}, ("WP-1a",)) == []
    assert "E01" in problems("single", {"right": "a"}, ("WP-1a",), ("E01",))[0]
    assert consistency.strangers(question("single", {"right": "a"}, ()), {"WP-2a"}) == ["WP-1a"]
    assert consistency.strangers(question("single", {"right": "a"}, ()), {"WP-1a"}) == []


def test_feedback_on_a_document_cites_that_document():
    both = {"sources": ["round-up", "essay"], "right": {"round-up": "agree", "essay": "silent"}}
    assert problems("agreement", both, ("WP-1a",), feedback={"round-up": "Yes.[WP-1a]", "essay": "No."}) == []
    assert problems("agreement", both, ("WP-1a",), feedback={"round-up": "Yes.[DE-1a]"})
    which = {"sources": ["round-up", "essay"], "right": "essay"}
    assert len(problems("which_source", which, ("WP-1a",))) == 2
    passages = {"passages": ["WP-1", "DE-1"], "right": ["WP-1"]}
    assert problems("evidence", passages, ("WP-1a",), feedback={"DE-1": "No."}) == []
    assert len(problems("evidence", {**passages, "right": ["DE-1"]}, ("WP-1a",))) == 3


def test_values_orders_and_supports():
    assert problems("number", {"value": 300}, ("WP-1a",), unit="million", explanation="300 million.[WP-1a]") == []
    assert problems("number", {"value": 200}, ("WP-1a",), unit="million", explanation="300 million.[WP-1a]")
    order = {"items": ["a", "b"]}
    assert problems("ordering", order, ("WP-1a",), dates={"a": "July 2019", "b": "11 September 2019"}) == []
    assert problems("ordering", order, ("WP-1a",), dates={"a": "28 August 2019", "b": "11 August 2019"})
    assert problems("ordering", {**order, "when": {"a": ["1960"]}}, ("WP-1a",), dates={"a": "1961"})
    lines = {"sentences": ["s1", "s2"], "right": "s2"}
    assert problems("unsupported", lines, ("WP-1a",), feedback={"s1": "Yes.[WP-1a]"}) == []
    assert problems("unsupported", lines, ("WP-1a",), feedback={"s1": "Yes."})


@pytest.mark.parametrize(
    ("kind", "right", "true", "wrong"),
    [
        ("single", "a", "options.a", "options.b"),
        ("multiple", ["a"], "options.a", "options.b"),
        ("cloze", {"g": "a"}, "options.g.a", "options.g.b"),
        ("matching", {"p": "a"}, "choices.a", "choices.b"),
        ("unsupported", "a", "sentences.b", "sentences.a"),
        ("true_false", True, "stem", ""),
        ("true_false", False, "explanation", "stem"),
        ("agreement", {"s": "differ"}, "explanation", "statement"),
    ],
)
def test_what_is_offered_as_wrong_need_not_hold(kind, right, true, wrong):
    assert consistency.holds(kind, {"right": right}, true)
    assert not wrong or not consistency.holds(kind, {"right": right}, wrong)


# --- the shipped curriculum --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("curriculum")
class TestTheShippedCurriculum:
    def test_it_agrees_with_itself(self):
        proved = prove()
        assert proved.problems == []
        assert [str(doubt) for doubt in proved.new] == []
        assert proved.stale == []

    def test_once_yaml_reads_as_it_is_written_and_has_no_more_than_texts(self, tmp_path):
        written = tmp_path / "once.yaml"
        written.write_text(ONCE.read_text() + "\nno-such-lesson:\n  figures: [1234]\n")
        proved = prove(written)
        assert proved.stale == ["no-such-lesson: no text says 1234 any more"]
        assert replace(proved, once={}).new  # without the list there is much to doubt
        written.write_text("\n".join(once_lines(proved.doubts)))
        again = replace(proved, once=read_once(written))
        assert again.new == []
        assert all(map(again.listed, proved.doubts))

    def test_a_changed_figure_name_or_citation_is_doubted(self):
        lessons = told_by.published()
        names, every = told_by.glossary_names(lessons), told_by.statements(lessons)
        for version in QuestionVersion.objects.filter(status=Status.PUBLISHED).select_related("question__lesson"):
            every += consistency.told(asked(version))
        at = next(
            i
            for i, s in enumerate(every)
            if s.home == "three-chemicals" and "60 percent" in s.text and "WP-17d" in s.cites
        )

        def doubted(**changes):
            changed = replace(every[at], **changes)
            told = told_by.doubts([changed], names, [*every[:at], changed, *every[at + 1 :]], lessons)
            return {doubt.kind for doubt in told if doubt.serious}

        assert doubted() == set()
        other = Term.objects.get(slug="kim-hak-sun").name
        for old, new, kind in (("60", "66", "figure"), ("2018", "1987", "figure"), ("Samsung", other, "name")):
            text = every[at].text.replace(old, new)
            assert text != every[at].text
            assert doubted(text=text, names=frozenset()) >= {kind}
        assert doubted(cites=("BC-5a",), leans=()) >= {"citation"}

    def test_the_desk_advises_and_does_not_refuse(self, edith):
        question = QuestionVersion.objects.get(question__slug="chemicals-memory-share", status=Status.PUBLISHED)
        texts = {**question.texts, "explanation": question.texts["explanation"].replace("60 percent", "67 percent")}
        words = {**question.words(), "texts": texts}
        draft = QuestionVersion(question=question.question, status=Status.DRAFT, **words).add()
        assert len([line for line in advice(draft) if "67" in line or "60" in line]) >= 2
        draft.publish()

        lesson = LessonVersion.objects.get(lesson__slug="three-chemicals", status=Status.PUBLISHED)
        body = lesson.body.replace("60 percent of the world", "67 percent of the world")
        assert body != lesson.body
        draft = LessonVersion(lesson=lesson.lesson, status=Status.DRAFT, **{**lesson.words(), "body": body}).add()
        told = [line for line in told_by.advice(draft) if "67" in line]
        assert told
        page = client_of(edith).get(reverse("admin:lessons_lesson_change", args=[lesson.lesson.pk]))
        assert escape(told[0]) in page.content.decode()
        draft.publish()
