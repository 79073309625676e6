"""Numbers as people write them: digits of any script, full-width marks, thousands, comma or point."""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext as _

LONGEST = 40  # characters typed

_MARKS = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "－": "-",
        "﹣": "-",
        "＋": "+",
        "．": ".",
        "，": ",",
    }  # minus signs, full-width marks
    | dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000\t", " ")
)


def decimal_mark(language: str) -> str:
    return "," if get_format("DECIMAL_SEPARATOR", lang=language or None) == "," else "."


def local(number: Decimal, language: str) -> str:
    """The number in plain digits with the language's decimal mark, without thousands."""
    return format(number, "f").replace(".", decimal_mark(language))


def _pattern(language: str) -> re.Pattern[str]:
    """Groups: sign, whole part, separator of thousands, fraction."""
    mark = decimal_mark(language)
    separator = "[ .]" if mark == "," else "[ ,]"
    whole = rf"\d{{1,3}}({separator})\d{{3}}(?:\3\d{{3}})*|\d+|(?=\{mark}\d)"
    return re.compile(rf"([+-]?) ?({whole})(?:\{mark}(\d*))?", re.ASCII)


def read(typed: str, language: str, unit: str = "") -> str:
    """What was typed as canonical decimal text, `1234.5`; raises ValidationError with a sentence that helps.

    Thousands may be set off by spaces, or by the mark that is not the language's decimal mark; the unit may
    stand behind. No exponents, names of numbers or other bases.
    """
    if len(typed) > LONGEST:
        message = _("That is too long: write one number of at most %(most)d characters.")
        raise ValidationError(message % {"most": LONGEST})
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in typed)
    text = digits.translate(_MARKS).strip()
    for ending in filter(None, [unit, "%" if "percent" in unit.casefold() else ""]):
        if text.casefold().endswith(ending.casefold()):
            text = text[: -len(ending)].rstrip()
    if not text:
        raise ValidationError(_("Write a number, then check it."))
    match = _pattern(language).fullmatch(text)
    if match is None:
        message = _("We cannot read that as a number. Write it in figures, such as 1200 or 0%(mark)s5.")
        raise ValidationError(message % {"mark": decimal_mark(language)})
    sign, whole, _separator, fraction = match.groups()
    whole = re.sub(r"\D", "", whole).lstrip("0") or "0"
    fraction = (fraction or "").rstrip("0")
    canonical = f"{whole}.{fraction}" if fraction else whole
    return f"-{canonical}" if sign == "-" and canonical != "0" else canonical


def read_year(typed: str, language: str, unit: str = "") -> str:
    """A year as `1965`; two digits could be any century, so they are refused."""
    value = read(typed, language, unit)
    if not re.fullmatch(r"\d{3,4}", value):
        raise ValidationError(_("Write the year in full, with four digits."))
    return value
