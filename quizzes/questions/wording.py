"""The check of the words that a typed answer is compared with; `spelling` compares them."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from quizzes.questions.base import Check
from quizzes.questions.spelling import FOLDS, LONGEST, fold, tidy

MOST_ACCEPTED = 12


def check_folds(found: Check, field: str, folds: object) -> list[str]:
    """What does not count in a comparison, as far as it can be read."""
    if isinstance(folds, list) and all(isinstance(name, str) and name in FOLDS for name in folds):
        return folds
    found.wrong(field, _("What to fold is a list of: %(names)s.") % {"names": ", ".join(FOLDS)})
    return []


def check_typo(found: Check, field: str, typo: object) -> None:
    if isinstance(typo, bool) or not isinstance(typo, int) or typo not in (0, 1):
        found.wrong(field, _("The number of typos forgiven is 0 or 1."))


def check_accepted(
    found: Check, field: str, accepted: object, folds: Collection[str], *, seen: set[str], longest: int = LONGEST
) -> None:
    """A list of words that no fold makes equal, neither to one another nor to those `seen`, which grows."""
    if not isinstance(accepted, list) or not 1 <= len(accepted) <= MOST_ACCEPTED:
        found.wrong(field, _("List 1 to %(most)d words that are accepted.") % {"most": MOST_ACCEPTED})
        return
    for word in accepted:
        found.text(field, word)
        form = fold(word, folds) if isinstance(word, str) else ""
        if not form or len(tidy(word)) > longest:
            found.wrong(field, _("Each is a word or a few, of at most %(most)d characters.") % {"most": longest})
        elif form in seen:
            found.wrong(field, _("“%(word)s” counts as the same as another one.") % {"word": word})
        seen.add(form)
