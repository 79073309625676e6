"""One contract for every kind of question; what is special about some stands in test_question_details."""

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.questions import KINDS, Part
from quizzes.questions.spelling import fold, tidy
from tests.invented import answers, json
from tests.samples import REFS, SAMPLES, WORDS, form, post, typed

each_kind = pytest.mark.parametrize("kind", KINDS)
WAITS = ("short",)  # for a person, who judges it
MANY = ("multiple", "evidence")  # feedback to what is right and was missed is optional there
brief = settings(max_examples=40, deadline=None)


# What authors write


@each_kind
def test_sample_passes_and_empty_content_is_refused(kind: str) -> None:
    content, texts = SAMPLES[kind]
    KINDS[kind].check(content, texts)
    for nothing in ({}, None, [], ""):
        with pytest.raises(ValidationError) as wrong:
            KINDS[kind].check(nothing, texts)
        assert wrong.value.message_dict
        with pytest.raises(ValidationError):
            KINDS[kind].check(content, nothing)


@each_kind
@pytest.mark.parametrize("damage", ["", " \n", None, 7, "nul \x00", "half \ud800", "x" * 5000])
def test_every_text_must_be_a_text(kind: str, damage: Any) -> None:
    content, texts = SAMPLES[kind]
    for *way, last in [path for path in paths(texts) if path]:
        broken = copy.deepcopy(texts)
        place: Any = broken
        for step in way:
            place = place[step]
        if isinstance(place[last], dict | list):
            continue  # a block of texts
        place[last] = damage
        with pytest.raises(ValidationError) as wrong:
            KINDS[kind].check(content, broken)
        assert set(wrong.value.message_dict) == {
            ".".join(str(n + 1 if isinstance(n, int) else n) for n in [*way, last])
        }


@each_kind
def test_every_wrong_option_says_why_it_tempts_and_nothing_is_unknown(kind: str) -> None:
    content, texts = SAMPLES[kind]
    for key in texts["feedback"]:
        broken = copy.deepcopy(texts)
        del broken["feedback"][key]
        if kind in MANY and key in content["right"]:
            KINDS[kind].check(content, broken)
            continue
        with pytest.raises(ValidationError) as wrong:
            KINDS[kind].check(content, broken)
        assert f"feedback.{key}" in wrong.value.message_dict
    with pytest.raises(ValidationError):
        KINDS[kind].check(content | {"more": 1}, texts)
    with pytest.raises(ValidationError):
        KINDS[kind].check(content, texts | {"more": "text"})


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, item in inner for found in paths(item, (*path, key)))]


@each_kind
@brief
@given(data=st.data())
def test_junk_is_refused_and_never_fails_otherwise(kind: str, data: st.DataObject) -> None:
    """Junk alone, and junk put in one place of a good question; what passes all the same can be asked."""
    rules = KINDS[kind]
    with pytest.raises(ValidationError):
        rules.check(data.draw(json), data.draw(json))
    both = copy.deepcopy(list(SAMPLES[kind]))
    *way, last = data.draw(st.sampled_from([path for path in paths(both) if path]))
    place: Any = both
    for step in way:
        place = place[step]
    place[last] = data.draw(json)
    content, texts = both
    try:
        rules.check(content, texts)
    except ValidationError:
        return
    assert rules.grade(content, rules.solution(content)).credit == 1
    assert str(rules.form(content, texts, order=rules.orders(content), **WORDS))


@each_kind
def test_author_form_gives_back_what_it_was_given(kind: str) -> None:
    content, texts = SAMPLES[kind]
    before = KINDS[kind].author_form(content=content, texts=texts, refs=REFS)
    after = KINDS[kind].author_form(typed(before), refs=REFS)
    assert after.is_valid(), after.errors
    assert (after.content, after.texts) == (content, texts)
    page = render_to_string("admin/desk/_fieldsets.html", {"form": before, "name": "words"})
    assert all(f'name="{name}"' in page for name in before.fields)


@each_kind
def test_author_form_says_beside_the_field_what_is_missing(kind: str) -> None:
    content, texts = SAMPLES[kind]
    sent = typed(KINDS[kind].author_form(content=content, texts=texts, refs=REFS))
    said = next(value for value in texts["feedback"].values())
    place = next(name for name, value in sent.items() if value == said)
    again = KINDS[kind].author_form(sent | {place: " ", "stem": "Kept \x00"}, refs=REFS)
    assert not again.is_valid()
    assert set(again.errors) == {place, "stem"}
    assert again["stem"].value() == "Kept \x00"
    assert not KINDS[kind].author_form({}, refs=REFS).is_valid()
    assert str(KINDS[kind].author_form(refs=REFS))


# What learners give


@each_kind
def test_solution_earns_everything(kind: str) -> None:
    content, texts = SAMPLES[kind]
    rules = KINDS[kind]
    best = rules.solution(content)
    grade = rules.grade(content, best)
    assert (grade.credit, grade.verdict) == (1, "right")
    assert all(grade.parts.values())
    assert rules.feedback(content, best) == ()
    judged = [part for part in rules.rows(content, texts, best, refs=REFS) if part.right is not None]
    assert all(part.right and part.given for part in judged)
    assert rules.describe(content, texts, best, **WORDS)
    sent = form(kind, data=post(kind, best))
    assert sent.is_valid(), sent.errors
    assert sent.answer == (best if kind not in WAITS else {"text": best["text"]})


@each_kind
def test_what_cannot_be_read_is_not_wrong_but_complained_about_and_kept(kind: str) -> None:
    good = post(kind, KINDS[kind].solution(SAMPLES[kind][0]))
    assert not form(kind, data={}).is_valid()
    for name in good.keys() - {"q1-x", "q1-y"}:  # where in a square, which says enough
        for junk in ["", "nonsense", "0", "99", "\x00", "½", "<script>"]:
            if (kind == "number" and junk in {"0", "99"}) or (name in ("q1-gap-1", "q1-text") and fold(tidy(junk), ())):
                continue  # that can be read
            data = good.copy()
            data[name] = junk
            sent = form(kind, data=data)
            assert not sent.is_valid()
            assert not hasattr(sent, "answer")
            page = str(sent)
            assert sent.error
            assert 'aria-invalid="true"' in page
            assert 'id="error-q1"' in page
            assert "<script>" not in page
            kept = {value for other in good if other != name for value in good.getlist(other)}
            assert all(value in page for value in kept)
            if kind == "number" and junk.isalpha():
                assert f'value="{junk}"' in page
    assert form(kind).error == ""


@each_kind
@brief
@given(data=st.data())
def test_any_answer_is_read_as_given_graded_and_told(kind: str, data: st.DataObject) -> None:
    content, texts = SAMPLES[kind]
    rules = KINDS[kind]
    answer = data.draw(answers(kind, content))
    orders = rules.orders(content)
    shown = {name: data.draw(st.permutations(keys)) for name, keys in orders.items()}
    sent = form(kind, data=post(kind, answer), order=shown)
    assert sent.is_valid(), sent.errors
    assert sent.answer == answer  # whatever the order shown
    again = form(kind, answer=answer, order=shown)
    assert all(value in str(again) for values in post(kind, answer).lists() for value in values[1])
    grade = rules.grade(content, answer)
    if kind in WAITS:
        assert (grade.credit, rules.feedback(content, answer), rules.bucket(content, answer)) == (None, (), "written")
        return
    assert 0 <= grade.credit <= 1
    assert (grade.credit == 1) == (rules.feedback(content, answer) == ())
    missed = set(content["right"]) if kind in MANY else set()  # their texts are optional
    assert set(rules.feedback(content, answer)) <= texts["feedback"].keys() | missed
    assert rules.bucket(content, answer)
    assert rules.describe(content, texts, answer, **WORDS)
    parts = rules.rows(content, texts, answer, refs=REFS)
    assert parts
    assert all(isinstance(part, Part) for part in parts)
    assert all(part.right for part in parts) == (grade.credit == 1)


@each_kind
@brief
@given(data=st.data())
def test_no_answer_and_answers_to_another_version_never_fail(kind: str, data: st.DataObject) -> None:
    content, texts = SAMPLES[kind]
    rules = KINDS[kind]
    key = st.sampled_from(["gone", "ban", "court", "radar", "true"])
    strange = st.fixed_dictionaries(
        {},
        optional={
            "choice": key | json,
            "choices": st.lists(key) | json,
            "value": st.sampled_from(["nan", "1e400", "x", "1" * 99]) | json,
            "order": st.lists(key) | json,
            "pairs": st.dictionaries(key, key) | json,
            "text": st.text() | json,
            "years": st.dictionaries(key, st.integers() | st.just(10**4400) | json) | json,
            "gaps": st.dictionaries(st.sampled_from(["rule", "year", "gone"]), key | json) | json,
            "x": st.floats(0, 1) | json,
            "y": st.floats(0, 1) | json,
        },
    )
    answer = data.draw(st.none() | strange)
    credit = rules.grade(content, answer).credit
    assert 0 <= credit <= 1 if credit is not None else kind in WAITS
    assert isinstance(rules.feedback(content, answer), tuple)
    assert isinstance(rules.bucket(content, answer), str)
    assert rules.describe(content, texts, answer, **WORDS)
    assert all(part.given and part.expected for part in rules.rows(content, texts, answer, refs=REFS))
    assert str(form(kind, answer=answer))


@each_kind
def test_answer_that_names_what_is_gone_says_so(kind: str) -> None:
    content, texts = SAMPLES[kind]
    gone = {
        "multiple": {"choices": ["gone"]},
        "number": None,
        "text": None,
        "short": None,
        "timeline": {"years": {"gone": 1965}},
        "ordering": {"order": ["gone", "radar"]},
        "place": None,
        "matching": {"pairs": {"court": "gone"}},
        "cloze": {"gaps": {"rule": "gone"}},
        "agreement": {"pairs": {"gone": "agree"}},
        "evidence": {"choices": ["DE-35", "XX-1"]},
    }.get(kind, {"choice": "gone"})
    said = KINDS[kind].describe(content, texts, gone, **WORDS)
    assert ("no longer" in said) if gone else (said == "no answer")
    assert KINDS[kind].grade(content, gone).credit < 1


OTHERWISE: dict[str, dict[str, Any]] = {  # the same to look at, and another key
    "single": {"right": "ban"},
    "true_false": {"right": True},
    "multiple": {"right": ["rice"]},
    "number": {"value": -7, "tolerance": 3, "distractors": []},
    "text": {"accepted": ["embargo"], "distractors": []},
    "ordering": {"items": ["pause", "radar", "notice", "controls"]},
    "timeline": {"right": {"treaty": [1910, 1945], "talks": 2019}},
    "matching": {"right": {"court": "both", "ministry": "silent", "cabinet": "settled"}},
    "cloze": {
        "right": {"rule": "ban", "pact": "ended"},
        "typed": {"year": {"accepted": ["Octobre"], "fold": [], "typo": 0}},
    },
    "which_source": {"right": "white-paper-2019"},
    "agreement": {"right": {"white-paper-2019": "silent", "thaw-forces": "agree", "dividends-essay": "agree"}},
    "evidence": {"right": ["WP-19"]},
    "unsupported": {"right": "third"},
    "short": {"points": ["other"]},
    "place": {"spots": ["tsushima", "coast"], "at": {"coast": [0.9, 0.9]}, "right": ["coast"]},
}
PUBLIC = ("which_source", "agreement", "evidence")  # their keys are part of public addresses


@each_kind
def test_page_holds_nothing_of_the_key(kind: str) -> None:
    content, texts = SAMPLES[kind]
    order = KINDS[kind].orders(content)
    for data in [None, {}, {"q1-choice": "ban", "q1-value": "x"}]:
        page = str(form(kind, order=order, data=data))
        assert page == str(form(kind, content=content | OTHERWISE[kind], order=order, data=data))
        hidden = [texts["explanation"], *texts["feedback"].values(), *texts["hints"], *texts.get("dates", {}).values()]
        assert not any(text in page for text in hidden)
        if kind not in PUBLIC:
            names = ("options", "items", "events", "prompts", "choices", "gaps", "sentences")
            keys = [key for name in names for key in content.get(name, ())]
            keys += [key for keys in content.get("options", ()) if kind == "cloze" for key in content["options"][keys]]
            assert not any(f'"{key}"' in page or f"-{key}" in page for key in keys)


@each_kind
def test_page_refers_to_the_stem_and_escapes_its_words(kind: str) -> None:
    page = str(form(kind))
    assert "stem-q1" in page
    assert "style=" not in page
    assert "<all>" not in page
    assert str(form(kind, prefix="")).count('name="q1') == 0


def test_orders_are_fresh_lists() -> None:
    for kind, (content, _texts) in SAMPLES.items():
        before = copy.deepcopy(content)
        for keys in KINDS[kind].orders(content).values():
            keys.reverse()
        assert content == before
