"""Cloze: a text with gaps, each filled from a list or by typing; credit is the share of right gaps.

`passage` of the texts holds `{{g1}}` where the gap `g1` stands: each gap once, in the order the language wants,
which is how readers count them. What a typed gap accepts are words of a language, yet they stand in `content`:
they are the key, grading sees nothing else, and a version has one language. A translation brings the words it
accepts with its own version, and may keep the others beside them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import gaps
from quizzes.questions.base import Json, Order, Part, Refs, gone, is_key, no_answer, plain, shown, token
from quizzes.questions.forms import AnswerForm, AuthorForm, Option, hidden, line, paragraph, tick
from quizzes.questions.gaps import check, marker
from quizzes.questions.spelling import FOLDS, LONGEST, fold, meant, tidy

label = _("Text with gaps")


def orders(content: Json) -> dict[str, list[str]]:
    """The options of each gap to choose for, by the gap."""
    return {gap: list(keys) for gap, keys in (content.get("options") or {}).items()}


class ClozeForm(AnswerForm):
    """The passage with a list or a line in each gap. Names count the gaps: keys could give an answer away."""

    template_name = "quizzes/kinds/cloze.html"

    def __init__(
        self,
        places: Sequence[gaps.Place],
        options: Mapping[str, Mapping[str, str]],
        *,
        before: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        """`options`: gap -> key -> text, in the order shown; `before` maps gap -> key or text as given earlier."""
        self.places, self.options = places, options
        self.names = {place.gap: f"gap-{n}" for n, place in enumerate(places, 1)}
        self.values = {gap: {key: token(text) for key, text in labels.items()} for gap, labels in options.items()}
        self.unread: set[str] = set()
        initial = {
            name: self.values[gap].get(before[gap], "") if gap in options else before[gap]
            for gap, name in self.names.items()
            if gap in before
        }
        super().__init__(data, prefix=prefix, initial=initial)
        for gap, name in self.names.items():
            choices = [(value, value) for value in self.values.get(gap, {}).values()]
            self.fields[name] = forms.ChoiceField(choices=choices, required=False) if choices else line("")

    def gaps(self) -> list[dict[str, Any]]:
        """One dict a gap, as the template needs it."""
        self.is_valid()  # now we know which ones could not be read
        rows = []
        for n, place in enumerate(self.places, 1):
            name = self.names[place.gap]
            typed = self.typed(name)
            rows.append(
                {
                    "number": n,
                    "before": place.before,
                    "name": self[name].html_name,
                    "id": self[name].auto_id,
                    "typed": typed,
                    "options": [
                        Option(value, text, plain(text), typed == value)
                        for value, text in zip(
                            self.values.get(place.gap, {}).values(),
                            self.options.get(place.gap, {}).values(),
                            strict=True,
                        )
                    ],
                    "wrong": place.gap in self.unread,
                }
            )
        return rows

    def tail(self) -> str:
        """The text after the last gap."""
        return self.places[-1].after if self.places else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.errors.clear()  # one sentence for all, as in an ordering
        given: dict[str, str] = {}
        for gap, name in self.names.items():
            value = cleaned.get(name, "")
            keys = {shown: key for key, shown in self.values.get(gap, {}).items()}
            given[gap] = keys.get(value, "") if keys else tidy(value)
        self.unread = {gap for gap, value in given.items() if not value}
        if len(self.unread) == len(given):
            raise ValidationError(now("Fill the gaps, then check your answer."))
        for n, gap in enumerate(given, 1):
            if gap in self.unread:
                raise ValidationError(now("Fill every gap: gap %(number)d is still empty.") % {"number": n})
            if gap not in self.options and len(given[gap]) > LONGEST:
                self.unread.add(gap)
                message = now("Write at most %(most)d characters in gap %(number)d.")
                raise ValidationError(message % {"most": LONGEST, "number": n})
        self.answer = {"gaps": given}
        return cleaned


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
    options = {
        gap: {key: gaps.words(texts, gap, key) for key in shown(order, gap, keys)}
        for gap, keys in orders(content).items()
    }
    return ClozeForm(gaps.places(content, texts), options, before=_given(answer), data=data, prefix=prefix)


def _given(answer: Json | None) -> dict[str, str]:
    given = answer.get("gaps") if answer else None
    return {gap: value for gap, value in given.items() if isinstance(value, str)} if isinstance(given, Mapping) else {}


def _accepted(content: Json, gap: str) -> list[str]:
    return list(content["typed"][gap]["accepted"])


def _folds(content: Json, gap: str) -> list[str]:
    return list(content["typed"][gap].get("fold", ()))


def _meant(content: Json, gap: str, value: str) -> str | None:
    """The accepted word that was typed in a gap."""
    slip = content["typed"][gap].get("typo", 0) == 1
    return meant(value, _accepted(content, gap), _folds(content, gap), slip=slip)


def _fits(content: Json, gap: str, value: str | None) -> bool:
    if value is None:
        return False
    if gaps.options(content, gap):
        return bool(value == content["right"][gap])
    return _meant(content, gap, value) is not None


def grade(content: Json, answer: Json | None) -> Grade:
    given = _given(answer)
    parts = {gap: _fits(content, gap, given.get(gap)) for gap in content["gaps"]}
    return Grade(sum(parts.values()) / len(parts), parts)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """`g1.key` for a wrong option that was chosen, `g2` for a gap that was typed wrong."""
    given = _given(answer)
    wrong = [gap for gap in content["gaps"] if gap in given and not _fits(content, gap, given[gap])]
    return tuple(f"{gap}.{given[gap]}" if gaps.options(content, gap) else gap for gap in wrong)


def solution(content: Json) -> dict[str, Any]:
    best = {
        gap: content["right"][gap] if gaps.options(content, gap) else tidy(_accepted(content, gap)[0])
        for gap in content["gaps"]
    }
    return {"gaps": best}


def _said(content: Json, texts: Json, gap: str, value: str | None) -> str:
    """What was chosen or typed, in words."""
    if not value:
        return no_answer()
    if options := gaps.options(content, gap):
        return gaps.words(texts, gap, value) if value in options else gone()
    word, folds = _meant(content, gap, value), _folds(content, gap)
    if word is None or fold(value, folds) == fold(word, folds):
        return value
    return now("%(typed)s (spelt “%(word)s”)") % {"typed": value, "word": word}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    given = _given(answer)
    said = [plain(_said(content, texts, place.gap, given.get(place.gap))) for place in gaps.places(content, texts)]
    return "; ".join(f"{n}: {text}" for n, text in enumerate(said, 1)) if given else no_answer()


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each gap, known by its number and the words around it."""
    given, best = _given(answer), solution(content)["gaps"]
    return [
        Part(
            f"{n}: {place.around()}",
            _said(content, texts, place.gap, given.get(place.gap)),
            _said(content, texts, place.gap, best[place.gap]),
            _fits(content, place.gap, given.get(place.gap)),
        )
        for n, place in enumerate(gaps.places(content, texts), 1)
    ]


def bucket(content: Json, answer: Json | None) -> str:
    """What was chosen or typed in each gap; what counts as the same word is the same."""
    given = _given(answer)

    def what(gap: str) -> str:
        if gaps.options(content, gap):
            return given[gap]
        word = given[gap] if _meant(content, gap, given[gap]) is None else _accepted(content, gap)[0]
        return fold(word, _folds(content, gap))

    return "+".join(f"{gap}={what(gap)}" for gap in content["gaps"] if gap in given)


class ClozeAuthorForm(AuthorForm):
    """The passage, then for each gap rows of options or else the words it accepts."""

    def lay_out(self) -> None:
        self.names = self._names()
        hint = _(
            "Write {{g1}} where the first gap stands, {{g2}} for the next one, and fill in each of them below. "
            "A gap that has no rows yet gets them when you save."
        )
        self.add("", passage=paragraph(_("Text with gaps"), hint, rows=4))
        for n, gap in enumerate(self.names, 1):
            self.initial[f"gap_{n}_key"] = gap  # rows stay with their gap, whatever the passage names next
            for row in range(1, gaps.MOST_OPTIONS + 1):
                parts = {
                    "text": line(_("Words")),
                    "right": tick(_("This is right")),
                    "feedback": paragraph(_("Why it tempts, if it is wrong")),
                    "key": hidden(),
                }
                legend = _("%(gap)s: option %(number)d") % {"gap": marker(gap), "number": row}
                self.add(legend, **{f"gap_{n}_option_{row}_{part}": field for part, field in parts.items()})
            self.counts[f"gap_{n}_option"] = gaps.MOST_OPTIONS
            parts = {
                "accepted": paragraph(_("Words accepted, one a line"), _("The first is shown as the right answer."), 3),
                "case": tick(_("Capitals and small letters are the same")),
                "spacing": tick(_("Spaces and hyphens do not count")),
                "typo": tick(_("Forgive one wrong letter in five or more")),
                "feedback": paragraph(_("What to look at if it was missed")),
                "key": hidden(),
            }
            legend = _("%(gap)s: to type, instead of options") % {"gap": marker(gap)}
            self.add(legend, **{f"gap_{n}_{part}": field for part, field in parts.items()})

    def _names(self) -> list[str]:
        """What the passage calls each gap of the form: those that have rows, those it names besides, and a spare."""
        before = self.data if self.is_bound else self.initial
        numbers = range(1, gaps.MOST + 1)
        names = [str(key) for key in (before.get(f"gap_{n}_key") for n in numbers) if is_key(key)]
        names += [name for name in gaps.marked(before.get("passage", "")) if is_key(name)]
        spare = next(name for n in range(1, 99) if (name := f"g{n}") not in names)
        return list(dict.fromkeys([*names, spare]))[: gaps.MOST]

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        initial: dict[str, Any] = {"passage": texts.get("passage", "")}
        feedback = texts.get("feedback") or {}
        for n, gap in enumerate(content.get("gaps", ()), 1):
            initial[f"gap_{n}_key"] = gap
            for row, key in enumerate(gaps.options(content, gap), 1):
                name = f"gap_{n}_option_{row}"
                initial[f"{name}_key"] = key
                initial[f"{name}_text"] = gaps.words(texts, gap, key)
                initial[f"{name}_right"] = content["right"][gap] == key
                initial[f"{name}_feedback"] = feedback.get(f"{gap}.{key}", "")
            if gap in (content.get("typed") or {}):
                initial[f"gap_{n}_accepted"] = "\n".join(_accepted(content, gap))
                initial |= {f"gap_{n}_{name}": True for name in _folds(content, gap)}
                initial[f"gap_{n}_typo"] = content["typed"][gap].get("typo", 0) == 1
                initial[f"gap_{n}_feedback"] = feedback.get(gap, "")
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        content: dict[str, Any] = {"gaps": [], "options": {}, "typed": {}, "right": {}}
        texts: dict[str, Any] = {"passage": typed.get("passage", ""), "options": {}, "feedback": {}}
        self.places["gaps"] = "passage"
        for n, gap in enumerate(self.names, 1):
            chosen = self._build_options(n, gap, typed, content, texts)
            accepted = self._build_typed(n, gap, typed, content, texts)
            if chosen or accepted or marker(gap) in texts["passage"]:
                content["gaps"].append(gap)
        needed = ("gaps", "passage", "feedback")
        content = {name: block for name, block in content.items() if block or name in needed}
        return content, {name: block for name, block in texts.items() if block or name in needed}

    def _build_options(
        self, n: int, gap: str, typed: Mapping[str, Any], content: dict[str, Any], texts: dict[str, Any]
    ) -> bool:
        """Write down a gap's options; whether there are any."""
        first = f"gap_{n}_option_1"
        self.places |= {f"options.{gap}": f"{first}_text", f"right.{gap}": f"{first}_right"}
        found = self.rows(typed, f"gap_{n}_option", ("text", "right", "feedback"))
        for row in found:
            name = f"gap_{n}_option_{row.number}"
            self.places |= {
                f"options.{gap}.{row.key}": f"{name}_text",
                f"feedback.{gap}.{row.key}": f"{name}_feedback",
            }
            if row["feedback"]:
                texts["feedback"][f"{gap}.{row.key}"] = row["feedback"]
        if found:
            right = [row.key for row in found if row["right"]]
            content["options"][gap] = [row.key for row in found]
            content["right"][gap] = right[0] if len(right) == 1 else None
            texts["options"][gap] = {row.key: row["text"] for row in found}
        return bool(found)

    def _build_typed(
        self, n: int, gap: str, typed: Mapping[str, Any], content: dict[str, Any], texts: dict[str, Any]
    ) -> bool:
        """Write down what a gap accepts; whether anything was written for it."""
        self.places |= {f"typed.{gap}": f"gap_{n}_accepted", f"feedback.{gap}": f"gap_{n}_feedback"}
        accepted = [word for text in typed.get(f"gap_{n}_accepted", "").splitlines() if (word := text.strip())]
        why = typed.get(f"gap_{n}_feedback", "")
        if accepted:
            folds = [name for name in FOLDS if typed.get(f"gap_{n}_{name}")]
            typo = {"typo": 1} if typed.get(f"gap_{n}_typo") else {}  # what is not forgiven is not written
            content["typed"][gap] = {"accepted": accepted, **({"fold": folds} if folds else {}), **typo}
        if why:
            texts["feedback"][gap] = why
        return bool(accepted or why)

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return ClozeAuthorForm(data, content=content, texts=texts)
