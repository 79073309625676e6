"""When a question comes back: answers -> ratings -> what FSRS-6 keeps of them. Pure; times are aware.

**What is remembered: a card.** A knowledge or chronology question is a card of its own and comes back as it was.
All questions of one lesson that train the same reasoning skill (sourcing, context, corroboration, close reading)
are one card together: what comes back is the one of them that was answered longest ago, or never, so that the
reasoning is practised and no answer is learnt by heart. A lone question comes back itself.

**What counts: a sitting.** Answers to a card count once if they begin within ten minutes: of several answers to the
same question the first one says what was remembered, the later ones what the feedback said; different questions
count as one with their mean credit, the lowest certainty, and no time.

**How it is rated.** The first line that fits:

    less than half right                                              Again
    partly right, or right with certainty 1 ("not sure")              Hard
    right with certainty 3 ("very sure"), in the time of reading it   Easy
    right                                                             Good

The time of reading it (`reading_time`): the words shown at 4 a second, the 240 a minute at which adults read
non-fiction silently, and 2 seconds for each thing to choose or to place. Who needs no more did not have to think.
An unknown time is never quick.

**When it is due.** FSRS-6 with its published default parameters and learning steps, no fuzz, 90 % retention: a card
is due when the predicted recall has fallen to 90 %. Because the ratings are replayed from the answers each time, a
better rule or a corrected key needs no repair of stored state. Before an exam a card is due earlier (`due`); and
what has just been answered rests for a while (`back`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from statistics import fmean

import fsrs
from fsrs import Rating

RETENTION = 0.9  # predicted recall at which a card is due
SITTING = timedelta(minutes=10)  # FSRS's own last learning step: an answer sooner than that is the same effort
REST = timedelta(hours=12)  # what was right is asked again on another day, wherever the learner lives
EXAM_RECALL = 0.95  # predicted recall wanted on the day of an exam
HALF = 0.5
SURE, GUESSED = 3, 1
WORDS_A_SECOND = 4.0
SECONDS_A_MOVE = 2.0

DAY = timedelta(days=1)
FSRS = fsrs.Scheduler(desired_retention=RETENTION, enable_fuzzing=False)
BLANK = fsrs.Card(card_id=0, due=datetime(1910, 1, 1, tzinfo=UTC))  # never answered


def reading_time(words: int, moves: int) -> float:
    """Seconds to read `words` once and make `moves` choices."""
    return words / WORDS_A_SECOND + moves * SECONDS_A_MOVE


# --- from answers to ratings --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that counts. Credit 0..1, certainty 1 to 3, took and reading in seconds (reading 0: unknown)."""

    question: int
    at: datetime
    credit: float
    certainty: int | None = None
    took: int | None = None
    reading: float = 0.0


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the answers of one sitting say of a card."""

    at: datetime
    rating: Rating
    bold: bool = False  # wrong, and the learner was sure


def rating(credit: float, certainty: int | None = None, took: int | None = None, reading: float = 0.0) -> Rating:
    """The rule above."""
    if credit < HALF:
        return Rating.Again
    if credit < 1 or certainty == GUESSED:
        return Rating.Hard
    if certainty == SURE and took is not None and took <= reading:
        return Rating.Easy
    return Rating.Good


def sittings(answers: Iterable[Answer]) -> list[Sitting]:
    """The answers to one card, in any order, as the sittings that are rated, in order."""
    groups: list[list[Answer]] = []
    for answer in sorted(answers, key=lambda answer: answer.at):
        if groups and answer.at - groups[-1][0].at < SITTING:
            groups[-1].append(answer)
        else:
            groups.append([answer])
    return [_sitting(group) for group in groups]


def _sitting(answers: list[Answer]) -> Sitting:
    firsts: dict[int, Answer] = {}
    for answer in answers:
        firsts.setdefault(answer.question, answer)
    at, each = answers[0].at, list(firsts.values())
    bold = any(answer.credit < HALF and answer.certainty == SURE for answer in each)
    if len(each) == 1:
        [one] = each
        return Sitting(at, rating(one.credit, one.certainty, one.took, one.reading), bold)
    said = [answer.certainty for answer in each if answer.certainty]
    credit = fmean(answer.credit for answer in each)
    return Sitting(at, rating(credit, min(said, default=None)), bold)


# --- from ratings to what is remembered ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Memory:
    """A card after its sittings. It is never changed: each sitting makes the next one."""

    card: fsrs.Card
    last: Sitting

    @property
    def due(self) -> datetime:
        return self.card.due

    @property
    def stability(self) -> float:
        """Days until the predicted recall falls to 90 %."""
        return self.card.stability or 0.0

    @property
    def wrong(self) -> bool:
        return self.last.rating == Rating.Again

    def recall(self, at: datetime) -> float:
        """The predicted chance (0..1) of answering rightly then; FSRS counts in whole days since the last answer."""
        return FSRS.get_card_retrievability(self.card, at.astimezone(UTC))

    def expected(self, now: datetime) -> float:
        """The same for people: on the day of the answer that of the day after, for FSRS takes everything for
        known until then, even what was wrong."""
        return self.recall(max(now, self.last.at + DAY))

    def after(self, sitting: Sitting) -> "Memory":
        """What is remembered after one more sitting, not earlier than the last."""
        return Memory(_reviewed(self.card, sitting.rating, sitting.at), sitting)


def remember(answers: Iterable[Answer]) -> Memory | None:
    """Replay all answers to one card; None if there are none."""
    found = sittings(answers)
    if not found:
        return None
    first, *more = found
    return reduce(Memory.after, more, Memory(_reviewed(BLANK, first.rating, first.at), first))


def _reviewed(card: fsrs.Card, rating: Rating, at: datetime) -> fsrs.Card:
    return FSRS.review_card(card, rating, at.astimezone(UTC))[0]


# --- when it comes back, and in which order -----------------------------------------------------------------


def due(memory: Memory, exam: datetime | None = None) -> datetime:
    """When the card is due: as FSRS says, or earlier for an exam.

    A card that would stand below 95 % on the exam's day is due on the first day on which one right answer
    carries it there, and at the latest the day before: the better it is known, the earlier that can be, so
    the work spreads out by itself. An exam that is over, or less than two days after the last answer, changes nothing.
    """
    if exam is None or memory.recall(exam) >= EXAM_RECALL:
        return memory.due
    last = memory.last.at
    early, late = 1, (exam - last).days - 1  # days after the last answer
    if late < early:
        return memory.due
    while early < late:  # a later answer is nearer to the exam and strengthens more, so halving finds the first day
        middle = (early + late) // 2
        if _carries(memory, last + middle * DAY, exam):
            late = middle
        else:
            early = middle + 1
    return min(memory.due, last + early * DAY)


def _carries(memory: Memory, at: datetime, exam: datetime) -> bool:
    """Whether one right answer then makes the recall on the exam's day high enough."""
    card = _reviewed(memory.card, Rating.Good, at)
    return FSRS.get_card_retrievability(card, exam.astimezone(UTC)) >= EXAM_RECALL


def back(memory: Memory, exam: datetime | None = None) -> datetime:
    """When it is asked again: when it is due, but nothing right within twelve hours, and nothing within a sitting."""
    return max(due(memory, exam), memory.last.at + (SITTING if memory.wrong else REST))


def urgency(memory: Memory, now: datetime) -> tuple[bool, float, datetime]:
    """Sorts what is due: first what was wrong and believed, then the least likely to be recalled, then the oldest."""
    return not memory.last.bold, memory.recall(now), memory.due


def share(due: int, goal: int, done: int) -> int:
    """How many of the questions that are due belong to today: what is beyond the goal is kept for other days."""
    return min(due, max(0, goal - done))


def sibling(questions: Collection[int], seen: dict[int, datetime]) -> int:
    """Which question of a card to ask: the one answered longest ago, first of all one never answered."""
    return min(questions, key=lambda question: (question in seen, seen.get(question), question))
