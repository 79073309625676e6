"""Lesson text -> safe HTML whose margins talk.

    scan(body)                        what the text refers to, and what is wrong with it
    render(body, book, language=..)   the page: HTML, cut where a question stands
    inline(text, book, language=..)   a summary, an explanation, feedback: citations as links, no notes
    words(text)                       nothing but {ko:..} and {ja:..}
    plain(text)                       the bare words, for a title or a description

`syntax` reads, `composer` writes, `clean` lets nothing else through. Nothing here raises on any text.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from markdown_it.token import Token

from lessons.book import Book, Heading, Html, Page, Problem, Question, Scan
from lessons.clean import clean
from lessons.composer import Composer, spell
from lessons.syntax import Part, Reader, heading_id, tidy
from lessons.syntax import plain as plain_words

__all__ = ["Book", "Page", "Scan", "inline", "plain", "prose", "render", "scan", "words"]

COUNTED = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
SECTIONS, LENGTH = range(3, 6), range(500, 901)  # what a lesson should have


def scan(body: str) -> Scan:
    """What a text refers to, unresolved."""
    reader = Reader(body)
    headings: list[Heading] = []
    asked: dict[str, int] = {}  # section -> its questions
    length = 0
    for part in reader.blocks():
        length += _length(part)
        if part.kind == "question":
            _count(reader, part, headings, asked)
        elif part.kind == "text":
            for heading, row in _headings(part):
                if any(heading.id == earlier.id for earlier in headings):
                    reader.wrong(row, 0, _("Two headings have the id “%s”.") % heading.id)
                headings.append(heading)
        for tokens in (part.tokens, *(side for _title, side in part.sides)):
            _misplaced(reader, tokens)
    sections = [heading for heading in headings if heading.level == 2]
    return Scan(
        claims=tuple(reader.claims),
        headings=tuple(headings),
        words=length,
        problems=tuple(sorted(reader.problems, key=lambda problem: (problem.line, problem.column))),
        advice=tuple(Problem(1, 1, text) for text in _advice(sections, asked, length)),
        **{kind: tuple(names) for kind, names in reader.named.items()},
    )


def render(body: str, book: Book, *, language: str) -> Page:
    """The text as HTML. What the book does not hold is shown as missing."""
    with override(language):
        composer = Composer(book)
        blocks: list[Html | Question] = []
        html: list[str] = []
        for part in [*Reader(body).blocks(), None]:
            if part is None or part.kind == "question":
                if html:
                    blocks.append(Html(clean("\n".join(html))))
                    html = []
                if part:
                    blocks.append(Question(part.arg))
            else:
                html.append(composer.part(part))
    return Page(tuple(blocks), tuple(composer.headings))


def inline(text: str, book: Book, *, language: str) -> SafeString:
    """A short text in one line: emphasis, links, words, citations as links."""
    with override(language):
        return clean(Composer(book).short(Reader(text).inline(tidy(text).strip())))


def prose(body: str, book: Book | None = None) -> str:
    """A lesson's running text, for searching and measuring: no directives, marks of headings or citations."""
    lines = (re.sub(r"^#+ |\s*\{#[\w-]+\}$", "", line) for line in body.splitlines() if not line.startswith(":::"))
    return plain("\n".join(lines), book)


@lru_cache(maxsize=8192)
def words(text: str) -> SafeString:
    """Text in which only `{ko:..}` and `{ja:..}` mean anything."""
    return mark_safe(spell(tidy(str(text))))


def plain(text: str, book: Book | None = None) -> str:
    """The words alone: no markup, no citations. Not escaped."""
    return plain_words(Reader(text).inline(tidy(text).strip()), book.terms if book else {})


def _length(part: Part) -> int:
    """Words that are read: not citations, not what a figure brings along."""
    read = [*part.tokens, *(token for title, side in part.sides for token in (*title, *side))]
    return sum(len(COUNTED.findall(plain_words(token.children or [token]))) for token in read)


def _headings(part: Part) -> Iterable[tuple[Heading, int]]:
    for token, inside in zip(part.tokens, part.tokens[1:], strict=False):
        if token.type == "heading_open":
            title = plain_words(inside.children or [])
            yield Heading(heading_id(token, title), title, 3 if token.tag > "h2" else 2), token.meta["row"]


def _count(reader: Reader, part: Part, headings: list[Heading], asked: dict[str, int]) -> None:
    section = next((heading.id for heading in reversed(headings) if heading.level == 2), "")
    asked[section] = asked.get(section, 0) + 1
    if not section:
        reader.wrong(part.line - 1, 0, _("A question stands in a section, after a “##” heading."))
    elif asked[section] == 2:
        reader.wrong(part.line - 1, 0, _("This section already has its question."))


def _misplaced(reader: Reader, tokens: list[Token]) -> None:
    """Citations that have no sentence before them, or stand where no note can open."""
    heading = False
    for token in tokens:
        heading = token.type == "heading_open" or (heading and token.type == "inline")
        for index, child in enumerate(token.children or ()):
            if child.type != "cite":
                continue
            _items, row, column = child.meta["is"]
            if heading:
                reader.wrong(row, column, _("A citation stands in a sentence, not in a heading."))
            elif index == 0:
                reader.wrong(row, column, _("A citation stands right after the sentence that it supports."))


def _advice(sections: list[Heading], asked: dict[str, int], length: int) -> Iterable[str]:
    if len(sections) not in SECTIONS:
        yield _("A lesson has three to five sections; this one has %d.") % len(sections)
    for section in sections:
        if not asked.get(section.id):
            yield _("The section “%s” has no question.") % section.title
    if length not in LENGTH:
        yield _("A lesson has 500 to 900 words; this one has %d.") % length
