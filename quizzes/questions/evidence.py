"""Evidence: which of these passages support the claim in the stem? `refs` gives each passage its gist.

All else is multiple choice with borrowed words: credit is (right ones chosen - wrong ones chosen) / right ones.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import multiple
from quizzes.questions.base import Check, Json, Order, Part, Refs, several, shown
from quizzes.questions.forms import AnswerForm, AuthorForm, ChoicesForm, ReferringAuthorForm

label = _("Evidence")
MOST = 8

_CODE = re.compile(r"[A-Z]{2,4}-[1-9]\d{0,2}")


def is_code(name: object) -> bool:
    return isinstance(name, str) and _CODE.fullmatch(name) is not None


def said(code: str, refs: Refs) -> str:
    """`WP ¶16, News round-up: what the passage says`; the code alone once the passage is gone."""
    passage = refs.passages.get(code)
    if passage is None:
        return code
    return f"{passage.label}, {passage.byline.partition(',')[0]}: {passage.gist}"


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"passages", "right"}, says={"feedback"})
    plea = now("Must be a list of passages, each as in WP-16.")
    passages = found.names("passages", found.content.get("passages"), 2, MOST, fit=is_code, plea=plea)
    multiple.check_right(found, passages)
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {"passages": list(content["passages"])}


def _as_multiple(content: Json) -> dict[str, Any]:
    return {"options": content["passages"], "right": content["right"]}


def _texts(content: Json, refs: Refs) -> dict[str, Any]:
    return {"options": {code: said(code, refs) for code in content["passages"]}}


def form(
    content: Json,
    texts: Json,
    *,
    order: Order,
    language: str,
    refs: Refs,
    data: Mapping[str, Any] | None = None,
    prefix: str = "",
    answer: Json | None = None,
) -> AnswerForm:
    labels = {code: said(code, refs) for code in shown(order, "passages", content["passages"])}
    # A passage's code is public, and stays what it is when its gist is reworded.
    return ChoicesForm(labels, chosen=several(answer, "choices"), many=True, secret=False, data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    return multiple.grade(_as_multiple(content), answer)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """Wrong ones that were chosen, then right ones that were missed."""
    return multiple.feedback(_as_multiple(content), answer)


def solution(content: Json) -> dict[str, Any]:
    return multiple.solution(_as_multiple(content))


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return multiple.describe(_as_multiple(content), _texts(content, refs), answer, language=language, refs=refs)


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each passage that was chosen or should have been."""
    return multiple.rows(_as_multiple(content), _texts(content, refs), answer, refs=refs)


def bucket(content: Json, answer: Json | None) -> str:
    return multiple.bucket(_as_multiple(content), answer)


class EvidenceAuthorForm(ReferringAuthorForm):
    block = "passages"
    row = "passage"
    most = MOST
    named = _("Passage")
    legend = _("Passage %d")
    why = _("Why it tempts, if it does not support the claim; what to look at, if it does and was missed")
    open_row = _("Choose the passage, or clear the row.")

    def offered(self) -> Iterable[tuple[str, str]]:
        return [(code, said(code, self.refs)) for code in self.refs.passages]

    def verdicts(self, content: Json) -> Mapping[str, Any]:
        return dict.fromkeys(content.get("right", ()), True)

    def right(self, verdicts: Mapping[str, Any]) -> Any:
        return [code for code, right in verdicts.items() if right]

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return EvidenceAuthorForm(data, content=content, texts=texts, refs=refs)
