"""The shapes of lesson text: what a text refers to, what it needs to be rendered, and what comes out.

`markup.scan` gives a `Scan`; whoever holds the records answers it with a `Book`; `markup.render` turns text
and book into a `Page`. Texts here may hold `{ko:..}` and `{ja:..}`; all is escaped when it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.safestring import SafeString

from lessons.charts import Series

NOTHING: Mapping[str, Any] = MappingProxyType({})

# --- what a text refers to --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an author has to put right; line and column count from 1, in the text as given."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.message}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A claim where it is cited; `holder` is who the author says holds it, or empty."""

    code: str
    holder: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Heading:
    id: str
    title: str  # plain text
    level: int  # 2 or 3


@dataclass(frozen=True, slots=True)
class Scan:
    """What a text refers to, unresolved, in order of appearance: claims each time, the rest once."""

    claims: tuple[Cited, ...] = ()
    errata: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    words: int = 0
    problems: tuple[Problem, ...] = ()  # the text cannot be published with these
    advice: tuple[Problem, ...] = ()  # a whole lesson should not have these; a summary or an intro may


# --- what it needs ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """What a citation of one claim, or of one erratum, says in the margin."""

    code: str  # WP ¶16
    href: str  # /sources/white-paper-2019/#p16
    who: str = ""  # one line: which document, by whom, when
    remark: str = ""
    cautions: tuple[str, ...] = ()
    contested: bool = False
    holder: str = ""  # who holds it; a holder named in the text wins


@dataclass(frozen=True, slots=True)
class Name:
    """What one side calls a thing."""

    native: str
    roman: str = ""
    gloss: str = ""  # what the name says, in the language of the reader
    also: str = ""  # a second way to write it: Hanja, or a reading in kana


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    meaning: str = ""
    korean: Name | None = None
    japanese: Name | None = None
    usage: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    src: str
    alt: str
    width: int
    height: int
    credit: str = ""
    caption: str = ""
    sizes: tuple[tuple[str, int], ...] = ()  # (address, width in pixels) of the same picture


@dataclass(frozen=True, slots=True)
class Book:
    notes: Mapping[str, Note] = field(default_factory=lambda: NOTHING)  # WP-16a, E05
    terms: Mapping[str, Entry] = field(default_factory=lambda: NOTHING)  # by slug
    series: Mapping[str, Series] = field(default_factory=lambda: NOTHING)  # S12
    images: Mapping[str, Image] = field(default_factory=lambda: NOTHING)  # by name


# --- what comes out ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Html:
    html: SafeString
    kind: str = "html"  # so that a template can tell it from a question


@dataclass(frozen=True, slots=True)
class Question:
    """The place of a question; the page puts its form here."""

    slug: str
    kind: str = "question"


@dataclass(frozen=True, slots=True)
class Page:
    blocks: tuple[Html | Question, ...]
    headings: tuple[Heading, ...]
