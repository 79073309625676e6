"""A number or a year, typed; right within a tolerance.

The answer is a decimal in plain digits, `{"value": "-12.5"}`, whatever marks and digits were typed; it is
graded as a Decimal, never as a float.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions.base import Check, Json, Order, Part, Refs, is_key, no_answer, plain, to_decimal
from quizzes.questions.figures import LONGEST, local, read, read_year
from quizzes.questions.forms import AnswerForm, AuthorForm, line, paragraph, tick

label = _("Number or year")
MOST = 4
RESERVED = ("low", "high", "right")  # buckets of their own


def given(answer: Json | None) -> Decimal | None:
    value = answer.get("value") if answer else None
    try:
        number = Decimal(value) if isinstance(value, str) and len(value) <= 2 * LONGEST else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _number(value: object) -> Decimal:
    """A number of checked content."""
    return to_decimal(value) or Decimal(0)


def _fits(content: Json, number: Decimal) -> bool:
    return abs(number - _number(content["value"])) <= _number(content.get("tolerance", 0))


# The contract


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"value", "tolerance", "year", "distractors"}, says={"unit", "feedback"})
    value = found.number("value", found.content.get("value"))
    tolerance = found.number("tolerance", found.content.get("tolerance", 0))
    if tolerance is not None and tolerance < 0:
        found.wrong("tolerance", now("Must be 0 or more."))
    if not isinstance(found.content.get("year", False), bool):
        found.wrong("year", now("Say whether it is a year: true or false."))
    elif found.content.get("year") and value is not None and not (value == int(value) and 100 <= value <= 9999):
        found.wrong("value", now("A year has three or four digits."))
    if "unit" in found.texts:
        found.text("unit", found.texts["unit"])
    keys = _check_distractors(found, value, tolerance)
    if keys is not None:
        found.words("feedback", [*keys, "low", "high"])
    found.done()


def _check_distractors(found: Check, value: Decimal | None, tolerance: Decimal | None) -> list[str] | None:
    """Their keys, or None once an error is noted that makes the keys useless."""
    rows = found.content.get("distractors", [])
    shaped = isinstance(rows, list) and all(isinstance(row, Mapping) and set(row) == {"key", "value"} for row in rows)
    if not shaped or len(rows) > MOST:
        found.wrong(
            "distractors",
            now("Must be a list of at most %(most)d keys, each with its value.") % {"most": MOST},
        )
        return None
    keys = [row["key"] for row in rows]
    if not all(is_key(key) and key not in RESERVED for key in keys) or len(set(keys)) < len(keys):
        found.wrong("distractors", now("Each needs a short key of its own, other than low, high and right."))
        return None
    seen: set[Decimal] = set()
    for row in rows:
        field = f"distractors.{row['key']}"
        number = found.number(field, row["value"])
        if number is None:
            continue
        if number in seen:
            found.wrong(field, now("This value stands there twice."))
        if value is not None and tolerance is not None and abs(number - value) <= tolerance:
            found.wrong(field, now("This value would count as right."))
        seen.add(number)
    return keys


def orders(content: Json) -> dict[str, list[str]]:
    return {}


class NumberForm(AnswerForm):
    template_name = "quizzes/kinds/number.html"

    def __init__(
        self,
        *,
        year: bool,
        unit: str,
        language: str,
        before: str,
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        self.year, self.unit, self.language = year, unit, language
        super().__init__(data, prefix=prefix, initial={"value": before})
        empty = _("Write a year, then check it.") if year else _("Write a number, then check it.")
        self.fields["value"] = forms.CharField(error_messages={"required": empty})

    def shown(self) -> str:
        return self.typed("value")

    def clean_value(self) -> str:
        reader = read_year if self.year else read
        value = reader(self.cleaned_data["value"], self.language, plain(self.unit))
        self.answer = {"value": value}
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
    number = given(answer)
    return NumberForm(
        year=bool(content.get("year")),
        unit=str(texts.get("unit", "")),
        language=language,
        before="" if number is None else local(number, language),
        data=data,
        prefix=prefix,
    )


def grade(content: Json, answer: Json | None) -> Grade:
    number = given(answer)
    right = number is not None and _fits(content, number)
    return Grade(float(right), {} if number is None else {"value": right})


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    found = bucket(content, answer)
    return (found,) if found and found != "right" else ()


def solution(content: Json) -> dict[str, Any]:
    return {"value": read(format(_number(content["value"]), "f"), "en")}


def _told(number: Decimal | None, texts: Json, language: str) -> str:
    return no_answer() if number is None else f"{local(number, language)} {texts.get('unit', '')}".rstrip()


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return plain(_told(given(answer), texts, language))


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    number = given(answer)
    expected = _told(_number(content["value"]), texts, language)
    if tolerance := _number(content.get("tolerance", 0)):
        lowest, highest = (local(_number(content["value"]) + step, language) for step in (-tolerance, tolerance))
        expected = now("%(value)s (from %(lowest)s to %(highest)s counts)") % {
            "value": expected,
            "lowest": lowest,
            "highest": highest,
        }
    return [Part("", _told(number, texts, language), expected, number is not None and _fits(content, number))]


def bucket(content: Json, answer: Json | None) -> str:
    """right, the key of a distractor (met exactly), low or high."""
    number = given(answer)
    if number is None:
        return ""
    if _fits(content, number):
        return "right"
    for row in content.get("distractors", ()):
        if number == _number(row["value"]):
            return str(row["key"])
    return "low" if number < _number(content["value"]) else "high"


class NumberAuthorForm(AuthorForm):
    def lay_out(self) -> None:
        self.add(
            "",
            value=line(_("Right value")),
            tolerance=line(_("Tolerance"), _("How far off still counts as right; 0 for none.")),
            year=tick(_("It is a year")),
            unit=line(_("Unit"), _("Shown behind the box, such as percent; may be empty.")),
            low=paragraph(_("Feedback to an answer that is too low")),
            high=paragraph(_("Feedback to an answer that is too high")),
        )
        parts = {"value": lambda: line(_("Value")), "feedback": lambda: paragraph(_("Why it tempts"))}
        self.add_rows("distractor", _("Tempting wrong value %d"), MOST, **parts)

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        language = get_language() or "en"
        feedback = texts.get("feedback") or {}
        initial = {
            "value": local(_number(content["value"]), language) if "value" in content else "",
            "tolerance": local(_number(content.get("tolerance", 0)), language),
            "year": content.get("year", False),
            "unit": texts.get("unit", ""),
            "low": feedback.get("low", ""),
            "high": feedback.get("high", ""),
        }
        for n, row in enumerate(content.get("distractors", ()), 1):
            initial[f"distractor_{n}_key"] = row["key"]
            initial[f"distractor_{n}_value"] = local(_number(row["value"]), language)
            initial[f"distractor_{n}_feedback"] = feedback.get(row["key"], "")
        return initial

    def json_number(self, field: str, typed: str) -> int | float | None:
        """What was typed as a JSON number; None with the error beside the field."""
        try:
            value = read(typed, get_language() or "en")
        except ValidationError as wrong:
            if field not in self.errors:
                self.add_error(field, wrong)
            return None
        return float(value) if "." in value else int(value)

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        feedback = {end: typed.get(end, "") for end in ("low", "high")}
        distractors = []
        for row in self.rows(typed, "distractor", ("value", "feedback"), named_by="value"):
            self.places[f"distractors.{row.key}"] = f"distractor_{row.number}_value"
            self.places[f"feedback.{row.key}"] = f"distractor_{row.number}_feedback"
            distractors.append(
                {"key": row.key, "value": self.json_number(f"distractor_{row.number}_value", row["value"])}
            )
            feedback[row.key] = row["feedback"]
        self.places |= {"feedback.low": "low", "feedback.high": "high"}
        content = {
            "value": self.json_number("value", typed.get("value", "")),
            "tolerance": self.json_number("tolerance", typed.get("tolerance", "") or "0"),
            "year": typed.get("year", False),
            "distractors": distractors,
        }
        unit = typed.get("unit")
        return content, {"feedback": feedback} | ({"unit": unit} if unit else {})

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return NumberAuthorForm(data, content=content, texts=texts)
