"""One question as a page shows it: the form, or the answer with its feedback. Read only."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.safestring import SafeString

from lessons.reading import Evidence, Shelf
from quizzes.certainty import CertaintyForm
from quizzes.grading import verdict
from quizzes.models import Attempt, Behaviour, QuestionVersion, Regrade, Response, Slot
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
    certainty: CertaintyForm | None = None
    since: str = ""  # signed: when the question was first shown
    hints: tuple[SafeString, ...] = ()  # one for each wrong try
    retry: Evidence | None = None  # where to look again, if there is no hint
    tries: int = 0  # used up so far, where several are allowed
    left: int = 0  # tries that are left
    flagged: bool = False
    keeps: bool = False  # the form of a test, which is saved as it is filled
    judging: bool = False  # the form asks the learner to judge what was written
    corrected: bool = False  # whether the answer was graded again by a corrected key

    @property
    def stem(self) -> str:
        return str(self.version.texts["stem"])

    @property
    def statement(self) -> str:
        """What documents are compared on: it stays in sight when the form has gone."""
        return "" if self.form else str(self.version.texts.get("statement", ""))


def shuffled(version: QuestionVersion, seed: int, number: int) -> dict[str, list[str]]:
    """The order in which options, items, ... are shown: the same for the same attempt, never a solved one."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - to vary, not to hide: the key never leaves the server
    rules = version.question.rules
    orders = rules.orders(version.content)
    for keys in orders.values():
        chance.shuffle(keys)
        if version.question.kind == "ordering" and rules.grade(version.content, {"order": keys}).credit == 1:
            keys.reverse()  # every sure pair stands the wrong way round then
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
    corrected = correction(version, response, shelf)
    version = QuestionVersion.kept([corrected.version_id])[0] if corrected else version
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
        corrected=bool(corrected and response and response.cause == Response.Cause.REGRADE),
        verdict=verdict(response.credit) if response else "unanswered",
        parts=tuple(rules.rows(content, texts, answer, refs=shelf.refs, language=version.language)),
        tempts=tuple(shelf.inline(feedback[key]) for key in tempting if key in feedback),
        explanation=shelf.inline(texts["explanation"]),
        passages=shelf.evidence([*version.keys, *(c.code for c in version.scan.claims)], version.errors),
    )


def correction(version: QuestionVersion, response: Response | None, shelf: Shelf) -> Regrade | None:
    """The regrade by whose key the answer stands, if the key that was asked was corrected since. A question that
    was left open is explained by the key that stands now. One query an edition, which moves with every regrade."""
    regrade = response.regrade_id if response else None
    if response and not regrade:
        return None
    standing: dict[int, Regrade] = shelf.keep("regrades", lambda: Regrade.objects.filter(undone_at=None).in_bulk())
    if regrade:
        return standing.get(regrade)
    later = any(each.question_id == version.question_id for each in standing.values())
    return Regrade.objects.standing(version).first() if later else None


def ask_slot(
    attempt: Attempt,
    number: int,
    *,
    now: datetime,
    shelf: Shelf,
    form: AnswerForm | None = None,
    certainty: CertaintyForm | None = None,
) -> Asked:
    """Question `number` of an attempt; raises Slot.DoesNotExist."""
    slot, response = next(((s, r) for s, r in attempt.sheet if s.number == number), (None, None))
    if slot is None:
        raise Slot.DoesNotExist
    judging = assessment(attempt, slot, response, now)
    asked = ask(
        slot.version,
        response,
        number=number,
        total=len(attempt.asks),
        seed=attempt.seed,
        url=slot.get_absolute_url(),
        shelf=shelf,
        settled=attempt.settled(slot, now) and judging is None,
        shown=attempt.shows_feedback(slot, now),
        form=form or judging,
        next_url=onward(attempt, number),
    )
    if not asked.form or judging:
        return replace(asked, judging=judging is not None)
    if attempt.asks_certainty(slot) and certainty is None:
        certainty = CertaintyForm(required=attempt.at_once, level=response.certainty if response else None)
    asked = replace(
        asked, certainty=certainty, since=since(attempt, number, now), flagged=slot.flagged, keeps=not attempt.at_once
    )
    if attempt.behaviour == Behaviour.TRIES and response:
        hints = slot.version.texts.get("hints") or []
        used = len(attempt.given[slot.pk])
        passages = shelf.evidence(slot.version.keys, slot.version.errors)
        asked = replace(
            asked,
            hints=tuple(shelf.inline(hint) for hint in hints[:used]),
            retry=passages[0] if passages and not hints else None,
            tries=used,
            left=attempt.tries - used,
            verdict=verdict(response.credit),
        )
    return asked


def assessment(
    attempt: Attempt,
    slot: Slot,
    response: Response | None,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> AnswerForm | None:
    """The second form of a written answer: where no teacher does, its author judges it beside the sample answers,
    in practice at once, after a test of one's own when it is handed in."""
    rules: Any = slot.version.question.rules
    if response is None or response.credit is not None or not slot.version.question.by_person:
        return None
    if not attempt.own or attempt.is_open(now) != attempt.at_once:
        return None
    form: AnswerForm = rules.assessment(slot.version.content, slot.version.texts, response.answer, data=data)
    return form


# When a question was shown, signed, so that the time an answer took cannot be made up


def since(attempt: Attempt, number: int, now: datetime) -> str:
    return Signer(salt=f"shown/{attempt.pk}/{number}").sign(str(int(now.timestamp())))


def seconds(attempt: Attempt, number: int, token: str, now: datetime) -> int | None:
    """Whole seconds since the page was drawn, or None for a token that is missing or of another question."""
    try:
        shown = int(Signer(salt=f"shown/{attempt.pk}/{number}").unsign(token))
    except BadSignature:
        return None
    return max(0, int(now.timestamp()) - shown)


# The way through an attempt


def onward(attempt: Attempt, number: int) -> str:
    """Where the way goes on after question `number`: the next question without an answer, or the end."""
    if attempt.finished_at:
        return attempt.get_absolute_url()
    if not attempt.at_once:  # in a test everything stays open, so the way goes by number
        following = [slot for slot in attempt.asks if slot.number == number + 1]
        return following[0].get_absolute_url() if following else reverse("attempt-finish", args=[attempt.pk])
    waiting = [slot for slot in attempt.asks if slot.number != number and not attempt.answered(slot)]
    later = [slot for slot in waiting if slot.number > number]
    if waiting:
        return (later or waiting)[0].get_absolute_url()
    return reverse("attempt-finish", args=[attempt.pk])


def resume_url(attempt: Attempt) -> str:
    """Where somebody who comes back goes on: the first question without an answer."""
    for slot in attempt.asks:
        if not attempt.answered(slot):
            return slot.get_absolute_url()
    return reverse("attempt-finish", args=[attempt.pk])


def states(attempt: Attempt, number: int = 0) -> list[str]:
    """done, now or new for each question, for the row of arches."""
    return ["now" if slot.number == number else "done" if attempt.answered(slot) else "new" for slot in attempt.asks]
