"""Form fields for what the curriculum is made of: prose, lines, and codes of claims and errata."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lessons.models import Claim, Erratum

SPACE = re.compile(r"[\s,;]+")
CODE = re.compile(r"[A-Za-z0-9-]{1,12}")  # nothing else goes to the database
UNREADABLE = _("This holds a character that cannot be kept; type the text again.")


def tidy(value: Any) -> str:
    """Browsers send line ends as CR LF; the files hold LF. Raises ValidationError on NUL."""
    text = "" if value is None else str(value)
    if "\0" in text:
        raise ValidationError(UNREADABLE)
    return text.replace("\r\n", "\n").strip()


class Prose(forms.CharField):
    """Text of one or several lines."""

    def to_python(self, value: Any) -> str:
        return tidy(value)


class LinesField(forms.Field):
    """A list of short texts, one a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[str]:
        return [line for line in map(str.strip, tidy(value).split("\n")) if line]

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != list(initial or [])
        except ValidationError:
            return True


class Codes(forms.Textarea):
    """A box for codes, and below it what they say, so that a slip is seen."""

    def __init__(self, model: type[Claim] | type[Erratum]) -> None:
        super().__init__({"rows": 2, "spellcheck": "false", "class": "codes"})
        self.model = model

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        codes = [code for code in SPACE.split(value or "") if CODE.fullmatch(code)]
        found: dict[str, Any] = {}
        if codes:
            found = {row.code: row for row in self.model._default_manager.filter(code__in=codes)}
        rows = [
            (code, row.says, row.check_result) if isinstance(row, Claim) else (code, row.printed, "")
            for code in dict.fromkeys(codes)
            if (row := found.get(code))
        ]
        return render_to_string("admin/desk/_codes.html", {"box": box, "rows": rows, "opts": self.model._meta})


class CodesField(forms.Field):
    """Claims or errata by their codes, separated by spaces or commas; the value is the rows, in that order."""

    def __init__(self, model: type[Claim] | type[Erratum], **kwargs: Any) -> None:
        super().__init__(widget=Codes(model), **({"help_text": _("Codes, separated by spaces.")} | kwargs))
        self.model = model

    def to_python(self, value: Any) -> list[Any]:
        codes = list(dict.fromkeys(code for code in SPACE.split(tidy(value)) if code))
        known = {row.code: row for row in self.model._default_manager.filter(code__in=filter(CODE.fullmatch, codes))}
        if missing := [code for code in codes if code not in known]:
            raise ValidationError(_("There is no %(codes)s."), params={"codes": ", ".join(missing)[:200]})
        return [known[code] for code in codes]

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else " ".join(codes_of(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(codes_of(initial or [])) != {code for code in SPACE.split(str(data or "")) if code}


def codes_of(rows: Iterable[Any]) -> list[str]:
    """The codes of rows, or of what are codes already."""
    return [row if isinstance(row, str) else row.code for row in rows]


class ClaimField(forms.Field):
    """One claim by its code, or none. All the rows of a table share one look at the database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput({"size": 8, "spellcheck": "false"}), **kwargs)
        self.codes: dict[int, str] = {}  # shared by the field's copies, one for each row

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        if not self.codes:
            self.codes.update(Claim.objects.values_list("pk", "code"))
        return self.codes.get(value, "")

    def to_python(self, value: Any) -> Claim | None:
        code = tidy(value)
        if not code:
            return None
        claim = Claim.objects.filter(code=code).first() if CODE.fullmatch(code) else None
        if claim is None:
            raise ValidationError(_("There is no %(codes)s."), params={"codes": code[:40]})
        return claim

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != str(data or "").strip()


class Suggested(forms.TextInput):
    """A free word, with those in use to choose from."""

    def __init__(self, model: type[Model], field: str) -> None:
        super().__init__({"list": f"{field}-in-use", "class": "vTextField"})
        self.model, self.field = model, field

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        used = self.model._default_manager.order_by(self.field).values_list(self.field).distinct()
        return format_html(
            '{}<datalist id="{}-in-use">{}</datalist>',
            super().render(name, value, attrs, renderer),
            self.field,
            format_html_join("", '<option value="{}">', used),
        )
