"""The file of a document's own words -> its paragraphs by number. Pure; what is wrong is a ValueError in words.

The file is plain text. Either each line that is not empty is a paragraph, counted from 1; or paragraphs begin with
a number, `[1]`, `1.` or `¶1` throughout, stand in any order, and may run over several lines.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

MOST = 2_000_000  # bytes
NAMED = 6  # misfits that an error names
NUMBERS = (
    re.compile(r"\[([0-9]{1,4})\](?=\s|$)"),
    re.compile(r"([0-9]{1,4})\.(?=\s|$)"),
    re.compile(r"¶ ?([0-9]{1,4})[.:]?(?=\s|$)"),
)


def decoded(data: bytes) -> str:
    """The text of a file, its lines ended by `\\n` alone. ValueError when it is too large or is no plain text."""
    if len(data) > MOST:
        raise ValueError(f"larger than {MOST // 1_000_000} MB: this is no single document")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        place = data.count(b"\n", 0, wrong.start) + 1
        raise ValueError(f"not UTF-8: line {place} holds the byte 0x{data[wrong.start]:02X}") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for n, line in enumerate(text.split("\n"), 1):
        if strange := next((c for c in line if c != "\t" and unicodedata.category(c) == "Cc"), None):
            raise ValueError(f"not plain text: line {n} holds the control character U+{ord(strange):04X}")
    return text


def paragraphs(text: str) -> dict[int, str]:
    """The paragraphs by number, each on one line. ValueError when there are none, or numbers that do not count."""
    lines = [(n, words) for n, line in enumerate(text.split("\n"), 1) if (words := " ".join(line.split()))]
    if not lines:
        raise ValueError("empty: no paragraph in it")
    for number in NUMBERS:
        begin = [bool(number.match(words)) for _n, words in lines]
        if begin[0] or 2 * sum(begin) > len(lines):
            return numbered(lines, number)
    return dict(enumerate((words for _n, words in lines), 1))


def numbered(lines: Iterable[tuple[int, str]], number: re.Pattern[str]) -> dict[int, str]:
    """Lines, each with its place in the file, as paragraphs: a new one begins where `number` matches."""
    found: dict[int, list[str]] = {}
    began: dict[int, int] = {}
    here = 0
    for n, words in lines:
        if mark := number.match(words):
            here, words = int(mark[1]), words[mark.end() :].strip()
            if here in found:
                raise ValueError(f"¶{here} begins twice, in line {began[here]} and in line {n}")
            found[here], began[here] = [], n
        elif not found:
            raise ValueError(f"line {n} stands before the first number")
        found[here] += [words] if words else []
    if bare := [f"¶{here} (line {began[here]})" for here, parts in found.items() if not parts]:
        raise ValueError(f"no words after the number: {some(bare)}")
    return {here: " ".join(parts) for here, parts in found.items()}


def fit(words: Collection[int], record: Collection[int]) -> None:
    """ValueError, naming the misfits, unless the paragraphs of the file are those of the record."""
    missing = [f"¶{n}" for n in sorted(set(record) - set(words))]
    unknown = [f"¶{n}" for n in sorted(set(words) - set(record))]
    wrong = [f"{what} {some(each)}" for what, each in (("missing:", missing), ("unknown:", unknown)) if each]
    if wrong:
        count = f"{len(words)} paragraphs in the file, {len(record)} in the record"
        raise ValueError(f"{count}; {'; '.join(wrong)}")


def some(misfits: list[str]) -> str:
    """The first few in a row, and how many more there are."""
    more = len(misfits) - NAMED
    return ", ".join(misfits[:NAMED]) + (f" and {more} more" if more > 0 else "")


def strangers(words: Mapping[int, str], record: Mapping[int, str]) -> list[tuple[int, int]]:
    """Paragraphs that do not read like what the record says of them: (number, the number they read like).

    Rare words that both share speak for a paragraph. One in another language shares none and passes: this warns of
    files in which a paragraph was split, lost or moved, no more.
    """
    said = {n: stems(text) for n, text in record.items() if n in words}
    often = Counter(stem for stem_set in said.values() for stem in stem_set)
    found = []
    for n, text in words.items():
        if n not in said:
            continue
        own = stems(text)
        near = {
            m: sum(1 / often[stem] for stem in own & theirs) / (len(theirs) or 1) ** 0.5 for m, theirs in said.items()
        }
        best = max(near, key=lambda m: near[m])
        if near[best] > 1.5 * near[n] + 0.2:
            found.append((n, best))
    return found


def stems(text: str) -> set[str]:
    """Figures, and the beginnings of longer words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return set(re.findall(r"\d+", plain)) | {word[:6] for word in re.findall(r"\w{4,}", plain)}
