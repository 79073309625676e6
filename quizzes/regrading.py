"""What a corrected key would change, before anybody is graded anew. Read only."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from quizzes.grading import Score, score
from quizzes.models import Attempt, QuestionVersion, Regrade, Response, Slot
from quizzes.models.correction import Verdict, judged, judgements
from quizzes.models.response import sorted_out

BATCH = 500  # slots looked at together


@dataclass(frozen=True)
class Effect:
    """One attempt and its score, before and after. `who` is empty where the viewer may see no names."""

    attempt: Attempt
    who: str
    going: bool  # it is not handed in yet
    before: Score
    after: Score

    @property
    def gain(self) -> float:
        return round(self.after.points - self.before.points, 6)


@dataclass(frozen=True)
class Preview:
    """What grading every earlier answer by the key of `version` comes to."""

    version: QuestionVersion
    answers: int  # that a score rests on
    changed: int  # of them, how many get another credit
    marked: int  # left alone: a teacher judged them
    unread: int  # keep what they have: this version cannot read them
    effects: tuple[Effect, ...]  # of every attempt, the largest change first

    @property
    def up(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.gain > 0]

    @property
    def down(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.gain < 0]

    @property
    def same(self) -> int:
        return sum(not effect.gain for effect in self.effects)


def outdated(version: QuestionVersion) -> list[int]:
    """The numbers of earlier versions that were answered and have another content, so that their key may differ."""
    given = Response.objects.filter(aside="").values("slot__version")
    earlier = version.siblings.filter(number__lt=version.number, pk__in=given).order_by("number")
    return [number for number, content in earlier.values_list("number", "content") if content != version.content]


def preview(version: QuestionVersion, now: datetime, *, names: bool = False) -> Preview:
    """Six queries for every 500 attempts, whatever they hold."""
    trial = Regrade(question=version.question, version=version, made_at=now)
    verdicts: list[Verdict] = []
    effects: list[Effect] = []
    for slots in _batches(trial):
        found = judged(slots, [trial])
        verdicts += [verdict for _slot, each in found for verdict in each]
        effects += _effects(found, now, names)
    open_to_it = [verdict for verdict in verdicts if not verdict.marked]
    effects.sort(key=lambda effect: (-abs(effect.gain), effect.attempt.pk))
    return Preview(
        version=version,
        answers=len(verdicts),
        changed=sum(verdict.credit != verdict.response.credit for verdict in open_to_it),
        marked=len(verdicts) - len(open_to_it),
        unread=sum(verdict.regrade is not trial for verdict in open_to_it),
        effects=tuple(effects),
    )


def _batches(trial: Regrade) -> Iterator[list[Slot]]:
    rows = trial.slots().select_related("attempt__quiz", "attempt__user")
    pks = list(rows.values_list("pk", flat=True))
    for n in range(0, len(pks), BATCH):
        yield list(rows.filter(pk__in=pks[n : n + BATCH]))


def _effects(found: Sequence[tuple[Slot, list[Verdict]]], now: datetime, names: bool) -> Iterator[Effect]:
    attempts = {slot.attempt_id: slot.attempt for slot, _verdicts in found}
    standing: dict[int, dict[int, float | None]] = defaultdict(dict)  # attempt -> slot -> what it stands at
    for pk, place in Slot.objects.filter(attempt__in=attempts).values_list("attempt_id", "pk"):
        standing[pk][place] = None
    counted = Response.objects.filter(attempt__in=attempts).order_by("sequence")
    for place, given in sorted_out(counted.only("attempt", "slot", "of", "aside", "earned")).items():
        standing[given[-1].attempt_id][place] = given[-1].earned
    before = {pk: score(each.values()) for pk, each in standing.items()}
    for slot, verdicts in found:
        if due := judgements(verdicts, slot.attempt.tries):
            standing[slot.attempt_id][slot.pk] = due[-1].earned
    for pk, attempt in attempts.items():
        who = attempt.user.display_name if names else ""
        yield Effect(attempt, who, attempt.is_open(now), before[pk], score(standing[pk].values()))
