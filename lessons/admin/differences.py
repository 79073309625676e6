"""What changed between two texts, for people: whole lines, and within a changed line the words. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 1  # unchanged lines shown around a change
WORD = re.compile(r"\s+|[^\s\w]|\w+")
ALIKE = 0.35  # below it two lines are shown as one gone and one come
LONGEST = 3000  # characters of a line that is compared word by word: the time grows with the square


@dataclass(frozen=True)
class Line:
    """`mark` is same, gone, come, changed or gap; `pieces` are (same, gone or come; text) in reading order."""

    mark: str
    pieces: tuple[tuple[str, str], ...] = ()


def compare(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """The changed lines with a little around them; empty when nothing changed."""
    lines = list(_lines(before, after))
    near = {k for n, line in enumerate(lines) if line.mark != "same" for k in range(n - CONTEXT, n + CONTEXT + 1)}
    shown: list[Line] = []
    for n, line in enumerate(lines):
        if n in near:
            shown.append(line)
        elif near and (not shown or shown[-1].mark != "gap"):
            shown.append(Line("gap"))
    return shown


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[a:b], after[c:d]
        if tag == "equal":
            yield from (Line("same", (("same", text),)) for text in old)
            continue
        for n in range(max(len(old), len(new))):
            if n < len(old) and n < len(new):
                yield from _words(old[n], new[n])
            elif n < len(old):
                yield Line("gone", (("gone", old[n]),))
            else:
                yield Line("come", (("come", new[n]),))


def _words(old: str, new: str) -> Iterator[Line]:
    left, right = WORD.findall(old), WORD.findall(new)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if max(len(old), len(new)) > LONGEST or matcher.ratio() < ALIKE:
        yield Line("gone", (("gone", old),))
        yield Line("come", (("come", new),))
        return
    pieces = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(left[a:b])))
            continue
        pieces += [(mark, text) for mark, text in (("gone", "".join(left[a:b])), ("come", "".join(right[c:d]))) if text]
    yield Line("changed", tuple(pieces))
