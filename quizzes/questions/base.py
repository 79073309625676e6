"""What the kinds share: the shapes they speak in, and the checks of an author's words."""

import hashlib
import math
import re
from collections.abc import Callable, ItemsView, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

Json = Mapping[str, Any]  # content, texts, answers: what they hold is said in the package's docstring
Order = Mapping[str, Sequence[str]]

LONGEST_TEXT = 4000
MOST_HINTS = 3
LARGEST_NUMBER = Decimal(10) ** 15  # beyond it a float no longer holds every whole number
MOST_DECIMALS = 9

_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LANGUAGE_SPAN = re.compile(r"\{(?:ko|ja):([^{}]*)\}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Cited(Protocol):
    """A passage that a question may offer: `WP ¶16`, whose view it is, and its gist."""

    @property
    def label(self) -> str: ...

    @property
    def byline(self) -> str: ...

    @property
    def gist(self) -> str: ...


class Pictured(Protocol):
    """A picture that a question may show: its address, what it shows in words, and its size in pixels."""

    @property
    def src(self) -> str: ...

    @property
    def alt(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


class Refs(Protocol):
    """What questions refer to: the label of each source by its slug, passages by their codes (`WP-16`), pictures."""

    @property
    def passages(self) -> Mapping[str, Cited]: ...

    @property
    def images(self) -> Mapping[str, Pictured]: ...

    def get(self, slug: str, default: str, /) -> str: ...

    def items(self) -> ItemsView[str, str]: ...


@dataclass(frozen=True)
class Part:
    """One line of "your answer / right answer"; `label` says of what, and is empty where there is only one.

    Texts are as the author wrote them (they may hold `{ko:..}`): show them through the filter `words`.
    """

    label: str
    given: str
    expected: str
    right: bool | None  # None: nobody has judged it, or there is nothing to judge
    picture: SafeString = field(default_factory=SafeString)  # the same, drawn


# Words for people


def plain(text: str) -> str:
    """The text without its language spans, for a select, an attribute or a CSV cell."""
    return _LANGUAGE_SPAN.sub(r"\1", text)


def words(texts: Json, block: str, key: str) -> str:
    """The words for `key`; the key itself in an edition that has none yet."""
    return str((texts.get(block) or {}).get(key, key))


def gone() -> str:
    return _("an answer that is no longer offered")


def no_answer() -> str:
    return _("no answer")


# Keys


def token(text: str) -> str:
    """What a page calls an option: a digest of the words it shows anyway.

    An author's keys may give the answer away (`first`, `second`, or `a` always right), and positions would
    misread an answer whose page was shuffled another way. A digest of the words does neither.
    """
    return hashlib.blake2s(text.encode(errors="replace"), digest_size=5).hexdigest()


def is_key(key: object) -> bool:
    return isinstance(key, str) and len(key) <= 60 and _KEY.fullmatch(key) is not None


def new_key(text: str, taken: Iterable[str]) -> str:
    """A key for a new option: its first words, as a slug; numbered only if those are taken."""
    slug = slugify(" ".join(plain(text).split()[:4]))[:30].strip("-_")
    stem = slug if is_key(slug) else f"o-{token(text)[:6]}"
    taken = set(taken)
    return next(key for key in [stem, *(f"{stem}-{n}" for n in range(2, 99))] if key not in taken)


def shown(order: Order, name: str, keys: Sequence[str]) -> list[str]:
    """`keys` in the order that the engine drew.

    An order drawn for other keys is mended; the author's own order, which may be the answer, is never used.
    """
    drawn = [key for key in dict.fromkeys(order.get(name, ())) if key in keys]
    return drawn + sorted(set(keys) - set(drawn), key=token)


def several(answer: Json | None, name: str) -> list[str]:
    """The list of keys `answer[name]`, without what is no key."""
    value = answer.get(name) if answer else None
    return [key for key in value if isinstance(key, str)] if isinstance(value, list) else []


# Checks


class Check:
    """Looks at one question and gathers everything that is wrong, so that an author sees it all at once.

    Errors are filed under the field's name, `options`, or `feedback.ban` for one text of a block. Whatever
    JSON comes in, nothing but the ValidationError of `done` comes out.
    """

    def __init__(self, content: object, texts: object, *, has: set[str], says: set[str]) -> None:
        self.errors: dict[str, list[str]] = {}
        self.content = self._block("content", content, has)
        self.texts = self._block("text", texts, says | {"stem", "explanation", "hints"})
        self.text("stem", self.texts.get("stem"))
        self.text("explanation", self.texts.get("explanation"))
        self._hints(self.texts.get("hints", []))

    def wrong(self, field: str, message: str) -> None:
        self.errors.setdefault(field, []).append(message)

    def done(self) -> None:
        if self.errors:
            raise ValidationError({field: list(messages) for field, messages in self.errors.items()})

    def _block(self, field: str, value: object, allowed: set[str]) -> dict[str, Any]:
        block = self.mapping(field, value)
        for key in block.keys() - allowed:
            self.wrong(field, _("“%(name)s” is not a field of this kind of question.") % {"name": key})
        return block

    def mapping(self, field: str, value: object) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            self.wrong(field, _("Must be a list of names with values; put names such as 2010 or true in quotes."))
            return {}
        return dict(value)

    def _hints(self, value: object) -> None:
        """At most three short texts, filed as `hints.1` and so on; one is shown after each wrong try."""
        if not isinstance(value, list) or len(value) > MOST_HINTS:
            self.wrong("hints", _("Must be a list of at most %(most)d hints.") % {"most": MOST_HINTS})
            return
        for n, hint in enumerate(value, 1):
            self.text(f"hints.{n}", hint)

    def text(self, field: str, value: object) -> None:
        if not isinstance(value, str):
            self.wrong(
                field,
                _("Write a text here.") if value is None else _("Must be a text, in quotes if need be."),
            )
        elif not value.strip():
            self.wrong(field, _("Write a text here."))
        elif len(value) > LONGEST_TEXT:
            self.wrong(field, _("At most %(most)d characters.") % {"most": LONGEST_TEXT})
        elif _UNPRINTABLE.search(value):
            self.wrong(field, _("Holds a character that cannot be shown; type the text again."))

    def keys(self, field: str, least: int, most: int) -> list[str]:
        """The list of different keys in the content, or an empty list once its error is noted."""
        plea = _("Must be a list of short keys of small letters, digits and hyphens.")
        return self.names(field, self.content.get(field), least, most, fit=is_key, plea=plea)

    def names(
        self, field: str, value: object, least: int, most: int, *, fit: Callable[[object], bool], plea: str
    ) -> list[str]:
        """The same for any list of different names; `plea` asks for such a list."""
        if not isinstance(value, list) or not all(fit(name) for name in value):
            self.wrong(field, plea)
        elif len(set(value)) < len(value):
            self.wrong(field, _("The same key stands there twice."))
        elif not least <= len(value) <= most:
            self.wrong(field, _("Give %(least)d to %(most)d of them.") % {"least": least, "most": most})
        else:
            return list(value)
        return []

    def one_of(self, field: str, keys: Sequence[str]) -> str:
        value = self.content.get(field)
        if isinstance(value, str) and value in keys:
            return value
        if keys:
            self.wrong(field, _("Say which one is right."))
        return ""

    def number(self, field: str, value: object) -> Decimal | None:
        number = to_decimal(value)
        if number is None:
            self.wrong(field, _("Must be a number with at most 15 digits before the decimal mark and 9 behind."))
        return number

    def words(self, block: str, keys: Sequence[str], *, optional: Sequence[str] = (), different: bool = False) -> None:
        """Every key has its text in `block`; those of `optional` may; nothing else has."""
        if keys or optional:  # otherwise whatever was wrong with the keys is noted already
            self.each(block, self.texts.get(block, {}), keys, optional=optional, different=different)

    def each(
        self, block: str, value: object, keys: Sequence[str], *, optional: Sequence[str] = (), different: bool = False
    ) -> None:
        """The same for a block of texts that stands elsewhere."""
        texts = self.mapping(block, value)
        for key in keys:
            self.text(f"{block}.{key}", texts.get(key))
        for key in texts.keys() - set(keys):
            if key in optional:
                self.text(f"{block}.{key}", texts[key])
            else:
                self.wrong(f"{block}.{key}", _("No text belongs here."))
        if different:
            seen: set[str] = set()
            for key in keys:
                said = " ".join(plain(str(texts.get(key, key))).casefold().split())
                if said in seen:
                    self.wrong(f"{block}.{key}", _("Another one has the same words."))
                seen.add(said)


def to_decimal(value: object) -> Decimal | None:
    """A JSON number as it was written, or None for anything else, the huge and the overlong."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if abs(value) >= LARGEST_NUMBER:
        return None
    if isinstance(value, int):
        return Decimal(value)
    number = Decimal(repr(float(value)))  # the shortest decimal that means this float: 24.1, not 24.1000...014
    return number if number == round(number, MOST_DECIMALS) else None
