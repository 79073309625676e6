"""Which questions a quiz draws for one attempt: by chance, but first what the learner has not met. Pure."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Seed = int | str


class Seen(Protocol):
    """When the learner last answered which question."""

    @property
    def last(self) -> Mapping[int, datetime]: ...


class Nothing(Seen):
    """Of somebody who has answered nothing."""

    @property
    def last(self) -> Mapping[int, datetime]:
        return {}


@dataclass(frozen=True)
class Rule:
    """Draw `count` of the questions in `pool` (their keys)."""

    count: int
    pool: Sequence[int]


def draw(rules: Iterable[Rule], *, fixed: Iterable[int] = (), seen: Seen, seed: Seed) -> list[int]:
    """The keys of the questions drawn, rule by rule; none twice, and none of those that are asked anyway.

    New questions come first, then those answered longest ago: among equals chance decides, the same for the
    same seed. A pool with too few gives what it has.
    """
    chance = random.Random(f"draw/{seed}")  # noqa: S311 - to vary, not to hide
    taken = set(fixed)
    drawn: list[int] = []
    for rule in rules:
        pool = sorted(set(rule.pool) - taken)
        chance.shuffle(pool)
        pool.sort(key=lambda key: seen.last[key].timestamp() if key in seen.last else 0.0)
        chosen = pool[: rule.count]
        taken.update(chosen)
        drawn += chosen
    return drawn


def mixed(keys: Sequence[int], seed: Seed) -> list[int]:
    """The keys in an order of chance, the same for the same seed."""
    keys = list(keys)
    random.Random(f"mix/{seed}").shuffle(keys)  # noqa: S311
    return keys
