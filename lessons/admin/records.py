"""One admin for every kind of record: its neutral fields, and its texts in the language that is being edited."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lessons.admin.fields import CodesField, LinesField, Prose, Suggested
from lessons.models import ORIGINAL, Claim, LessonVersion, Lines, Record, Status, Text, Unit

STANDING = (Status.DRAFT, Status.PUBLISHED)


def language_of(request: HttpRequest) -> str:
    """The language that is being edited: asked for by address, otherwise the original."""
    wanted = request.GET.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else ORIGINAL


def languages(request: HttpRequest) -> list[tuple[str, Any, bool]]:
    """(code, name, whether it is being edited) of each language, where there is a choice."""
    now = language_of(request)
    return [(code, name, code == now) for code, name in settings.LANGUAGES] if len(settings.LANGUAGES) > 1 else []


def held(record: Record, own: tuple[str, ...] = ()) -> bool:
    """Whether anything rests on the record: another row, or a text that names it. `own` rows go with it."""
    for relation in record._meta.related_objects:
        others = relation.related_model._base_manager
        if relation.get_accessor_name() not in own and others.filter(**{relation.field.name: record}).exists():
            return True
    key = str(getattr(record, record.KEY))
    return LessonVersion.objects.filter(status__in=STANDING, body__contains=key).exists()


def text_field(text: Text) -> forms.Field:
    """The form field of one text."""
    options: dict[str, Any] = {"label": capfirst(text.label), "required": text.required}
    if isinstance(text, Lines):
        return LinesField(widget=AdminTextareaWidget({"rows": 4}), help_text=_("One a line."), **options)
    if text.long:
        return Prose(widget=AdminTextareaWidget({"rows": 4}), **options)
    return Prose(widget=AdminTextInputWidget({"class": "vTextField long"}), **options)


class RecordForm(forms.ModelForm):
    """Neutral fields from the model, texts from `Record.text_fields`; only what was changed is written."""

    written_in = ORIGINAL
    use_required_attribute = False
    TEXTS: Mapping[str, Text] = {}  # capitals, so that no text of a record is called the same

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = self.instance.texts
        for name, text in self.TEXTS.items():
            if name not in self.fields:
                continue
            self.initial.setdefault(name, texts.get(self.written_in, {}).get(name, text.empty))
            if self.written_in != ORIGINAL:
                self.fields[name].required = False  # what is missing is read in the original
                self.fields[name].help_text = texts.get(ORIGINAL, {}).get(name, "")

    def save(self, commit: bool = True) -> Any:
        said = {name: self.cleaned_data[name] for name in self.changed_data if name in self.TEXTS}
        if said:
            texts = self.instance.texts
            self.instance.texts = texts | {self.written_in: texts.get(self.written_in, {}) | said}
        return super().save(commit)


def record_form(model: type[Record], base: type[RecordForm] = RecordForm) -> type[RecordForm]:
    """The form class of a model; `base` may clean more."""
    texts = model.text_fields()
    meta = type("Meta", (), {"model": model, "fields": "__all__"})
    fields = {name: text_field(text) for name, text in texts.items()}
    return type(f"{model.__name__}Form", (base,), {"Meta": meta, "TEXTS": texts, **fields})


class RecordAdmin(admin.ModelAdmin):
    """The admin of a record. The key it is cited by is given once; nothing that is cited can be deleted."""

    change_form_template = "admin/desk/record.html"
    base_form: type[RecordForm] = RecordForm
    own: tuple[str, ...] = ()  # rows that go with the record
    fixed: tuple[str, ...] = ()  # fields that cannot change later, beside the key
    shown: tuple[str, ...] = ()  # read only, beside the texts
    suggested: tuple[str, ...] = ()  # free words; those in use are offered
    list_per_page = 50

    def __init__(self, model: type[Record], site: admin.AdminSite) -> None:
        self.form = record_form(model, self.base_form)
        super().__init__(model, site)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        says = self.model.text_fields().items()
        texts = [name for name, text in says if not isinstance(text, Lines) and (text.required or text.long)]
        return [self.model.KEY, *(f"texts__{ORIGINAL}__{name}" for name in texts)]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.written_in = language_of(request)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (self.model.KEY, *self.fixed, *self.shown) if obj else self.shown

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        says = self.model.text_fields()
        neutral = [name for name in self.get_fields(request, obj) if name not in says and name not in self.shown]
        keys = [name for name in (self.model.KEY, *self.fixed) if name in neutral]
        rest = [name for name in neutral if name not in keys]
        language = dict(settings.LANGUAGES).get(language_of(request), "")
        return [
            (None, {"fields": keys + rest}),
            (_("Words in %s") % language, {"fields": [*says, *(self.shown if obj else ())]}),
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Claim:
            return CodesField(Claim, label=db_field.verbose_name.capitalize(), required=not db_field.blank)
        if db_field.related_model is Unit:
            kwargs["widget"] = forms.CheckboxSelectMultiple({"class": "many"})
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No "add another" beside a list to choose from: records have pages of their own."""
        if db_field.name in self.suggested:
            kwargs["widget"] = Suggested(self.model, db_field.name)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not held(obj, self.own))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["languages"] = languages(request)
        return super().render_change_form(request, context, *args, **kwargs)
