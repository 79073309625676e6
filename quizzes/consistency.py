"""Whether a question agrees with itself: its key, its explanation, its feedback, and what they cite. Pure.

Everything here is plain data; `Asked` is one question. What is said is for people who write questions.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from lessons.vouching.quantities import Key, dated, keys, number
from lessons.vouching.statements import Statement, stretches
from lessons.vouching.witnesses import passage


@dataclass(frozen=True)
class Asked:
    slug: str
    lesson: str
    kind: str
    content: Mapping[str, Any]
    texts: Mapping[str, Any]
    keyed: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def commented(self) -> dict[str, str]:
        """The texts that may cite: explanation, and feedback by its key."""
        feedback = self.texts.get("feedback") or {}
        return {"explanation": str(self.texts.get("explanation", "")), **{k: str(v) for k, v in feedback.items()}}


def cited(text: str) -> list[str]:
    return [code for stretch in stretches(text) for code in stretch.codes]


def told(asked: Asked) -> Iterator[Statement]:
    """The question as statements. What is offered as wrong is one that nobody has to vouch for."""
    leans = (*asked.keyed, *asked.errors)
    context = f"{asked.texts.get('stem', '')} {_bare(str(asked.texts.get('explanation', '')))}"
    for name, text in _leaves(asked.texts):
        if name == "unit" or name.startswith("hints"):
            continue
        for stretch in stretches(text):
            for note in stretch.notes:
                around = f"{context} {stretch.text}"
                yield Statement(asked.lesson, f"{asked.slug} {name} note", note, around, asked=True)
            for sentence in stretch.sentences:
                yield Statement(
                    home=asked.lesson,
                    place=f"{asked.slug} {name}",
                    text=sentence,
                    around=f"{context} {stretch.before}",
                    cites=stretch.codes,
                    leans=(*stretch.leans, *leans),
                    note=" ".join(stretch.notes),
                    names=stretch.terms,
                    whole=stretch.text,
                    asked=True,
                    checked=holds(asked.kind, asked.content, name),
                )


def holds(kind: str, content: Mapping[str, Any], name: str) -> bool:
    """Whether the text `name`, as `options.ban`, is offered as true."""
    block, __, key = name.partition(".")
    right: Any = content.get("right")
    if kind == "single" and block == "options":
        return key == right
    if kind == "multiple" and block == "options":
        return key in right
    if kind == "cloze" and block == "options":
        gap, __, option = key.partition(".")
        return right.get(gap) == option
    if kind == "matching" and block == "choices":
        return key in right.values()
    if kind == "unsupported" and block == "sentences":
        return key != right
    if kind == "true_false" and block == "stem":
        return right is True
    if kind == "agreement" and block == "statement":
        return "agree" in right.values()
    return True


def strangers(asked: Asked, taught: Collection[str]) -> list[str]:
    """What it cites although it does not rest on it and its lesson (`taught`: codes) does not cite it."""
    every = {code for text in asked.commented.values() for code in cited(text)}
    return sorted(every - {*asked.keyed, *asked.errors} - set(taught))


def problems(asked: Asked, prefixes: Mapping[str, str]) -> Iterator[str]:
    """What does not agree. `prefixes`: source slug -> WP."""
    own = {name: cited(text) for name, text in asked.commented.items()}
    every = {code for codes in own.values() for code in codes}
    for code in (*asked.keyed, *asked.errors):
        if code not in every:
            yield _("rests on %s, which neither explanation nor feedback cites") % code
    yield from BY_KIND.get(asked.kind, lambda *_: ())(asked, own, prefixes)


def _agreement(asked: Asked, own: Mapping[str, list[str]], prefixes: Mapping[str, str]) -> Iterator[str]:
    every = {code[:2] for codes in own.values() for code in codes} | {code[:2] for code in asked.keyed}
    for source, stance in asked.content["right"].items():
        yield from _from(own.get(source, ()), prefixes[source], f"feedback.{source}")
        by_erratum = any("-" not in code for code in own.get(source, ()))
        if stance != "silent" and prefixes[source] not in every and not by_erratum:
            yield _("%s is not silent, but no claim of it is cited") % source


def _which_source(asked: Asked, own: Mapping[str, list[str]], prefixes: Mapping[str, str]) -> Iterator[str]:
    right = asked.content["right"]
    for source in asked.content["sources"]:
        yield from _from(own.get(source, ()), prefixes[source], f"feedback.{source}")
    yield from _from(asked.keyed, prefixes[right], "keyed_to")
    if prefixes[right] not in {code[:2] for code in own["explanation"]}:
        yield _("the explanation cites no claim of %s") % right


def _evidence(asked: Asked, own: Mapping[str, list[str]], prefixes: Mapping[str, str]) -> Iterator[str]:
    keyed = {passage(code) for code in asked.keyed}
    for code in asked.content["passages"]:
        right = code in asked.content["right"]
        yield from _from(own.get(code, ()), code, f"feedback.{code}")
        if right and code not in keyed:
            yield _("%s is right, but the key rests on no claim of it") % code
        if not right and code in keyed:
            yield _("%s is wrong, but the key rests on a claim of it") % code
    yield from _from(asked.keyed, asked.content["right"], "keyed_to")


def _number(asked: Asked, own: Mapping[str, list[str]], prefixes: Mapping[str, str]) -> Iterator[str]:
    value = asked.content["value"]
    ways = number(value, str(asked.texts.get("unit", ""))) | {Key("year", value), Key("month", value)}
    if not ways & keys(_bare(asked.commented["explanation"])):
        yield _("the explanation does not give the value, %s") % f"{value:g}"


def _ordering(asked: Asked, own: Mapping[str, list[str]], prefixes: Mapping[str, str]) -> Iterator[str]:
    """The dates shown afterwards: never earlier than the one above, and of the years that the key gives."""
    dates, when = asked.texts.get("dates") or {}, asked.content.get("when") or {}
    if not when:
        shown = [(item, _moment(keys(dates[item]))) for item in asked.content["items"] if item in dates]
        for (_before, early), (item, late) in pairwise(shown):
            known = 3 - max(early.count(0), late.count(0))
            if early[:known] > late[:known]:
                yield _("by its date, %s comes before the item above it") % item
    for item, span in when.items():
        years = {key for key in keys(dates.get(item, "")) if key.kind == "year"}
        if not years <= dated("/".join(span)):
            yield _("the date shown for %s is not that of the key") % item


def _unsupported(asked: Asked, own: Mapping[str, list[str]], prefixes: Mapping[str, str]) -> Iterator[str]:
    for sentence in asked.content["sentences"]:
        if sentence != asked.content["right"] and not own.get(sentence):
            yield _("the feedback on %s does not cite what supports it") % sentence


BY_KIND = {
    "agreement": _agreement,
    "which_source": _which_source,
    "evidence": _evidence,
    "number": _number,
    "ordering": _ordering,
    "unsupported": _unsupported,
}


def _from(codes: Iterable[str], of: str | Collection[str], where: str) -> Iterator[str]:
    """Claims that are not of this document, or of these passages. Errata are of no document."""
    wanted = {of} if isinstance(of, str) else set(of)
    for code in codes:
        if "-" in code and not {code[:2], passage(code)} & wanted:
            words = {"where": where, "code": code, "of": " / ".join(sorted(wanted))}
            yield _("%(where)s cites %(code)s, which is not of %(of)s") % words


def _moment(found: Iterable[Key]) -> tuple[int, int, int]:
    """Year, month, day; 0 for what is not given."""
    moment = {key.kind: (int(key.value), key.day) for key in found}
    month = moment.get("day", moment.get("month", (0, 0)))
    return moment.get("year", (0, 0))[0], month[0], month[1]


def _bare(text: str) -> str:
    return " ".join(stretch.text for stretch in stretches(text))


def _leaves(texts: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its name: `stem`, `options.ban`, `options.step.ban`."""
    for key, value in texts.items():
        path = f"{name}.{key}" if name else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(value, path)
        elif isinstance(value, str):
            yield path, value
