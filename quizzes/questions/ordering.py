"""Ordering: three to eight items to be put in order. `items` of the content is a right order.

It is the only one, unless `when` says of each item from when to when it may have happened: then every order
that contradicts no dates is as right (see `spans`). Credit is (longest run in a right order - 1) / (items - 1):
one item astray costs one step, not everything behind it. Whoever shuffles must not show a right order, since
the order shown is an answer too.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from lessons.dates import in_words
from quizzes.grading import Grade
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
from quizzes.questions.spans import Span, before, days, longest_fit, nearest_order, span, swappable

label = _("Ordering")
MOST = 8


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"items", "when"}, says={"items", "dates", "feedback"})
    items = found.keys("items", 3, MOST)
    if "when" in found.content:
        _check_when(found, items)
    found.words("items", items, different=True)
    if "dates" in found.texts:
        found.words("dates", [], optional=items)
    found.words("feedback", ["general"])
    found.done()


def _check_when(found: Check, items: list[str]) -> None:
    """Every item has its span; `items` is one of the right orders, and not every order is."""
    when = found.mapping("when", found.content["when"])
    spans: dict[str, Span] = {}
    for key in items:
        dates = when.get(key)
        if not isinstance(dates, list) or not 1 <= len(dates) <= 2 or not all(map(_is_date, dates)):
            plea = now("Give the earliest and perhaps the latest date, each as 1965, 1965-06 or 1965-06-22, in quotes.")
            found.wrong(f"when.{key}", plea)
        elif (days := span(dates)) is None:
            found.wrong(f"when.{key}", now("The earliest date comes first."))
        else:
            spans[key] = days
    if items and when.keys() - set(items):
        found.wrong("when", now("Only items have dates."))
    if len(spans) < len(items):
        return
    for n, key in enumerate(items):
        if any(before(spans[key], spans[earlier]) for earlier in items[:n]):
            found.wrong(f"when.{key}", now("These dates lie before those of an earlier item."))
    if not any(before(spans[key], spans[later]) for n, key in enumerate(items) for later in items[n:]):
        found.wrong("when", now("With these dates every order would be right."))


def _is_date(value: object) -> bool:
    return isinstance(value, str) and days(value) is not None


def _spans(content: Json) -> dict[str, Span]:
    """When each item happened; without dates its place tells."""
    if when := content.get("when"):
        return {key: span(when[key]) or (0, 0) for key in content["items"]}
    return {key: (n, n) for n, key in enumerate(content["items"])}


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


def _given(content: Json, answer: Json | None) -> list[str]:
    """The known items of an answer, each once."""
    return [key for key in dict.fromkeys(several(answer, "order")) if key in content["items"]]


def _nearest(content: Json, answer: Json | None) -> list[str]:
    """The right order that an answer comes nearest to."""
    return nearest_order(_given(content, answer), _spans(content))


def grade(content: Json, answer: Json | None) -> Grade:
    items = content["items"]
    run = len(longest_fit(_given(content, answer), _spans(content)))
    at = dict(enumerate(several(answer, "order")))
    parts = {key: at.get(n) == key for n, key in enumerate(_nearest(content, answer))}
    return Grade(max(0, run - 1) / (len(items) - 1), {key: parts[key] for key in items})


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    return ("general",) if several(answer, "order") and grade(content, answer).credit != 1 else ()


def solution(content: Json) -> dict[str, Any]:
    return {"order": list(content["items"])}


def _said(content: Json, texts: Json, key: str) -> str:
    return words(texts, "items", key) if key in content["items"] else gone()


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    said = [plain(_said(content, texts, key)) for key in several(answer, "order")]
    return " ".join(f"{n}. {text}" for n, text in enumerate(said, 1)) or no_answer()


def _dated(content: Json, texts: Json, key: str) -> str:
    """An item with its date."""
    said = _said(content, texts, key)
    date = (texts.get("dates") or {}).get(key)
    if date is None and (when := (content.get("when") or {}).get(key)):
        date = "–".join(in_words(iso) for iso in dict.fromkeys(when))
    return now("%(event)s (%(date)s)") % {"event": said, "date": date} if date else said


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each place, with the dates; where either order counts, the right answer says so."""
    given, right = several(answer, "order"), _nearest(content, answer)
    free = swappable(right, _spans(content))
    place = {key: str(n) for n, key in enumerate(right, 1)}

    def expected(key: str) -> str:
        said, others = _dated(content, texts, key), [place[other] for other in free[key]]
        if not others:
            return said
        return now("%(event)s; may change places with %(places)s") % {"event": said, "places": ", ".join(others)}

    return [
        Part(
            place[key],
            _dated(content, texts, given[n]) if n < len(given) else no_answer(),
            expected(key),
            n < len(given) and given[n] == key,
        )
        for n, key in enumerate(right)
    ]


def bucket(content: Json, answer: Json | None) -> str:
    """The order given; all right orders are one."""
    right = several(answer, "order") and grade(content, answer).credit == 1
    return ">".join(content["items"] if right else several(answer, "order"))


class OrderingAuthorForm(AuthorForm):
    def lay_out(self) -> None:
        exact = _("As 1965, 1965-06 or 1965-06-22. Fill in these dates for all items if more than one order is right.")
        parts = {
            "text": lambda: line(_("Words")),
            "date": lambda: line(_("Date, shown after the answer")),
            "first": lambda: line(_("Earliest date"), exact),
            "last": lambda: line(_("Latest date"), _("Empty if the earliest date says it all.")),
        }
        self.add_rows("item", _("Place %d in the right order"), MOST, **parts)
        self.add("", general=paragraph(_("What usually goes wrong")))

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        initial = {"general": (texts.get("feedback") or {}).get("general", "")}
        for n, key in enumerate(content.get("items", ()), 1):
            initial[f"item_{n}_key"] = key
            initial[f"item_{n}_text"] = words(texts, "items", key)
            initial[f"item_{n}_date"] = (texts.get("dates") or {}).get(key, "")
            dates = (content.get("when") or {}).get(key, ())
            initial |= {f"item_{n}_{end}": iso for end, iso in zip(("first", "last"), dates, strict=False)}
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        rows = self.rows(typed, "item", ("text", "date", "first", "last"))
        self.places |= {"items": "item_1_text", "when": "item_1_first", "feedback.general": "general"}
        for row in rows:
            self.places[f"items.{row.key}"] = f"item_{row.number}_text"
            self.places[f"dates.{row.key}"] = f"item_{row.number}_date"
            self.places[f"when.{row.key}"] = f"item_{row.number}_first"
        dates = {row.key: row["date"] for row in rows if row["date"]}
        texts = {
            "items": {row.key: row["text"] for row in rows},
            "feedback": {"general": typed.get("general", "")},
        }
        content: dict[str, Any] = {"items": [row.key for row in rows]}
        if any(row["first"] or row["last"] for row in rows):
            content["when"] = {row.key: [row["first"], *([row["last"]] if row["last"] else [])] for row in rows}
        return content, texts | ({"dates": dates} if dates else {})

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
