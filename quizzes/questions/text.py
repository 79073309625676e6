"""A word or a short phrase, typed. Several answers may be accepted; known wrong ones say why they tempt.

The answer is kept as it was typed; what is compared is its folded form (see `spelling`). An exact match comes
before one with a slip of the finger, so that a known wrong word is never taken for a right one spelt badly.
As in a text with gaps, the words stand in `content`: they are the key, and a translation brings its own.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions.base import Check, Json, Order, Part, Refs, is_key, no_answer, plain
from quizzes.questions.forms import AnswerForm, AuthorForm, paragraph, tick
from quizzes.questions.spelling import FOLDS, fold, meant, tidy
from quizzes.questions.wording import check_accepted, check_folds, check_typo

label = _("A word or a phrase, typed")
LONGEST = 200  # characters typed
MOST = 6
RIGHT, OTHER = "right", "other"  # no distractor is called that


def given(answer: Json | None) -> str:
    """What was typed, or an empty string."""
    typed = answer.get("text") if answer else None
    return typed if isinstance(typed, str) else ""


def _match(content: Json, typed: str) -> tuple[str, str]:
    """What an answer counts as (RIGHT, the key of a distractor, OTHER), and the author's spelling of it."""
    groups = [(RIGHT, content["accepted"]), *((row["key"], row["accepted"]) for row in content.get("distractors", ()))]
    for slip in (False, True) if content.get("typo") == 1 else (False,):
        for key, accepted in groups:
            if (word := meant(typed, accepted, content.get("fold", ()), slip=slip)) is not None:
                return str(key), word
    return OTHER, typed


# The contract


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"accepted", "fold", "typo", "distractors"}, says={"feedback"})
    folds = check_folds(found, "fold", found.content.get("fold", []))
    check_typo(found, "typo", found.content.get("typo", 0))
    seen: set[str] = set()
    check_accepted(found, "accepted", found.content.get("accepted"), folds, seen=seen, longest=LONGEST)
    rows = found.content.get("distractors", [])
    if (keys := _keys(rows)) is None:
        plea = now("Must be a list of at most %(most)d keys, each with the words accepted as it.")
        found.wrong("distractors", plea % {"most": MOST})
    elif not all(is_key(key) and key not in (RIGHT, OTHER) for key in keys) or len(set(keys)) < len(keys):
        found.wrong("distractors", now("Each needs a short key of its own, other than right and other."))
    else:
        for row in rows:
            check_accepted(found, f"distractors.{row['key']}", row["accepted"], folds, seen=seen, longest=LONGEST)
        found.words("feedback", [*keys, OTHER])
    found.done()


def _keys(rows: object) -> list[Any] | None:
    """What the distractors are called, or None for what is no list of them."""
    if not isinstance(rows, list) or len(rows) > MOST:
        return None
    shaped = all(isinstance(row, Mapping) and set(row) == {"key", "accepted"} for row in rows)
    return [row["key"] for row in rows] if shaped and all(isinstance(row["key"], str) for row in rows) else None


def orders(content: Json) -> dict[str, list[str]]:
    return {}


class TextForm(AnswerForm):
    template_name = "quizzes/kinds/text.html"

    def __init__(self, *, before: str, data: Mapping[str, Any] | None = None, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix, initial={"text": before})
        empty = _("Write your answer, then check it.")
        self.fields["text"] = forms.CharField(error_messages={"required": empty})

    def shown(self) -> str:
        return self.typed("text")

    def clean_text(self) -> str:
        value = tidy(self.cleaned_data["text"])
        if not fold(value, ()):
            raise ValidationError(now("Write your answer in words or figures."))
        if len(value) > LONGEST:
            message = now("Write at most %(most)d characters; these are %(count)d.")
            raise ValidationError(message % {"most": LONGEST, "count": len(value)})
        self.answer = {"text": value}
        return value


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
    return TextForm(before=given(answer), data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    typed = given(answer)
    right = bool(typed) and _match(content, typed)[0] == RIGHT
    return Grade(float(right), {"text": right} if typed else {})


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """The key of the distractor, or `other`."""
    typed = given(answer)
    key = _match(content, typed)[0] if typed else RIGHT
    return () if key == RIGHT else (key,)


def solution(content: Json) -> dict[str, Any]:
    return {"text": tidy(content["accepted"][0])}


def _said(content: Json, typed: str) -> str:
    """What was typed, and how it is spelt if it was forgiven a slip."""
    if not typed:
        return no_answer()
    _key, word = _match(content, typed)
    folds = content.get("fold", ())
    if fold(typed, folds) == fold(word, folds):
        return typed
    return now("%(typed)s (spelt “%(word)s”)") % {"typed": typed, "word": word}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return plain(_said(content, given(answer)))


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    best = solution(content)["text"]
    return [Part("", _said(content, given(answer)), best, grade(content, answer).credit == 1)]


def bucket(content: Json, answer: Json | None) -> str:
    """right, the key of a distractor, or `=` with the folded form of anything else, which no key can be."""
    typed = given(answer)
    if not typed:
        return ""
    key, _word = _match(content, typed)
    return f"={fold(typed, content.get('fold', ()))}" if key == OTHER else key


class TextAuthorForm(AuthorForm):
    def lay_out(self) -> None:
        one_a_line = _("One a line; the first is shown as the right answer.")
        self.add(
            "",
            accepted=paragraph(_("Answers accepted"), one_a_line, rows=4),
            case=tick(_("Capitals and small letters are the same")),
            spacing=tick(_("Spaces and hyphens do not count")),
            typo=tick(_("Forgive one wrong letter in five or more")),
            other=paragraph(_("Feedback to any other answer")),
        )
        parts = {
            "words": lambda: paragraph(_("Wrong answers, one a line"), _("All of one line of thought.")),
            "feedback": lambda: paragraph(_("Why they tempt")),
        }
        self.add_rows("distractor", _("Tempting wrong answer %d"), MOST, **parts)

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        feedback = texts.get("feedback") or {}
        initial = {
            "accepted": "\n".join(content.get("accepted", ())),
            "typo": content.get("typo", 0) == 1,
            "other": feedback.get(OTHER, ""),
            **{name: name in content.get("fold", ()) for name in FOLDS},
        }
        for n, row in enumerate(content.get("distractors", ()), 1):
            initial[f"distractor_{n}_key"] = row["key"]
            initial[f"distractor_{n}_words"] = "\n".join(row["accepted"])
            initial[f"distractor_{n}_feedback"] = feedback.get(row["key"], "")
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        feedback = {OTHER: typed.get("other", "")}
        self.places[f"feedback.{OTHER}"] = "other"
        distractors = []
        for row in self.rows(typed, "distractor", ("words", "feedback"), named_by="words"):
            key = f"{row.key}-2" if row.key in (RIGHT, OTHER) else row.key
            self.places[f"distractors.{key}"] = f"distractor_{row.number}_words"
            self.places[f"feedback.{key}"] = f"distractor_{row.number}_feedback"
            distractors.append({"key": key, "accepted": _lines(row["words"])})
            feedback[key] = row["feedback"]
        content = {
            "accepted": _lines(typed.get("accepted", "")),
            "fold": [name for name in FOLDS if typed.get(name)],
            "typo": int(bool(typed.get("typo"))),
            "distractors": distractors,
        }
        return content, {"feedback": feedback}

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def _lines(text: str) -> list[str]:
    return [line for each in text.splitlines() if (line := each.strip())]


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return TextAuthorForm(data, content=content, texts=texts)
