"""When something happened, as far as it is known: spans of days, and the orders that they allow.

One event comes surely before another only if the latest day of the first lies before the earliest day of the
second. This is a partial order; an order of all events is right if it contradicts none of these pairs (it is
one of the linear extensions).
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

Span = tuple[Any, Any]  # the earliest and the latest moment, of any sortable kind

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def days(iso: str) -> tuple[date, date] | None:
    """The first and the last day of `1965`, `1965-06` or `1965-06-22`; None for anything else."""
    match = _ISO.fullmatch(iso)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        start = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    end_month = month or 12
    return start, date(start.year, end_month, day or monthrange(start.year, end_month)[1])


def span(dates: Sequence[str]) -> tuple[date, date] | None:
    """The days from the first of these dates to the last; None if they cannot be read or run backwards."""
    found = [days(iso) for iso in dates]
    ends = [each for each in found if each]
    if not ends or len(ends) < len(found) or ends[0][0] > ends[-1][1]:
        return None
    return ends[0][0], ends[-1][1]


def before(one: Span, other: Span) -> bool:
    """Whether one surely came before the other."""
    return bool(one[1] < other[0])


def longest_fit(given: Sequence[str], spans: Mapping[str, Span]) -> list[str]:
    """The most of the given keys that stand in an order which could be right, in the order given.

    This is the longest common subsequence with the best of all right orders. A subsequence of a right order
    contradicts no pair. Conversely, let the chosen keys contradict no pair, and add "stands before" among them
    to the sure pairs: a cycle would have to leave and re-enter the chosen keys along sure pairs, and as these
    are transitive each such way is itself a sure pair of chosen keys, which agrees with their order; so there
    is no cycle, and some right order of all keys holds the chosen ones as they stand.

    A key contradicts one before it just if it ends before that one begins, so all that counts of those chosen
    is their latest beginning: for each, the longest choice is kept.
    """
    best: dict[Any, list[str]] = {}
    for key in given:
        longer = [[key], *([*chosen, key] for latest, chosen in best.items() if spans[key][1] >= latest)]
        for chosen in longer:
            latest = max(spans[each][0] for each in chosen)
            if len(chosen) > len(best.get(latest, ())):
                best[latest] = chosen
    return max(best.values(), key=len, default=[])


def nearest_order(given: Sequence[str], spans: Mapping[str, Span]) -> list[str]:
    """A right order of all keys that holds the longest fit as it stands; what is free stands as in `spans`."""
    fixed = longest_fit(given, spans)
    left, order = list(spans), []
    while left:
        waiting = [key for key in fixed if key in left]
        key = next(
            key
            for key in left
            if not any(before(spans[other], spans[key]) for other in left) and (key not in waiting or key == waiting[0])
        )
        left.remove(key)
        order.append(key)
    return order


def swappable(keys: Iterable[str], spans: Mapping[str, Span]) -> dict[str, list[str]]:
    """For each key the others with which it may stand in either order."""
    keys = list(keys)
    return {
        key: [o for o in keys if o != key and not before(spans[key], spans[o]) and not before(spans[o], spans[key])]
        for key in keys
    }
