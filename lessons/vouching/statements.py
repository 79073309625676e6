"""Texts cut into statements: a sentence, what stands around it, and what is cited for it. Pure.

Lessons, questions and records are all told in statements, so that one can be held against another
(see `vouching`). Nothing is resolved here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from markdown_it.token import Token

from lessons.syntax import BACKGROUND, Reader, called, tidy
from lessons.vouching.quantities import Key

SENTENCE = re.compile(r"(?<=[.!?;:”])\s+(?=[A-Z“\d(])")
MINUTES = re.compile(r"\d{1,2}[–-]\d{1,2}")  # the first column of a plan for the classroom


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, or one short text, with what it rests on."""

    home: str  # the lesson it belongs to, or the record, as in `timeline gsomia-signed`
    place: str  # for people: where it stands
    text: str
    around: str = ""  # what is said around it
    cites: tuple[str, ...] = ()  # the claims and errata cited for it: WP-16a, E05
    leans: tuple[str, ...] = ()  # others that may vouch for it: of its paragraph, of the question's key
    note: str = ""  # what its background notes say
    given: frozenset[Key] = frozenset()  # figures that stand in a field: a date, a value
    names: frozenset[str] = frozenset()  # terms that are linked
    of: str = ""  # the claim, passage or erratum that this tells
    whole: str = ""  # the text that its citations stand for, if they stand for more than this sentence
    asked: bool = False  # whether it belongs to a question
    checked: bool = True  # whether somebody has to vouch for it; a wrong option need not be true


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text up to the citations that stand after it."""

    text: str
    line: int
    head: str = ""  # the heading above
    before: str = ""  # the stretch before it in the same paragraph
    claims: tuple[str, ...] = ()
    errata: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    terms: frozenset[str] = frozenset()
    spelt: tuple[str, ...] = ()  # {ko:..} and {ja:..}
    leans: tuple[str, ...] = ()  # what the stretches before and after it cite

    @property
    def codes(self) -> tuple[str, ...]:
        return (*self.claims, *self.errata)

    @property
    def sentences(self) -> list[str]:
        return [part for part in SENTENCE.split(self.text) if part.strip()]


@lru_cache(maxsize=16384)
def stretches(text: str) -> tuple[Stretch, ...]:
    """A text of lesson markup, cut at its citations; headings are stretches, too."""
    return tuple(_stretches(text))


def told(text: str, home: str, place: str, around: str = "", leans: Iterable[str] = ()) -> Iterator[Statement]:
    """The statements of such a text, with those of its background notes."""
    for stretch in stretches(text):
        sentences = stretch.sentences
        for sentence in sentences:
            rest = " ".join(other for other in sentences if other != sentence)
            yield Statement(
                home=home,
                place=f"{place}:{stretch.line}" if "\n" in text else place,
                text=sentence,
                around=" ".join([around, stretch.head, stretch.before, rest]),
                cites=stretch.codes,
                leans=(*stretch.leans, *leans),
                note=" ".join(stretch.notes),
                names=stretch.terms,
                whole=stretch.text,
            )
        for note in stretch.notes:
            yield Statement(home, f"{place}:{stretch.line} note", note, f"{around} {stretch.head} {stretch.text}")


def _stretches(text: str) -> Iterator[Stretch]:
    head = ""
    for part in Reader(tidy(text)).blocks():
        for tokens in (part.tokens, *(tokens for side in part.sides for tokens in side)):
            heading, before = False, ""
            for token in tokens if any(t.type == "inline" for t in tokens) else [_paragraph(tokens, part.line)]:
                if token.type != "inline":
                    heading = token.type == "heading_open"
                    before = "" if token.type in ("paragraph_open", "tr_open") else before
                    continue
                if MINUTES.fullmatch(token.content.strip()):
                    continue
                line = token.map[0] + part.line if token.map else part.line
                cut = list(_cut(token, line, head, before))
                if heading:
                    head = token.content
                elif cut:
                    before = cut[-1].text
                yield from _leaning(cut)


def _paragraph(tokens: list[Token], line: int) -> Token:
    """Bare inline tokens, as of the title of a column, as if they were a paragraph."""
    return Token("inline", "", 0, children=list(tokens), content="", map=[0, 0])


def _cut(inline: Token, line: int, head: str, before: str) -> Iterator[Stretch]:
    words: list[str] = []
    terms: set[str] = set()
    spelt: list[str] = []
    for child in [*(inline.children or ()), None]:
        if child is not None and child.type != "cite":
            words.append(" " if child.type in ("softbreak", "hardbreak") else child.content or called(child))
            if child.type == "term":
                terms.add(child.meta["is"][0])
            elif child.type == "word":
                spelt.append(child.content)
            continue
        items = child.meta["is"][0] if child is not None else ()
        said = " ".join("".join(words).split()).strip(" .")
        if said or items:
            stretch = Stretch(
                said,
                line,
                head,
                before,
                claims=tuple(code for kind, code, _says in items if kind == "claim"),
                errata=tuple(code for kind, code, _says in items if kind == "erratum"),
                notes=tuple(says for kind, _code, says in items if kind == BACKGROUND),
                terms=frozenset(terms),
                spelt=tuple(spelt),
            )
            yield stretch
            before = said
        words, terms, spelt = [], set(), []


def _leaning(cut: list[Stretch]) -> Iterator[Stretch]:
    """A stretch may rest on what its neighbours in the paragraph cite."""
    for n, stretch in enumerate(cut):
        near = [code for other in cut[max(0, n - 1) : n + 2] if other is not stretch for code in other.codes]
        yield replace(stretch, leans=tuple(near))
