"""What is put right afterwards, on the editors' desk: keys that are corrected, and reports from learners."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lessons.admin.desk import Desk
from lessons.admin.fields import Prose
from lessons.admin.records import language_of
from quizzes.models import Question, Regrade, Report
from quizzes.regrading import outdated, preview

MOST_SHOWN = 200  # attempts listed in a preview


class ReasonForm(forms.Form):
    """Why the earlier answers are graded anew."""

    use_required_attribute = False
    reason = Prose(
        label=gettext_lazy("why"),
        max_length=2000,
        widget=AdminTextareaWidget({"rows": 3}),
        help_text=gettext_lazy("What was wrong with the key. Kept with the regrade; learners do not see it."),
    )

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        yield "", list(self)


class RegradePages:
    """For the desk of questions: grade earlier answers anew by the published key, and take that back."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/regrade/", wrap(self.regrade), name="quizzes_question_regrade"),
            path("<int:pk>/regrade/<int:number>/undo/", wrap(self.undo), name="quizzes_question_undo"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def regrading(self, desk: Desk) -> dict[str, Any]:
        """What the question's page says about earlier answers; empty where there is nothing to say."""
        if desk.adding:
            return {}
        made = Regrade.objects.filter(question=desk.record, version__language=desk.language)
        rows = list(made.select_related("version", "by", "undone_by").order_by("-pk"))
        numbers = outdated(desk.published) if desk.published else []
        if not rows and not numbers:
            return {}
        stands = any(row.version_id == desk.published.pk and not row.undone_at for row in rows if desk.published)
        url = f"{reverse('admin:quizzes_question_regrade', args=[desk.record.pk])}?language={desk.language}"
        return {"regrades": rows, "outdated": numbers, "stands": stands, "url": url}

    def regrade(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who would change and by how much; POST with a reason does it. Doing it twice changes nothing twice."""
        allowed(request)
        question, language = get_object_or_404(Question, pk=pk), language_of(request)
        version = question.published(language).first()
        if version is None:
            raise Http404
        now = timezone.now()
        known = Regrade.objects.filter(version=version, undone_at=None).first()
        form = ReasonForm(request.POST or None, initial={"reason": known.reason if known else ""})
        overtaken = request.method == "POST" and request.POST.get("version") != str(version.number)
        if form.is_valid() and not overtaken:
            editor: Any = request.user
            made = Regrade.begin(version, reason=form.cleaned_data["reason"], by=editor, now=now)
            n = made.apply(now)
            said = ngettext("Graded anew: %d answer.", "Graded anew: %d answers.", n) % n
            return self.done(request, question, said)
        found = preview(version, now, names=request.user.has_perm("accounts.view_user"))
        moved = [*found.up, *found.down]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Grade the earlier answers anew"),
            "question": question,
            "version": version,
            "found": found,
            "known": known,
            "shown": moved[:MOST_SHOWN],
            "more": len(moved[MOST_SHOWN:]),
            "form": form,
            "overtaken": overtaken,
            "back": self.back(request, question),
        }
        return render(request, "admin/desk/regrade.html", context)

    def undo(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Take a regrade back: what stood before stands again."""
        allowed(request)
        regrade = get_object_or_404(Regrade.objects.select_related("question", "version"), pk=number, question=pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        n = regrade.undo(request.user, timezone.now())  # type: ignore[arg-type]
        said = ngettext("Taken back: %d answer is as before.", "Taken back: %d answers are as before.", n) % n
        return self.done(request, regrade.question, said)

    def done(self, request: HttpRequest, question: Question, said: str) -> HttpResponse:
        self.message_user(request, said, messages.SUCCESS)  # type: ignore[attr-defined]
        self.log_change(request, question, said)  # type: ignore[attr-defined]
        return HttpResponseRedirect(self.back(request, question))

    def back(self, request: HttpRequest, question: Question) -> str:
        """The question's page, or for who may not change questions the list of regrades."""
        if not request.user.has_perm("quizzes.change_question"):
            return reverse("admin:quizzes_regrade_changelist")
        return f"{reverse('admin:quizzes_question_change', args=[question.pk])}?language={language_of(request)}"


def allowed(request: HttpRequest) -> None:
    if not request.user.has_perm("quizzes.add_regrade"):
        raise PermissionDenied


class ReadOnly(admin.ModelAdmin):
    """Looked at on the desk, and made elsewhere. The question is a link for who may open it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def for_reader(self, request: HttpRequest, names: Any) -> list[str]:
        may = request.user.has_perm("quizzes.change_question")
        return [name for name in names if name != ("asked" if may else "linked")]

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.for_reader(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.for_reader(request, self.fields)

    @admin.display(description=gettext_lazy("question"), ordering="version__question")
    def asked(self, row: Any) -> str:
        names = {"question": row.version.question.slug, "number": row.version.number}
        return _("%(question)s, version %(number)d") % names

    @admin.display(description=gettext_lazy("question"), ordering="version__question")
    def linked(self, row: Any) -> SafeString:
        url = reverse("admin:quizzes_question_version", args=[row.version.question_id, row.version.number])
        return format_html('<a href="{}">{}</a>', f"{url}?language={row.version.language}", self.asked(row))

    @admin.display(description=gettext_lazy("earlier answers"))
    def anew(self, row: Any) -> SafeString:
        url = reverse("admin:quizzes_question_regrade", args=[row.version.question_id])
        said = _("what the published key would change")
        return format_html('<a href="{}">{}</a>', f"{url}?language={row.version.language}", said)


@admin.register(Regrade)
class RegradeAdmin(ReadOnly):
    list_display = ("made_at", "asked", "linked", "reason", "by", "undone_at", "anew")
    list_select_related = ("version__question", "by")
    fields = ("asked", "linked", "reason", "by", "made_at", "undone_at", "undone_by", "anew")
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OpenFilter(admin.SimpleListFilter):
    """Open reports, unless others are asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Report.State.choices, ("all", _("all"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        now = self.value() or Report.State.OPEN
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": value == now, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value() or Report.State.OPEN
        return queryset if wanted == "all" else queryset.filter(state=wanted)


@admin.register(Report)
class ReportAdmin(ReadOnly):
    """Reports, newest first; who made one is not shown, since editors reach no people."""

    list_display = ("said", "asked", "linked", "passages", "answer", "state", "made_at")
    list_filter = (OpenFilter,)
    list_select_related = ("version__question",)
    search_fields = ("text", "version__question__slug")
    fields = ("asked", "linked", "text", "answer", "passages", "made_at", "anew", "state", "reply")
    readonly_fields = ("asked", "linked", "text", "answer", "passages", "made_at", "anew")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Nothing by who made it: `?user=7` would tell."""
        return not lookup.startswith(("user", "response")) and super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("what is wrong"), ordering="text")
    def said(self, report: Report) -> str:
        return report.text if len(report.text) <= 200 else f"{report.text[:200]}…"

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        obj.closed_at = None if obj.state == Report.State.OPEN else obj.closed_at or timezone.now()
        super().save_model(request, obj, form, change)
