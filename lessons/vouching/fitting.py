"""Does a citation fit its sentence? Each claim and erratum has a profile: its own words, and those of all texts that
cite it. A sentence is held against every profile; the cited one should be among the best. Pure; English only.

    fitting = Fitting(statements, documents)
    for doubt in fitting.doubts(statement): ...

A text never counts for its own citation.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from lessons.vouching.quantities import keys
from lessons.vouching.statements import Statement
from lessons.vouching.witnesses import FARTHEST, Doubt, passage, rare

CITING, GIST, AROUND = 0.3, 0.6, 0.3  # what others say who cite it, and the gist of its passage, counts less
NAMED = 1.5  # a sentence that names a document prefers the claims of that document
COMMON = 1.2


@lru_cache(maxsize=65536)
def said(text: str) -> frozenset[str]:
    """Its rare words and its figures."""
    return rare(text) | {str(key) for key in keys(text)}


class Fitting:
    def __init__(self, statements: Sequence[Statement], documents: Mapping[str, str]) -> None:
        """`documents`: the word that names a document in the texts -> its prefix, as in {"essay": "DE"}."""
        self.documents = documents
        told: dict[str, Counter[str]] = defaultdict(Counter)  # code -> its own words
        gists: dict[str, frozenset[str]] = {}
        self.cited: dict[str, Counter[str]] = defaultdict(Counter)  # code -> word -> how many texts that cite it say so
        seen: set[tuple[str, str]] = set()
        for statement in statements:
            words = said(statement.whole or statement.text)
            if "-" in statement.of and passage(statement.of) == statement.of:
                gists[statement.of] = words
            elif len(statement.of) > 2:
                told[statement.of].update(dict.fromkeys(words, 1))
            for code in () if statement.of else statement.cites:
                if (code, statement.whole or statement.text) not in seen:
                    seen.add((code, statement.whole or statement.text))
                    self.cited[code].update(words)
        counts = Counter(word for s in statements for word in said(s.text))
        self.rarity = {word: max(0.0, math.log(len(statements) / n)) for word, n in counts.items()}
        self.profiles: dict[str, dict[str, float]] = {}
        for code, own in told.items():
            profile = dict.fromkeys(self.cited[code], CITING) | dict.fromkeys(gists.get(passage(code), ()), GIST)
            self.profiles[code] = profile | dict.fromkeys(own, 1.0)
        self.length = {code: self._length(profile) for code, profile in self.profiles.items()}

    def doubts(self, statement: Statement) -> Iterator[Doubt]:
        """Its citations that many others would fit better, each with how many do."""
        own = {code for code in statement.cites if code in self.profiles}
        if not own:
            return
        words = self._words(statement)
        scores = self._scores(words)
        for code in own:
            scores[code] = self._score(code, words)
        wanted = {prefix for word, prefix in self.documents.items() if word in words}
        for code in scores:
            if code[:2] in wanted:
                scores[code] *= NAMED
        best = max(scores, key=scores.__getitem__, default="")
        for code in sorted(own):
            better = {c for c, score in scores.items() if score > scores[code]} - own - {statement.of}
            rank = 1 + len({*map(passage, better)} - {passage(code)}) if scores[code] > 0 else FARTHEST
            yield Doubt("citation", code, statement, min(rank, FARTHEST), best if best != code else "")

    def _words(self, statement: Statement) -> dict[str, float]:
        around = dict.fromkeys(said(statement.around), AROUND)
        words = around | dict.fromkeys(said(statement.whole or statement.text), 1.0)
        return {word: x for word, x in words.items() if self.rarity.get(word, 0) > COMMON}

    def _score(self, code: str, words: Mapping[str, float]) -> float:
        """How well a code fits the words of a text that cites it, without what that text adds to the profile."""
        profile, cited = self.profiles[code], self.cited[code]
        found = 0.0
        for word, x in words.items():
            if (weight := profile.get(word, 0.0)) and (weight > CITING or cited[word] > 1 or x < 1):
                found += x * weight * self.rarity[word] ** 2
        return found / self.length[code]

    def _scores(self, words: Mapping[str, float]) -> dict[str, float]:
        scores: dict[str, float] = defaultdict(float)
        for word, x in words.items():
            for code, y in self._holding.get(word, ()):
                scores[code] += x * y
        return scores

    def _length(self, profile: Mapping[str, float]) -> float:
        return math.sqrt(sum((x * self.rarity.get(word, 0.0)) ** 2 for word, x in profile.items())) or 1.0

    @cached_property
    def _holding(self) -> dict[str, list[tuple[str, float]]]:
        holding: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for code, profile in self.profiles.items():
            for word, x in profile.items():
                holding[word].append((code, x * self.rarity.get(word, 0.0) ** 2 / self.length[code]))
        return holding
