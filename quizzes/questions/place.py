"""A place on the map or on a picture: one point, set by pointing or by the name of a square.

Both ways give one answer, `{"x": .., "y": ..}` in fractions of the picture; a square stands for its middle, and
`check` sees to it that the square of a right spot earns full credit. Credit is full within `radius` of any right
spot and half within `ring` beyond it; inside a tempting spot, which reaches as far, there is none.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import squares
from quizzes.questions.base import Json, Order, Part, Refs, no_answer, plain, words
from quizzes.questions.figures import local
from quizzes.questions.forms import AnswerForm
from quizzes.questions.spots import author_form as author_form
from quizzes.questions.spots import check as check
from quizzes.questions.squares import LANDMARKS, LETTERS, WIDTHS, Point, at, canvas

label = _("Place on a map or picture")
HALF = 0.5


def given(answer: Json | None) -> Point | None:
    """The point of an answer, if it has one."""
    found = [answer.get(axis) if answer else None for axis in ("x", "y")]
    x, y = (n if isinstance(n, int | float) and not isinstance(n, bool) else math.nan for n in found)
    return (float(x), float(y)) if 0 <= x <= 1 and 0 <= y <= 1 else None


def bucket(content: Json, answer: Json | None) -> str:
    """right, near, the key of a tempting spot, or the name of the square."""
    point = given(answer)
    if point is None:
        return ""
    shape, radius = canvas(content), content["radius"]
    far = {spot: shape.apart(at(content, spot), point) for spot in content["spots"]}
    right = min(far[spot] for spot in content["right"])
    tempting = [spot for spot in content["spots"] if spot not in content["right"] and far[spot] <= radius]
    if right <= radius:
        return "right"
    if tempting:
        return min(tempting, key=lambda spot: far[spot])
    return "near" if right <= radius + content.get("ring", 0) else shape.name(point)


# The contract; `check` and `author_form` stand in `spots`


def orders(content: Json) -> dict[str, list[str]]:
    return {}


class PlaceForm(AnswerForm):
    """Column and row of a square are the answer; `x` and `y` say where in it, as pointing does.

    Without script the picture is a button whose click arrives as pixels. It sets the mark, and the form is shown
    again for a look at it: `marked`. Nobody's answer hangs on one tap of a thumb.
    """

    template_name = "quizzes/kinds/place.html"
    empty = _("Mark a place, or choose column and row, then check it.")
    half = _("Choose both column and row.")

    def __init__(
        self,
        content: Json,
        *,
        refs: Refs,
        before: Point | None,
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        self.content, self.refs, self.shape = content, refs, canvas(content)
        self.start = f"{prefix}-" if prefix else ""
        self.marked = False
        initial = self._filled(before) if before else {}
        if data is not None:
            sent = {name: data.get(self.start + name) for name in ("column", "row", "x", "y")}
            read = [(w, data.get(f"{self.start}at-{w}.x"), data.get(f"{self.start}at-{w}.y")) for w in WIDTHS]
            if click := squares.clicked(read, self.shape):
                self.marked, sent = True, dict(self._filled(click))
            data = {self.start + name: value for name, value in sent.items()}
        super().__init__(data, prefix=prefix, initial=initial)
        for name, choices in (("column", list(LETTERS)), ("row", [str(n + 1) for n in range(self.shape.rows)])):
            self.fields[name] = forms.ChoiceField(choices=[(each, each) for each in choices], required=False)
        for name in ("x", "y"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def _filled(self, point: Point) -> dict[str, str]:
        column, row = self.shape.square(point)
        return {"column": column, "row": str(row), "x": str(point[0]), "y": str(point[1])}

    @property
    def point(self) -> Point | None:
        """Where the mark stands: the point, if it lies in the square chosen, else the middle of that square."""
        column, row = self.typed("column"), self.typed("row")
        if column not in self.values("column") or row not in self.values("row"):
            return None
        point = given({axis: _fraction(self.typed(axis)) for axis in ("x", "y")})
        if point and self.shape.square(point) == (column, int(row)):
            return point
        return self.shape.middle(column, int(row))

    def values(self, name: str) -> list[str]:
        return [value for value, _text in self.fields[name].choices]  # type: ignore[attr-defined]

    def selects(self) -> list[dict[str, Any]]:
        """Column and row, as the template needs them."""
        names = {"column": now("Column"), "row": now("Row")}
        return [
            {
                "field": self[name],
                "label": text,
                "values": self.values(name),
                "typed": self.typed(name),
                "wrong": bool(self.error) and self.typed(name) not in self.values(name),
            }
            for name, text in names.items()
        ]

    def drawing(self) -> SafeString:
        return squares.drawing(self.content, self.refs)

    def pin(self) -> SafeString:
        return squares.pinned(self.content, self.point)

    def buttons(self) -> list[tuple[int, int]]:
        """Width and height in pixels of each step in which the picture may be shown."""
        return [(width, round(width * self.shape.ratio)) for width in WIDTHS]

    def square(self) -> str:
        return self.shape.name(self.point) if self.point else ""

    def bearings(self) -> str:
        """What the squares mean, for those who choose one without seeing the map."""
        if "map" not in self.content:
            return ""
        said = {slug: self.shape.name(at({}, slug)) for slug in LANDMARKS}
        said |= {"wide": str(squares.kilometres(1 / len(LETTERS)))}
        return now("Seoul lies in %(seoul)s, Tokyo in %(tokyo)s. A square is about %(wide)s km wide.") % said

    def hint(self) -> str:
        """How near is near enough; the same whatever the key is."""
        radius, ring = self.content["radius"], self.content.get("ring", 0)
        if "map" in self.content:
            far = {"near": squares.kilometres(radius), "far": squares.kilometres(radius + ring)}
            if not ring:
                return now("Within %(near)d km counts as right.") % far
            return now("Within %(near)d km counts as right, within %(far)d km half.") % far
        said = {"near": _in_squares(radius), "far": _in_squares(radius + ring)}
        if not ring:
            return now("Within %(near)s squares counts as right.") % said
        return now("Within %(near)s squares counts as right, within %(far)s squares half.") % said

    def is_valid(self) -> bool:
        return super().is_valid() and not self.marked

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.errors.clear()  # one sentence for both lists
        if not (cleaned.get("column") and cleaned.get("row")):
            nothing = not cleaned.get("column") and not cleaned.get("row")
            raise ValidationError(str(self.empty if nothing else self.half))
        if not self.marked and (point := self.point):
            self.answer = {"x": point[0], "y": point[1]}
        return cleaned


def _in_squares(distance: float) -> str:
    return local(Decimal(str(round(distance * len(LETTERS), 1))), get_language() or "en")


def _fraction(text: str) -> float:
    try:
        return float(Decimal(text)) if len(text) < 20 else math.nan
    except (ArithmeticError, ValueError):  # no number, or the signalling one (sNaN)
        return math.nan


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
    return PlaceForm(content, refs=refs, before=given(answer), data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    found = bucket(content, answer)
    if not found:
        return Grade(0.0, {})
    return Grade({"right": 1.0, "near": HALF}.get(found, 0.0), {"place": found == "right"})


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    found = bucket(content, answer)
    if found in ("", "right"):
        return ()
    return (found,) if found == "near" or found in content["spots"] else ("elsewhere",)


def solution(content: Json) -> dict[str, Any]:
    x, y = at(content, content["right"][0])
    return {"x": round(x, 4), "y": round(y, 4)}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    """The square, and on the map where it lies. It may be read before the key is shown, so no spot is named."""
    point = given(answer)
    if point is None:
        return no_answer()
    square = canvas(content).name(point)
    return f"{square}, {squares.seen_from(point)}" if "map" in content else square


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    point, found, shape = given(answer), bucket(content, answer), canvas(content)
    right = [(at(content, spot), words(texts, "spots", spot)) for spot in content["right"]]
    named: dict[str, list[str]] = {}  # several spots may bear one name: a line, a coast
    for place, name in right:
        named.setdefault(name, []).append(shape.name(place))
    told = [f"{name} ({', '.join(places)})" for name, places in named.items()]
    picture = squares.answered(content, refs, point, [(place, plain(name)) for place, name in right])
    expected = now(" or ").join(told)
    if point is None:
        return [Part("", no_answer(), expected, False, picture)]
    (there, nearest) = min(right, key=lambda one: shape.apart(one[0], point))
    far = {"name": nearest, "far": squares.kilometres(shape.apart(there, point))}
    if found == "right":
        said = nearest
    elif "map" in content and found not in content["spots"]:
        said = now("%(far)d km from %(name)s") % far
    elif found == "near" or found in content["spots"]:
        said = now("near %(name)s") % {"name": nearest if found == "near" else words(texts, "spots", found)}
    else:
        said = ""
    square = shape.name(point)
    return [Part("", f"{square}: {said}" if said else square, expected, found == "right", picture)]
