"""Texts with gaps: what counts as the same word, what an author may write, and what a learner is told."""

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from quizzes.questions import KINDS, spelling
from tests.samples import REFS, SAMPLES, form, post, typed

# Words


@pytest.mark.parametrize(
    ("typed", "accepted", "folds", "same"),
    [
        ("  licence ", "licence", "", True),
        ("licence.", "licence", "", True),
        ("“licence”", "licence", "", True),
        ("a  licence", "a licence", "", True),
        ("ｌｉｃｅｎｃｅ", "licence", "", True),  # full width
        ("li\u00adcen\u200bce", "licence", "", True),  # soft hyphen, zero-width space
        ("Licence", "licence", "", False),
        ("Licence", "licence", "case", True),
        ("ＬＩＣＥＮＣＥ", "licence", "case", True),
        ("STRASSE", "Straße", "case", True),
        ("한일협정", "한일협정", "", True),  # Hangul in pieces
        ("ﾎﾜｲﾄ国", "ホワイト国", "", True),  # half-width kana
        ("ｶﾞｽ", "ガス", "", True),
        ("ガス", "カス", "", False),
        ("한일 협정", "한일협정", "", False),
        ("한일 협정", "한일협정", "spacing", True),
        ("日　韓", "日韓", "spacing", True),
        ("한·일", "한일", "spacing", True),
        ("Jaein", "Jae-in", "spacing", True),
        ("Jae‑in", "Jae-in", "", True),  # another hyphen
        ("Jaein", "Jae-in", "case", False),
        ("2010-19", "201019", "spacing", False),
        ("１９６５", "1965", "", True),
        ("1966", "1965", "case spacing", False),
        ("Park’s", "Park's", "", True),
        ("", "licence", "case spacing", False),
    ],
)
def test_what_counts_as_the_same_word(typed: str, accepted: str, folds: str, same: bool) -> None:
    for one, other in [(typed, accepted), (accepted, typed)]:
        assert (spelling.meant(one, [other], folds.split()) == other) == same
    assert spelling.fold(accepted, folds.split()) == spelling.fold(
        spelling.fold(accepted, folds.split()), folds.split()
    )


@pytest.mark.parametrize(
    ("typed", "accepted", "forgiven"),
    [
        ("completly", "completely", True),
        ("completeley", "completely", True),
        ("complitely", "completely", True),
        ("compeltely", "completely", True),
        ("complitly", "completely", False),
        ("seperetely", "separately", False),
        ("Sato Eisaku", "Satō Eisaku", True),
        ("Moon Jaein", "Moon Jae-in", True),
        ("wars", "wars", True),
        ("war", "wars", False),  # too short
        ("East", "West", False),
        ("1964", "1965", False),
        ("article 2", "article 3", False),
        ("G7 summit", "G8 summit", False),
        ("일본정보", "일본정부", True),  # one jamo
        ("한국", "한구", False),  # too short
        ("韓国大統領選挙", "韓国大統領選拳", False),  # another kanji is another word
        ("ホワイトリスド", "ホワイトリスト", False),
        ("", "completely", False),
    ],
)
def test_one_slip_is_forgiven_where_it_makes_no_other_word(typed: str, accepted: str, forgiven: bool) -> None:
    assert (spelling.meant(typed, [accepted], slip=True) == accepted) == forgiven


def test_a_forgiven_slip_is_shown_how_it_is_spelt() -> None:
    content = {"gaps": ["a"], "typed": {"a": {"accepted": ["licence", "permit"], "fold": ["case"], "typo": 1}}}
    texts = {"stem": "?", "passage": "Ask for a {{a}}!", "feedback": {"a": "Look."}, "explanation": "So."}
    cloze = KINDS["cloze"]
    cloze.check(content, texts)
    for given, shown, what in [
        ("License", "License (spelt “licence”)", "a=licence"),
        ("Permit", "Permit", "a=licence"),
        ("visa", "visa", "a=visa"),
    ]:
        [part] = cloze.rows(content, texts, {"gaps": {"a": given}}, refs=REFS)
        assert (part.label, part.given, part.expected) == ("1: Ask for a …", shown, "licence")
        assert cloze.bucket(content, {"gaps": {"a": given}}) == what


# Texts with gaps


def _cloze(**changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    content, texts = copy.deepcopy(SAMPLES["cloze"])
    for name, value in changes.items():
        (texts if name == "passage" else content)[name] = value
    return content, texts


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"passage": "{{rule}} {{year}}"}, "passage"),
        ({"passage": "{{rule}} {{year}} {{pact}} {{rule}}"}, "passage"),
        ({"passage": "{{rule}} {{year}} {{pact}} {{other}}"}, "passage"),
        ({"gaps": ["rule", "year"]}, "options.pact"),
        ({"gaps": ["rule", "year", "pact", "more"]}, "options.more"),
        ({"right": {"rule": "licence", "pact": "gone"}}, "right.pact"),
        ({"right": {"rule": "licence", "pact": "kept", "year": "July"}}, "options.year"),
        ({"options": {"rule": ["ban", "licence", "quota"], "pact": ["kept"]}}, "options.pact"),
        ({"typed": {}}, "options.year"),
        ({"typed": {"year": {"accepted": []}}}, "typed.year"),
        ({"typed": {"year": {"accepted": [2019]}}}, "typed.year"),
        ({"typed": {"year": {"accepted": ["…"]}}}, "typed.year"),
        ({"typed": {"year": {"accepted": ["July", "JULY"], "fold": ["case"]}}}, "typed.year"),
        ({"typed": {"year": {"accepted": ["July"], "fold": ["accents"]}}}, "typed.year"),
        ({"typed": {"year": {"accepted": ["July"], "typo": 2}}}, "typed.year"),
        ({"typed": {"year": {"accepted": ["July"], "typos": 1}}}, "typed.year"),
        ({"typed": {"year": {"accepted": ["July"]}, "rule": {"accepted": ["ban"]}}}, "options.rule"),
    ],
)
def test_text_with_gaps_is_checked(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        KINDS["cloze"].check(*_cloze(**changes))
    assert field in refused.value.message_dict


def test_gaps_are_counted_as_they_stand_in_the_text() -> None:
    page = str(form("cloze"))
    assert [page.index(f"Gap {n} of 3") for n in (1, 2, 3)] == sorted(page.index(f"Gap {n} of 3") for n in (1, 2, 3))
    content, texts = SAMPLES["cloze"]
    labels = [part.label for part in KINDS["cloze"].rows(content, texts, None, refs=REFS)]
    assert labels == ["1: In … 2019 it asked", "2: 2019 it asked for …", "3: <all> of it 협정 …"]


def test_gap_left_open_is_named_and_too_long_a_word_refused() -> None:
    data = post("cloze", KINDS["cloze"].solution(SAMPLES["cloze"][0])).dict()
    assert "gap 1 is still empty" in form("cloze", data=data | {"q1-gap-1": " \u200b "}).error
    sent = form("cloze", data=data | {"q1-gap-1": "x" * 101})
    assert "100 characters in gap 1" in sent.error
    assert [gap["wrong"] for gap in sent.gaps()] == [True, False, False]
    assert form("cloze", data={}).error == "Fill the gaps, then check your answer."


def test_author_writes_a_new_gap_into_the_text_and_fills_it_in() -> None:
    cloze = KINDS["cloze"]
    content, texts = SAMPLES["cloze"]
    sent = typed(cloze.author_form(content=content, texts=texts, refs=REFS))
    sent["passage"] += " And {{peace}}."
    assert set(cloze.author_form(sent, refs=REFS).errors) == {"gap_5_option_1_text"}
    sent |= {"gap_5_accepted": "peace \r\n\r\n 평화", "gap_5_feedback": "The last word."}
    after = cloze.author_form(sent, refs=REFS)
    assert after.is_valid(), after.errors
    assert after.content["gaps"] == [*content["gaps"], "peace"]
    assert after.content["typed"]["peace"] == {"accepted": ["peace", "평화"]}
    new = {"stem": "?", "explanation": "So.", "passage": "{{g1}}", "gap_1_option_1_text": "yes"}
    new |= {"gap_1_option_1_right": "on", "gap_1_option_2_text": "no", "gap_1_option_2_feedback": "Why not?"}
    first = cloze.author_form(new, refs=REFS)
    assert first.is_valid(), first.errors
    assert first.content == {"gaps": ["g1"], "options": {"g1": ["yes", "no"]}, "right": {"g1": "yes"}}


def test_author_form_has_rows_for_each_gap_of_the_text_and_one_more() -> None:
    author = KINDS["cloze"].author_form
    content, texts = SAMPLES["cloze"]
    assert author(refs=REFS).names == ["g1"]
    assert author(content=content, texts=texts, refs=REFS).names == ["rule", "year", "pact", "g1"]
    assert author({"passage": "{{g2}} {{a b}} {{country}} {{g2}}"}, refs=REFS).names == ["g2", "country", "g1"]
    many = " ".join(f"{{{{g{n}}}}}" for n in range(9))
    assert len(author({"passage": many, "gap_1_key": "g8", "gap_2_key": "g8"}, refs=REFS).names) == 6


def test_author_form_that_goes_both_ways_says_so() -> None:
    content, texts = SAMPLES["cloze"]
    sent = typed(KINDS["cloze"].author_form(content=content, texts=texts, refs=REFS))
    sent |= {"gap_1_accepted": "licence"}
    assert set(KINDS["cloze"].author_form(sent, refs=REFS).errors) == {"gap_1_option_1_text"}
