"""What a learner has answered, read once for a page: everything about progress is worked out from it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count

from progress.schedule import Answer
from quizzes.models import Attempt, Release, Response


class Given(NamedTuple):
    """One answer that counts, with its latest judgement."""

    question: int
    at: datetime
    credit: float | None  # of this answer
    earned: float | None  # what its question stands at with it
    certainty: int | None
    took: int | None


Sheet = Mapping[int, list[Given]]  # slot -> its answers in the order received


@dataclass(frozen=True)
class History:
    """The attempts of one learner, each with `size` (its questions), and the answers given in each."""

    attempts: tuple[Any, ...] = ()
    given: Mapping[int, Sheet] = field(default_factory=dict)

    @classmethod
    def of(cls, user: Any) -> "History":
        """Two queries, none for a visitor."""
        if not user.is_authenticated:
            return cls()
        attempts = Attempt.objects.filter(user=user).annotate(size=Count("slots"))
        return cls(tuple(attempts), _given(user))

    def sheet(self, attempt: Attempt) -> Sheet:
        return self.given.get(attempt.pk, {})

    def evidence(self, now: datetime, reading: Mapping[int, float]) -> Iterator[Answer]:
        """What may be built on: one answer for each question of an attempt, if its feedback may be seen, and if the
        question is in `reading` (question -> seconds to read it).

        Where feedback comes at once the first answer says what was known; in a test the last one does, and its
        time says nothing, because one comes and goes. What a teacher has still to mark says nothing yet.
        """
        for attempt in self.attempts:
            practice = attempt.at_once
            if not (practice and attempt.release == Release.AT_ONCE) and not attempt.is_released(now):
                continue
            for answers in self.sheet(attempt).values():
                one = answers[0 if practice else -1]
                if one.credit is not None and one.question in reading:
                    took = one.took if practice else None
                    yield Answer(one.question, one.at, one.credit, one.certainty, took, reading[one.question])

    def seen(self) -> dict[int, datetime]:
        """When each question was last answered, released or not."""
        last: dict[int, datetime] = {}
        for sheet in self.given.values():
            for answers in sheet.values():
                for one in answers:
                    last[one.question] = max(one.at, last.get(one.question, one.at))
        return last


def _given(user: Any) -> Mapping[int, Sheet]:
    sheets: dict[int, dict[int, dict[int, Given]]] = defaultdict(lambda: defaultdict(dict))
    responses = Response.objects.filter(attempt__user=user, aside="").order_by("sequence")
    names = ("attempt_id", "slot_id", "pk", "of_id", "slot__version__question_id", "received_at", "credit", "earned")
    for attempt, slot, pk, of, *values in responses.values_list(*names, "certainty", "took"):
        answers, given = sheets[attempt][slot], Given(*values)
        if of in answers:  # a judgement changes what its answer is worth, not when and how it was given
            answers[of] = answers[of]._replace(credit=given.credit, earned=given.earned)
        else:
            answers[of or pk] = given
    return {
        attempt: {slot: list(answers.values()) for slot, answers in sheet.items()} for attempt, sheet in sheets.items()
    }
