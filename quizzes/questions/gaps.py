"""What a text with gaps is made of, and the check of it; `cloze` shows and grades it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from quizzes.questions.base import Check, Json, is_key, plain
from quizzes.questions.wording import check_accepted, check_folds, check_typo

MOST = 6
MOST_OPTIONS = 4

_MARKER = re.compile(r"\{\{([^{}]*)\}\}")
_SENTENCE_END = re.compile(r"[.!?]+\s+|。")


def marker(gap: str) -> str:
    """How the passage names a gap: `{{g1}}`."""
    return f"{{{{{gap}}}}}"


def marked(passage: object) -> list[str]:
    """The gaps that a passage names, as they stand in it."""
    return _MARKER.findall(passage) if isinstance(passage, str) else []


class Place(NamedTuple):
    """A gap with the text before it and the text up to the next gap."""

    gap: str
    before: str
    after: str

    def around(self) -> str:
        """A few words of its sentence, to know the gap by."""
        head = _SENTENCE_END.split(plain(self.before))[-1].split()[-4:]
        tail = _SENTENCE_END.split(plain(self.after))[0].split()[:3]
        ends = " .,;:!?。、"
        return f"{' '.join(head)[-40:].lstrip(ends)} … {' '.join(tail)[:30].strip(ends)}".strip()


def places(content: Json, texts: Json) -> list[Place]:
    """The gaps in the order of the passage."""
    before, *rest = _MARKER.split(str(texts.get("passage", "")))
    found = []
    for gap, after in zip(rest[::2], rest[1::2], strict=True):
        if gap in content["gaps"]:
            found.append(Place(gap, before, after))
        before = after
    return found


def options(content: Json, gap: str) -> list[str]:
    """The options of a gap to choose for; none for one to type in."""
    return list((content.get("options") or {}).get(gap, ()))


def words(texts: Json, gap: str, key: str) -> str:
    """The words of an option; the key itself in an edition that has none yet."""
    return str(((texts.get("options") or {}).get(gap) or {}).get(key, key))


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"gaps", "options", "typed", "right"}, says={"passage", "options", "feedback"})
    gaps = found.keys("gaps", 1, MOST)
    chosen, typed, right = (found.mapping(name, found.content.get(name, {})) for name in ("options", "typed", "right"))
    said = found.mapping("options", found.texts.get("options", {}))
    feedback: dict[str, list[str]] = {}
    for gap in gaps:
        if (gap in chosen) == (gap in typed):
            message = _("Give %(gap)s either options to choose from or words that it accepts.")
            found.wrong(f"options.{gap}", message % {"gap": marker(gap)})
        elif gap in chosen:
            feedback[gap] = _check_options(found, gap, chosen[gap], right.get(gap), said.get(gap, {}))
        else:
            _check_typed(found, f"typed.{gap}", typed[gap])
            feedback[gap] = [gap]
    strays = (chosen.keys() | typed.keys()) - set(gaps) | (right.keys() | said.keys()) - chosen.keys()
    for gap in sorted(strays) if gaps else ():
        found.wrong(f"options.{gap}", _("There is no such gap to choose for."))
    _check_passage(found, gaps)
    if len(feedback) == len(gaps) and all(feedback.values()):  # otherwise nobody knows which texts belong there
        found.words("feedback", [key for keys in feedback.values() for key in keys])
    found.done()


def _check_options(found: Check, gap: str, value: object, right: object, said: object) -> list[str]:
    """The keys of the feedback to this gap's wrong options, or an empty list once an error is noted."""
    field = f"options.{gap}"
    plea = _("Must be a list of short keys of small letters, digits and hyphens.")
    keys = found.names(field, value, 2, MOST_OPTIONS, fit=is_key, plea=plea)
    if not keys:
        return []
    found.each(field, said, keys, different=True)
    if not isinstance(right, str) or right not in keys:
        found.wrong(f"right.{gap}", _("Say which one is right."))
        return []
    return [f"{gap}.{key}" for key in keys if key != right]


def _check_typed(found: Check, field: str, value: object) -> None:
    spec = found.mapping(field, value)
    accepted, folds, typo = spec.get("accepted"), spec.get("fold", []), spec.get("typo", 0)
    if spec.keys() - {"accepted", "fold", "typo"}:
        found.wrong(field, _("Only accepted, fold and typo are said here."))
    check_typo(found, field, typo)
    check_accepted(found, field, accepted, check_folds(found, field, folds), seen=set())


def _check_passage(found: Check, gaps: Sequence[str]) -> None:
    passage = found.texts.get("passage")
    found.text("passage", passage)
    if not isinstance(passage, str) or not gaps:
        return
    names = marked(passage)
    for gap in gaps:
        if names.count(gap) != 1:
            found.wrong("passage", _("%(gap)s must stand in the text once.") % {"gap": marker(gap)})
    for name in dict.fromkeys(names):
        if name not in gaps:
            found.wrong("passage", _("%(gap)s is none of the gaps.") % {"gap": marker(name)})
