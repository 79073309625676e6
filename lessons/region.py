"""The map of the region: coasts and places as SVG, and the same in words.

It takes no side. It shows coasts, and no borders but the armistice line of 1953; Korea and Japan bear the colours
of the two shores with equal weight, the disputed islands bear neither; where two names are in use, both stand on one
line in one size, and which comes first changes from pair to pair. Everything is laid out for a phone, where texts
are set larger (19 units, native names 17) than on a desk (15 and 13).

Lengths are units of the drawing, 560 x 455; a unit is about 3.4 km.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lessons import coasts

WIDTH, HEIGHT = 560, 455
KM = 3.39  # a unit, in the middle of the map
NAME, NATIVE = 19, 17  # sizes of texts on a phone

# Lambert's conformal conic projection: it keeps shapes, and a straight line on it is nearly a straight way.
SOUTH, NORTH, MERIDIAN, PARALLEL = (math.radians(angle) for angle in (33, 41, 132.4, 37.5))
RADIUS, LEFT, TOP = 1880.0, 280.0, 222.0  # of the earth; where MERIDIAN and PARALLEL meet


def _tan(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


CONE = math.log(math.cos(SOUTH) / math.cos(NORTH)) / math.log(_tan(NORTH) / _tan(SOUTH))
REACH = math.cos(SOUTH) * _tan(SOUTH) ** CONE / CONE


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Degrees north and east -> x and y on the drawing."""
    far, middle = (REACH / _tan(angle) ** CONE for angle in (math.radians(latitude), PARALLEL))
    turn = CONE * (math.radians(longitude) - MERIDIAN)
    return LEFT + RADIUS * far * math.sin(turn), TOP - RADIUS * (middle - far * math.cos(turn))


@dataclass(frozen=True, slots=True)
class Place:
    """`natives` are (language, name); `label` is where its name begins, ends or has its middle, seen from the dot."""

    name: Any
    natives: tuple[tuple[str, str], ...]
    latitude: float
    longitude: float
    shore: str  # korea, japan, or neither
    label: tuple[float, float, str]  # right, down, text-anchor
    where: Any

    @property
    def at(self) -> tuple[float, float]:
        return project(self.latitude, self.longitude)


def _korean(name: Any, native: str, north: float, east: float, label: tuple[float, float, str], where: Any) -> Place:
    return Place(name, (("ko", native),), north, east, "korea", label, where)


def _japanese(name: Any, native: str, north: float, east: float, label: tuple[float, float, str], where: Any) -> Place:
    return Place(name, (("ja", native),), north, east, "japan", label, where)


# Public coordinates, to a hundredth of a degree or better; from north to south on each shore.
PLACES: dict[str, Place] = {
    "pyongyang": _korean(
        _("Pyongyang"), "평양", 39.033, 125.754, (9, 6, "start"),
        _("capital of North Korea, in its west"),
    ),
    "panmunjom": _korean(
        _("Panmunjom"), "판문점", 37.956, 126.677, (10, -8, "start"),
        _("on the armistice line of 1953, some 50 km north-west of Seoul"),
    ),
    "seoul": _korean(
        _("Seoul"), "서울", 37.566, 126.978, (-10, 6, "end"),
        _("capital of South Korea, in its north-west"),
    ),
    "ulleung": _korean(
        _("Ulleung"), "울릉", 37.500, 130.870, (-38, -12, "start"),
        _("South Korean island, 130 km off the east coast of the peninsula"),
    ),
    "pohang": _korean(
        _("Pohang"), "포항", 36.019, 129.343, (10, 6, "start"),
        _("port in the south-east of South Korea"),
    ),
    "daegu": _korean(
        _("Daegu"), "대구", 35.871, 128.601, (-9, 2, "end"),
        _("inland city in the south-east of South Korea"),
    ),
    "busan": _korean(
        _("Busan"), "부산", 35.180, 129.075, (-9, 1, "end"),
        _("largest port of South Korea, at the south-eastern corner of the peninsula"),
    ),
    "gwangju": _korean(
        _("Gwangju"), "광주", 35.160, 126.851, (-9, 0, "end"),
        _("city in the south-west of South Korea"),
    ),
    "jeju": _korean(
        _("Jeju"), "제주", 33.380, 126.550, (-15, 10, "end"),
        _("South Korean island south of the peninsula"),
    ),
    "dokdo-takeshima": Place(
        _("Dokdo / Takeshima"), (("ko", "독도"), ("ja", "竹島")), 37.241, 131.867, "", (-56, 25, "start"),
        _("islets about 87 km south-east of Ulleung and about 158 km north-west of Oki; administered by the Republic "
          "of Korea, claimed by Japan"),
    ),
    "aomori": _japanese(
        _("Aomori"), "青森", 40.824, 140.740, (-16, 6, "end"),
        _("at the northern end of Honshu, Japan’s main island"),
    ),
    "sado": _japanese(
        _("Sado"), "佐渡", 38.020, 138.370, (-10, 0, "end"),
        _("Japanese island off the north-west coast of Honshu"),
    ),
    "tokyo": _japanese(
        _("Tokyo"), "東京", 35.690, 139.692, (82, -13, "end"),
        _("capital of Japan, in the east of Honshu"),
    ),
    "oki": _japanese(
        _("Oki"), "隠岐", 36.250, 133.250, (10, 13, "start"),
        _("Japanese islands off the north-west coast of Honshu"),
    ),
    "shimane": _japanese(
        _("Shimane"), "島根", 35.468, 133.048, (-10, -11, "middle"),
        _("prefecture on the north-west coast of Honshu"),
    ),
    "nagoya": _japanese(
        _("Nagoya"), "名古屋", 35.181, 136.906, (7, -9, "middle"),
        _("city in the middle of Honshu, on the Pacific side"),
    ),
    "osaka": _japanese(
        _("Osaka"), "大阪", 34.694, 135.502, (14, -10, "middle"),
        _("city in the west of Honshu, on the Inland Sea"),
    ),
    "tsushima": _japanese(
        _("Tsushima"), "対馬", 34.410, 129.330, (-7, 21, "end"),
        _("Japanese island in the strait, some 50 km from Busan"),
    ),
    "hiroshima": _japanese(
        _("Hiroshima"), "広島", 34.385, 132.455, (-16, -40, "middle"),
        _("city in the west of Honshu, on the Inland Sea"),
    ),
    "shimonoseki": _japanese(
        _("Shimonoseki"), "下関", 33.957, 130.941, (4, -48, "start"),
        _("port at the western tip of Honshu"),
    ),
    "fukuoka": _japanese(
        _("Fukuoka"), "福岡", 33.590, 130.402, (10, 13, "start"),
        _("largest city of Kyushu, on the strait"),
    ),
    "nagasaki": _japanese(
        _("Nagasaki"), "長崎", 32.750, 129.878, (9, 9, "start"),
        _("port in the west of Kyushu"),
    ),
    "hashima": _japanese(
        _("Hashima"), "端島", 32.628, 129.738, (13, 27, "start"),
        _("islet with a former coal mine, 20 km south-west of Nagasaki"),
    ),
    "vladivostok": Place(
        _("Vladivostok"), (), 43.115, 131.886, "", (10, 18, "start"),
        _("Russian port on the sea"),
    ),
}  # fmt: skip
CAPITALS = ("seoul", "pyongyang", "tokyo")
USUAL = (*CAPITALS, "busan", "jeju", "ulleung", "dokdo-takeshima", "tsushima", "osaka", "hiroshima", "nagasaki")
DISPUTED = "dokdo-takeshima"

# Seas and states: name, native names, and where the middle of the name stands.
SEA = (_("Sea of Japan / East Sea"), (("ja", "日本海"), ("ko", "동해")), (330.0, 148.0))
STRAIT = (_("Korea Strait / Tsushima Strait"), (("ko", "대한해협"), ("ja", "対馬海峡")), (120.0, 434.0))
STATES = (
    ((pgettext_lazy("on a map", "North"), pgettext_lazy("on a map", "Korea")), (165.0, 100.0)),
    ((pgettext_lazy("on a map", "South"), pgettext_lazy("on a map", "Korea")), (160.0, 244.0)),
    ((_("Japan"),), (488.0, 168.0)),
    ((_("China"),), (92.0, 40.0)),
    ((_("Russia"),), (316.0, 38.0)),
)


def shown(told: Iterable[str]) -> list[str]:
    """What a map shows that tells of these places: they and the capitals; without any, the usual ones."""
    told = [slug for slug in told if slug in PLACES]
    return list(dict.fromkeys([*CAPITALS, *told])) if told else list(USUAL)


def figure(told: Sequence[str] = (), *, key: str, intro: str = "") -> SafeString:
    """The whole `<figure>`: map, what is disputed, and every place in words. `intro` is HTML; `key` begins its ids."""
    places = shown(told)
    remarks = [now("The dotted line is the armistice line of 1953. No other borders are drawn.")]
    if DISPUTED in places:
        remarks.insert(0, dispute())
    title = escape(now("Korea, Japan and the sea between them"))
    return mark_safe(
        f'<figure><figcaption><span class="title">{title}</span>{intro}</figcaption>{svg(places, told, key=key)}'
        f'<p class="small soft">{escape(" ".join(remarks))}</p>'
        f'<details class="table"><summary>{escape(now("The places in words"))}</summary>{table(places)}</details>'
        "</figure>"
    )


def dispute() -> str:
    return now(
        "Dokdo / Takeshima are administered by the Republic of Korea and claimed by Japan; each government says that "
        "they are its own."
    )


def svg(places: Sequence[str], told: Iterable[str] = (), *, key: str) -> SafeString:
    """The map alone, with its title and what it shows in words."""
    named = ", ".join(str(PLACES[slug].name) for slug in places)
    title = escape(now("Map of Korea, Japan and the sea between them"))
    return mark_safe(
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{title}</title>'
        f'<desc id="{key}-desc">{escape(layout())} {escape(now("Marked: %s.") % named)}</desc>'
        f"{ground()}{waters(strait=True)}{states()}{dots(places, set(told))}</svg>"
    )


def layout() -> str:
    """What lies where, for those who do not see the map."""
    return now(
        "The Korean peninsula hangs down from the mainland at the left. The islands of Japan form an arc from the top "
        "right to the bottom, where Kyushu comes close to the peninsula. Between the two lies the Sea of Japan / East "
        "Sea; China and Russia are at the top."
    )


def table(places: Iterable[str]) -> str:
    """Each place, its names, and where it lies."""
    rows = "".join(
        f'<tr><th scope="row">{escape(str(place.name))} {_native(place.natives, "span")}</th>'
        f"<td>{escape(str(place.where))}</td></tr>"
        for place in (PLACES[slug] for slug in places)
    )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in (now("Place"), now("Where it lies")))
    return f'<table class="plain-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


# --- what the drawing is made of ---------------------------------------------------------------------------


def ground() -> str:
    """Land and coasts, the same on every map."""
    korea, japan = coasts.KOREA + coasts.KOREAN_ISLANDS, coasts.JAPAN
    filled = f"{coasts.KOREA} {coasts.BORDER}z{coasts.KOREAN_ISLANDS}"
    shapes = (
        *(("shelf korea", korea), ("shelf japan", japan), ("ground", coasts.OTHERS), ("ground korea", filled)),
        *(("shoreline korea", korea), ("ground shoreline japan", japan), ("truce", coasts.ARMISTICE)),
    )
    return "".join(f'<path class="{style}" d="{d}"/>' for style, d in shapes)


def waters(*, strait: bool) -> str:
    """The names of the sea, and of the strait with a line that leads to it."""
    out = ['<path class="lead" d="M130 417L190 350"/>'] if strait else []
    for style, (name, natives, (x, y)) in (("sea", SEA), ("sea strait", STRAIT))[: 2 if strait else 1]:
        out.append(_text(style, x, y, escape(str(name)), "middle"))
        out.append(_text(style, x, y + NATIVE, _native(natives, "tspan"), "middle"))
    return "".join(out)


def states() -> str:
    return "".join(
        _text("state", x, y + NATIVE * n, escape(str(word)), "middle")
        for words, (x, y) in STATES
        for n, word in enumerate(words)
    )


def dots(places: Iterable[str], told: Iterable[str] = ()) -> str:
    """The places with their names; those that are told of have a ring."""
    out, names = [], []
    for slug in places:
        place = PLACES[slug]
        (x, y), (right, down, anchor) = place.at, place.label
        if math.hypot(0 if anchor != "middle" else right, down) > 36:  # the name stands off: a line leads to it
            out.append(f'<path class="lead" d="M{x:.1f} {y:.1f}L{x + right / 2:.1f} {y + down * 0.86:.1f}"/>')
        style = f" {place.shore}" if place.shore else ""
        if slug in told:
            right += {"start": 4, "end": -4}.get(anchor, 0)
            out.append(f'<circle class="ring{style}" cx="{x:.1f}" cy="{y:.1f}" r="9"/>')
        size = 5 if slug in CAPITALS or slug == DISPUTED else 4
        out.append(f'<circle class="town{style}" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>')
        name, native = escape(str(place.name)), _native(place.natives, "tspan")
        if slug == DISPUTED:  # both native names beside the dot, both others below it
            names.append(_text("", x + 14, y + 6, native, "start"))
            native = ""
        names.append(_text("told" if slug in told else "", x + right, y + down, f"{name} {native}".strip(), anchor))
    return "".join(out + names)


def _native(natives: Iterable[tuple[str, str]], tag: str) -> str:
    style = ' class="native"' if tag == "tspan" else ""
    return " / ".join(f'<{tag}{style} lang="{language}">{escape(name)}</{tag}>' for language, name in natives)


def _text(style: str, x: float, y: float, inside: str, anchor: str) -> str:
    style = f' class="{style}"' if style else ""
    anchor = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}"{anchor}>{inside}</text>'
