"""Read only: which question misled the class. Look at its wording first, then at the pupils."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from classrooms.models import Assignment
from quizzes.grading import percent
from quizzes.models import QuestionVersion, Response
from quizzes.questions import Refs
from quizzes.questions.base import plain

LEAST_ANSWERS = 5  # fewer say nothing about a question
LEAST_SHARE = 1 / 3  # of the answers that fell for the same thing
ONE_CHOICE = ("single", "true_false", "which_source", "number")  # where an answer is one thing to fall for
MOST_SHOWN = 4


@dataclass(frozen=True)
class Choice:
    """One answer that was given, in words; `percent` is of all answers."""

    text: str
    count: int
    percent: int
    right: bool
    led: bool  # the one that misled


@dataclass(frozen=True)
class Misled:
    assignment: Assignment
    number: int
    stem: str
    n: int  # answers counted: the first attempt of each pupil
    fell: int  # of them, how many gave the same wrong answer
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class _Given:
    answer: Any
    credit: float  # answers that wait for a mark are left out
    number: int


def misled(assignments: Collection[Assignment], pupils: Collection[int], refs: Refs) -> Misled | None:
    """The question of these assignments for which most of these pupils gave one and the same wrong answer, if
    it led enough of them astray to say so. Two queries."""
    answers = _first_answers(assignments, pupils)
    doubtful = {
        key: given
        for key, given in answers.items()
        if len(given) >= LEAST_ANSWERS and sum(g.credit < 1 for g in given) / len(given) >= LEAST_SHARE
    }
    choosing = QuestionVersion.objects.filter(question__kind__in=ONE_CHOICE).select_related("question")
    versions = choosing.in_bulk({version for _pk, version in doubtful})
    worst, share = None, LEAST_SHARE
    for (task, pk), given in doubtful.items():
        if pk not in versions:
            continue
        rules, content = versions[pk].question.rules, versions[pk].content
        wrong = Counter(rules.bucket(content, g.answer) for g in given if g.credit < 1)
        bucket, fell = wrong.most_common(1)[0]
        if fell >= 2 and fell / len(given) >= share:
            worst, share = (task, versions[pk], given, bucket, fell), fell / len(given)
    if worst is None:
        return None
    task, version, given, bucket, fell = worst
    return Misled(
        assignment=next(a for a in assignments if a.pk == task),
        number=min(g.number for g in given),
        stem=plain(str(version)),
        n=len(given),
        fell=fell,
        choices=_choices(version, given, bucket, refs),
    )


def _first_answers(assignments: Collection[Assignment], pupils: Collection[int]) -> dict[tuple[int, int], list[_Given]]:
    """The last answer to each question in each pupil's first handed-in attempt, by assignment and version."""
    rows = (
        Response.objects.filter(
            attempt__work__assignment__in=assignments,
            attempt__user__in=pupils,
            attempt__finished_at__isnull=False,
            aside="",
            credit__isnull=False,
        )
        .order_by("attempt__started_at", "attempt", "sequence")
        .values_list(
            "attempt__work__assignment_id",
            "attempt__user_id",
            "attempt_id",
            "slot__version_id",
            "slot__number",
            "answer",
            "credit",
        )
    )
    first: dict[tuple[int, int], int] = {}
    last: dict[tuple[int, int, int], _Given] = {}
    for task, user, attempt, version, number, answer, credit in rows:
        if first.setdefault((task, user), attempt) == attempt:
            last[task, user, version] = _Given(answer, credit or 0.0, number)
    answers: dict[tuple[int, int], list[_Given]] = defaultdict(list)
    for (task, _user, version), given in last.items():
        answers[task, version].append(given)
    return answers


def _choices(version: QuestionVersion, given: list[_Given], led: str, refs: Refs) -> tuple[Choice, ...]:
    rules, content = version.question.rules, version.content
    groups: dict[str, list[_Given]] = defaultdict(list)
    for one in given:
        groups[rules.bucket(content, one.answer)].append(one)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    top = ranked[:MOST_SHOWN]
    # The right answer is always among them, if anybody gave it.
    top += [item for item in ranked[MOST_SHOWN:] if item[1][0].credit >= 1]

    def told(members: list[_Given]) -> str:
        said = Counter(
            plain(rules.describe(content, version.texts, g.answer, language=version.language, refs=refs))
            for g in members
        )
        usual = said.most_common(1)[0][0]
        return usual if len(said) == 1 else _("%(answer)s, or the like") % {"answer": usual}

    return tuple(
        Choice(
            told(members),
            len(members),
            percent(len(members), len(given)),
            members[0].credit >= 1,
            bucket == led,
        )
        for bucket, members in top
    )
