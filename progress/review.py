"""What the review page says, and what a review asks: worked out from the answers each time, stored nowhere."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import floor
from statistics import median
from typing import Any

from lessons.reading import Shelf
from progress import schedule
from progress.history import History
from progress.models import StudyPlan
from progress.schedule import REST, Answer, Memory
from progress.stock import Card, Item, Stock
from quizzes.grading import verdict
from quizzes.models import REVIEW, Attempt

SECONDS = 30  # a question, until enough answers say otherwise
FEW, MANY = 5, 40  # answers whose time is known: fewer say nothing, more are not looked at
LONGEST = 180  # seconds: who takes longer has gone away
LISTED = 12  # of the questions just reviewed


@dataclass(frozen=True)
class Back:
    """A question just reviewed: how it went and when it comes back, in whole days (0: today)."""

    stem: str
    verdict: str
    days: int | None


@dataclass(frozen=True)
class Study:
    """What one learner remembers, now."""

    now: datetime
    plan: StudyPlan
    stock: Stock
    history: History

    @classmethod
    def of(cls, user: Any, shelf: Shelf, history: History, now: datetime) -> "Study":
        """One query beside those of the history; none for a visitor."""
        return cls(now, StudyPlan.of(user), Stock.of(shelf), history)

    # --- what is remembered --------------------------------------------------------------------------------

    @cached_property
    def answers(self) -> list[Answer]:
        """Everything that counts, the oldest first."""
        reading = {question: item.reading for question, item in self.stock.items.items()}
        return sorted(self.history.evidence(self.now, reading), key=lambda answer: answer.at)

    @cached_property
    def latest(self) -> Mapping[int, Answer]:
        """The latest answer to each question."""
        return {answer.question: answer for answer in self.answers}

    @cached_property
    def memories(self) -> Mapping[Card, Memory]:
        answers: dict[Card, list[Answer]] = defaultdict(list)
        for answer in self.answers:
            answers[self.stock.items[answer.question].card].append(answer)
        return {card: memory for card, given in answers.items() if (memory := schedule.remember(given))}

    def memory(self, question: int) -> Memory:
        """Of the card of a question that was answered."""
        return self.memories[self.stock.items[question].card]

    # --- what is due ---------------------------------------------------------------------------------------

    @cached_property
    def exam(self) -> datetime | None:
        return self.plan.exam(self.now)

    @cached_property
    def back(self) -> Mapping[Card, datetime]:
        """When each card is asked again."""
        return {card: schedule.back(memory, self.exam) for card, memory in self.memories.items()}

    @cached_property
    def ready(self) -> list[Card]:
        """What may be asked now, the most urgent first."""
        due = [card for card, at in self.back.items() if at <= self.now]
        return sorted(due, key=lambda card: (schedule.urgency(self.memories[card], self.now), card))

    @property
    def bold(self) -> bool:
        """Whether something due was wrong and believed."""
        return any(self.memories[card].last.bold for card in self.ready[: self.plan.daily_goal])

    @cached_property
    def reviews(self) -> list[Attempt]:
        """My reviews, the latest first."""
        mine = [attempt for attempt in self.history.attempts if attempt.context == REVIEW]
        return sorted(mine, key=lambda attempt: attempt.started_at, reverse=True)

    @property
    def running(self) -> Attempt | None:
        """A review under way."""
        return next((attempt for attempt in self.reviews if attempt.is_open(self.now)), None)

    @property
    def left(self) -> int:
        """How many questions of it are still without an answer."""
        return self.running.size - len(self.history.sheet(self.running)) if self.running else 0  # type: ignore[attr-defined]

    @cached_property
    def done(self) -> int:
        """Questions answered in reviews today: in the last twelve hours, so that no midnight has to be agreed on."""
        since = self.now - REST
        sheets = [self.history.sheet(attempt) for attempt in self.reviews]
        return sum(answers[-1].at > since for sheet in sheets for answers in sheet.values())

    @property
    def today(self) -> int:
        """How many of those that are ready belong to today."""
        return schedule.share(len(self.ready), self.plan.daily_goal, self.done)

    def asks(self) -> list[int]:
        """The versions that a review begun now asks: today's, or as many again for who wants more."""
        seen = self.history.seen()
        chosen = self.ready[: self.today or self.plan.daily_goal]
        return [self.stock.items[schedule.sibling(self.stock.cards[card], seen)].version for card in chosen]

    @property
    def days(self) -> int | None:
        """In how many days something is asked next, if anything is."""
        return days(self.now, min(self.back.values())) if self.back else None

    @cached_property
    def pace(self) -> float:
        """Seconds this learner takes for a question."""
        known = [answer.took for answer in self.answers if answer.took is not None][-MANY:]
        return median(min(took, LONGEST) for took in known) if len(known) >= FEW else SECONDS

    def minutes(self, questions: int) -> int:
        """About how long that many questions take."""
        return max(1, round(questions * self.pace / 60))

    # --- what was done -------------------------------------------------------------------------------------

    @property
    def finished(self) -> Attempt | None:
        """The review handed in last, if that is today."""
        recent = self.now - REST
        return next((a for a in self.reviews if a.finished_at and a.finished_at > recent), None)

    def strengthened(self) -> list[Back]:
        """What the last review asked, how it went, and when it comes back."""
        found = []
        for answers in self.history.sheet(self.finished).values() if self.finished else ():
            item: Item | None = self.stock.items.get(answers[0].question)
            if item:
                at = self.back.get(item.card)
                found.append(Back(item.stem, verdict(answers[0].credit), days(self.now, at) if at else None))
        return found

    def horizon(self) -> dict[str, int]:
        """How many cards come back today, in the week after (with what is kept beyond the goal), and later."""
        week = self.now + timedelta(days=7)
        later = sum(at > week for at in self.back.values())
        counts = {"today": self.today, "week": len(self.back) - self.today - later, "later": later}
        return {when: count for when, count in counts.items() if count}


def days(now: datetime, at: datetime) -> int:
    """Whole days from now; 0 is within eight hours, 1 until the next day's evening."""
    return max(0, floor((at - now + timedelta(hours=16)) / timedelta(days=1)))
