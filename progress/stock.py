"""Every question that may come back in review, by the card it belongs to. Kept with the shelf of its edition."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lessons.models import Status
from lessons.reading import Shelf
from progress.schedule import reading_time
from quizzes.models import QuestionVersion, Skill

AS_THEY_WERE = frozenset({Skill.KNOWLEDGE, Skill.CHRONOLOGY})  # the other skills come back as a sibling
SHOWN = ("stem", "statement", "passage", "options", "items", "prompts", "choices", "sentences")  # blocks of texts


class Card(NamedTuple):
    """What is remembered as one thing: see progress.schedule. `question` is 0 where siblings share a card."""

    lesson: int
    skill: str
    question: int = 0


class Item(NamedTuple):
    """A question as it is asked now."""

    version: int
    unit: int
    card: Card
    stem: str
    reading: float  # seconds


@dataclass(frozen=True)
class Stock:
    items: Mapping[int, Item]  # by question
    cards: Mapping[Card, tuple[int, ...]]  # the questions of each
    there: Mapping[tuple[int, str], int]  # how many there are of a unit and a skill

    @classmethod
    def of(cls, shelf: Shelf) -> "Stock":
        """It changes with the edition only; one query when it does."""
        return shelf.keep("stock", lambda: cls.read(shelf.language))

    @classmethod
    def read(cls, language: str) -> "Stock":
        """What is published and not reserved for assignments."""
        versions = QuestionVersion.objects.filter(
            language=language, status=Status.PUBLISHED, question__reserved=False
        ).select_related("question__lesson")
        items = {version.question_id: item(version) for version in versions.order_by("question")}
        cards: dict[Card, list[int]] = defaultdict(list)
        for question, each in items.items():
            cards[each.card].append(question)
        there = Counter((each.unit, each.card.skill) for each in items.values())
        return cls(items, {card: tuple(questions) for card, questions in cards.items()}, there)


def item(version: QuestionVersion) -> Item:
    question = version.question
    card = Card(question.lesson_id, question.skill, question.pk if question.skill in AS_THEY_WERE else 0)
    solution = question.rules.solution(version.content)
    moves = max((len(value) for value in solution.values() if isinstance(value, list | dict)), default=1)
    shown = sum(words(version.texts.get(block)) for block in SHOWN)
    return Item(version.pk, question.lesson.unit_id, card, str(version), reading_time(shown, moves))


def words(texts: Any) -> int:
    """How many words there are in a text or in a block of them. Where words are not spaced it is too few, and
    nothing is taken for quick that was not."""
    if isinstance(texts, dict):
        return sum(map(words, texts.values()))
    return len(texts.split()) if isinstance(texts, str) else 0
