"""Whether lessons and records agree with themselves: links with their terms, figures with their words. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lessons.markup import scan
from lessons.syntax import Reader
from lessons.vouching.quantities import Key, keys, number
from lessons.vouching.statements import stretches
from lessons.vouching.witnesses import Names, rare


@dataclass(frozen=True)
class Entry:
    """What a term can be called, and all that its entry says."""

    native: frozenset[str]  # in Hangul, Hanja or Japanese script
    words: frozenset[str]
    figures: frozenset[Key]

    @classmethod
    def of(cls, native: Iterable[str], texts: Iterable[str]) -> "Entry":
        said = " ".join(texts)
        return cls(frozenset(filter(None, native)), rare(said), keys(said))


def linked(text: str) -> Iterator[tuple[str, str]]:
    """Every term that a text links to, with the words of the link."""
    for part in Reader(text).blocks():
        for tokens in (part.tokens, *(tokens for side in part.sides for tokens in side)):
            for token in tokens:
                for child in token.children or [token]:
                    if child.type == "term":
                        yield child.meta["is"][0], child.content


def links(text: str, glossary: Mapping[str, Entry]) -> Iterator[str]:
    """Words that link to a term of which they say nothing: [[yoon|Kishida]]."""
    for slug, shown in linked(text):
        entry = glossary.get(slug)
        if shown and entry and not (rare(shown) & entry.words or keys(shown) & entry.figures):
            yield _("“%(shown)s” does not say what it links to, %(slug)s") % {"shown": shown, "slug": slug}


def spellings(text: str, glossary: Mapping[str, Entry], names: Names) -> Iterator[str]:
    """{ko:..} and {ja:..} that spell a term which the text beside them does not name."""
    bearers: dict[str, set[str]] = {}
    for slug, entry in glossary.items():
        for native in entry.native:
            bearers.setdefault(native, set()).add(slug)
    for stretch in stretches(text):
        for spelt in stretch.spelt:
            around = f"{stretch.before} {stretch.text}"
            if spelt in bearers and not bearers[spelt] & (stretch.terms | names.within(around)):
                yield f"{spelt} spells {' or '.join(sorted(bearers[spelt]))}, which is not named beside it"


def holders(text: str, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Holders, as in [WP-7b: the ministry], whom the claim's record does not name; `known`: claim -> its words."""
    for cited in scan(text).claims:
        if cited.holder and cited.code in known and not rare(cited.holder) & known[cited.code]:
            yield _("by its record, %(code)s is not held by %(holder)s") % {"code": cited.code, "holder": cited.holder}


def key_terms(terms: Sequence[str], body: str, names: Names) -> Iterator[str]:
    """Key terms that the text never uses."""
    told = stretches(body)
    used = {part.arg for part in Reader(body).blocks() if part.kind == "names"}
    used |= {slug for stretch in told for slug in stretch.terms | names.within(stretch.text)}
    yield from (_("the key term %s is not in the text") % slug for slug in terms if slug not in used)


def point(value: float, unit: str, description: str, told: str | None) -> Iterator[str]:
    """A value of a figure: its description reads it out, and the claim it is taken from (`told`) gives it."""
    ways = number(value, unit)
    if value and not ways & keys(description):
        yield f"{value:g} is not in the description"
    if value and told is not None and not ways & keys(told):
        yield f"{value:g} is not in the claim that it is taken from"


def precision(date: str, precise: str) -> Iterator[str]:
    """A date that gives more or less than its precision says."""
    first, slash, _last = date.partition("/")
    wanted = "period" if slash else ("year", "month", "day")[first.count("-")]
    if precise != wanted:
        yield f"{date} is a {wanted}, not a {precise}"


def position(source: str, prefix: str, stance: str, claims: Collection[str]) -> Iterator[str]:
    """Where a document stands: on its own claims, and on none if it is silent."""
    strangers = sorted(code for code in claims if code[:2] != prefix)
    yield from (f"{source} rests on {code}, which is not of it" for code in strangers)
    if (stance == "silent") == bool(claims):
        yield f"{source} is silent, but claims are given" if claims else f"{source} is not silent, but cites nothing"


def announced(intro: str, count: int) -> Iterator[str]:
    """The number of questions that the introduction of a quiz begins with."""
    first = min((key.value for key in keys(intro.partition(" ")[0]) if key.kind == "number"), default=count)
    if first != count:
        yield f"announces {first:g} questions and asks {count}"
