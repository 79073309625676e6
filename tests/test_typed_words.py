"""A word or a phrase, typed: what counts as the same, what a known mistake is told, and what an author may write."""

import unicodedata
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from quizzes.questions import text
from quizzes.questions.spelling import tidy
from tests.samples import REFS, SAMPLES, WORDS, form, typed

CONTENT, TEXTS = SAMPLES["text"]


@pytest.mark.parametrize(
    ("written", "bucket"),
    [
        ("white list", "right"),
        (" White-List. ", "right"),
        ("ＷＨＩＴＥ ＬＩＳＴ", "right"),
        ("“white list”", "right"),
        ("whitlist", "right"),
        ("ﾎﾜｲﾄ国", "right"),
        (unicodedata.normalize("NFD", "백색국가"), "right"),
        ("백색 국가", "right"),
        ("White Paper", "white-paper"),
        ("white papr", "white-paper"),
        ("white book", "white-paper"),
        ("black list", "=blacklist"),
        ("white-paper 2019", "=whitepaper2019"),
    ],
)
def test_answer_falls_where_it_belongs(written: str, bucket: str) -> None:
    sent = form("text", data={"q1-text": written})
    assert sent.is_valid(), sent.errors
    assert sent.answer == {"text": tidy(written)}
    assert text.bucket(CONTENT, sent.answer) == bucket
    assert text.grade(CONTENT, sent.answer).credit == (bucket == "right")
    expected = {"right": (), "white-paper": ("white-paper",)}.get(bucket, ("other",))
    assert text.feedback(CONTENT, sent.answer) == expected


def test_known_mistake_is_never_a_slip_of_the_right_word() -> None:
    content: dict[str, Any] = {
        "accepted": ["affected"],
        "typo": 1,
        "distractors": [{"key": "result", "accepted": ["effected"]}],
    }
    assert [text.bucket(content, {"text": word}) for word in ("affected", "effected", "afected", "efected")] == [
        "right",
        "result",
        "right",
        "result",
    ]
    strict = content | {"typo": 0}
    assert text.bucket(strict, {"text": "afected"}) == "=afected"
    assert text.bucket(strict, {"text": "Affected"}) == "=Affected"  # capitals count unless they are folded


def test_a_forgiven_slip_is_shown_how_it_is_spelt() -> None:
    [part] = text.rows(CONTENT, TEXTS, {"text": "Whitelits"}, refs=REFS)
    assert (part.given, part.expected, part.right) == ("Whitelits (spelt “white list”)", "white list", True)
    assert text.describe(CONTENT, TEXTS, {"text": "White  papr"}, **WORDS) == "White  papr (spelt “white paper”)"
    assert text.describe(CONTENT, TEXTS, {"text": "Whitelist"}, **WORDS) == "Whitelist"


@pytest.mark.parametrize("written", ["", "  ", "…", "\u200b", "?!", "x" * 201, "long " * 60])
def test_what_is_no_answer_is_told_and_kept(written: str) -> None:
    sent = form("text", data={"q1-text": written})
    assert not sent.is_valid()
    assert f'value="{written}"' in str(sent)
    assert "maxlength" not in str(sent)
    if len(written) > 200:
        assert sent.error.startswith("Write at most 200 characters; these are ")


def test_two_hundred_characters_are_kept() -> None:
    assert form("text", data={"q1-text": "x" * 200}).is_valid()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"accepted": []}, "accepted"),
        ({"accepted": ["…"]}, "accepted"),
        ({"accepted": ["x" * 201]}, "accepted"),
        ({"accepted": [1965]}, "accepted"),
        ({"accepted": ["white list", "WHITELIST"]}, "accepted"),
        ({"accepted": "white list"}, "accepted"),
        ({"accepted": ["white paper"]}, "distractors.white-paper"),
        ({"fold": ["accents"]}, "fold"),
        ({"typo": 2}, "typo"),
        ({"distractors": [{"key": "other", "accepted": ["x"]}]}, "distractors"),
        ({"distractors": [{"key": "a", "accepted": ["x"]}, {"key": "a", "accepted": ["y"]}]}, "distractors"),
        ({"distractors": [{"key": ["a"], "accepted": ["x"]}]}, "distractors"),
        ({"distractors": [{"key": "a"}]}, "distractors"),
        ({"distractors": [{"key": f"k{n}", "accepted": [f"x{n}"]} for n in range(7)]}, "distractors"),
        ({"distractors": [{"key": "white-paper", "accepted": []}]}, "distractors.white-paper"),
    ],
)
def test_text_is_checked(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        text.check(CONTENT | changes, TEXTS)
    assert field in wrong.value.message_dict


def test_author_writes_answers_one_a_line() -> None:
    sent = typed(text.author_form(content=CONTENT, texts=TEXTS, refs=REFS))
    assert sent["accepted"] == "white list\nホワイト国\n백색국가"
    sent |= {
        "accepted": " embargo \r\n\r\n 금수",
        "distractor_2_words": "Other\r\nothers",
        "distractor_2_feedback": "No.",
    }
    after = text.author_form(sent, refs=REFS)
    assert after.is_valid(), after.errors
    assert after.content["accepted"] == ["embargo", "금수"]
    assert after.content["distractors"][1]["accepted"] == ["Other", "others"]
    assert after.texts["feedback"][after.content["distractors"][1]["key"]] == "No."
    broken = text.author_form(sent | {"accepted": "", "distractor_1_feedback": "", "other": ""}, refs=REFS)
    assert set(broken.errors) == {"accepted", "distractor_1_feedback", "other"}
