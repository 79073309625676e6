"""Ordering: three to eight items to be put in order. `items` of the content is the right order.

Credit is (longest run in order - 1) / (items - 1): one item astray costs one step, not everything behind it.
Whoever shuffles must not show the solved order, since the order shown is an answer too.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade, longest_run
from quizzes.questions.base import (
    Check,
    Json,
    Order,
    Part,
    Refs,
    gone,
    no_answer,
    plain,
    several,
    shown,
    token,
    words,
)
from quizzes.questions.forms import AnswerForm, AuthorForm, Option, line, paragraph

label = _("Ordering")
MOST = 8


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"items"}, says={"items", "dates", "feedback"})
    items = found.keys("items", 3, MOST)
    found.words("items", items, different=True)
    if "dates" in found.texts:
        found.words("dates", [], optional=items)
    found.words("feedback", ["general"])
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {"items": list(content["items"])}


class OrderingForm(AnswerForm):
    """A place for each item, chosen from a list; a script may move the rows and set the same lists."""

    template_name = "quizzes/kinds/ordering.html"

    def __init__(
        self,
        labels: Mapping[str, str],
        *,
        before: list[str],
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        """`before` is the order given earlier, or else the one shown."""
        self.names = {key: f"place-{token(text)}" for key, text in labels.items()}
        self.labels = labels
        self.places = [str(n) for n in range(1, len(labels) + 1)]
        initial = {self.names[key]: place for key, place in zip(before, self.places, strict=True)}
        super().__init__(data, prefix=prefix, initial=initial)
        for name in self.names.values():
            self.fields[name] = forms.ChoiceField(choices=[(p, p) for p in self.places], required=False)

    def items(self) -> list[dict[str, Any]]:
        """One dict a row, as the template needs it; arranged as chosen, if each place is chosen once."""
        typed = {key: self.typed(name) for key, name in self.names.items()}
        arranged = sorted(typed.values()) == sorted(self.places)
        keys = sorted(typed, key=lambda key: int(typed[key])) if arranged else list(typed)
        return [
            {
                "text": self.labels[key],
                "plain": plain(self.labels[key]),
                "name": self[self.names[key]].html_name,
                "places": [Option(place, place, place, typed[key] == place) for place in self.places],
                "wrong": self.is_bound
                and (typed[key] not in self.places or list(typed.values()).count(typed[key]) > 1),
                "open": typed[key] not in self.places,
            }
            for key in keys
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place = {key: cleaned.get(name, "") for key, name in self.names.items()}
        self.errors.clear()  # one sentence for the whole list says it better than one for each row
        if lost := [key for key in place if place[key] not in self.places]:
            if len(lost) == len(place):
                raise ValidationError(now("Choose a place for each line."))
            message = now("Choose a place from 1 to %(last)s for each line; “%(item)s” has none.")
            raise ValidationError(message % {"last": self.places[-1], "item": plain(self.labels[lost[0]])})
        chosen = list(place.values())
        if twice := [p for p in self.places if chosen.count(p) > 1]:
            raise ValidationError(now("Two lines cannot share a place: look at place %(place)s.") % {"place": twice[0]})
        self.answer = {"order": sorted(place, key=lambda key: int(place[key]))}
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
    keys = shown(order, "items", content["items"])
    earlier = several(answer, "order")
    before = earlier if sorted(earlier) == sorted(keys) else keys
    return OrderingForm({key: words(texts, "items", key) for key in keys}, before=before, data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    items, given = content["items"], several(answer, "order")
    run = longest_run(items.index(key) for key in given if key in items)
    at = dict(enumerate(given))
    return Grade(max(0, run - 1) / (len(items) - 1), {key: at.get(n) == key for n, key in enumerate(items)})


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    given = several(answer, "order")
    return ("general",) if given and given != content["items"] else ()


def solution(content: Json) -> dict[str, Any]:
    return {"order": list(content["items"])}


def _said(content: Json, texts: Json, key: str) -> str:
    return words(texts, "items", key) if key in content["items"] else gone()


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    said = [plain(_said(content, texts, key)) for key in several(answer, "order")]
    return " ".join(f"{n}. {text}" for n, text in enumerate(said, 1)) or no_answer()


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each place, with the dates."""
    given = several(answer, "order")
    dates = texts.get("dates") or {}

    def dated(key: str) -> str:
        said = _said(content, texts, key)
        return now("%(event)s (%(date)s)") % {"event": said, "date": dates[key]} if key in dates else said

    parts = []
    for n, key in enumerate(content["items"]):
        here = dated(given[n]) if n < len(given) else no_answer()
        parts.append(Part(str(n + 1), here, dated(key), n < len(given) and given[n] == key))
    return parts


def bucket(content: Json, answer: Json | None) -> str:
    return ">".join(several(answer, "order"))


class OrderingAuthorForm(AuthorForm):
    def lay_out(self) -> None:
        date = _("Date, shown after the answer")
        parts = {"text": lambda: line(_("Words")), "date": lambda: line(date)}
        self.add_rows("item", _("Place %d in the right order"), MOST, **parts)
        self.add("", general=paragraph(_("What usually goes wrong")))

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        initial = {"general": (texts.get("feedback") or {}).get("general", "")}
        for n, key in enumerate(content.get("items", ()), 1):
            initial[f"item_{n}_key"] = key
            initial[f"item_{n}_text"] = words(texts, "items", key)
            initial[f"item_{n}_date"] = (texts.get("dates") or {}).get(key, "")
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        rows = self.rows(typed, "item", ("text", "date"))
        self.places |= {"items": "item_1_text", "feedback.general": "general"}
        for row in rows:
            self.places[f"items.{row.key}"] = f"item_{row.number}_text"
            self.places[f"dates.{row.key}"] = f"item_{row.number}_date"
        dates = {row.key: row["date"] for row in rows if row["date"]}
        texts = {
            "items": {row.key: row["text"] for row in rows},
            "feedback": {"general": typed.get("general", "")},
        }
        return {"items": [row.key for row in rows]}, texts | ({"dates": dates} if dates else {})

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return OrderingAuthorForm(data, content=content, texts=texts)
