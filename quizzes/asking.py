"""One question as a page shows it: the form, or the answer with its feedback. Read only."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from lessons.reading import Evidence, Shelf
from quizzes.grading import verdict
from quizzes.models import Attempt, Behaviour, QuestionVersion, Response, Slot
from quizzes.questions import AnswerForm, Part


@dataclass(frozen=True)
class Asked:
    """What a template needs of one question. `form` is None once it is settled; the rest is empty until
    the feedback may be seen."""

    number: int
    total: int
    version: QuestionVersion
    url: str  # where the answer is posted
    prefix: str
    form: AnswerForm | SafeString | None = None  # text where the form is drawn already
    key: str = ""  # idempotency key of this rendering
    response: Response | None = None
    shown: bool = False  # whether feedback may be seen
    verdict: str = ""  # right, partly, wrong or unanswered
    parts: tuple[Part, ...] = ()
    tempts: tuple[SafeString, ...] = ()
    explanation: SafeString = field(default_factory=SafeString)
    passages: tuple[Evidence, ...] = ()
    answer: str = ""  # the answer in words, while the feedback may not be seen
    next_url: str = ""

    @property
    def stem(self) -> str:
        return str(self.version.texts["stem"])

    @property
    def statement(self) -> str:
        """What documents are compared on: it stays in sight when the form has gone."""
        return "" if self.form else str(self.version.texts.get("statement", ""))


def shuffled(version: QuestionVersion, seed: int, number: int) -> dict[str, list[str]]:
    """The order in which options, items, ... are shown: the same for the same attempt, never the solved one."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - to vary, not to hide: the key never leaves the server
    orders = version.question.rules.orders(version.content)
    for keys in orders.values():
        solved = list(keys)
        chance.shuffle(keys)
        if version.question.kind == "ordering" and keys == solved:
            keys.reverse()
    return orders


def answer_form(
    version: QuestionVersion,
    *,
    seed: int,
    number: int,
    shelf: Shelf,
    data: Mapping[str, Any] | None = None,
    answer: Any = None,
    prefix: str = "",
) -> AnswerForm:
    """The form of this question, unbound, or bound to what was posted."""
    return version.question.rules.form(
        version.content,
        version.texts,
        order=shuffled(version, seed, number),
        language=version.language,
        refs=shelf.refs,
        data=data,
        prefix=prefix,
        answer=answer,
    )


def ask(
    version: QuestionVersion,
    response: Response | None,
    *,
    number: int,
    total: int,
    seed: int,
    url: str,
    shelf: Shelf,
    settled: bool,
    shown: bool,
    prefix: str = "",
    form: AnswerForm | SafeString | None = None,
    next_url: str = "",
) -> Asked:
    """Lay one question out. `form` is a bound form with errors to show again, or one that was drawn already."""
    asked = Asked(number, total, version, url, prefix, response=response, next_url=next_url)
    if not settled:
        form = form or answer_form(
            version,
            seed=seed,
            number=number,
            shelf=shelf,
            prefix=prefix,
            answer=response.answer if response else None,
        )
        return replace(asked, form=form, key=uuid.uuid4().hex)
    rules, content, texts = version.question.rules, version.content, version.texts
    answer = response.answer if response else None
    if not shown:
        told = rules.describe(content, texts, answer, language=version.language, refs=shelf.refs) if response else ""
        return replace(asked, answer=told)
    feedback = texts.get("feedback") or {}
    tempting = rules.feedback(content, answer) if response else ()
    return replace(
        asked,
        shown=True,
        verdict=verdict(response.credit) if response else "unanswered",
        parts=tuple(rules.rows(content, texts, answer, refs=shelf.refs, language=version.language)),
        tempts=tuple(shelf.inline(feedback[key]) for key in tempting if key in feedback),
        explanation=shelf.inline(texts["explanation"]),
        passages=shelf.evidence([*version.keys, *(c.code for c in version.scan.claims)], version.errors),
    )


def ask_slot(attempt: Attempt, number: int, *, now: datetime, shelf: Shelf, form: AnswerForm | None = None) -> Asked:
    """Question `number` of an attempt; raises Slot.DoesNotExist."""
    sheet = attempt.sheet
    for slot, response in sheet:
        if slot.number == number:
            return ask(
                slot.version,
                response,
                number=number,
                total=len(sheet),
                seed=attempt.seed,
                url=slot.get_absolute_url(),
                shelf=shelf,
                settled=attempt.settled(response, now),
                shown=attempt.shows_feedback(response, now),
                form=form,
                next_url=onward(attempt, number),
            )
    raise Slot.DoesNotExist


def onward(attempt: Attempt, number: int) -> str:
    """Where the way goes on after question `number`: the next question without an answer, or the end."""
    if attempt.finished_at:
        return attempt.get_absolute_url()
    waiting = [slot for slot, response in attempt.sheet if response is None and slot.number != number]
    later = [slot for slot in waiting if slot.number > number]
    if attempt.behaviour == Behaviour.TEST:  # in a test everything stays open, so the way goes by number
        following = [slot for slot, _response in attempt.sheet if slot.number == number + 1]
        return following[0].get_absolute_url() if following else reverse("attempt-finish", args=[attempt.pk])
    if waiting:
        return (later or waiting)[0].get_absolute_url()
    return reverse("attempt-finish", args=[attempt.pk])


def resume_url(attempt: Attempt) -> str:
    """Where somebody who comes back goes on: the first question without an answer."""
    for slot, response in attempt.sheet:
        if response is None:
            return slot.get_absolute_url()
    return reverse("attempt-finish", args=[attempt.pk])


def states(attempt: Attempt, number: int = 0) -> list[str]:
    """done, now or new for each question, for the row of arches."""
    return ["now" if slot.number == number else "done" if response else "new" for slot, response in attempt.sheet]
