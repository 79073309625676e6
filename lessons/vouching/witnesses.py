"""Who vouches for a figure, a name, a citation? Every statement is held against all the others. Pure; English only.

The curriculum tells most things several times: in a claim, in a lesson, in a question, on the timeline. So a year
that stands neither in what its sentence cites nor in any of the statements nearest to it is either told only once,
or wrong. The same holds for a name. And a claim that fits its sentence worse than dozens of others was probably not
meant.

    vouching = Vouching(statements, names)
    for doubt in vouching.doubts(statement): ...

Statements are near to each other when they share rare words, cite the same passages, or belong to the same lesson:
the cosine of their words, weighed by rarity (tf-idf; Sparck Jones 1972).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nlargest

from django.utils.translation import gettext as _

from lessons.vouching.quantities import Key, keys, read
from lessons.vouching.statements import Statement

# How far down the list of near statements (for a citation: of fitting claims) somebody has to vouch. What only
# somebody beyond KNOWN vouches for is written into once.yaml; what nobody vouches for up to FAR is told to the author.
# The room between them is for changes elsewhere, which move every list a little.
KNOWN = {"figure": 3, "name": 6, "citation": 20}
FAR = {"figure": 5, "name": 10, "citation": 26}
FARTHEST = 40  # nobody looks further
AROUND, TIES = 0.4, 0.5  # what stands around a statement, and what ties it to others, counts less than its words
COMMON = 1.5  # words less rare than this (in nats) bring nothing together
HELD = {"month": "day", "moment": "day"}  # figures that are looked for among those of another kind
SPREAD = 0.02  # a name that stands in more of the statements than this is everywhere; nobody has to vouch for it

WORD = re.compile(r"[^\W\d_][\w’'-]*")
PLACES = {
    "korea": "seoul korean koreans",
    "japan": "tokyo japanese",
    "america": "us usa american americans washington united states",
    "china": "beijing chinese",
    "russia": "moscow russian russians",
}
SAME = {word: place for place, words in PLACES.items() for word in words.split()}
EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a about after again all also an and another any are as at be because been before being between both but by
        can call called calls could did do does done down during each either even every for from give given gives
        had has have having he her here him his how i if in into is it its itself just like many may might more most
        much must near no nor not now of on one only or other our out over own said same say says shall she should
        since so some still such tell tells than that the their them themselves then there these they this those
        through to told too two under until up us very was we were what when where which while who whom whose why
        will with within without would yet you your""",
    )
)
ENDINGS = (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something for which nobody near enough vouches."""

    kind: str  # figure, name or citation
    what: str
    statement: Statement
    rank: int  # of the nearest statement that vouches for it; FARTHEST for none
    better: str = ""  # a claim that fits, in place of one that does not

    @property
    def known(self) -> bool:
        """Whether it has to stand in once.yaml."""
        return self.rank > KNOWN[self.kind]

    @property
    def serious(self) -> bool:
        return self.rank > FAR[self.kind]

    @property
    def said(self) -> str:
        return self.statement.text if len(self.statement.text) < 90 else f"{self.statement.text[:88]}…"

    def __str__(self) -> str:
        better = f", {self.better} would fit" if self.better else ""
        return f"{self.statement.place}: {self.what}{better} (“{self.said}”)"

    @property
    def advice(self) -> str:
        """For the author of the text."""
        words = {"what": self.what, "said": self.said, "better": self.better}
        if self.kind != "citation":
            return (
                _("“%(said)s”: neither what is cited here nor any text near to it has %(what)s. Is it right?") % words
            )
        if self.better:
            return _("“%(said)s”: many claims fit better than %(what)s. Do you mean %(better)s?") % words
        return _("“%(said)s”: many claims fit better than %(what)s.") % words


@lru_cache(maxsize=65536)
def rare(text: str) -> frozenset[str]:
    """The words of a text that mean something, without their endings."""
    return frozenset(filter(None, map(_stem, WORD.findall(text))))


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    word = re.sub(r"[’']s?$", "", word.lower())
    if word in EMPTY or len(word) < 2:
        return ""
    if word in SAME:
        return SAME[word]
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 4:
            return word[: -len(ending)] + instead
    return word


def passage(code: str) -> str:
    return code.rstrip("abcdefghijklmnopqrstuvwxyz")


class Names:
    """The names of the glossary, found in running text."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names`: slug -> every way to write it; a plural, and “Korean” for “Korea”, are found as well."""
        self.slugs: dict[str, set[str]] = defaultdict(set)
        for slug, ways in names.items():
            for way in ways:
                self.slugs[way.lower()].add(slug)
        each = sorted({_either_case(way) for ways in names.values() for way in ways}, key=len, reverse=True)
        self.pattern = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(each)})(?=(?:s|ns?)?(?![\w-]))") if each else re.compile(r"(?!)")
        )
        self.words = {slug: rare(" ".join(ways)) for slug, ways in names.items()}
        self._found: dict[str, frozenset[str]] = {}

    def within(self, text: str) -> frozenset[str]:
        if text not in self._found:
            found = (self.slugs[match[0].lower()] for match in self.pattern.finditer(text))
            self._found[text] = frozenset().union(*found)
        return self._found[text]


def _either_case(way: str) -> str:
    """A name that is no proper name may begin a sentence."""
    first = re.escape(way[0])
    return (f"[{first}{first.upper()}]" if way[0].islower() else first) + re.escape(way[1:])


class Vouching:
    def __init__(
        self,
        statements: Sequence[Statement],
        names: Names,
        bearers: Mapping[str, Collection[str]],
        at_home: Mapping[str, Collection[str]],
    ) -> None:
        """`bearers`: claim -> the terms that cite it in their entries; `at_home`: lesson -> its key terms."""
        self.statements, self.names, self.bearers, self.at_home = statements, names, bearers, at_home
        self.figures = [keys(s.text) | s.given for s in statements]
        self.named = [names.within(s.text) | s.names for s in statements]
        self.everywhere = {
            slug for slug, n in Counter(n for each in self.named for n in each).items() if n > SPREAD * len(statements)
        }
        bags = [_bag(s) for s in statements]
        counts = Counter(word for bag in bags for word in bag)
        self.rarity = {word: math.log(len(statements) / n) for word, n in counts.items()}
        self.vectors = [self._unit(bag) for bag in bags]
        self.about: dict[str, list[int]] = defaultdict(list)  # code, passage or document -> who tells it
        for i, statement in enumerate(statements):
            if statement.of:
                self.about[statement.of].append(i)
        errata = [s for s in statements if s.of and s.cites]  # one says something about its claims, and they about it
        for of in {s.of: s for s in errata}.values():
            own, of_claims = self.about[of.of], [self.about.get(code, []) for code in of.cites]
            self.about[of.of] = [*own, *(i for each in of_claims for i in each)]
            for each in of_claims:
                each += own

    # --- doubts ----------------------------------------------------------------------------------------------

    def doubts(self, i: int) -> Iterator[Doubt]:
        """What nobody vouches for in statement number `i`, with the rank of the nearest who does."""
        statement = self.statements[i]
        if not statement.checked:
            return
        codes = (*statement.cites, *statement.leans)
        small = {found.key for found in read(statement.text) if found.small}
        if wanted := self.figures[i] - small:
            known = keys(statement.note).union(*(self._evidence(code)[0] for code in codes))
            for key in sorted(wanted - known):
                yield Doubt("figure", str(key), statement, self._rank(i, self._near_figures(i, key), self.figures, key))
        if slugs := self.named[i] - self.everywhere - {*self.at_home.get(statement.home, ())}:
            named = self.names.within(statement.note).union(*(self._evidence(code)[1] for code in codes))
            for slug in sorted(slugs - named):
                yield Doubt("name", slug, statement, self._rank(i, self._near_names(i, slug), self.named, slug))

    def _evidence(self, code: str) -> tuple[frozenset[Key], frozenset[str]]:
        """Figures and names that stand in a claim or erratum, in its passage's gist, and in the document's record."""
        if code not in self._kept:
            tell = {j for of in (code, passage(code), code[:2]) for j in self.about.get(of, ())}
            figures: frozenset[Key] = frozenset().union(*(self.figures[j] for j in tell))
            names: frozenset[str] = frozenset(self.bearers.get(code, ())).union(*(self.named[j] for j in tell))
            self._kept[code] = figures, names
        return self._kept[code]

    @cached_property
    def _kept(self) -> dict[str, tuple[frozenset[Key], frozenset[str]]]:
        return {}

    def _rank(self, i: int, near: list[int], holds: Sequence[Collection[object]], what: object) -> int:
        return next((rank for rank, j in enumerate(near, 1) if what in holds[j]), FARTHEST)

    # --- nearness --------------------------------------------------------------------------------------------

    def _unit(self, bag: Mapping[str, float]) -> dict[str, float]:
        weights = {word: x * self.rarity[word] for word, x in bag.items() if self.rarity[word] > COMMON}
        length = math.sqrt(sum(x * x for x in weights.values())) or 1.0
        return {word: x / length for word, x in weights.items()}

    def _near_figures(self, i: int, key: Key) -> list[int]:
        kind = HELD.get(key.kind, key.kind)
        return self._near(i, kind, frozenset())

    def _near_names(self, i: int, slug: str) -> list[int]:
        return self._near(i, "name", self.names.words.get(slug, frozenset()))

    def _near(self, i: int, kind: str, without: frozenset[str]) -> list[int]:
        """The statements nearest to number `i` that hold something of this kind, nearest first."""
        at = (i, kind, without)
        if at not in self._lists:
            nearness: dict[int, float] = defaultdict(float)
            holding = self._holding[kind]
            for word, x in self.vectors[i].items():
                if word not in without:
                    for j, y in holding.get(word, ()):
                        nearness[j] += x * y
            nearness.pop(i, None)
            self._lists[at] = nlargest(FARTHEST - 1, nearness, key=nearness.__getitem__)
        return self._lists[at]

    @cached_property
    def _lists(self) -> dict[tuple[int, str, frozenset[str]], list[int]]:
        return {}

    @cached_property
    def _holding(self) -> dict[str, dict[str, list[tuple[int, float]]]]:
        """kind -> word -> the statements with this word that hold something of this kind."""
        holding: dict[str, dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
        for i, vector in enumerate(self.vectors):
            kinds = {HELD.get(key.kind, key.kind) for key in self.figures[i]}
            kinds |= {"name"} if self.named[i] else set()
            for kind in kinds:
                for word, x in vector.items():
                    holding[kind][word].append((i, x))
        return holding


def _bag(statement: Statement) -> dict[str, float]:
    """The words of a statement, and what ties it to others, with their weights."""
    bag = dict.fromkeys(rare(statement.around), AROUND) | dict.fromkeys(rare(statement.text), 1.0)
    for code in (*statement.cites, statement.of):
        if code:
            bag[code] = bag[passage(code)] = TIES
    bag[f"in {statement.home}"] = TIES
    return bag
