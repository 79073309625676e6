"""Wall-clock times in a named zone: no models, no clock."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

# What the select offers; any other zone of the time zone database is accepted too.
COMMON: list[tuple[object, str]] = [
    (
        pgettext_lazy("part of the world", "Asia"),
        """Asia/Seoul Asia/Tokyo Asia/Pyongyang Asia/Bangkok Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh
        Asia/Hong_Kong Asia/Jakarta Asia/Jerusalem Asia/Karachi Asia/Kolkata Asia/Kuala_Lumpur Asia/Manila
        Asia/Riyadh Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tashkent Asia/Tehran Asia/Ulaanbaatar
        Asia/Vladivostok""",
    ),
    (
        pgettext_lazy("part of the world", "Europe"),
        """Europe/Amsterdam Europe/Athens Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest
        Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon
        Europe/London Europe/Luxembourg Europe/Madrid Europe/Oslo Europe/Paris Europe/Prague Europe/Rome
        Europe/Stockholm Europe/Vienna Europe/Vilnius Europe/Warsaw Europe/Zurich""",
    ),
    (
        pgettext_lazy("part of the world", "The Americas"),
        """America/Anchorage America/Argentina/Buenos_Aires America/Bogota America/Chicago America/Denver
        America/Halifax America/Lima America/Los_Angeles America/Mexico_City America/New_York
        America/Phoenix America/Santiago America/Sao_Paulo America/St_Johns America/Toronto
        America/Vancouver""",
    ),
    (
        pgettext_lazy("part of the world", "Africa"),
        "Africa/Accra Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos Africa/Nairobi",
    ),
    (
        pgettext_lazy("part of the world", "Australia and the Pacific"),
        """Australia/Adelaide Australia/Brisbane Australia/Melbourne Australia/Perth Australia/Sydney
        Pacific/Auckland Pacific/Guam Pacific/Honolulu""",
    ),
    (pgettext_lazy("part of the world", "No place"), "UTC"),
]


@cache
def known() -> frozenset[str]:
    return frozenset(available_timezones())


def check_zone(name: str) -> None:
    if name not in known():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


def city(name: str) -> str:
    """The place that gives a zone its name: "Buenos Aires" of "America/Argentina/Buenos_Aires"."""
    return name.rpartition("/")[2].replace("_", " ")


def choices(*also: str) -> list[tuple[object, list[tuple[str, str]]]]:
    """The zones of a select, grouped, with `also` in front when they are not among the common ones."""
    listed = {zone for _group, zones in COMMON for zone in zones.split()}
    groups: list[tuple[object, list[tuple[str, str]]]] = [
        (group, [(zone, city(zone)) for zone in zones.split()]) for group, zones in COMMON
    ]
    others = [(zone, zone) for zone in also if zone and zone not in listed]
    return [(_("Chosen"), others), *groups] if others else groups


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in `zone` show `wall` (naive).

    Raises ValidationError for a time that the change of clocks skips or repeats: a guess could be an hour
    wrong.
    """
    early, late = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    # Around a skipped hour the later reading has the larger offset; around a repeated one the smaller.
    if (late.utcoffset() or timedelta()) > (early.utcoffset() or timedelta()):
        code, why = (
            "skipped",
            _("%(time)s does not exist on that day in %(city)s: clocks go forward over it."),
        )
    else:
        code, why = "repeated", _("%(time)s comes twice on that day in %(city)s: clocks go back.")
    told = why % {"time": wall.strftime("%H:%M"), "city": city(zone.key or "")}
    raise ValidationError(f"{told} {_('Choose an earlier or a later time.')}", code=code)
