"""The contract of questions, held by every kind for questions that nobody thought of.

`tests/invented.py` makes them up: a kind without its lines there fails here. What single questions must do
besides stands in test_question_kinds and test_question_details.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.questions import KINDS, Grade, Part
from tests.invented import HUSH, KEYS, SHOWN, answers, json, mangled, questions, texts
from tests.samples import REFS, WORDS, sent_for, typed

each_kind = pytest.mark.parametrize("kind", KINDS)
pace = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
WAITS = ("short",)  # for a person, who gives the credit: until then there is none
WRITTEN = ("text", "cloze", "short")  # kinds in which nearly anything can be read


def is_fair(kind: str, grade: Grade) -> bool:
    return kind in WAITS if grade.credit is None else 0 <= grade.credit <= 1


def told(kind: str, content: Any, texts: Any, answer: Any) -> str:
    """All that is ever said about an answer; fails if anything of it does."""
    rules = KINDS[kind]
    parts = rules.rows(content, texts, answer, refs=REFS)
    assert all(isinstance(part, Part) and part.given for part in parts)
    said = rules.describe(content, texts, answer, **WORDS)
    assert said
    assert isinstance(rules.bucket(content, answer), str)
    return " ".join([said, *(f"{part.label} {part.given} {part.expected}" for part in parts)])


@each_kind
@pace
@given(data=st.data())
def test_solution_earns_everything_and_is_read_back(kind: str, data: st.DataObject) -> None:
    content, texts = data.draw(questions(kind))
    rules = KINDS[kind]
    rules.check(content, texts)
    best = rules.solution(content)
    grade = rules.grade(content, best)
    assert grade.credit == 1
    assert rules.feedback(content, best) == ()
    assert told(kind, content, texts, best)
    order = rules.orders(content)
    form = rules.form(content, texts, order=order, data=sent_for(kind, content, texts, best), prefix="q1", **WORDS)
    assert form.is_valid(), form.errors
    assert form.answer == {part: best[part] for part in best if part != "met" or kind not in WAITS}


@each_kind
@pace
@given(data=st.data())
def test_author_form_gives_back_any_question(kind: str, data: st.DataObject) -> None:
    content, texts = data.draw(questions(kind))
    before = KINDS[kind].author_form(content=content, texts=texts, refs=REFS)
    after = KINDS[kind].author_form(typed(before), refs=REFS)
    assert after.is_valid(), after.errors
    assert (after.content, after.texts) == (content, texts)


@each_kind
@pace
@given(data=st.data())
def test_order_shown_never_matters(kind: str, data: st.DataObject) -> None:
    content, texts = data.draw(questions(kind))
    rules = KINDS[kind]
    answer = data.draw(answers(kind, content))
    grades = []
    for _again in range(2):
        order = {name: data.draw(st.permutations(keys)) for name, keys in rules.orders(content).items()}
        sent = sent_for(kind, content, texts, answer, order=order)
        other = {name: data.draw(st.permutations(keys)) for name, keys in rules.orders(content).items()}
        form = rules.form(content, texts, order=other, data=sent, prefix="q1", **WORDS)
        assert form.is_valid(), form.errors
        assert form.answer == answer
        grades.append(rules.grade(content, form.answer))
    assert grades[0] == grades[1]
    assert is_fair(kind, grades[0])
    assert told(kind, content, texts, answer)
    assert rules.bucket(content, answer)
    assert set(rules.feedback(content, answer)) <= texts["feedback"].keys()
    assert kind in WAITS or (grades[0].credit == 1) == (rules.feedback(content, answer) == ())


@each_kind
@pace
@given(data=st.data())
def test_answers_to_another_version_are_told_and_never_fail(kind: str, data: st.DataObject) -> None:
    """Given to one question and looked at beside another, or broken; or no answer at all."""
    content, texts = data.draw(questions(kind))
    other, _texts = data.draw(questions(kind))
    answer = data.draw(answers(kind, other))
    strange = data.draw(st.sampled_from([None, {}, answer]) | mangled(answer) | st.dictionaries(st.text(), json))
    rules = KINDS[kind]
    assert is_fair(kind, rules.grade(content, strange)) or not strange
    assert told(kind, content, texts, strange)
    form = rules.form(content, texts, order=rules.orders(content), answer=strange, **WORDS)
    assert str(form)


@each_kind
@pace
@given(data=st.data())
def test_what_cannot_be_read_is_refused_and_kept(kind: str, data: st.DataObject) -> None:
    content, texts = data.draw(questions(kind))
    rules = KINDS[kind]
    sent = sent_for(kind, content, texts, data.draw(answers(kind, content)))
    field = data.draw(st.sampled_from(sorted(sent.keys() - {"q1-x", "q1-y"})))  # the square says enough
    strange = [] if kind in WRITTEN else ["…", "½ or so", "nan"]
    sent[field] = data.draw(st.sampled_from(["", " ", "\x00", "x" * 5000, *strange]))
    for broken in ({}, sent):
        form = rules.form(content, texts, order=rules.orders(content), data=broken, prefix="q1", **WORDS)
        assert not form.is_valid()
        assert not hasattr(form, "answer")
        assert form.error
        assert 'aria-invalid="true"' in str(form)
    if kind in ("text", "short"):
        assert sent[field].strip() in str(form)


@each_kind
@pace
@given(data=st.data())
def test_page_is_the_same_whatever_is_right_and_holds_nothing_secret(kind: str, data: st.DataObject) -> None:
    """Keys, accepted words, feedback, explanation, dates and hints are marked: no mark stands in the page."""
    shown = data.draw(SHOWN[kind])
    rules, pages = KINDS[kind], []
    content = shown | data.draw(KEYS[kind](shown))
    words = data.draw(texts(kind, content))
    orders = {name: data.draw(st.permutations(keys)) for name, keys in rules.orders(content).items()}
    for _other in range(2):
        rules.check(content, words)
        empty = rules.form(content, words, order=orders, prefix="q1", **WORDS)
        wrong = rules.form(content, words, order=orders, data={}, prefix="q1", **WORDS)
        pages.append(f"{empty}{wrong}")
        content = shown | data.draw(KEYS[kind](shown))
        other = data.draw(texts(kind, content))
        words = words | {block: other[block] for block in ("feedback", "spots", "points", "samples") if block in other}
    assert pages[0] == pages[1]
    assert HUSH not in pages[0]
