"""Matching: each prompt gets one of the choices; a choice may serve two prompts, or none.

Credit is the share of right pairs.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions.base import (
    Check,
    Json,
    Order,
    Part,
    Refs,
    gone,
    is_key,
    new_key,
    no_answer,
    plain,
    shown,
    token,
    words,
)
from quizzes.questions.forms import AnswerForm, AuthorForm, Option, Row, hidden, line, paragraph

label = _("Matching")
MOST_PROMPTS = 6
MOST_CHOICES = 8
SPARE = 4
SHORT = 24  # characters that fit on one of three buttons side by side


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"prompts", "choices", "right"}, says={"prompts", "choices", "feedback"})
    prompts = found.keys("prompts", 2, MOST_PROMPTS)
    choices = found.keys("choices", 2, MOST_CHOICES)
    right = found.mapping("right", found.content.get("right"))
    for prompt in prompts:
        choice = right.get(prompt)
        if choices and not (isinstance(choice, str) and choice in choices):
            found.wrong(f"right.{prompt}", now("Say which choice belongs to it."))
    if prompts and right.keys() - set(prompts):
        found.wrong("right", now("Only prompts have a right choice."))
    if len(set(choices) - {choice for choice in right.values() if isinstance(choice, str)}) > SPARE:
        found.wrong("choices", now("At most %(most)d choices may belong to no prompt.") % {"most": SPARE})
    found.words("prompts", prompts, different=True)
    found.words("choices", choices, different=True)
    found.words("feedback", prompts)
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {"prompts": list(content["prompts"]), "choices": list(content["choices"])}


class MatchingForm(AnswerForm):
    """One list of the choices for each prompt; buttons side by side where there are few short ones."""

    template_name = "quizzes/kinds/matching.html"
    empty = _("Choose a match for each line.")
    missing = _("Choose a match for each line; “%(prompt)s” has none.")

    def __init__(
        self,
        prompts: Mapping[str, str],
        choices: Mapping[str, str],
        *,
        before: Mapping[str, str],
        secret: bool = True,
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        """Both map key -> text, in the order shown; `before` maps prompt -> choice as given earlier.

        `secret` keys do not reach the page; those that are public anyway may.
        """
        self.prompts, self.choices = prompts, choices
        self.names = {key: f"pair-{token(text) if secret else key}" for key, text in prompts.items()}
        self.values = {key: token(text) if secret else key for key, text in choices.items()}
        self.segments = len(choices) <= 3 and all(len(plain(text)) <= SHORT for text in choices.values())
        initial = {name: self.values[before[key]] for key, name in self.names.items() if before.get(key) in self.values}
        super().__init__(data, prefix=prefix, initial=initial)
        for name in self.names.values():
            self.fields[name] = forms.ChoiceField(choices=[(v, v) for v in self.values.values()], required=False)

    def pairs(self) -> list[dict[str, Any]]:
        """One dict a prompt, as the template needs it."""
        rows = []
        for key, name in self.names.items():
            typed = self.typed(name)
            options = [
                Option(self.values[choice], text, plain(text), typed == self.values[choice])
                for choice, text in self.choices.items()
            ]
            unread = not any(option.checked for option in options)
            rows.append(
                {
                    "text": self.prompts[key],
                    "name": self[name].html_name,
                    "id": self[name].auto_id,
                    "options": options,
                    "wrong": self.is_bound and unread,
                }
            )
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.errors.clear()  # one sentence for all, as in an ordering
        keys = {value: key for key, value in self.values.items()}
        found = {prompt: keys.get(cleaned.get(name, "")) for prompt, name in self.names.items()}
        if lost := [prompt for prompt, choice in found.items() if choice is None]:
            if len(lost) == len(found):
                raise ValidationError(str(self.empty))
            raise ValidationError(str(self.missing) % {"prompt": plain(self.prompts[lost[0]])})
        self.answer = {"pairs": found}
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
    prompts, choices = (
        {key: words(texts, block, key) for key in shown(order, block, content[block])}
        for block in ("prompts", "choices")
    )
    return MatchingForm(prompts, choices, before=pairs(answer), data=data, prefix=prefix)


def pairs(answer: Json | None) -> dict[str, str]:
    """The pairs of an answer, without what is no choice."""
    given = answer.get("pairs") if answer else None
    return {p: c for p, c in given.items() if isinstance(c, str)} if isinstance(given, Mapping) else {}


def grade(content: Json, answer: Json | None) -> Grade:
    given, right = pairs(answer), content["right"]
    parts = {prompt: given.get(prompt) == right[prompt] for prompt in content["prompts"]}
    return Grade(sum(parts.values()) / len(parts), parts)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """The prompts that were missed."""
    if not pairs(answer):
        return ()
    return tuple(prompt for prompt, right in grade(content, answer).parts.items() if not right)


def solution(content: Json) -> dict[str, Any]:
    return {"pairs": {prompt: content["right"][prompt] for prompt in content["prompts"]}}


def _said(content: Json, texts: Json, block: str, key: str | None) -> str:
    if key is None:
        return no_answer()
    return words(texts, block, key) if key in content[block] else gone()


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    given = pairs(answer)
    prompts = [
        *(p for p in content["prompts"] if p in given),
        *(p for p in given if p not in content["prompts"]),
    ]
    said = [(_said(content, texts, "prompts", p), _said(content, texts, "choices", given[p])) for p in prompts]
    return plain("; ".join(f"{prompt} → {choice}" for prompt, choice in said)) or no_answer()


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each prompt."""
    given, right = pairs(answer), content["right"]
    return [
        Part(
            words(texts, "prompts", prompt),
            _said(content, texts, "choices", given.get(prompt)),
            words(texts, "choices", right[prompt]),
            given.get(prompt) == right[prompt],
        )
        for prompt in content["prompts"]
    ]


def bucket(content: Json, answer: Json | None) -> str:
    return "+".join(f"{prompt}={choice}" for prompt, choice in sorted(pairs(answer).items()))


class MatchingAuthorForm(AuthorForm):
    """Rows of prompt, right choice and feedback, then spare choices; the same words twice are one choice."""

    def lay_out(self) -> None:
        parts = {
            "text": lambda: line(_("Prompt")),
            "choice": lambda: line(_("Its right choice"), _("The same words in two rows are one choice.")),
            "feedback": lambda: paragraph(_("What to look at if this pair was missed")),
            "choice_key": hidden,
        }
        self.add_rows("prompt", _("Pair %d"), MOST_PROMPTS, **parts)
        spare = {"text": lambda: line(_("Words"))}
        self.add_rows("spare", _("Choice %d that belongs to no prompt"), SPARE, **spare)
        # Choices keep the order they were written in, which the rows alone do not tell.
        self.add("", choices=hidden())

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        choices, right = content.get("choices", ()), content.get("right", {})
        initial = {"choices": " ".join(choices)}
        for n, prompt in enumerate(content.get("prompts", ()), 1):
            initial[f"prompt_{n}_key"] = prompt
            initial[f"prompt_{n}_text"] = words(texts, "prompts", prompt)
            initial[f"prompt_{n}_choice"] = words(texts, "choices", right[prompt])
            initial[f"prompt_{n}_choice_key"] = right[prompt]
            initial[f"prompt_{n}_feedback"] = (texts.get("feedback") or {}).get(prompt, "")
        for n, spare in enumerate((key for key in choices if key not in right.values()), 1):
            initial[f"spare_{n}_key"] = spare
            initial[f"spare_{n}_text"] = words(texts, "choices", spare)
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        prompts = self.rows(typed, "prompt", ("text", "choice", "feedback"))
        spares = self.rows(typed, "spare", ("text",))
        choices = self._choices(typed, prompts, spares)
        by_words = {text: key for key, text in choices.items()}
        for row in prompts:
            self.places[f"prompts.{row.key}"] = f"prompt_{row.number}_text"
            self.places[f"feedback.{row.key}"] = f"prompt_{row.number}_feedback"
            self.places[f"right.{row.key}"] = f"prompt_{row.number}_choice"
            self.places.setdefault(f"choices.{by_words.get(row['choice'])}", f"prompt_{row.number}_choice")
        for row in spares:
            self.places.setdefault(f"choices.{by_words[row['text']]}", f"spare_{row.number}_text")
        self.places |= {"prompts": "prompt_1_text", "choices": "prompt_1_choice"}
        content = {
            "prompts": [row.key for row in prompts],
            "choices": list(choices),
            "right": {row.key: by_words.get(row["choice"]) for row in prompts},
        }
        texts = {
            "prompts": {row.key: row["text"] for row in prompts},
            "choices": choices,
            "feedback": {row.key: row["feedback"] for row in prompts},
        }
        return content, texts

    def _choices(self, typed: Mapping[str, Any], prompts: list[Row], spares: list[Row]) -> dict[str, str]:
        """key -> words, each once, in their old order and new ones behind."""
        written = [(row["choice"], typed.get(f"prompt_{row.number}_choice_key", "")) for row in prompts]
        written += [(row["text"], typed.get(f"spare_{row.number}_key", "")) for row in spares]
        known = {key for _text, key in written if is_key(key)}
        keys: dict[str, str] = {}
        for text, key in written:
            if text and text not in keys:
                keep = is_key(key) and key not in keys.values()
                keys[text] = key if keep else new_key(text, known | set(keys.values()))
        before = typed.get("choices", "").split()
        place = {key: n for n, key in enumerate(before)}
        return {key: text for text, key in sorted(keys.items(), key=lambda pair: place.get(pair[1], len(place)))}

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return MatchingAuthorForm(data, content=content, texts=texts)
