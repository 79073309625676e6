"""Timeline: one to five events, each placed on a scale of years.

The year typed is the answer. A slider and a click on the scale only write it there, by script, so that there is
never a second control that could say something else. Credit for an event is full within `tolerance` years of
the right year, or of the nearer end of a span of years, and falls in a straight line to nothing at `reach`
years; the question earns the mean of its events. Where several years are right, any of them is fully right.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions.base import Check, Json, Order, Part, Refs, gone, no_answer, plain, shown, token, words
from quizzes.questions.figures import read, read_year
from quizzes.questions.forms import AnswerForm, AuthorForm, line, paragraph
from quizzes.questions.scale import Scale

label = _("Years on a timeline")
MOST = 5
YEARS = range(100, 10_000)  # those that `read_year` reads
SHORTEST = 10  # years on the scale


def given(answer: Json | None) -> dict[str, int]:
    """Event -> year, without what is no year."""
    years = answer.get("years") if answer else None
    if not isinstance(years, Mapping):
        return {}
    return {key: year for key, year in years.items() if isinstance(year, int) and year in YEARS}


def span(content: Json, event: str) -> tuple[int, int]:
    """The first and the last year that are right."""
    right = content["right"][event]
    return (right[0], right[1]) if isinstance(right, list) else (right, right)


def _reach(content: Json) -> int:
    """How many years off earns nothing."""
    return int(content.get("reach", content.get("tolerance", 0) + 1))


def off(content: Json, event: str, year: int) -> int:
    """Years from the right ones: below zero if too early, 0 if right."""
    first, last = span(content, event)
    return min(year - first, 0) or max(year - last, 0)


def credit(content: Json, event: str, year: int | None) -> float:
    """The credit of one event, from 0 to 1."""
    if year is None:
        return 0.0
    tolerance, reach, far = content.get("tolerance", 0), _reach(content), abs(off(content, event, year))
    if far <= tolerance:
        return 1.0
    return float(Fraction(reach - far, reach - tolerance)) if far < reach else 0.0


# The contract


def check(content: object, texts: object) -> None:
    has = {"from", "to", "events", "right", "tolerance", "reach"}
    found = Check(content, texts, has=has, says={"events", "dates", "feedback"})
    events = found.keys("events", 1, MOST)
    first, last = (_whole(found, end, found.content.get(end)) for end in ("from", "to"))
    if first is not None and last is not None and not (first in YEARS and last in YEARS and first + SHORTEST <= last):
        plea = now("The scale goes over at least %(least)d years, from 100 to 9999.")
        found.wrong("from", plea % {"least": SHORTEST})
        first = None
    right = found.mapping("right", found.content.get("right"))
    for event in events:
        _check_right(found, event, right.get(event), first, last)
    if events and right.keys() - set(events):
        found.wrong("right", now("Only events have a right year."))
    _check_distances(found, None if first is None or last is None else last - first)
    found.words("events", events, different=True)
    if "dates" in found.texts:
        found.words("dates", [], optional=events)
    found.words("feedback", events)
    found.done()


def _whole(found: Check, field: str, value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found.wrong(field, now("Must be a whole number of years."))
    return None


def _check_right(found: Check, event: str, right: object, first: int | None, last: int | None) -> None:
    """A year on the scale, or the first and the last of several."""
    field = f"right.{event}"
    years: list[Any] = right if isinstance(right, list) and len(right) == 2 else [right]
    if not all(isinstance(year, int) and not isinstance(year, bool) for year in years):
        found.wrong(field, now("Must be a year, or a list of the first and the last year that are right."))
    elif len(years) == 2 and years[0] >= years[1]:
        found.wrong(field, now("The first year comes before the last."))
    elif first is not None and last is not None and not first <= years[0] <= years[-1] <= last:
        found.wrong(field, now("Must lie on the scale."))


def _check_distances(found: Check, length: int | None) -> None:
    tolerance = _whole(found, "tolerance", found.content.get("tolerance", 0))
    if tolerance is not None and (tolerance < 0 or (length is not None and tolerance >= length)):
        found.wrong("tolerance", now("Must be 0 or more, and shorter than the scale."))
    if "reach" in found.content:
        reach = _whole(found, "reach", found.content["reach"])
        if reach is not None and tolerance is not None and reach <= tolerance:
            found.wrong("reach", now("Must be more than the tolerance."))
        elif reach is not None and length is not None and reach > length:
            found.wrong("reach", now("Must not be longer than the scale."))


def orders(content: Json) -> dict[str, list[str]]:
    return {"events": list(content["events"])}


class TimelineForm(AnswerForm):
    """A line for the year of each event, with the scale; a script adds the slider."""

    template_name = "quizzes/kinds/timeline.html"

    def __init__(
        self,
        labels: Mapping[str, str],
        scale: Scale,
        *,
        partial: bool,
        language: str,
        before: Mapping[str, int],
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        """`labels`: event -> text, in the order shown; `before`: event -> the year given earlier.

        `partial` tells whether a near miss earns something.
        """
        self.labels, self.scale, self.partial, self.language = labels, scale, partial, language
        self.names = {key: f"year-{token(text)}" for key, text in labels.items()}
        self.unread: set[str] = set()
        initial = {name: str(before[key]) for key, name in self.names.items() if key in before}
        super().__init__(data, prefix=prefix, initial=initial)
        for name in self.names.values():
            self.fields[name] = line("")

    def events(self) -> list[dict[str, Any]]:
        """One dict an event, as the template needs it."""
        self.is_valid()  # now we know which years could not be read
        return [
            {
                "text": self.labels[key],
                "plain": plain(self.labels[key]),
                "name": self[name].html_name,
                "id": self[name].auto_id,
                "typed": self.typed(name),
                "wrong": key in self.unread,
            }
            for key, name in self.names.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.errors.clear()  # one sentence for all, as in an ordering
        years: dict[str, int] = {}
        problems = {}
        for key, name in self.names.items():
            try:
                years[key] = self._year(cleaned.get(name, ""))
            except ValidationError as wrong:
                problems[key] = wrong.messages[0]
        self.unread = set(problems)
        for key, problem in problems.items():
            if len(self.names) == 1:
                raise ValidationError(problem)
            raise ValidationError(
                now("“%(event)s”: %(problem)s") % {"event": plain(self.labels[key]), "problem": problem}
            )
        self.answer = {"years": years}
        return cleaned

    def _year(self, typed: str) -> int:
        if not typed:
            raise ValidationError(now("Write a year, then check it."))
        year = int(read_year(typed, self.language))
        if not self.scale.first <= year <= self.scale.last:
            message = now("Write a year from %(first)s to %(last)s.")
            raise ValidationError(message % {"first": self.scale.first, "last": self.scale.last})
        return year


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
    labels = {key: words(texts, "events", key) for key in shown(order, "events", content["events"])}
    scale = Scale(content["from"], content["to"])
    partial = _reach(content) > content.get("tolerance", 0) + 1
    before = given(answer)
    return TimelineForm(labels, scale, partial=partial, language=language, before=before, data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    years = given(answer)
    credits = {event: credit(content, event, years.get(event)) for event in content["events"]}
    return Grade(sum(credits.values()) / len(credits), {event: earned == 1 for event, earned in credits.items()})


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """The events that were missed."""
    years = given(answer)
    return tuple(event for event in content["events"] if event in years and credit(content, event, years[event]) < 1)


def solution(content: Json) -> dict[str, Any]:
    """Of a span of years the one in the middle."""
    return {"years": {event: sum(span(content, event)) // 2 for event in content["events"]}}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    years = given(answer)
    if set(years) == set(content["events"]) and len(years) == 1:
        return str(next(iter(years.values())))
    known = [
        *(key for key in content["events"] if key in years),
        *(key for key in years if key not in content["events"]),
    ]
    said = [(plain(words(texts, "events", key)) if key in content["events"] else gone(), years[key]) for key in known]
    return "; ".join(f"{event} → {year}" for event, year in said) or no_answer()


def _told(content: Json, event: str, year: int | None) -> str:
    """The year given, and how far it is off."""
    if year is None:
        return no_answer()
    far = off(content, event, year)
    if far < 0:
        message = ngettext("%(year)d (%(n)d year early)", "%(year)d (%(n)d years early)", -far)
    elif far > 0:
        message = ngettext("%(year)d (%(n)d year late)", "%(year)d (%(n)d years late)", far)
    else:
        return str(year)
    return message % {"year": year, "n": abs(far)}


def _expected(content: Json, texts: Json, event: str) -> str:
    first, last = span(content, event)
    date = (texts.get("dates") or {}).get(event)
    said = date or (str(first) if first == last else f"{first}–{last}")
    if content.get("tolerance", 0):
        message = now("%(value)s (from %(lowest)s to %(highest)s counts)")
        lowest, highest = first - content["tolerance"], last + content["tolerance"]
        said = message % {"value": said, "lowest": lowest, "highest": highest}
    return said


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """One for each event."""
    years = given(answer)
    return [
        Part(
            words(texts, "events", event),
            _told(content, event, years.get(event)),
            _expected(content, texts, event),
            credit(content, event, years.get(event)) == 1,
        )
        for event in content["events"]
    ]


def bucket(content: Json, answer: Json | None) -> str:
    """For each event: right, or early or late, and `near` if that still earned something."""
    years = given(answer)

    def where(event: str) -> str:
        earned = credit(content, event, years[event])
        side = "early" if off(content, event, years[event]) < 0 else "late"
        return "right" if earned == 1 else f"near-{side}" if earned else side

    return "+".join(f"{event}={where(event)}" for event in content["events"] if event in years)


class TimelineAuthorForm(AuthorForm):
    def lay_out(self) -> None:
        self.add(
            _("The scale"),
            **{"from": line(_("First year")), "to": line(_("Last year"))},
            tolerance=line(_("Tolerance"), _("How many years off still count as right; 0 for none.")),
            reach=line(_("Reach"), _("How many years off earn nothing; in between, part of the credit. May be empty.")),
        )
        parts = {
            "text": lambda: line(_("Event")),
            "first": lambda: line(_("Right year, or the first of several")),
            "last": lambda: line(_("The last of several"), _("Empty if one year is right.")),
            "date": lambda: line(_("Date, shown after the answer"), _("Such as 22 June 1965; may be empty.")),
            "feedback": lambda: paragraph(_("What to look at if it was missed")),
        }
        self.add_rows("event", _("Event %d"), MOST, **parts)

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        initial: dict[str, Any] = {"tolerance": 0} | {
            name: content[name] for name in ("from", "to", "tolerance", "reach") if name in content
        }
        for n, key in enumerate(content.get("events", ()), 1):
            first, last = span(content, key)
            initial[f"event_{n}_key"] = key
            initial[f"event_{n}_text"] = words(texts, "events", key)
            initial[f"event_{n}_first"] = first
            initial[f"event_{n}_last"] = last if last != first else ""
            initial[f"event_{n}_date"] = (texts.get("dates") or {}).get(key, "")
            initial[f"event_{n}_feedback"] = (texts.get("feedback") or {}).get(key, "")
        return initial

    def whole(self, field: str, typed: str) -> int | None:
        """What was typed as a whole number; None with the error beside the field."""
        try:
            value = read(typed, get_language() or "en")
            if "." in value:
                raise ValidationError(_("Must be a whole number of years."))
        except ValidationError as wrong:
            if field not in self.errors:
                self.add_error(field, wrong)
            return None
        return int(value)

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        needed = ["from", "to", *(["reach"] if typed.get("reach") else [])]
        content: dict[str, Any] = {name: self.whole(name, typed.get(name, "")) for name in needed}
        content["tolerance"] = self.whole("tolerance", typed.get("tolerance", "") or "0")
        content |= {"events": [], "right": {}}
        texts: dict[str, Any] = {"events": {}, "feedback": {}}
        dates: dict[str, str] = {}
        self.places["events"] = "event_1_text"
        for row in self.rows(typed, "event", ("text", "first", "last", "date", "feedback")):
            name = f"event_{row.number}"
            self.places |= {f"{block}.{row.key}": f"{name}_{part}" for block, part in PLACES.items()}
            first = self.whole(f"{name}_first", row["first"])
            content["events"].append(row.key)
            content["right"][row.key] = [first, self.whole(f"{name}_last", row["last"])] if row["last"] else first
            if f"{name}_last" in self.errors:
                self.places[f"right.{row.key}"] = f"{name}_last"
            texts["events"][row.key] = row["text"]
            texts["feedback"][row.key] = row["feedback"]
            dates |= {row.key: row["date"]} if row["date"] else {}
        return content, texts | ({"dates": dates} if dates else {})

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


PLACES = {"events": "text", "right": "first", "dates": "date", "feedback": "feedback"}


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return TimelineAuthorForm(data, content=content, texts=texts)
