"""What is special about some kinds of questions; what holds for all stands in test_question_kinds."""

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from lessons import reading
from quizzes.asking import ask
from quizzes.grading import percent, score, verdict
from quizzes.models import Question, QuestionVersion
from quizzes.questions import KINDS, number
from quizzes.questions.base import new_key
from tests.samples import REFS, SAMPLES, WORDS, form, post, typed

# Author forms


def test_author_form_keeps_keys_and_gives_telling_nothing_to_new_ones() -> None:
    content, texts = SAMPLES["single"]
    sent = typed(KINDS["single"].author_form(content=content, texts=texts, refs=REFS))
    sent |= {
        "option_1_text": "A total stop",
        "option_4_text": "{ko:관세}",
        "option_4_feedback": "Not\r\nthis time.",
    }
    after = KINDS["single"].author_form(sent, refs=REFS)
    assert after.is_valid(), after.errors
    *kept, added = after.content["options"]
    assert kept == content["options"]
    assert after.texts["options"]["ban"] == "A total stop"
    assert after.texts["feedback"][added] == "Not\nthis time."
    assert new_key("It was shrinking, since 2010", []) == "it-was-shrinking-since"
    assert new_key("Same", ["same"]) == "same-2"


def test_author_of_a_single_choice_ticks_exactly_one() -> None:
    content, texts = SAMPLES["single"]
    sent = typed(KINDS["single"].author_form(content=content, texts=texts, refs=REFS))
    assert "option_1_right" in KINDS["single"].author_form(sent | {"option_1_right": "on"}, refs=REFS).errors


# Order shown


def test_order_drawn_for_other_keys_is_mended() -> None:
    labels = [option.text for option in form("single", order={"options": ["gone", "quota", "quota"]}).options()]
    assert labels[0] == "A yearly limit"
    assert len(labels) == 3


# Numbers


def test_year_wants_all_its_digits() -> None:
    content = {"value": 1965, "tolerance": 0, "year": True, "distractors": []}
    texts = {"stem": "When?", "explanation": "Then.", "feedback": {"low": "Later.", "high": "Earlier."}}
    number.check(content, texts)
    for text, good in [
        ("1965", True),
        ("１９６５", True),
        ("65", False),
        ("1965.5", False),
        ("19650", False),
    ]:
        data = {"value": text}
        assert number.form(content, texts, order={}, data=data, **WORDS).is_valid() == good
    with pytest.raises(ValidationError):
        number.check(content | {"value": 1965.5}, texts)


@pytest.mark.parametrize(
    ("value", "credit", "bucket"),
    [
        ("24.5", 1, "right"),
        ("25", 1, "right"),
        ("25.01", 0, "high"),
        ("36", 0, "peak"),
        ("-3", 0, "minus"),
        ("-4", 0, "low"),
    ],
)
def test_number_falls_where_it_belongs(value: str, credit: int, bucket: str) -> None:
    content, _texts = SAMPLES["number"]
    assert number.grade(content, {"value": value}).credit == credit
    assert number.bucket(content, {"value": value}) == bucket


@pytest.mark.parametrize("wrong", [24.2, 25, 10**16, 1e-12, float("inf"), True, "36"])
def test_distractor_must_be_a_wrong_number(wrong: Any) -> None:
    content, texts = SAMPLES["number"]
    content = content | {"distractors": [{"key": "peak", "value": wrong}, {"key": "minus", "value": -3}]}
    with pytest.raises(ValidationError) as refused:
        number.check(content, texts)
    assert set(refused.value.message_dict) == {"distractors.peak"}


# Credit


@pytest.mark.parametrize(
    ("kind", "answer", "credit"),
    [
        ("multiple", {"choices": ["resist"]}, 0.5),
        ("multiple", {"choices": ["resist", "rice"]}, 0),
        ("multiple", {"choices": ["polyimide", "resist", "rice"]}, 0.5),
        ("multiple", {"choices": ["polyimide", "resist", "rice", "steel"]}, 0),
        ("ordering", {"order": ["pause", "notice", "controls", "radar"]}, 0),
        ("ordering", {"order": ["pause", "radar", "controls", "notice"]}, 2 / 3),
        ("ordering", {"order": ["controls", "radar", "pause", "notice"]}, 1 / 3),
        ("matching", {"pairs": {"court": "open", "ministry": "open", "cabinet": "both"}}, 1 / 3),
        ("agreement", {"pairs": {"white-paper-2019": "agree", "thaw-forces": "differ"}}, 1 / 3),
        (
            "agreement",
            {"pairs": dict.fromkeys(["white-paper-2019", "thaw-forces", "dividends-essay"], "silent")},
            1 / 3,
        ),
        ("evidence", {"choices": ["WP-16"]}, 0.5),
        ("evidence", {"choices": ["DE-35", "WP-16", "WP-19"]}, 0.5),
        ("evidence", {"choices": ["WP-16", "WP-19"]}, 0),
        ("cloze", {"gaps": {"rule": "licence", "year": "May", "pact": "kept"}}, 2 / 3),
        ("cloze", {"gaps": {"rule": "ban", "year": "july", "pact": "ended"}}, 1 / 3),
        ("cloze", {"gaps": {"rule": "ban", "year": "May", "pact": "ended"}}, 0),
        ("cloze", {"gaps": {"year": "licence"}}, 0),
        ("unsupported", {"choice": "first"}, 0),
    ],
)
def test_part_of_the_credit(kind: str, answer: dict[str, Any], credit: float) -> None:
    assert KINDS[kind].grade(SAMPLES[kind][0], answer).credit == pytest.approx(credit)


def test_feedback_names_what_tempted_and_what_was_missed() -> None:
    assert KINDS["single"].feedback(SAMPLES["single"][0], {"choice": "ban"}) == ("ban",)
    assert KINDS["multiple"].feedback(SAMPLES["multiple"][0], {"choices": ["polyimide", "rice"]}) == (
        "rice",
        "resist",
    )
    pairs = {"court": "open", "ministry": "open", "cabinet": "both"}
    assert KINDS["matching"].feedback(SAMPLES["matching"][0], {"pairs": pairs}) == ("ministry", "cabinet")
    given = {"gaps": {"rule": "quota", "year": "May", "pact": "kept"}}
    assert KINDS["cloze"].feedback(SAMPLES["cloze"][0], given) == ("rule.quota", "year")
    pairs = {"white-paper-2019": "differ", "thaw-forces": "silent", "dividends-essay": "agree"}
    assert KINDS["agreement"].feedback(SAMPLES["agreement"][0], {"pairs": pairs}) == (
        "white-paper-2019",
        "dividends-essay",
    )
    assert KINDS["evidence"].feedback(SAMPLES["evidence"][0], {"choices": ["WP-16", "WP-19"]}) == ("WP-19", "DE-35")


def test_answers_in_words() -> None:
    def told(kind: str, answer: dict[str, Any], language: str = "en") -> str:
        return KINDS[kind].describe(*SAMPLES[kind], answer, language=language, refs=REFS)

    assert told("single", {"choice": "licence"}) == "A licence 許可 each time"
    assert told("true_false", {"choice": "false"}) == "False"
    assert told("multiple", {"choices": ["polyimide", "resist"]}) == "Photoresist; Polyimide"
    assert told("number", {"value": "-12.5"}) == "-12.5 billion dollars"
    assert told("number", {"value": "-12.5"}, "de") == "-12,5 billion dollars"
    assert told("ordering", {"order": ["radar", "controls", "notice", "pause"]}).startswith(
        "1. A radar dispute at sea 2. S"
    )
    assert told("matching", {"pairs": {"court": "open"}}) == "The Korean court → Still open for persons"
    assert told("which_source", {"choice": "thaw-forces"}) == "News explainer, 2023"
    assert told("cloze", {"gaps": {"rule": "licence", "year": "5월"}}) == "1: 5월; 2: a licence 許可; 3: no answer"
    assert told("agreement", {"pairs": {"thaw-forces": "silent"}}) == "News explainer, 2023 → Silent"
    assert told("evidence", {"choices": ["WP-16"]}) == "WP ¶16, News round-up: Goods need a licence 許可."
    assert told("unsupported", {"choice": "third"}) == "Firms had to ask each time."


def test_ordering_complains_about_a_place_given_twice_and_shows_which() -> None:
    data = post("ordering", {"order": ["radar", "controls", "notice", "pause"]})
    first, second, *_ = data
    data[second] = data[first]
    sent = form("ordering", data=data)
    assert not sent.is_valid()
    assert "share a place" in sent.error
    assert [item["wrong"] for item in sent.items()] == [True, True, False, False]


def test_few_short_choices_are_buttons_and_others_are_lists() -> None:
    content, texts = SAMPLES["matching"]
    assert "<select" in str(form("matching"))
    choices = ["settled", "open", "silent"]
    texts = texts | {"choices": {"settled": "Agrees", "open": "Differs", "silent": "Silent"}}
    content = content | {"choices": choices}
    rules = KINDS["matching"]
    rules.check(content, texts)
    assert 'type="radio"' in str(rules.form(content, texts, order=rules.orders(content), **WORDS))


# Documents and passages


def test_passage_is_offered_with_its_document_and_gist() -> None:
    page = str(form("evidence"))
    assert "WP ¶16, News round-up: Goods need a licence" in page
    assert 'value="WP-16"' in page
    author = KINDS["evidence"].author_form(refs=REFS)
    assert ("DE-35", "DE ¶35, Opinion essay: Sixty per cent was at stake.") in author.fields["passage_1"].choices


@pytest.mark.parametrize("code", ["wp-16", "WP16", "WP-16a", "WP-0", 16, None, "WP-16\n"])
def test_passage_has_a_code(code: Any) -> None:
    content, texts = copy.deepcopy(SAMPLES["evidence"])
    content["passages"][1] = code
    with pytest.raises(ValidationError) as refused:
        KINDS["evidence"].check(content, texts)
    assert "passages" in refused.value.message_dict


@pytest.mark.django_db
def test_statement_stays_in_sight_after_the_answer() -> None:
    content, texts = SAMPLES["agreement"]
    version = QuestionVersion(question=Question(kind="agreement"), content=content, texts=texts, language="en")
    place = {"number": 1, "total": 1, "seed": 1, "url": "", "shelf": reading.shelf("en")}
    for settled, shown in [(False, False), (True, False), (True, True)]:
        asked = ask(version, None, settled=settled, shown=shown, **place)
        page = render_to_string("quizzes/_answer.html", {"asked": asked, "target": "#question"})
        assert page.count("Tokyo named &lt;all&gt; its reason") == 1


def test_sentences_stand_as_they_were_written() -> None:
    content, texts = SAMPLES["unsupported"]
    assert KINDS["unsupported"].orders(content) == {}
    assert [option.text for option in form("unsupported").options()] == list(texts["sentences"].values())


@pytest.mark.django_db
def test_question_cannot_offer_what_is_not_there() -> None:
    for kind, missing in [("evidence", "DE-35"), ("agreement", "thaw-forces"), ("which_source", "thaw-forces")]:
        content, texts = SAMPLES[kind]
        version = QuestionVersion(question=Question(kind=kind), content=content, texts=texts)
        assert f"offers {missing}, which does not exist" in version.problems()


# Scores


def test_scores() -> None:
    assert score([1, 1 / 3, 1 / 3, 1 / 3, None]) == (2, 5)
    assert score([1, 0.5]).percent == 75
    assert score([]).percent == 0
    assert [percent(*pair) for pair in [(0.285, 1), (0.284, 1), (1, 8), (0, 3), (3, 3)]] == [
        29,
        28,
        13,
        0,
        100,
    ]
    assert [verdict(credit) for credit in (0, 0.2, 1)] == ["wrong", "partly", "right"]
