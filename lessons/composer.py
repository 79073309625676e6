"""Tokens of lesson text -> HTML, every word escaped. One composer a page: it remembers what it has shown."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from html import escape

from django.utils.translation import gettext as _
from markdown_it.token import Token

from lessons import charts, region
from lessons.book import Book, Entry, Heading, Image, Name
from lessons.charts import CAUTION
from lessons.syntax import BACKGROUND, WORD, Part, called, heading_id, plain

JOIN = "\u2060"  # no line break here: a mark never begins a line
SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?=\s|$)")
PLAIN_TAGS = {"p", "ul", "ol", "li", "blockquote", "thead", "tbody", "tr", "strong", "em"}


class Cites(Enum):
    """What becomes of a citation."""

    NOTES = auto()  # a mark that opens a note
    LINKS = auto()  # links in the line: where no note can open
    BELOW = auto()  # links below the text: a reading of one shore
    BARE = auto()  # nothing: headings


@dataclass(slots=True)
class Passage:
    """What one citation says of one paragraph; the claims it cites there are merged."""

    code: str
    href: str
    who: str = ""
    claims: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)


class Composer:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.headings: list[Heading] = []
        self.ids: set[str] = set()
        self.notes = 0
        self.cited: set[str] = set()  # claims and errata
        self.said: set[str] = set()  # remarks, cautions, and paragraphs whose document was named
        self.opened: set[str] = set()  # terms
        self.below: list[str] = []  # sources of the shore being written
        self.warnings: list[str] = []

    # --- blocks ---------------------------------------------------------------------------------------------

    def part(self, part: Part) -> str:
        if part.kind == "text":
            return self.blocks(part.tokens)
        if part.kind == "shores":
            return self.shores(part)
        if part.kind == "names" and part.arg in self.book.terms:
            self.opened.add(part.arg)
            return names(self.book.terms[part.arg], "div")
        if part.kind == "figure" and part.arg in self.book.series:
            key = self.unique(f"c-{part.arg.lower()}")
            series, intro = self.book.series[part.arg], self.line(part.tokens)
            return charts.figure(series, key=key, intro=intro, cite=self.reference)
        if part.kind == "map":
            return region.figure(part.arg.split(), key=self.unique("c-map"), intro=self.line(part.tokens))
        if part.kind == "image" and part.arg in self.book.images:
            return picture(self.book.images[part.arg], self.line(part.tokens))
        return f'<p class="missing">{escape(part.kind)}: {escape(part.arg)}</p>'

    def blocks(self, tokens: Sequence[Token], cites: Cites = Cites.NOTES) -> str:
        out: list[str] = []
        closing: list[str] = []
        within = cites
        for i, token in enumerate(tokens):
            if token.type == "inline":
                out.append(self.inline(token.children or [], within))
            elif token.type == "hr":
                out.append("<hr>")
            elif token.hidden:  # the paragraph of a tight list
                continue
            elif token.nesting == 1:
                opening, close, within = self.opening(token, tokens[i + 1], cites)
                out.append(opening)
                closing.append(close)
            elif token.nesting == -1:
                out.append(closing.pop())
                within = cites
        return "".join(out)

    def opening(self, token: Token, inside: Token, cites: Cites) -> tuple[str, str, Cites]:
        """The tags around a block, and what becomes of the citations in it."""
        if token.type == "heading_open":
            title, level = plain(inside.children or [], self.book.terms), 3 if token.tag > "h2" else 2
            if cites is not Cites.NOTES:  # inside a shore: no section of its own
                return "<p><strong>", "</strong></p>", Cites.BARE
            found = Heading(self.unique(heading_id(token, title)), title, level)
            self.headings.append(found)
            return f'<h{level} id="{found.id}">', f"</h{level}>\n", Cites.BARE
        if token.tag == "table":
            label = escape(_("Table"))
            return (
                f'<div class="scroll" role="region" tabindex="0" aria-label="{label}"><table class="plain-table">',
                "</table></div>\n",
                cites,
            )
        if token.tag == "th" and not inside.content:  # the empty corner of a table heads nothing
            return "<td>", "</td>", Cites.BARE
        if token.tag in ("th", "td"):
            scope = ' scope="col"' if token.tag == "th" else ""
            number = ' class="n"' if "right" in str(token.attrs.get("style", "")) else ""
            return f"<{token.tag}{scope}{number}>", f"</{token.tag}>", Cites.LINKS
        if token.tag == "ol" and str(start := token.attrs.get("start", "")).isdecimal():
            return f'<ol start="{start}">', "</ol>\n", cites
        if token.tag in PLAIN_TAGS:
            return f"<{token.tag}>", f"</{token.tag}>\n", cites
        return "", "", cites

    def shores(self, part: Part) -> str:
        sides = []
        for shore, (title, tokens) in zip(("korea", "japan"), part.sides, strict=False):
            self.below, self.warnings = [], []
            says = f'<p class="says">{self.inline(title, Cites.BARE)}</p>' if title else ""
            text = self.blocks(tokens, Cites.BELOW)
            rests = f'<p class="from">{"; ".join(self.below)}</p>' if self.below else ""
            sides.append(f'<div class="{shore}">{says}{text}{rests}{"".join(self.warnings)}</div>')
        more = "".join(self.blocks(tokens) for _title, tokens in part.sides[2:])
        return f'<div class="shores">{"".join(sides)}</div>{more}'

    def line(self, tokens: Sequence[Token]) -> str:
        """The paragraphs of a caption in one line."""
        return " ".join(self.short(token.children or []) for token in tokens if token.type == "inline")

    def short(self, tokens: Sequence[Token]) -> str:
        return self.inline(tokens, Cites.LINKS)

    # --- lines ----------------------------------------------------------------------------------------------

    def inline(self, tokens: Sequence[Token], cites: Cites) -> str:
        out: list[str] = []
        waiting: list[tuple[int, str]] = []  # notes of terms with their depth, for where the sentence ends
        depth = 0
        ended = False  # the sentence is over; marks may still follow
        link = False

        def close(at: int) -> None:
            while waiting and waiting[-1][0] >= at:
                out.append(f"{waiting.pop()[1]}</span>")

        for token in _tight(tokens):
            if ended and token.type != "cite":
                close(depth)
                ended = False
            if token.type == "text" or token.type == "text_special":
                rest = token.content
                if waiting and waiting[-1][0] == depth and (end := SENTENCE_END.search(rest)):
                    out.append(escape(rest[: end.end()]))
                    rest = rest[end.end() :]
                    ended = not rest
                    if rest:
                        close(depth)
                out.append(escape(rest))
            elif token.type == "cite":
                out.append(self.cite(token, cites))
            elif token.type == "term":
                if cites in (Cites.LINKS, Cites.BARE):
                    out.append(spell(called(token, self.book.terms)))
                else:
                    mark, note = self.term(token)
                    out.append(mark)
                    if note:
                        waiting.append((depth, note))
            elif token.type == "word":
                out.append(_word(token.meta["is"][0], token.content))
            elif token.type in ("softbreak", "hardbreak"):
                out.append("\n" if token.type == "softbreak" else "<br>")
            elif token.type == "link_open" and "href" in token.attrs:
                href = str(token.attrs["href"])
                rel = ' rel="noopener noreferrer"' if href.startswith("https:") else ""
                out.append(f'<a href="{escape(href)}"{rel}>')
                link = True
            elif token.type == "link_close":
                out.append("</a>" if link else "")
                link = False
            elif token.tag in PLAIN_TAGS:
                if token.nesting == -1:
                    close(depth)
                depth += token.nesting
                out.append(f"<{'/' if token.nesting == -1 else ''}{token.tag}>")
        close(0)
        return "".join(out)

    def term(self, token: Token) -> tuple[str, str]:
        """The word, and the note that it opens; only the first time on a page."""
        slug = token.meta["is"][0]
        text = spell(called(token, self.book.terms))
        entry = self.book.terms.get(slug)
        if entry is None or slug in self.opened:
            return text, ""
        self.opened.add(slug)
        key = self.unique(f"t-{slug}")
        hint = escape(_("two names") if entry.korean and entry.japanese else _("show the meaning"))
        return (
            f'<span class="s"><input class="open word" type="checkbox" id="{key}" aria-expanded="false">'
            f'<label class="ref word" for="{key}">{text}<span class="unseen">, {hint}</span></label>',
            f' <span class="note inplace">{names(entry, "span")}</span>',
        )

    def cite(self, token: Token, cites: Cites) -> str:
        items = token.meta["is"][0]
        passages = self.passages(items)
        backgrounds = [spell(says) for kind, _code, says in items if kind == BACKGROUND]
        if cites is Cites.NOTES:
            return self.note(passages, backgrounds)
        if cites is Cites.LINKS:
            links = [reference(passage, "ref") + _held(passage, " (%s)") for passage in passages]
            aside = escape(_("background"))
            asides = [f'<span class="soft">({aside}: {text})</span>' for text in backgrounds]
            return (JOIN if links else " ") + " ".join([*links, *asides])
        if cites is Cites.BELOW:
            self.below += [reference(passage) + _held(passage, ", %s") for passage in passages]
            self.below += [f"{escape(_('background'))}: {text}" for text in backgrounds]
            cautions = [caution for passage in passages for caution in passage.cautions]
            self.warnings += [f'<p class="small caution">{CAUTION}{spell(text)}</p>' for text in cautions]
        return ""

    def passages(self, items: Iterable[tuple[str, str, str]]) -> list[Passage]:
        """The paragraphs cited, each once, with what was not said before on this page."""
        found: dict[tuple[str, str], Passage] = {}
        for kind, code, holder in items:
            if kind == BACKGROUND:
                continue
            note = self.book.notes.get(code)
            if note is None:
                found[code, ""] = Passage(code, "", claims=[code])
                continue
            passage = found.get((note.code, note.href))
            if passage is None:
                who = "" if note.href in self.said else note.who
                passage = found[note.code, note.href] = Passage(note.code, note.href, who)
            passage.claims.append(code)
            if code not in self.cited:
                # an erratum that is cited is told, even if a claim has told it before
                known = set() if kind == "erratum" else self.said
                cautions = note.cautions or ((_("Contested."),) if note.contested else ())
                _add(passage.remarks, *(text for text in (note.remark,) if text not in known))
                _add(passage.cautions, *(text for text in cautions if text not in known))
                self.cited.add(code)
                self.said.update([note.href, note.remark, *note.cautions])
            _add(passage.holders, holder or (note.holder if note.contested else ""))
        return list(found.values())

    def note(self, passages: Sequence[Passage], backgrounds: Sequence[str]) -> str:
        """The mark in the text and the note in the margin."""
        self.notes += 1
        key = self.unique(f"n{self.notes}")
        label = [*_short(passages), *([escape(_("Background"))] if backgrounds else [])]
        hint = escape(_("show the note"))
        lines: list[str] = []
        who = ""
        for passage in passages:
            lines.append(reference(passage, "code"))
            if passage.who and passage.who != who:
                lines.append(f'<span class="who">{spell(passage.who)}</span>')
            who = passage.who or who
            lines += [f"<span>{spell(remark)}</span>" for remark in passage.remarks]
            lines.append(_held(passage, f"<span>{escape(_('Held by: %s'))}</span>"))
            lines += [f'<span class="caution">{CAUTION}{spell(caution)}</span>' for caution in passage.cautions]
        if backgrounds:
            lines.append(f'<span class="code">{escape(_("Background"))}</span>')
            lines.append(f'<span class="who">{escape(_("In none of the five documents"))}</span>')
            lines += [f"<span>{text}</span>" for text in backgrounds]
        return (
            f'{JOIN}<span class="s"><input class="open" type="checkbox" id="{key}" aria-expanded="false">'
            f'<label class="ref" for="{key}">{", ".join(label)}<span class="unseen">, {hint}'
            f'</span></label><span class="note">{"".join(lines)}</span></span>'
        )

    def reference(self, code: str) -> str:
        """A link to the paragraph of one claim, as a table of figures shows it."""
        note = self.book.notes.get(code)
        return reference(Passage(note.code if note else code, note.href if note else "", claims=[code]))

    def unique(self, wanted: str) -> str:
        key, n = wanted, 1
        while key in self.ids:
            n += 1
            key = f"{wanted}-{n}"
        self.ids.add(key)
        return key


# --- small pieces -----------------------------------------------------------------------------------------


def spell(text: str) -> str:
    """Escaped text in which `{ko:..}` and `{ja:..}` are marked with their language."""
    out, end = [], 0
    for found in WORD.finditer(text):
        out += [escape(text[end : found.start()]), _word(found[1], found[2])]
        end = found.end()
    return "".join([*out, escape(text[end:])])


def reference(passage: Passage, style: str = "") -> str:
    if not passage.href:
        return f'<span class="missing">[{escape(passage.code)}]</span>'
    also = f' data-also="{escape(" ".join(passage.claims[1:]))}"' if passage.claims[1:] else ""
    style = f' class="{style}"' if style else ""
    cite, href = escape(passage.claims[0]), escape(passage.href)
    return f'<a data-cite="{cite}" href="{href}"{style}{also}>{escape(passage.code)}</a>'


def names(entry: Entry, tag: str) -> str:
    """What each side calls it: as a block of its own (`div`), or inside a sentence (`span`)."""
    both = bool(entry.korean and entry.japanese)
    inner = "p" if tag == "div" else "span"
    sides = [
        _side("korea", "ko", _("In Korea") if both else _("In Korean"), entry.korean, inner),
        _side("japan", "ja", _("In Japan") if both else _("In Japanese"), entry.japanese, inner),
    ]
    pair = f'<{tag} class="shores">{"".join(sides)}</{tag}>' if any(sides) else ""
    usage = f'<{inner} class="usage">{spell(entry.usage)}</{inner}>' if entry.usage else ""
    meaning = f"<{inner}>{spell(entry.meaning)}</{inner}>" if entry.meaning and (tag == "span" or not pair) else ""
    return meaning + pair + usage


def _side(shore: str, language: str, says: str, name: Name | None, tag: str) -> str:
    if name is None:
        return ""
    said = [f'<span lang="{language}-Latn">{escape(name.roman)}</span>'] if name.roman else []
    said += [_word(language, name.also)] if name.also else []
    said += [spell(name.gloss)] if name.gloss else []
    return (
        f'<{tag} class="{shore}"><span class="says">{escape(says)}</span>'
        f'<span class="name" lang="{language}">{escape(name.native)}</span>'
        f"{'<span>' + ', '.join(said) + '</span>' if said else ''}</{tag}>"
    )


def picture(image: Image, intro: str) -> str:
    sizes = ", ".join(f"{src} {width}w" for src, width in image.sizes)
    srcset = f' srcset="{escape(sizes)}" sizes="(min-width: 38rem) 35rem, 100vw"' if sizes else ""
    credit = f'<span class="credit">{spell(image.credit)}</span>' if image.credit else ""
    said = [text for text in (intro or spell(image.caption), credit) if text]
    caption = f"<figcaption>{' '.join(said)}</figcaption>" if said else ""
    return (
        f'<figure class="picture"><img src="{escape(image.src)}"{srcset} alt="{escape(image.alt)}" '
        f'width="{int(image.width)}" height="{int(image.height)}" loading="lazy" decoding="async">'
        f"{caption}</figure>"
    )


def _word(language: str, text: str) -> str:
    return f'<span lang="{language}">{escape(text)}</span>'


def _held(passage: Passage, pattern: str) -> str:
    return pattern % spell("; ".join(passage.holders)) if passage.holders else ""


def _short(passages: Sequence[Passage]) -> list[str]:
    """WP ¶16, ¶17, BC ¶9: the document is named once."""
    labels, before = [], ""
    for passage in passages:
        document, _space, place = passage.code.partition(" ")
        labels.append(escape(place if place and document == before else passage.code))
        before = document
    return labels


def _add(texts: list[str], *more: str) -> None:
    texts += [text for text in more if text and text not in texts]


def _tight(tokens: Sequence[Token]) -> Iterable[Token]:
    """The same tokens, with no space between a word and its mark."""
    for token, after in zip(tokens, [*tokens, None][1:], strict=True):
        if after and after.type == "cite":
            if token.type == "softbreak":
                continue
            if token.type == "text":
                token.content = token.content.rstrip()
        yield token
