"""Questions and quizzes on the editors' desk. A question is written in its kind's own form; nobody edits JSON."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from lessons import reading
from lessons.admin.desk import Desk
from lessons.admin.fields import CodesField, codes_of
from lessons.admin.lesson import IdentityForm
from lessons.admin.library import TableFormSet, links, named
from lessons.admin.records import RecordAdmin, RecordForm, language_of
from lessons.admin.versions import DraftFilter, VersionedAdmin
from lessons.models import Claim, Erratum, Lesson, Status, unresolved
from quizzes import proofs
from quizzes.asking import ask
from quizzes.desk_views import RegradePages
from quizzes.grading import wrong_bands
from quizzes.models import Draw, Question, QuestionVersion, Quiz, QuizQuestion, Response
from quizzes.questions import KINDS


class KindForm(forms.Form):
    """The first step of a new question."""

    kind = forms.ChoiceField(label=_("kind"), choices=lambda: [(key, kind.label) for key, kind in KINDS.items()])
    lesson = forms.ModelChoiceField(Lesson.objects.all(), label=_("lesson"))

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        yield "", list(self)


class QuestionIdentity(IdentityForm):
    class Meta:
        model = Question
        fields = ("slug", "lesson", "skill", "difficulty", "reserved")
        help_texts = {"slug": _("How lessons and quizzes call it: small letters, digits and hyphens.")}


class EvidenceForm(forms.Form):
    """What the key rests on."""

    use_required_attribute = False
    keyed_to = CodesField(
        Claim,
        label=_("keyed to the claims"),
        required=False,
        help_text=_("The claims that the right answer rests on: codes as in WP-16a, separated by spaces."),
    )
    about_error = CodesField(
        Erratum,
        label=_("about the error"),
        required=False,
        help_text=_("For a question about a mistake in a document: codes as in E05."),
    )

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        yield _("What it rests on"), list(self)


class KeyFilter(admin.SimpleListFilter):
    title = _("document of the key")
    parameter_name = "document"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(slug, str(label)) for slug, label in reading.shelf().refs.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        keyed = QuestionVersion.objects.filter(
            keyed_to__passage__source__slug=self.value(), status=Status.PUBLISHED, language=language_of(request)
        )
        return queryset.filter(pk__in=keyed.values("question"))


@admin.register(Question)
class QuestionAdmin(RegradePages, VersionedAdmin):
    version = QuestionVersion
    searched = "texts__stem"
    list_display = ("stem", "lesson", "kind", "skill", "difficulty", "reserved", "state", "keyed_to")
    list_filter = ("lesson", "kind", "skill", "difficulty", "reserved", DraftFilter, KeyFilter)
    list_select_related = ("lesson",)

    @admin.display(description=_("question"), ordering="slug")
    def stem(self, question: Any) -> str:
        version = question.kept[0] if question.kept else None
        return str(version) if version else question.slug

    @admin.display(description=_("keyed to"))
    def keyed_to(self, question: Any) -> str:
        version = question.kept[0] if question.kept else None
        return ", ".join([*version.keys, *version.errors]) if version else ""

    # --- forms -----------------------------------------------------------------------------------------------

    def new_record(self, request: HttpRequest) -> Any:
        """Kind and lesson come first: the rest of the page follows from them."""
        chosen = KindForm(request.GET if "kind" in request.GET else None)
        if chosen.is_valid():
            return Question(kind=chosen.cleaned_data["kind"], lesson=chosen.cleaned_data["lesson"])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": now("Add %s") % self.opts.verbose_name,
            "form": chosen,
        }
        return render(request, "admin/desk/kind.html", context)

    def identity_form(self, record: Any, data: Any) -> forms.ModelForm:
        return QuestionIdentity(data, instance=record)

    def words_forms(self, record: Any, version: Any, data: Any) -> tuple[Any, ...]:
        blocks = {"content": version.content, "texts": version.texts} if version else {}
        author = record.rules.author_form(data, refs=reading.shelf().refs, **blocks)
        keys = {"keyed_to": version.keys, "about_error": version.errors} if version else {}
        return author, EvidenceForm(data, initial=keys)

    def written(self, desk: Desk) -> QuestionVersion:
        author, evidence = desk.words
        return QuestionVersion(
            question=desk.record,
            language=desk.language,
            content=author.content,
            texts=author.texts,
            keys=codes_of(evidence.cleaned_data["keyed_to"]),
            errors=codes_of(evidence.cleaned_data["about_error"]),
        )

    def refuse(self, desk: Desk, version: Any, problems: list[str]) -> None:
        """Citations stand in the explanation or the feedback; all else is about the key."""
        author, evidence = desk.words
        cited = {str(problem) for problem in version.scan.problems} | set(unresolved(version.scan))
        for problem in problems:
            desk.place(problem, *((author, "explanation") if problem in cited else (evidence, "keyed_to")))

    def notes(self, desk: Desk) -> dict[str, Any]:
        places = [] if desk.adding else desk.record.places.select_related("quiz").order_by("quiz__slug")
        asked_in = [(place.quiz, now("as question %d") % place.position) for place in places]
        asked: dict[str, Any] = {"kind": KINDS[desk.record.kind].label, "asked_in": links(asked_in) if asked_in else ""}
        if not desk.identity.is_bound and desk.working and desk.working.status == Status.DRAFT:
            asked["advice"] = proofs.advice(desk.working)
        return asked | {"regrading": self.regrading(desk)}

    # --- preview ---------------------------------------------------------------------------------------------

    def preview_page(self, request: HttpRequest, version: Any, errors: Any) -> HttpResponse:
        """The question as a pupil meets it, then its solution with every text of the feedback."""
        context: dict[str, Any] = {"errors": errors}
        if version is not None:
            rules, shelf = version.question.rules, reading.shelf(version.language)
            solved = Response(answer=rules.solution(version.content), credit=1.0, received_at=timezone.now())
            place = {"number": 1, "total": 1, "seed": version.question.pk, "url": "", "shelf": shelf}
            feedback = version.texts.get("feedback") or {}
            context |= {
                "asked": ask(version, None, settled=False, shown=False, prefix="new", **place),
                "solved": ask(version, solved, settled=True, shown=True, prefix="done", **place),
                "tempts": [(label(version, key, shelf.refs), shelf.inline(text)) for key, text in feedback.items()],
                "errors": [*errors, *version.problems()],
            }
        return render(request, "admin/preview/question.html", context)


def label(version: QuestionVersion, key: str, refs: Any) -> str:
    """What a text of the feedback answers, in words."""
    for name, block in version.texts.items():
        said: Any = block if name != "feedback" else None
        for step in key.split("."):  # a gap's option is called gap.option
            said = said.get(step) if isinstance(said, dict) else None
        if isinstance(said, str):
            return said
    if passage := refs.passages.get(key):
        return str(passage.label)
    for distractor in version.content.get("distractors", ()):
        if distractor["key"] == key:
            return str(distractor.get("value", ", ".join(distractor.get("accepted", ()))))
    words = {
        "low": _("another answer that is too low"),
        "high": _("another answer that is too high"),
        "true": _("True"),
        "false": _("False"),
        "general": _("a wrong order"),
        "other": _("any other answer"),
        "near": _("a near miss"),
        "elsewhere": _("any other place"),
    }
    return str(refs.get(key) or words.get(key, key))


# --- quizzes -------------------------------------------------------------------------------------------------


class PlaceForm(forms.ModelForm):
    """One line of a quiz. The lines are judged together: two may change places."""

    def _get_validation_exclusions(self) -> set[str]:
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions | {"position", "question"}


class PlacesFormSet(TableFormSet):
    def validate_unique(self) -> None:
        """Positions are only an order; the same question twice is a slip."""
        seen = set()
        for form in self.forms:
            question = getattr(form, "cleaned_data", {}).get("question")
            if question is None or form in self.deleted_forms:
                continue
            if question in seen:
                form.add_error("question", _("This question stands here twice."))
            seen.add(question)

    def in_order(self) -> list[Question]:
        forms = [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("question")]
        return [form.cleaned_data["question"] for form in sorted(forms, key=lambda f: f.cleaned_data["position"])]


class PlaceInline(admin.TabularInline):
    model = QuizQuestion
    form = PlaceForm
    formset = PlacesFormSet
    fields = ("position", "question")
    extra = 3

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("quiz")  # its name is asked for in each line

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "question" and field is not None:
            # one query, whatever the number of lines
            rows = Question.objects.select_related("lesson").order_by("lesson__unit__number", "lesson__number", "slug")
            groups: dict[str, list[tuple[int, str]]] = {}
            for row in rows:
                mark = f" ({now('reserved')})" if row.reserved else ""
                groups.setdefault(row.lesson.slug, []).append((row.pk, row.slug + mark))
            field.choices = [("", "–"), *groups.items()]
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No links to other pages beside each line; a name for those who do not see the column."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget
        return named(field)


class DrawForm(forms.ModelForm):
    """One rule of drawing; what is left empty fits every question."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and cleaned.get("count"):
            rule = Draw(**{name: cleaned[name] for name in ("unit", "lesson", "skill", "difficulty")})
            practised = QuestionVersion.objects.filter(question__reserved=False, status=Status.PUBLISHED)
            if (there := len(set(rule.pool(practised)))) < cleaned["count"]:
                message = _("Only %(there)d questions fit this, reserved ones apart.")
                self.add_error("count", forms.ValidationError(message, params={"there": there}))
        return cleaned


class DrawInline(admin.TabularInline):
    model = Draw
    form = DrawForm
    formset = TableFormSet
    fields = ("count", "unit", "lesson", "skill", "difficulty")
    extra = 1

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("quiz", "unit", "lesson")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(field.widget, "can_add_related"):
            field.widget = field.widget.widget
        return named(field)


class QuizForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if wrong := wrong_bands(cleaned.get("bands") or ()):
            message = _("Line %(lines)s: begin with another percentage from 0 to 100, as in 80: Well done.")
            params = {"lines": ", ".join(map(str, wrong))}
            self.add_error("bands", forms.ValidationError(message, params=params))
        if cleaned.get("purpose") not in (None, "checkpoint") and not cleaned.get("title", "?"):
            self.add_error("title", _("A quiz that is taken by itself has a title."))
        if cleaned.get("purpose") == "checkpoint" and "lesson" in cleaned and not cleaned["lesson"]:
            self.add_error("lesson", _("Questions in place stand in a lesson."))
        return cleaned


@admin.register(Quiz)
class QuizAdmin(RecordAdmin):
    base_form = QuizForm
    own = ("places", "draws")
    inlines = (PlaceInline, DrawInline)
    list_display = ("name", "lesson", "purpose", "count")
    list_filter = ("purpose", "lesson")
    list_select_related = ("lesson",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(asks=Count("places")).prefetch_related("draws")

    @admin.display(description=_("quiz"), ordering="slug")
    def name(self, quiz: Quiz) -> str:
        return str(quiz)

    @admin.display(description=_("questions"))
    def count(self, quiz: Any) -> int:
        return quiz.asks + sum(draw.count for draw in quiz.draws.all())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Write the lines anew, in the order of their numbers: each may move to where another stands."""
        if not isinstance(formset, PlacesFormSet):
            super().save_formset(request, form, formset, change)
            return
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []  # for the log
        if formset.has_changed():
            form.instance.set_places([question.slug for question in formset.in_order()])
