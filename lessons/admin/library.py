"""The records that lessons rest on: documents with their paragraphs and claims, errors, dates, names, figures."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lessons.admin.fields import ClaimField, CodesField
from lessons.admin.records import RecordAdmin, RecordForm
from lessons.dates import in_words
from lessons.models import (
    Check,
    Claim,
    Comparison,
    Erratum,
    Event,
    Passage,
    Point,
    Position,
    Series,
    Source,
    Term,
    Unit,
)

DAY = r"\d{4}(-\d\d){0,2}"


def check_date(value: str, pattern: str, message: Any) -> str:
    """An ISO date as pages read it. Raises ValidationError for one that no calendar has."""
    try:
        if re.fullmatch(pattern, value):
            in_words(value)
            return value
    except ValueError:
        pass
    raise ValidationError(message)


def check_code(form: forms.ModelForm, pattern: str, example: str) -> str:
    """The key of a new record, in the form in which lesson texts cite it."""
    key = form._meta.model.KEY
    code = str(form.cleaned_data[key])
    if not re.fullmatch(pattern, code):
        raise ValidationError(_("Write it as in %(example)s."), params={"example": example})
    return code


def links(rows: list[tuple[Model, str]]) -> SafeString:
    """Records of the desk with what they say, each with a link to its page."""
    items = [
        (reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]), str(row), words)
        for row, words in rows
    ]
    if not items:
        return SafeString("–")
    return format_html('<ul class="said">{}</ul>', format_html_join("", '<li><a href="{}">{}</a> {}</li>', items))


def named(field: Any) -> Any:
    """In a table of Django's admin a field has a column, but no label of its own."""
    if field:
        field.widget.attrs["aria-label"] = field.label
    return field


class TableFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            named(form.fields["DELETE"])


@admin.register(Unit)
class UnitAdmin(RecordAdmin):
    list_display = ("title", "number", "core")

    @admin.display(description=_("title"), ordering="number")
    def title(self, unit: Unit) -> str:
        return unit.title


class SourceForm(RecordForm):
    def clean_dated(self) -> str:
        return check_date(self.cleaned_data["dated"], DAY, _("Write 2019, 2019-08 or 2019-08-22."))

    def clean_prefix(self) -> str:
        prefix = self.cleaned_data["prefix"]
        if not re.fullmatch("[A-Z]{2,4}", prefix):
            raise ValidationError(_("Two to four capital letters."))
        return prefix


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    base_form = SourceForm
    fixed = ("prefix",)
    shown = ("paragraphs",)
    list_display = ("short", "prefix", "dated", "count")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(passage_count=Count("passages"))

    @admin.display(description=_("short name"))
    def short(self, source: Source) -> str:
        return source.short

    @admin.display(description=_("paragraphs"))
    def count(self, source: Any) -> int:
        return source.passage_count

    @admin.display(description=_("paragraphs"))
    def paragraphs(self, source: Source) -> SafeString:
        return links([(passage, passage.gist) for passage in source.passages.order_by("number")])


class PassageForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance._state.adding and "source" in cleaned and cleaned.get("number") is not None:
            code = f"{cleaned['source'].prefix}-{cleaned['number']}"
            if Passage.objects.filter(code=code).exists():
                self.add_error("number", _("This document has that paragraph already."))
            self.instance.code = code
        return cleaned


@admin.register(Passage)
class PassageAdmin(RecordAdmin):
    """A paragraph's code follows from its document and number."""

    base_form = PassageForm
    exclude = ("code",)
    fixed = ("source", "number")
    shown = ("claims_made",)
    suggested = ("kind",)
    list_display = ("code", "gist", "kind", "substantive")
    list_filter = ("source", "substantive", "kind")
    ordering = ("source__prefix", "number")

    @admin.display(description=_("gist"))
    def gist(self, passage: Passage) -> str:
        return passage.gist

    @admin.display(description=_("claims"))
    def claims_made(self, passage: Passage) -> SafeString:
        return links([(claim, claim.says) for claim in passage.claims.order_by("code")])


class ClaimForm(RecordForm):
    def clean_code(self) -> str:
        code = check_code(self, r"[A-Z]{2,4}-\d{1,3}[a-z]{1,2}", "WP-16a")
        passage = Passage.objects.filter(code=code.rstrip("abcdefghijklmnopqrstuvwxyz")).first()
        if passage is None:
            raise ValidationError(_("No document has that paragraph."))
        self.instance.passage = passage
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("check_result") == Check.CONTESTED and not cleaned.get("holder", "?"):
            self.add_error("holder", _("A contested claim names who holds it."))
        return cleaned


@admin.register(Claim)
class ClaimAdmin(RecordAdmin):
    """A claim's paragraph follows from its code."""

    base_form = ClaimForm
    exclude = ("passage",)
    shown = ("paragraph", "cited_by")
    suggested = ("kind", "topic")
    list_display = ("code", "says", "check_result", "kind")
    list_filter = ("passage__source", "check_result", "kind", "topic")
    ordering = ("passage__source__prefix", "passage__number", "code")

    @admin.display(description=_("the claim"))
    def says(self, claim: Claim) -> str:
        return claim.says

    @admin.display(description=_("paragraph"))
    def paragraph(self, claim: Claim) -> SafeString:
        return links([(claim.passage, claim.passage.gist)])

    @admin.display(description=_("cited in"))
    def cited_by(self, claim: Claim) -> SafeString:
        """Lessons and errata; questions belong to an app that this one does not know."""
        lessons = {v.lesson: v.title for v in claim.lesson_versions.select_related("lesson").order_by("number")}
        return links([*lessons.items(), *((erratum, erratum.printed) for erratum in claim.errata.all())])


class ErratumForm(RecordForm):
    def clean_code(self) -> str:
        return check_code(self, r"E\d{2,3}", "E05")


@admin.register(Erratum)
class ErratumAdmin(RecordAdmin):
    base_form = ErratumForm
    suggested = ("kind", "status")
    list_display = ("code", "printed", "correction", "kind")
    list_filter = ("kind", "basis", "confidence")

    @admin.display(description=_("what is printed"))
    def printed(self, erratum: Erratum) -> str:
        return erratum.printed

    @admin.display(description=_("what is right"))
    def correction(self, erratum: Erratum) -> str:
        return erratum.correction


class EventForm(RecordForm):
    def clean_date(self) -> str:
        message = _("Write 1965, 1965-06, 1965-06-22, or start/end for a period.")
        return check_date(self.cleaned_data["date"], f"{DAY}(/{DAY})?", message)


@admin.register(Event)
class EventAdmin(RecordAdmin):
    base_form = EventForm
    list_display = ("event", "date", "shore", "background")
    list_filter = ("shore", "background", "units")

    @admin.display(description=_("what happened"), ordering="date")
    def event(self, event: Event) -> str:
        return event.event


class TermForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Term.Kind.PAIR:
            for name in ("korean_native", "japanese_native"):
                if not cleaned.get(name, "?"):
                    self.add_error(name, _("Where there are two names, both are given."))
        return cleaned


@admin.register(Term)
class TermAdmin(RecordAdmin):
    base_form = TermForm
    list_display = ("name", "kind", "korean_native", "japanese_native")
    list_filter = ("kind", "units")

    @admin.display(description=_("name"), ordering="slug")
    def name(self, term: Term) -> str:
        return term.name


class SeriesForm(RecordForm):
    def clean_slug(self) -> str:
        return check_code(self, r"S\d\d", "S12")

    def clean_groups(self) -> list[str]:
        groups: list[str] = self.cleaned_data["groups"]
        if wrong := next((line for line in groups if not re.fullmatch(r"[a-z0-9-]+: \S.*", line)), ""):
            raise ValidationError(_("Write “key: name” in each line, not “%(line)s”."), params={"line": wrong})
        return groups


class PlainDecimal(forms.DecimalField):
    """300 rather than 300.0000."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class PointInline(admin.TabularInline):
    model = Point
    formset = TableFormSet
    extra = 0
    fields = ("position", "group", "at", "value", "claim", "background")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "claim":
            return ClaimField(label=_("claim"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "value":
            kwargs |= {"form_class": PlainDecimal, "widget": forms.TextInput({"size": 10, "inputmode": "decimal"})}
        return named(super().formfield_for_dbfield(db_field, request, **kwargs))


@admin.register(Series)
class SeriesAdmin(RecordAdmin):
    base_form = SeriesForm
    own = ("points",)
    inlines = (PointInline,)
    list_display = ("slug", "title", "chart")

    @admin.display(description=_("title"))
    def title(self, series: Series) -> str:
        return series.title


class ComparisonForm(RecordForm):
    def clean_slug(self) -> str:
        return check_code(self, r"X\d\d", "X12")

    def clean_says(self) -> list[str]:
        says: list[str] = self.cleaned_data["says"]
        known = set(Source.objects.values_list("slug", flat=True))
        if wrong := next((line for line in says if line.partition(": ")[0] not in known), ""):
            raise ValidationError(_("Begin each line with a document, as in “%(key)s: ...”, not “%(line)s”."), params={
                "key": next(iter(sorted(known)), ""), "line": wrong,
            })  # fmt: skip
        return says


class PositionInline(admin.TabularInline):
    model = Position
    formset = TableFormSet
    extra = 0
    fields = ("number", "source", "stance", "claims")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return CodesField(Claim, required=False, label=_("claims"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return named(super().formfield_for_dbfield(db_field, request, **kwargs))


@admin.register(Comparison)
class ComparisonAdmin(RecordAdmin):
    base_form = ComparisonForm
    own = ("positions",)
    inlines = (PositionInline,)
    list_display = ("slug", "question", "topic", "relation")
    list_filter = ("relation",)

    @admin.display(description=_("question"))
    def question(self, comparison: Comparison) -> str:
        return comparison.question
