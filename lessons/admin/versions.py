"""Writing in versions: draft, preview, publish, look back. Lessons and questions share this desk.

A change page holds the identity and the words of the working version: the draft if one stands, otherwise what is
published. Saving never changes a version; it adds one, and only when the words changed. The page carries the number
of the version it started from, so that two editors cannot overwrite each other unawares.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from lessons.admin.desk import Desk, Overtaken, in_lines, standing
from lessons.admin.differences import compare
from lessons.admin.records import STANDING, RecordAdmin, language_of, languages
from lessons.models import ORIGINAL, Origin, Record, Status, Version


class DraftFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("draft", _("with a draft")), ("unpublished", _("not published")), ("edited", _("edited here"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        versions = queryset.model._meta.get_field("versions").related_model._default_manager.filter(
            language=language_of(request)
        )
        published, of = versions.filter(status=Status.PUBLISHED), versions.model.OF
        if self.value() == "draft":
            return queryset.filter(pk__in=versions.filter(status=Status.DRAFT).values(of))
        if self.value() == "unpublished":
            return queryset.exclude(pk__in=published.values(of))
        if self.value() == "edited":
            return queryset.filter(pk__in=published.filter(origin=Origin.EDITED).values(of))
        return queryset


class VersionedAdmin(RecordAdmin):
    """The desk of a kind of record with versions. A subclass gives the forms and the preview."""

    version: type[Version]
    searched: str  # the version's field that a search looks at
    own = ("versions",)

    # --- what a subclass says --------------------------------------------------------------------------------

    def identity_form(self, record: Any, data: Any) -> forms.ModelForm:
        raise NotImplementedError

    def words_forms(self, record: Any, version: Any, data: Any) -> tuple[Any, ...]:
        """The forms of the words, filled from `version` (None: empty); each offers `fieldsets()`."""
        raise NotImplementedError

    def written(self, desk: Desk) -> Any:
        """The version, not saved, that the valid forms make."""
        raise NotImplementedError

    def preview_page(self, request: HttpRequest, version: Any, errors: Any) -> HttpResponse:
        """A version (None: the forms do not make one) as readers will see it."""
        raise NotImplementedError

    def refuse(self, desk: Desk, version: Any, problems: list[str]) -> None:
        """Put each problem beside the field it belongs to, with `desk.place`."""
        raise NotImplementedError

    def address(self, record: Any) -> str:
        """Where readers find it."""
        return ""

    def notes(self, desk: Desk) -> dict[str, Any]:
        """More for the page's context."""
        return {}

    # --- lists -----------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        kept = self.version._default_manager.filter(status__in=STANDING, language=language_of(request))
        return super().get_queryset(request).prefetch_related(Prefetch("versions", kept, to_attr="kept"))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By key, and by the words that stand; not by what was written once."""
        kept = self.version._default_manager.filter(status__in=STANDING)
        for word in search_term.split()[:8]:
            found = kept.filter(**{f"{self.searched}__icontains": word}).values(self.version.OF)
            queryset = queryset.filter(Q(**{f"{self.model.KEY}__icontains": word}) | Q(pk__in=found))
        return queryset, False

    @admin.display(description=gettext_lazy("published"))
    def state(self, record: Any) -> str:
        kept = {version.status: version for version in record.kept}
        published, draft = kept.get(Status.PUBLISHED), kept.get(Status.DRAFT)
        said = [_("version %d") % published.number if published else _("no")]
        if draft:
            said.append(_("draft %d") % draft.number)
        return ", ".join(said)

    @admin.display(description=gettext_lazy("origin"))
    def origin(self, record: Any) -> str:
        version = standing(sorted(record.kept, key=lambda v: -v.number))
        return version.get_origin_display() if version else "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was published once is part of the record."""
        once = obj is not None and obj.versions.exclude(status=Status.DRAFT).exists()
        return not once and super().has_delete_permission(request, obj)

    # --- pages -----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        name, wrap = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", wrap(self.preview), name=f"{name}_preview"),
            path("<int:pk>/discard/", wrap(self.discard), name=f"{name}_discard"),
            path("<int:pk>/versions/<int:number>/", wrap(self.look_back), name=f"{name}_version"),
            path("<int:pk>/versions/<int:number>/bring-back/", wrap(self.bring_back), name=f"{name}_bring_back"),
            *super().get_urls(),
        ]

    def url(self, name: str, *args: Any, language: str = ORIGINAL) -> str:
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)
        return address if language == ORIGINAL else f"{address}?language={language}"

    def found(self, request: HttpRequest, pk: object) -> Any:
        """The record, if it may be changed; 404 if there is none, 403 if it may not."""
        record = self.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        return record

    def versions_of(self, record: Record, language: str) -> list[Any]:
        """Newest first."""
        if record.pk is None:
            return []
        versions = record.versions.filter(language=language)  # type: ignore[attr-defined]
        return list(versions.select_related("author").order_by("-number"))

    def new_record(self, request: HttpRequest) -> Any:
        return self.model()

    def desk(self, request: HttpRequest, record: Any) -> Desk:
        """The forms, empty or filled; bound when something was posted."""
        language = language_of(request)
        desk = Desk(record, language, self.versions_of(record, language))
        data = request.POST if request.method == "POST" else None
        if data is not None:
            base = str(data.get("base", ""))
            desk.started = next((v for v in desk.versions if str(v.number) == base), None)
        desk.identity = self.identity_form(record, data)
        desk.words = self.words_forms(record, desk.started, data)
        return desk

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id is None and not self.has_add_permission(request):
            raise PermissionDenied
        record = self.new_record(request) if object_id is None else self.found(request, object_id)
        if isinstance(record, HttpResponse):
            return record
        desk = self.desk(request, record)
        if request.method == "POST":
            try:
                valid = [form.is_valid() for form in desk.forms]  # each of them, so that all errors show
                if all(valid):
                    return self.save(request, desk)
            except Overtaken:
                pass
        return self.page(request, desk)

    def page(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        record = desk.record
        errors = [error for form in desk.forms for found in form.errors.values() for error in found]
        title = _("Add %s") if desk.adding else _("Change %s")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title % self.opts.verbose_name,
            "subtitle": "" if desk.adding else str(record),
            "desk": desk,
            "errors": errors,
            "languages": languages(request),
            "address": "" if desk.adding or not desk.published else self.address(record),
            "urls": {} if desk.adding else self.addresses(desk),
            "history": [(v, self.url("version", record.pk, v.number, language=desk.language)) for v in desk.versions],
            "can_delete": not desk.adding and self.has_delete_permission(request, record),
            **self.notes(desk),
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/desk/edit.html", context)

    def addresses(self, desk: Desk) -> dict[str, str]:
        names = ("preview", "discard", "delete")
        return {name: self.url(name, desk.record.pk, language=desk.language) for name in names}

    # --- verbs -----------------------------------------------------------------------------------------------

    def save(self, request: HttpRequest, desk: Desk) -> HttpResponse:
        """Keep the identity; add a version if the words changed; publish it if asked. All or nothing.

        Raises Overtaken when somebody else saved a version meanwhile.
        """
        publish = request.POST.get("do") == "publish"
        version, new = None, False
        try:
            with transaction.atomic():
                record = desk.identity.save(commit=False)
                if not desk.adding:
                    self.model._default_manager.select_for_update().get(pk=record.pk)  # one editor after another
                    desk.versions = self.versions_of(record, desk.language)
                    desk.working = standing(desk.versions)
                version = self.written(desk)
                new = desk.started is None or version.words() != desk.started.words()
                if (new or publish) and desk.base != (desk.started.number if desk.started else 0):
                    self.show_the_other(desk)
                    raise Overtaken
                if desk.adding or desk.identity.has_changed():
                    record.save()
                if new:
                    setattr(version, self.version.OF, record)
                    version.author, version.origin, version.status = request.user, Origin.EDITED, Status.DRAFT
                    version.add()
                else:
                    version = desk.started
                published = publish and version.status != Status.PUBLISHED
                if published:
                    version.publish()
        except ValidationError as wrong:
            if desk.adding:
                record.pk, record._state.adding = None, True
            self.refuse(desk, version, list(wrong.messages))
            return self.page(request, desk)
        self.tell(request, desk, version, new, published)
        return HttpResponseRedirect(self.url("change", record.pk, language=desk.language))

    def show_the_other(self, desk: Desk) -> None:
        """What changed between the version this page started from and the one that stands now."""
        before, now = (
            in_lines(self.words_forms(desk.record, version, None)) if version else []
            for version in (desk.started, desk.working)
        )
        desk.overtaken = compare(before, now)

    def tell(self, request: HttpRequest, desk: Desk, version: Any, new: bool, published: bool) -> None:
        """Say what was done, here and in the log."""
        record = desk.record
        if published:
            said = _("Version %d is published.") % version.number
            if address := self.address(record):
                said = format_html('{} <a href="{}">{}</a>', said, address, _("See it on the site"))
        elif new:
            said = _("Draft %d is saved. Readers do not see it yet.") % version.number
        elif desk.identity.has_changed():
            said = _("Saved. The words are as they were, so there is no new version.")
        else:
            self.message_user(request, _("Nothing was changed, so nothing was saved."), messages.INFO)
            return
        self.message_user(request, said, messages.SUCCESS)
        log = self.log_addition if desk.adding else self.log_change
        log(request, record, str(said).partition(" <a")[0])

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: the text as typed, not saved. GET: the working version."""
        record = self.found(request, pk)
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        desk = self.desk(request, record)
        version, errors = desk.working, []
        if request.method == "POST":
            valid = [form.is_valid() for form in desk.words]
            version = self.typed(desk, all(valid))
            errors = [
                f"{form[name].label}: {error}" if name in form.fields else error
                for form in desk.words
                for name, found in form.errors.items()
                for error in found
            ]
        elif version is None:
            raise Http404
        with override(desk.language):
            return self.preview_page(request, version, errors)

    def typed(self, desk: Desk, complete: bool) -> Any:
        """The version that the forms make, as far as they do; None where nothing can be shown."""
        return self.written(desk) if complete else None

    def look_back(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One version: its words, and how it differs from what is published."""
        record = self.found(request, pk)
        language = language_of(request)
        versions = self.versions_of(record, language)
        version = next((v for v in versions if v.number == number), None)
        if version is None:
            raise Http404
        published = next((v for v in versions if v.status == Status.PUBLISHED), None)
        lines = in_lines(self.words_forms(record, version, None))
        against = in_lines(self.words_forms(record, published, None)) if published else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Version %d") % number,
            "subtitle": str(record),
            "record": record,
            "version": version,
            "published": published,
            "lines": lines,
            "changes": compare(against, lines),
            "back": self.url("change", pk, language=language),
            "bring_back": self.url("bring_back", pk, number, language=language),
        }
        request.current_app = self.admin_site.name
        return render(request, "admin/desk/version.html", context)

    def bring_back(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """The words of an old version as a new draft."""
        record = self.found(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        language = language_of(request)
        with transaction.atomic():
            self.model._default_manager.select_for_update().get(pk=pk)
            versions = self.versions_of(record, language)
            old = next((v for v in versions if v.number == number), None)
            if old is None:
                raise Http404
            now = standing(versions)
            same = now.words() == old.words()
            if not same:
                whose = {self.version.OF: record, "language": language, "author": request.user}
                new = self.version(**whose, **old.words()).add()
        if same:
            self.message_user(request, _("These are the words that stand now."), messages.INFO)
        else:
            said = _("Version %(old)d is back, as draft %(new)d.") % {"old": number, "new": new.number}
            self.message_user(request, said, messages.SUCCESS)
            self.log_change(request, record, said)
        return HttpResponseRedirect(self.url("change", pk, language=language))

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put the draft aside; it stays among the versions."""
        record = self.found(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        language = language_of(request)
        if record.versions.filter(language=language, status=Status.DRAFT).update(status=Status.RETIRED):
            self.message_user(request, _("The draft is put aside. It is kept among the versions."), messages.SUCCESS)
        return HttpResponseRedirect(self.url("change", pk, language=language))
