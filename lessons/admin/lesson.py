"""Lessons: where one stands in its unit, and the words of its versions, in Markdown."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lessons import markup, proofs, reading
from lessons.admin.desk import Desk
from lessons.admin.fields import LinesField, Prose
from lessons.admin.versions import DraftFilter, VersionedAdmin
from lessons.models import ORIGINAL, Lesson, LessonVersion, Status, Term, unresolved


class IdentityForm(forms.ModelForm):
    """What a record is, whatever its words; the key is given once."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["slug"].disabled = True

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        yield "", list(self)


class LessonIdentity(IdentityForm):
    class Meta:
        model = Lesson
        fields = ("unit", "number", "slug")
        help_texts = {
            "number": _("Its place in the unit."),
            "slug": _("Its address; it stays when the title changes."),
        }


class LessonWords(forms.ModelForm):
    """The words of a lesson; `instance` is the version that they make."""

    use_required_attribute = False
    title = Prose(label=_("title"), max_length=120, widget=AdminTextInputWidget({"class": "vTextField long"}))
    summary = Prose(
        label=_("summary"),
        widget=AdminTextareaWidget({"rows": 3}),
        help_text=_("One or two plain sentences; citations may stand in them."),
    )
    objectives = LinesField(
        label=_("after this lesson you can"), widget=AdminTextareaWidget({"rows": 4}), help_text=_("One a line.")
    )
    terms = forms.MultipleChoiceField(
        label=_("key terms"), required=False, widget=forms.CheckboxSelectMultiple({"class": "many"})
    )
    body = Prose(label=_("text"), widget=forms.Textarea({"rows": 32, "class": "markdown", "spellcheck": "true"}))
    teaching = Prose(
        label=_("page for teachers"),
        required=False,
        widget=forms.Textarea({"rows": 16, "class": "markdown", "spellcheck": "true"}),
        help_text=_("A plan for the hour, questions to discuss, sensitive points."),
    )

    class Meta:
        model = LessonVersion
        fields = ("title", "summary", "minutes", "objectives", "body", "terms", "teaching")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(((t.slug, t.name) for t in Term.objects.all()), key=lambda pair: pair[1].casefold())
        gone = set(self.instance.terms) - {slug for slug, _name in choices}
        self.fields["terms"].choices = choices + [(slug, slug) for slug in sorted(gone)]  # type: ignore[attr-defined]

    def clean_terms(self) -> list[str]:
        """The terms that were there keep their order; new ones follow."""
        chosen, before = self.cleaned_data["terms"], self.initial.get("terms") or []
        return [slug for slug in before if slug in chosen] + [slug for slug in chosen if slug not in before]

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        yield _("Head"), [self[name] for name in ("title", "summary", "minutes", "objectives")]
        yield _("Text"), [self["body"]]
        yield _("Key terms"), [self["terms"]]
        yield _("For teachers"), [self["teaching"]]


@admin.register(Lesson)
class LessonAdmin(VersionedAdmin):
    version = LessonVersion
    searched = "title"
    list_display = ("title", "unit", "number", "state", "origin")
    list_filter = ("unit", DraftFilter)
    list_select_related = ("unit",)

    @admin.display(description=_("title"), ordering="slug")
    def title(self, lesson: Any) -> str:
        kept = {version.status: version for version in lesson.kept}
        version = kept.get(Status.PUBLISHED) or kept.get(Status.DRAFT)
        return version.title if version else lesson.slug

    def identity_form(self, record: Any, data: Any) -> forms.ModelForm:
        return LessonIdentity(data, instance=record)

    def words_forms(self, record: Any, version: Any, data: Any) -> tuple[Any, ...]:
        words = LessonVersion(**version.words()) if version else LessonVersion()
        return (LessonWords(data, instance=words),)

    def written(self, desk: Desk) -> LessonVersion:
        version: LessonVersion = desk.words[0].instance
        version.lesson, version.language = desk.record, desk.language
        return version

    def typed(self, desk: Desk, complete: bool) -> LessonVersion:
        return self.written(desk)  # a field in which something is wrong shows what stood there before

    def address(self, record: Any) -> str:
        return record.get_absolute_url()

    def refuse(self, desk: Desk, version: Any, problems: list[str]) -> None:
        place: dict[str, str] = {}
        for field in ("teaching", "summary", "body"):  # what several have is put right in the text first
            scan = markup.scan(getattr(version, field))
            place |= dict.fromkeys([*map(str, scan.problems), *unresolved(scan)], field)
        for problem in problems:
            desk.place(problem, desk.words[0], place.get(problem, "body"))

    def notes(self, desk: Desk) -> dict[str, Any]:
        version = desk.working
        if desk.identity.is_bound or not version or version.status != Status.DRAFT:
            return {"syntax": True}
        advice = [problem.message for problem in markup.scan(version.body).advice]
        return {"syntax": True, "advice": advice + proofs.advice(version)}

    def preview_page(self, request: HttpRequest, version: Any, errors: Any) -> HttpResponse:
        """The lesson's own page, with a banner that says what this is and what is wrong with it."""
        shelf = reading.shelf(version.language or ORIGINAL)
        return render(
            request,
            "admin/preview/lesson.html",
            {
                "shelf": shelf,
                "found": reading.page_of(version, shelf),
                "problems": [*errors, *version.problems()],
                "advice": [problem.message for problem in markup.scan(version.body).advice],
            },
        )
