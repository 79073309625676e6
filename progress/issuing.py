"""What a learner has shown for a mastered unit, and a certificate made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons.covers import Words
from lessons.pictures import arches, unit_words
from lessons.reading import Shelf
from progress.diploma import MOST, Diploma, Row
from progress.history import History
from progress.mastery import MASTERED, State
from progress.models import Certificate
from progress.summary import Plan, UnitLine, result, units


@dataclass(frozen=True)
class Best:
    """The best result in the closing quiz of a lesson, and when it was first reached."""

    percent: int
    questions: int
    at: datetime


@dataclass(frozen=True)
class Proof:
    """A unit as a learner stands in it, with the best result of each lesson by its key."""

    line: UnitLine
    best: Mapping[int, Best]

    @classmethod
    def of(cls, user: Any, slug: str, on: Shelf, now: datetime) -> Self | None:
        """None if there is no such unit."""
        history, plan = History.of(user), Plan.of(on)
        lines = units(user, on.language, now=now, slug=slug, history=history, on=on)
        return cls(lines[0], best_of(history, plan, now)) if lines else None

    @property
    def is_mastered(self) -> bool:
        return is_mastered(self.line)

    def record(self, on: Shelf) -> dict[str, Any]:
        """All that the certificate will say for ever; see Certificate."""
        words = unit_words(self.line.unit, on)
        return {
            "number": self.line.number,
            "unit": self.line.title,
            "arches": arches(self.line.unit, len(self.line.lessons)),
            "words": [words.korean, words.japanese],
            "rule": rule(),
            "threshold": MASTERED,
            "lessons": [
                {
                    "title": each.title,
                    "percent": best.percent,
                    "questions": best.questions,
                    "on": timezone.localtime(best.at).date().isoformat(),
                }
                for each in self.line.lessons
                if (best := self.best.get(each.lesson.pk))
            ],
        }


def is_mastered(line: UnitLine) -> bool:
    """Whether every lesson that is there is mastered."""
    return bool(line.lessons) and all(each.state == State.MASTERED for each in line.lessons)


def rule() -> str:
    return _(
        "A lesson is mastered when the best result of its closing quiz reaches %d percent. "
        "A unit is mastered when every lesson of it is."
    ) % (MASTERED,)


def best_of(history: History, plan: Plan, now: datetime) -> dict[int, Best]:
    """By lesson; the earliest of equal results."""
    found: dict[int, Best] = {}
    for attempt in history.attempts:
        quiz = plan.quizzes.get(attempt.quiz_id)
        percent = result(attempt, quiz, history, now) if quiz else None
        if quiz is None or percent is None:
            continue
        one = Best(percent, attempt.size, attempt.finished_at or attempt.deadline or now)
        other = found.get(quiz.lesson_id)
        if other is None or (one.percent, other.at) > (other.percent, one.at):
            found[quiz.lesson_id] = one
    return found


def diploma(certificate: Certificate, where: str) -> Diploma:
    """The certificate on paper, in the active language; `where` is the address at which it can be checked."""
    record = certificate.record
    rows = [
        Row(
            each["title"],
            f"{each['percent']} %",
            ngettext(
                "best result in a quiz of %(n)d question, %(date)s",
                "best result in a quiz of %(n)d questions, %(date)s",
                each["questions"],
            )
            % {"n": each["questions"], "date": date_format(each["on"])},
        )
        for each in certificate.evidence
    ]
    if (over := len(rows) - MOST) > 0:
        rows[MOST - 1 :] = [Row(ngettext("and %d lesson more", "and %d lessons more", over + 1) % (over + 1), "", "")]
    return Diploma(
        number=record["number"],
        arches=record["arches"],
        site=_("Two Shores"),
        heading=_("This certifies that"),
        name=certificate.name,
        has=_("has mastered unit %d") % record["number"],
        unit=record["unit"],
        words=Words(*record["words"]),
        shown=_("What was shown"),
        rows=tuple(rows),
        rule=record["rule"],
        issued=_("%(date)s, code %(code)s")
        % {"date": date_format(timezone.localtime(certificate.issued_at).date()), "code": certificate.spaced_code},
        check=_("Anybody can check it: %s") % where,
    )
