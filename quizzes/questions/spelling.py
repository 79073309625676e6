"""Words as people type them: the same word in other code points or spacing, or with one slip of the finger."""

import re
import unicodedata
from collections.abc import Collection, Iterable

LONGEST = 100  # characters typed
FOLDS = ("case", "spacing")  # what an author may ask for besides
ENOUGH = 5  # letters that a word needs before a slip in it is forgiven; a syllable of Hangul counts as two

_SAME = str.maketrans(
    dict.fromkeys("‘’‚‛ʼ′`´＇", "'")
    | dict.fromkeys("“”„‟″「」『』《》〈〉«»＂", '"')
    | dict.fromkeys("‐‑‒–—―−－﹣", "-")
    | dict.fromkeys("‧∙・･ㆍ", "·")
)
_ENDS = " .,;:!?。、…\"'()[]"
_JOINT = re.compile(r"(?<=[^\W\d_])[-·](?=[^\W\d_])")
_ALPHABETS = ("LATIN ", "HANGUL ", "GREEK ", "CYRILLIC ")


def tidy(typed: str) -> str:
    """What is kept of what was typed: composed, with single spaces, without what cannot be seen."""
    seen = "".join(c for c in typed if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def fold(typed: str, folds: Collection[str]) -> str:
    """The form in which two spellings are compared: equal forms are the same word.

    Hangul in pieces, half-width kana and full-width letters never differ from the usual ones; nor do other dashes
    and quotation marks, or those and stops at either end. `case` makes capitals equal small letters. With
    `spacing`, spaces do not count, nor do hyphens and middle dots between letters.
    """
    text = unicodedata.normalize("NFKC", tidy(typed).translate(_SAME)).translate(_SAME)
    if "case" in folds:
        text = unicodedata.normalize("NFKC", text.casefold())
    text = " ".join(text.split()).strip(_ENDS)
    return _JOINT.sub("", text).replace(" ", "") if "spacing" in folds else text


def is_slip(typed: str, meant: str) -> bool:
    """Whether two folded texts differ by one letter only: missing, added, another, or two that changed places.

    Figures, kanji and kana must be right, since another one is another word.
    """
    one, other = (unicodedata.normalize("NFD", text) for text in (typed, meant))
    letters = sum(2 if "가" <= c <= "힣" else c.isalpha() for c in meant)
    if letters < ENOUGH or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    swapped = len(one) == 2 and one == other[::-1]
    return (swapped or max(len(one), len(other)) == 1) and all(map(_forgivable, one + other))


def _forgivable(c: str) -> bool:
    """Letters and accents of an alphabet, and what joins words."""
    return c in " -·'" or "\u0300" <= c <= "\u036f" or unicodedata.name(c, "").startswith(_ALPHABETS)


def meant(typed: str, accepted: Iterable[str], folds: Collection[str] = (), *, slip: bool = False) -> str | None:
    """Which of the accepted words was typed, with one slip at most if that is allowed; None for another word."""
    given = fold(typed, folds)
    forms = {fold(word, folds): word for word in accepted}
    if given in forms or not slip:
        return forms.get(given)
    return next((word for form, word in forms.items() if is_slip(given, form)), None)
