"""Finding words in a small library: substrings, so that two characters of Hangul or Kanji are enough. Pure.

The whole curriculum is some hundred thousand characters; reading through it takes milliseconds, works alike on
every database, and needs no word breaking, which Korean and Japanese would ask for.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST = 100  # characters of a query
AROUND = 90  # characters of text beside a find


@dataclass(frozen=True)
class Entry:
    """Something that can be found. `kind` sorts the results; `weight` lifts what readers look for first."""

    kind: str
    title: str
    url: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Hit:
    entry: Entry
    score: float
    title: SafeString
    excerpt: SafeString


def fold(text: str) -> str:
    """Letters as they are compared: width, case and accents do not count; as many characters as before."""
    return "".join(_plain(char) for char in unicodedata.normalize("NFC", text))


def _plain(char: str) -> str:
    """One character for one: the place of a find in folded text is its place in the text."""
    narrow = unicodedata.normalize("NFKC", char)
    if len(narrow) != 1:
        return char
    base = unicodedata.normalize("NFD", narrow)[0]
    folded = (base if "LATIN" in unicodedata.name(base, "") else narrow).casefold()
    return folded if len(folded) == 1 else char


def terms(query: str) -> list[str]:
    """The words of a query, folded; a phrase in quotation marks stays together."""
    parts = re.findall(r'["“”]([^"“”]+)["“”]|(\S+)', query[:LONGEST])
    return list(dict.fromkeys(fold(phrase or word).strip() for phrase, word in parts if (phrase or word).strip()))


def search(entries: Iterable[Entry], query: str, limit: int = 40) -> list[Hit]:
    """The entries that hold every word of the query, the best first."""
    wanted = terms(query)
    hits = [hit for entry in entries if wanted and (hit := _look(entry, wanted))]
    return sorted(hits, key=lambda hit: (-hit.score, hit.entry.title))[:limit]


def _look(entry: Entry, wanted: list[str]) -> Hit | None:
    title, text = unicodedata.normalize("NFC", entry.title), unicodedata.normalize("NFC", entry.text)
    in_title, in_text = fold(title), fold(text)
    score = 0.0
    for word in wanted:
        places = in_text.count(word)
        if not places and word not in in_title:
            return None
        whole = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", in_title)
        score += 8 * bool(whole) + 4 * (word in in_title) + min(places, 5)
    excerpt = _excerpt(text, in_text, wanted)
    return Hit(entry, score * entry.weight, mark(title, in_title, wanted), excerpt)


def _excerpt(text: str, folded: str, wanted: list[str]) -> SafeString:
    first = min((place for word in wanted if (place := folded.find(word)) >= 0), default=0)
    start = max(0, first - AROUND)
    end = min(len(text), first + AROUND * 2)
    if start:
        start = text.find(" ", start, first) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", first, end), first + 1)
    found = mark(text[start:end], folded[start:end], wanted)
    return mark_safe(("… " if start else "") + found + (" …" if end < len(text) else ""))


def mark(text: str, folded: str, wanted: list[str]) -> SafeString:
    """The text, escaped, with every find in <mark>."""
    out, end = [], 0
    for found in re.finditer("|".join(sorted(map(re.escape, wanted), key=len, reverse=True)), folded):
        out += [escape(text[end : found.start()]), "<mark>", escape(text[found.start() : found.end()]), "</mark>"]
        end = found.end()
    return mark_safe("".join([*out, escape(text[end:])]))
