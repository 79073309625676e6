"""Reading lesson text: Markdown with citations, terms, words in Hangul or kana, and `:::` blocks.

Gives parts and tokens; nothing is resolved or shown here. A text is cut at its `:::` lines first, so that an
author's slip inside one block cannot swallow the rest. Bad input gives a `Problem`, never an exception.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import link as commonmark_link
from markdown_it.token import Token

from lessons import region
from lessons.book import NOTHING, Cited, Entry, Problem

CLAIM = r"[A-Z]{2,4}-\d{1,3}[a-z]{1,2}"
ERRATUM = r"E\d{2,3}"
BACKGROUND = "background"
ITEM = re.compile(
    rf"(?:(?P<claim>{CLAIM})|(?P<erratum>{ERRATUM})|{BACKGROUND}(?=\s*:\s*\S))(?:\s*:\s*(?P<says>\S.*))?",
    re.S,
)
NEXT_ITEM = re.compile(rf",\s*(?={CLAIM}\b|{ERRATUM}\b|{BACKGROUND}\s*:)")
BRACKETS = re.compile(r"\[([^\[\]]{1,600})\]")
# What was surely meant as a citation: WP16a, WP-16, wp-16a, WP ¶16, E5, background
ALMOST = re.compile(r"\s*(?:[A-Z]{2,4}[\s\-–—.¶]*\d|[A-Za-z]{2,4}-?\d+[a-z]{1,2}\b|[EXex]-?\d+\b|[Bb]ackground\b)")
EXAMPLES = "[WP-16a], [WP-16a, E05], [WP-16a: the ministry], [background: the rulings of 2018]"
TERM = re.compile(r"\[\[([a-z0-9]+(?:-[a-z0-9]+)*)(?:\|([^\[\]|]{1,200}))?\]\]")
WORD = re.compile(r"\{((?:ko|ja)(?:-Latn)?):\s{0,9}([^{}\n]{0,199}[^{}\s])\s{0,9}\}")
ALMOST_WORD = re.compile(r"\{\s*[A-Za-z]{2,3}(?:-\w+)?\s*:")
HEADING_ID = re.compile(r"\{#([^{}]*)\}$")
ID = re.compile(r"[a-z][a-z0-9-]*")
FENCE = re.compile(r" {0,3}:::+\s*(.*?)\s*")
SIDE = re.compile(r"#{2,3}\s+(.+?)\s*#*")
LINK_START = re.compile(r"\[[^\[\]]{1,300}\]\(")
LINK = re.compile(r"https://[^\s\\/][^\s\\]*|/(?![/\\])[^\s\\]*|\.{1,2}/[^\s\\]*|#[\w-]+")

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DIRECTIVES = {  # name -> what its argument looks like
    "names": SLUG,
    "shores": re.compile(""),
    "figure": re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"),
    "image": re.compile(r"\w+(?:[.-]\w+)*"),
    "map": re.compile(rf"(?:{SLUG.pattern}(?: {SLUG.pattern})*)?"),
    "question": SLUG,
}
REFERS = {"names": "terms", "figure": "series", "image": "images", "question": "questions"}
MOST_PROBLEMS = 100
MUTE = ("names", "question")  # these hold no text
# Ids of the page around the lesson, and of the notes: a heading with one of them would break a link or a note
TAKEN = re.compile(
    r"main|notices|in-this|aims|key-terms|rests-on|question|passage|stem-.*|verdict-.*|number-keys|spoken|n\d+|[ct]-.*|theme-.*|id_.*"
)


@dataclass(slots=True)
class Part:
    """A stretch of Markdown (kind `text`), or one `:::` block. `line` counts from 1."""

    kind: str
    line: int
    arg: str = ""
    tokens: list[Token] = field(default_factory=list)
    sides: list[tuple[list[Token], list[Token]]] = field(default_factory=list)  # of shores: title, text


class Reader:
    """One pass over a text; afterwards it knows what the text refers to and what is wrong with it."""

    def __init__(self, text: str) -> None:
        self.lines = tidy(text).split("\n")
        self.claims: list[Cited] = []
        self.named: dict[str, dict[str, None]] = {k: {} for k in ("errata", "terms", *REFERS.values())}
        self.problems: list[Problem] = []
        self.row = 0  # the line, from 0, where the inline text being read begins

    def blocks(self) -> list[Part]:
        parts: list[Part] = []
        row = start = 0
        while row <= len(self.lines):
            fence = FENCE.fullmatch(self.lines[row]) if row < len(self.lines) else None
            if row == len(self.lines) or fence:
                if any(line.strip() for line in self.lines[start:row]):
                    parts.append(Part("text", start + 1, tokens=self.markdown(start, row)))
                start = row + 1
            if fence:
                end = self.closing(row) if fence[1] else row
                if part := self.directive(fence[1], row, end):
                    parts.append(part)
                    row = end
                    start = end + 1
            row += 1
        return parts

    def closing(self, row: int) -> int:
        """The line that closes the block opened at `row`, or `row` itself if none does."""
        for end in range(row + 1, len(self.lines)):
            if fence := FENCE.fullmatch(self.lines[end]):
                return row if fence[1] else end
        return row

    def directive(self, opening: str, row: int, end: int) -> Part | None:
        """The block, or None where its lines have to be read as ordinary text."""
        name, _space, arg = opening.partition(" ")
        arg = arg.strip()
        if message := self.misopened(name, arg, closed=end > row):
            self.wrong(row, 0, message)
            return None
        part = Part(name, row + 1, arg)
        if name in REFERS:
            self.named[REFERS[name]].setdefault(arg)
        if strange := [place for place in arg.split() if name == "map" and place not in region.PLACES]:
            places = {"name": strange[0], "all": ", ".join(region.PLACES)}
            self.wrong(row, 0, _("The map has no place “%(name)s”. Places: %(all)s.") % places)
        if name in MUTE and any(line.strip() for line in self.lines[row + 1 : end]):
            self.wrong(row + 1, 0, _("Nothing is shown of what stands inside this block; move it outside."))
        elif name == "shores":
            self.shores(part, row, end)
        elif name not in MUTE:
            part.tokens = self.markdown(row + 1, end)
        return part

    def misopened(self, name: str, arg: str, *, closed: bool) -> str:
        """What is wrong with the line that opens a block, if anything."""
        if not name:
            return _("Nothing is open that “:::” could close.")
        if name not in DIRECTIVES:
            return _("There is no block “%(name)s”. Blocks: %(all)s.") % {
                "name": name,
                "all": ", ".join(DIRECTIVES),
            }
        if not closed:
            return _("This block is never closed; a line with “:::” alone closes it.")
        if DIRECTIVES[name].fullmatch(arg):
            return ""
        if name == "shores":
            return _("“::: shores” stands alone on its line.")
        if name == "map":
            return _("After “::: map” stand names of places, with a space between.")
        example = "S12" if name == "figure" else "some-name"
        return _("One name follows, as in “::: %(name)s %(example)s”.") % {"name": name, "example": example}

    def shores(self, part: Part, row: int, end: int) -> None:
        heads = [i for i in range(row + 1, end) if SIDE.fullmatch(self.lines[i])]
        if len(heads) != 2:
            self.wrong(row, 0, _("A “shores” block has two headings: the Korean side, then the Japanese."))
        if any(line.strip() for line in self.lines[row + 1 : heads[0] if heads else end]):
            self.wrong(row + 1, 0, _("Inside a “shores” block text stands under one of its two headings."))
            part.sides.append(([], self.markdown(row + 1, heads[0] if heads else end)))
        for head, after in zip(heads, [*heads, end][1:], strict=True):
            title = SIDE.fullmatch(self.lines[head])
            self.row = head
            part.sides.append((self.inline(title[1] if title else ""), self.markdown(head + 1, after)))

    def markdown(self, start: int, end: int) -> list[Token]:
        return MARKDOWN.parse("\n".join(self.lines[start:end]), {"reader": self, "start": start})

    def inline(self, content: str) -> list[Token]:
        return MARKDOWN.inline.parse(content, MARKDOWN, {"reader": self, "start": 0}, [])

    def place(self, content: str, pos: int) -> tuple[int, int]:
        """Line and column, from 0, of a place in the inline text being read."""
        above = content.count("\n", 0, pos)
        begin = content.rfind("\n", 0, pos) + 1
        row = min(self.row + above, len(self.lines) - 1)
        shown = content[begin:].split("\n", 1)[0]
        return row, max(self.lines[row].find(shown), 0) + pos - begin

    def wrong(self, row: int, column: int, message: str) -> None:
        problem = Problem(min(row, len(self.lines) - 1) + 1, column + 1, message)
        if len(self.problems) < MOST_PROBLEMS and problem not in self.problems:
            self.problems.append(problem)


def tidy(text: str) -> str:
    """Line ends as \\n, and nothing that HTML or UTF-8 cannot carry."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def plain(tokens: Sequence[Token], terms: Mapping[str, Entry] = NOTHING) -> str:
    """The words of inline tokens, without markup and citations."""
    out: list[str] = []
    for token in tokens:
        if token.type == "cite":  # it stands close to the word before it
            while out and not out[-1].strip():
                out.pop()
        elif token.type in ("softbreak", "hardbreak"):
            out.append(" ")
        else:
            out.append(token.content or called(token, terms))
    return "".join(out).strip()


def called(term: Token, terms: Mapping[str, Entry] = NOTHING) -> str:
    """What the text calls a term: the author's words, else its name."""
    if term.type != "term":
        return term.content
    slug = term.meta["is"][0]
    return term.content or (terms[slug].name if slug in terms else slug.replace("-", " "))


def heading_id(heading: Token, title: str) -> str:
    """The id an author gave, else one made of the title."""
    made = slugify(title) or "section"
    free = ID.fullmatch(made) and not TAKEN.fullmatch(made)
    return str(heading.meta.get("id") or (made if free else f"s-{made}"))


# --- rules for markdown-it --------------------------------------------------------------------------------


def _inline(state: StateCore) -> None:
    """In place of markdown-it's rule: the same, and it keeps count of where in the text we are."""
    reader: Reader = state.env["reader"]
    heading = None
    for token in state.tokens:
        if token.map:
            reader.row = state.env["start"] + token.map[0]
        if token.type == "heading_open":
            heading = token
        elif token.type == "inline":
            if heading:
                _heading(reader, heading, token)
                heading = None
            token.children = state.md.inline.parse(token.content, state.md, state.env, [])


def _heading(reader: Reader, heading: Token, inline: Token) -> None:
    heading.meta["row"] = reader.row
    if heading.tag == "h1":
        reader.wrong(reader.row, 0, _("Sections begin with “##”; the title is not repeated."))
    elif heading.tag not in ("h2", "h3"):
        reader.wrong(reader.row, 0, _("Headings are “##” or “###”."))
    if found := HEADING_ID.search(inline.content):
        inline.content = inline.content[: found.start()].rstrip()
        heading.meta["id"] = found[1]
        if not ID.fullmatch(found[1]) or TAKEN.fullmatch(found[1]):
            reader.wrong(reader.row, 0, _("“%s” cannot be the id of a heading.") % found[1])
            heading.meta["id"] = slugify(found[1])


def _bracket(state: StateInline, silent: bool) -> bool:
    """`[[term]]`, `[WP-16a, E05]`, `[background: ...]`; a link is left to the rule after this one."""
    if state.src[state.pos] != "[":
        return False
    reader: Reader = state.env["reader"]
    if state.src.startswith("[[", state.pos):
        found = TERM.match(state.src, state.pos, state.posMax)
        if not found:
            _wrong(state, silent, _("A term is written [[its-name]] or [[its-name|text]]."))
            return False
        if not silent:
            _push(state, "term", _spaced(found[2] or ""), found[1])
            reader.named["terms"].setdefault(found[1])
    else:
        found = BRACKETS.match(state.src, state.pos, state.posMax)
        items = _items(found[1]) if found else ()
        if not found or not items:
            if found and ALMOST.match(found[1]) and not state.src.startswith("(", found.end()):
                _wrong(state, silent, _("This is no citation; write %s.") % EXAMPLES)
            return False
        if not silent:
            row, column = reader.place(state.src, state.pos)
            cited = [(code, says) for kind, code, says in items if kind == "claim"]
            reader.claims += [Cited(code, says, row + 1, column + 1) for code, says in cited]
            reader.named["errata"].update({code: None for kind, code, says in items if kind == "erratum"})
            _push(state, "cite", "", items, row, column)
    state.pos = found.end()
    return True


def _items(inside: str) -> tuple[tuple[str, str, str], ...]:
    """(kind, code, what follows the colon) of each thing cited; empty if the brackets hold no citation."""
    items = []
    for piece in NEXT_ITEM.split(inside.strip()):
        found = ITEM.fullmatch(piece.strip())
        if not found:
            return ()
        kind = "claim" if found["claim"] else "erratum" if found["erratum"] else BACKGROUND
        items.append((kind, found["claim"] or found["erratum"] or "", _spaced(found["says"] or "")))
    return tuple(items)


def _word(state: StateInline, silent: bool) -> bool:
    """`{ko:한글}`"""
    if state.src[state.pos] != "{":
        return False
    found = WORD.match(state.src, state.pos, state.posMax)
    if found and not silent:
        _push(state, "word", found[2], found[1])
    if found:
        state.pos = found.end()
    elif ALMOST_WORD.match(state.src, state.pos, state.posMax):
        _wrong(state, silent, _("Korean and Japanese words are written {ko:..} and {ja:..}."))
    return bool(found)


def _half_link(state: StateInline, silent: bool) -> bool:
    """`](` that closes no link; with a citation or a term inside it, a link is none."""
    if state.src.startswith("](", state.pos):
        _wrong(state, silent, _("This is no link; write [text](/address/), with no citation or term inside."))
    return False


def _link(state: StateInline, silent: bool) -> bool:
    """Links of Markdown; those that may not be followed keep their text and lose their address."""
    start, count = state.pos, len(state.tokens)
    # The first test only saves time: a long row of brackets would take the second one minutes.
    if not LINK_START.match(state.src, start, state.posMax) or not commonmark_link(state, silent):
        return False
    if not silent:
        if state.src.startswith("!", start - 1) and start:
            _wrong(state, silent, _("Pictures are shown with “::: image name”."), start - 1)
        opened = next(token for token in state.tokens[count:] if token.type == "link_open")
        if not LINK.fullmatch(str(opened.attrs.get("href", ""))):
            _wrong(state, silent, _("A link goes to a page of this site, or to an https:// address."), start)
            opened.attrs.pop("href", None)
    return True


def _wrong(state: StateInline, silent: bool, message: str, pos: int | None = None) -> None:
    reader: Reader = state.env["reader"]
    if not silent and len(reader.problems) < MOST_PROBLEMS:
        reader.wrong(*reader.place(state.src, state.pos if pos is None else pos), message)


def _push(state: StateInline, kind: str, content: str, *meta: Any) -> None:
    token = state.push(kind, "", 0)
    token.content = content
    token.meta = {"is": meta}


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "linkify": False})
    md.enable("table")
    md.disable(["code", "fence", "reference", "html_block", "lheading"])
    md.disable(["backticks", "image", "autolink", "html_inline"])
    md.core.ruler.at("inline", _inline)
    md.inline.ruler.at("link", _link)
    md.inline.ruler.before("link", "bracket", _bracket)
    md.inline.ruler.before("link", "word", _word)
    md.inline.ruler.before("link", "half_link", _half_link)
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # _link decides, and says so
    return md


MARKDOWN = _markdown()
