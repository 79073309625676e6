"""What the author of a `place` question writes: its check, and the form on the desk."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from lessons import region
from quizzes.questions.base import Check, Json, Refs, to_decimal, words
from quizzes.questions.figures import local, read
from quizzes.questions.forms import AuthorForm, line, paragraph, tick
from quizzes.questions.squares import LANDMARKS, RATIOS, Canvas, Point, at, canvas

MOST = 6
FARTHEST = 0.3  # of the width, for radius and ring each
RESERVED = ("near", "elsewhere", "right")  # buckets and feedback of their own


def check(content: object, texts: object) -> None:
    has = {"map", "image", "ratio", "spots", "at", "right", "radius", "ring"}
    found = Check(content, texts, has=has, says={"spots", "feedback"})
    shape = _check_picture(found)
    spots = found.keys("spots", 1, MOST)
    if any(spot in RESERVED for spot in spots):
        found.wrong("spots", now("No spot may be called %s.") % ", ".join(RESERVED))
        spots = []
    right = found.names(
        "right",
        found.content.get("right"),
        1,
        MOST,
        fit=lambda spot: spot in spots,
        plea=now("Say which one is right."),
    )
    points = _check_points(found, spots)
    radius, ring = (_check_distance(found, field) for field in ("radius", "ring"))
    if shape and radius is not None and "radius" not in found.errors and radius < shape.reach:
        least = math.ceil(shape.reach * 1000) / 1000
        found.wrong("radius", now("Must be %(least)s or more, so that a square can hit the spot.") % {"least": least})
    if shape and radius:
        _check_distractors(found, shape, radius, points, right)
    found.words("spots", spots)
    if right and ring is not None:
        wrong = [spot for spot in spots if spot not in right]
        found.words("feedback", [*wrong, "elsewhere", *(["near"] if ring else [])])
    found.done()


def _check_picture(found: Check) -> Canvas | None:
    """The shape of the picture; None once an error is noted."""
    if "map" in found.content:
        if found.content["map"] == "region" and not {"image", "ratio"} & found.content.keys():
            return canvas(found.content)
        found.wrong("map", now("The only map is called region; it goes with no other picture."))
    elif not (isinstance(found.content.get("image"), str) and found.content["image"]):
        found.wrong("map", now("Choose the map or a picture."))
    else:
        ratio = to_decimal(found.content.get("ratio"))
        if ratio is not None and RATIOS[0] <= ratio <= RATIOS[1]:
            return canvas(found.content)
        found.wrong("ratio", now("The picture must be neither much wider nor much taller than a page."))
    return None


def _check_points(found: Check, spots: list[str]) -> dict[str, Point]:
    """The points of the spots that have one."""
    where = found.mapping("at", found.content.get("at", {}))
    if spots and where.keys() - set(spots):
        found.wrong("at", now("Only spots lie somewhere."))
    points = {}
    for spot in spots:
        place = where.get(spot, spot)
        numbers = [to_decimal(n) for n in place] if isinstance(place, list) else []
        if isinstance(place, str) and place in region.PLACES and "map" in found.content:
            if place in LANDMARKS:
                found.wrong(f"at.{spot}", now("This place is named on the map."))
            points[spot] = at({}, place)
        elif len(numbers) == 2 and all(n is not None and 0 <= n <= 1 for n in numbers):
            points[spot] = (float(place[0]), float(place[1]))
        else:
            found.wrong(f"at.{spot}", now("Choose a place of the map, or give two numbers from 0 to 100."))
    return points


def _check_distance(found: Check, field: str) -> float | None:
    value = found.number(field, found.content.get(field, 0 if field == "ring" else None))
    if value is not None and not 0 <= value <= FARTHEST:
        found.wrong(field, now("Must be between 0 and %(most)d percent of the width.") % {"most": FARTHEST * 100})
        return None
    return None if value is None else float(value)


def _check_distractors(found: Check, shape: Canvas, radius: float, points: dict[str, Point], right: list[str]) -> None:
    for spot in points.keys() - set(right):
        if any(shape.apart(points[spot], points[one]) <= radius for one in right if one in points):
            found.wrong(f"at.{spot}", now("This spot would count as right."))


class PlaceAuthorForm(AuthorForm):
    """The picture, how near is near enough, and rows of spots; a spot is a place of the map or two percentages."""

    def __init__(self, *args: Any, refs: Refs, **kwargs: Any) -> None:
        self.refs = refs
        super().__init__(*args, **kwargs)

    def lay_out(self) -> None:
        images = [(f"image:{slug}", slug) for slug in self.refs.images]
        wide = {"size": 6, "inputmode": "decimal"}

        def percent(label: Any, help_text: Any = "") -> forms.CharField:
            return forms.CharField(label=label, help_text=help_text, required=False, widget=forms.TextInput(wide))

        far = _("In percent of the width; on the map one percent is about 19 km. At least 3.6, at most 30.")
        self.add(
            "",
            picture=forms.ChoiceField(
                label=_("Picture"), choices=[("", "—"), ("region", _("the map of the region")), *images], required=False
            ),
            radius=percent(_("Full credit within"), far),
            ring=percent(_("Half the credit within so much more"), _("In percent too; 0 or nothing for none.")),
            near=paragraph(_("Feedback to a near miss"), _("Only where there is half the credit.")),
            elsewhere=paragraph(_("Feedback to any other place")),
        )
        places = [("", "—"), *((slug, place.name) for slug, place in region.PLACES.items() if slug not in LANDMARKS)]
        parts = {
            "text": lambda: line(_("What lies there"), _("Shown once the question is answered.")),
            "place": lambda: forms.ChoiceField(label=_("Place of the map"), choices=places, required=False),
            "x": lambda: percent(_("Or: percent from the left")),
            "y": lambda: percent(_("and percent from the top")),
            "right": lambda: tick(_("This is right"), _("Of several right spots one is enough.")),
            "feedback": lambda: paragraph(_("Why it tempts, if it is wrong")),
        }
        self.add_rows("spot", _("Spot %d"), MOST, **parts)

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        feedback = texts.get("feedback") or {}
        initial = {name: feedback.get(name, "") for name in ("near", "elsewhere")}
        initial |= {name: _percent(content[name]) for name in ("radius", "ring") if name in content}
        initial["picture"] = f"image:{content['image']}" if "image" in content else content.get("map", "")
        for n, spot in enumerate(content.get("spots", ()), 1):
            where = content.get("at", {}).get(spot, spot)
            initial |= {f"spot_{n}_key": spot, f"spot_{n}_text": words(texts, "spots", spot)}
            initial |= {f"spot_{n}_right": spot in content["right"], f"spot_{n}_feedback": feedback.get(spot, "")}
            if isinstance(where, str):
                initial[f"spot_{n}_place"] = where
            else:
                initial |= {f"spot_{n}_x": _percent(where[0]), f"spot_{n}_y": _percent(where[1])}
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        content = self._picture(typed.get("picture", ""))
        spots = self.rows(typed, "spot", ("text", "place", "x", "y", "right", "feedback"))
        where: dict[str, Any] = {}
        for row in spots:
            start = f"spot_{row.number}"
            self.places |= {f"spots.{row.key}": f"{start}_text", f"feedback.{row.key}": f"{start}_feedback"}
            self.places[f"at.{row.key}"] = f"{start}_place"
            if row["x"] or row["y"]:
                if row["place"]:
                    self.add_error(f"{start}_place", _("Choose a place or give two numbers, not both."))
                where[row.key] = [self.fraction(f"{start}_{axis}", row[axis]) for axis in ("x", "y")]
            elif row["place"] != row.key:
                where[row.key] = row["place"]
        self.places |= {"spots": "spot_1_text", "at": "spot_1_place", "right": "spot_1_right"}
        self.places |= {
            "map": "picture",
            "ratio": "picture",
            "feedback.near": "near",
            "feedback.elsewhere": "elsewhere",
        }
        content |= {"spots": [row.key for row in spots], "right": [row.key for row in spots if row["right"]]}
        content |= {"at": where} if where else {}
        content |= {name: self.fraction(name, typed[name]) for name in ("radius", "ring") if typed.get(name)}
        feedback = {row.key: row["feedback"] for row in spots} | {n: typed.get(n, "") for n in ("near", "elsewhere")}
        texts = {
            "spots": {row.key: row["text"] for row in spots},
            "feedback": {key: text for key, text in feedback.items() if text},
        }
        return content, texts

    def _picture(self, chosen: str) -> dict[str, Any]:
        kind, _colon, slug = chosen.partition(":")
        if kind != "image":
            return {"map": chosen} if chosen else {}
        image = self.refs.images.get(slug)
        return {"image": slug, "ratio": round(image.height / image.width, 4) if image and image.width else None}

    def fraction(self, field: str, typed: str) -> float | None:
        """Percent as a fraction; None with the error beside the field."""
        try:
            return float(Decimal(read(typed, get_language() or "en", "%")) / 100)
        except ValidationError as wrong:
            if field not in self.errors:
                self.add_error(field, wrong)
            return None

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def _percent(fraction: object) -> str:
    number = (to_decimal(fraction) or Decimal(0)) * 100
    return local(number.normalize() if number else Decimal(0), get_language() or "en")


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return PlaceAuthorForm(data, content=content, texts=texts, refs=refs)
