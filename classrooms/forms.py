"""What teachers and pupils fill in. Times are typed as the clocks of the class show them."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classrooms import zones
from classrooms.models import MOST_QUESTION_TRIES, MOST_TRIES, Assignment, Classroom, Extension, read_code
from classrooms.standing import Counts
from lessons.models import Status
from quizzes.models import Draw, Purpose, QuestionVersion, Quiz, Release

MINUTES_A_DAY = 24 * 60


class WallClock(forms.DateTimeField):
    """A date and time as the clocks of `zone` show them; clean data is the moment, aware.

    A time that the change of clocks skips or repeats is refused with a reason.
    """

    # The browser sends the first; people without its calendar type the others.
    FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
    widget = forms.DateTimeInput(
        format=FORMATS[0],
        attrs={"type": "datetime-local", "min": "2000-01-01T00:00", "max": "2100-12-31T23:59"},
    )
    default_error_messages = {
        "invalid": gettext_lazy("Give a day and a time, such as 2026-03-31 17:00."),
        "year": gettext_lazy("Give a year from 2000 to 2100."),
    }

    def __init__(self, *, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(input_formats=self.FORMATS, **kwargs)
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = value.astimezone(self.zone).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        for wanted in self.FORMATS:
            try:
                wall = datetime.strptime(str(value).strip(), wanted)
            except ValueError:
                continue
            if not 2000 <= wall.year <= 2100:
                raise ValidationError(self.error_messages["year"], code="year")
            return zones.instant(wall, self.zone)
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class ZoneField(forms.CharField):
    """A select of common zones that accepts every zone there is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, widget=forms.Select, validators=[zones.check_zone], **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        self.widget.choices = zones.choices(str(bound.value() or ""))
        return bound


class ClassroomForm(forms.ModelForm):
    time_zone = ZoneField(
        label=gettext_lazy("Time zone"),
        initial="Asia/Seoul",
        help_text=gettext_lazy("Due dates are times on the clocks of this place."),
    )

    class Meta:
        model = Classroom
        fields = ["name", "time_zone"]
        labels = {"name": gettext_lazy("Name of the class")}


class JoinForm(forms.Form):
    """Only finds the way to the page of a code; whether it is good is said there."""

    code = forms.CharField(
        label=gettext_lazy("Join code"),
        max_length=40,
        help_text=gettext_lazy("Eight letters and digits from your teacher."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if not code.isalnum():
            raise ValidationError(_("A code has letters and digits only."))
        return code


class QuizChoice(forms.ModelChoiceField):
    """Quizzes that may be set, grouped by unit."""

    def __init__(self, **kwargs: Any) -> None:
        asks = QuestionVersion.objects.filter(question__places__quiz=OuterRef("pk"), status=Status.PUBLISHED)
        setable = Quiz.objects.exclude(purpose__in=(Purpose.CHECKPOINT, Purpose.REVIEW)).filter(
            Exists(asks) | Exists(Draw.objects.filter(quiz=OuterRef("pk")))
        )
        order = (F("lesson__unit__number").asc(nulls_last=True), "lesson__number", "pk")
        super().__init__(queryset=setable.select_related("lesson__unit").order_by(*order), **kwargs)

    def label_from_instance(self, quiz: Any) -> str:
        if quiz.purpose == Purpose.ASSIGNMENT:
            return _("%(title)s (for assignments only)") % {"title": quiz}
        return str(quiz)

    def grouped(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """Choices for the select; one query."""
        every = self.queryset.all() if self.queryset is not None else []
        mixed = _("Mixed: each pupil gets other questions")
        return [
            (unit or mixed, [(quiz.pk, self.label_from_instance(quiz)) for quiz in quizzes])
            for unit, quizzes in groupby(every, key=lambda q: str(q.lesson.unit) if q.lesson else "")
        ]


class AssignmentForm(forms.ModelForm):
    quiz = QuizChoice(label=gettext_lazy("Quiz"), empty_label=None)
    minutes = forms.IntegerField(
        label=gettext_lazy("Time limit in minutes"),
        required=False,
        min_value=1,
        max_value=7 * MINUTES_A_DAY,
        help_text=gettext_lazy("Counted from each pupil's start. Empty for none."),
    )
    tries = forms.IntegerField(
        label=gettext_lazy("Attempts allowed"),
        min_value=1,
        max_value=MOST_TRIES,
        initial=1,
    )
    question_tries = forms.IntegerField(
        label=gettext_lazy("Tries at each question"),
        min_value=1,
        max_value=MOST_QUESTION_TRIES,
        initial=1,
        required=False,
        help_text=gettext_lazy("More than one: a wrong answer brings a hint, and each try is worth a step less."),
    )
    certainty = forms.BooleanField(
        label=gettext_lazy("Ask with each answer how sure it is"),
        required=False,
        help_text=gettext_lazy("Shown to the pupil with the result. It does not change the score in the gradebook."),
    )
    release = forms.ChoiceField(
        label=gettext_lazy("Answers and explanations are shown"),
        choices=Release.choices,
        initial=Release.FINISH,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Assignment
        fields = ["quiz", "release", "tries", "counts", "question_tries", "certainty"]
        widgets = {"counts": forms.RadioSelect}

    def __init__(self, *args: Any, classroom: Classroom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.classroom = classroom
        where = {"place": classroom.place}
        times: dict[str, WallClock] = {
            "due": WallClock(
                zone=classroom.zone,
                label=_("Due"),
                help_text=_("%(place)s time. What comes later is marked late.") % where,
            ),
            "opens": WallClock(
                zone=classroom.zone,
                required=False,
                label=_("Opens"),
                help_text=_("%(place)s time. Empty: at once.") % where,
            ),
            "closes": WallClock(
                zone=classroom.zone,
                required=False,
                label=_("Closes"),
                help_text=_("%(place)s time. After this nothing is accepted. Empty: never.") % where,
            ),
        }
        self.fields.update(times)
        order = [
            "quiz",
            "due",
            "minutes",
            "tries",
            "counts",
            "release",
            "question_tries",
            "certainty",
            "opens",
            "closes",
        ]
        self.order_fields(order)
        self.fields["counts"].required = False  # the best, if nobody says otherwise
        for name in times:
            self.initial.setdefault(name, getattr(self.instance, name))
        if self.instance.limit:
            self.initial.setdefault("minutes", int(self.instance.limit.total_seconds() // 60))
        self.begun = self.instance.pk is not None and self.instance.works.exists()
        if self.begun:  # what pupils have begun stays what it was
            del self.fields["quiz"]
            self.fields["release"].help_text = _("An attempt that has begun keeps the rule it began with.")
        else:
            quiz = self.fields["quiz"]
            quiz.choices = quiz.grouped()  # type: ignore[attr-defined]

    def clean_question_tries(self) -> int:
        return self.cleaned_data["question_tries"] or 1

    def clean_counts(self) -> str:
        return self.cleaned_data["counts"] or Counts.BEST

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # Put on the instance before the model looks at them together.
        for name in ("due", "opens", "closes"):
            if name in cleaned:
                setattr(self.instance, name, cleaned[name])
        if "minutes" in cleaned:
            minutes = cleaned["minutes"]
            self.instance.limit = timedelta(minutes=minutes) if minutes else None
        return cleaned


class ExtensionForm(forms.ModelForm):
    """More time for one pupil."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes on top of the time limit"),
        required=False,
        min_value=1,
        max_value=MINUTES_A_DAY,
    )

    class Meta:
        model = Extension
        fields: list[str] = []

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignment = assignment
        room = assignment.classroom
        self.fields["until"] = WallClock(
            zone=room.zone,
            required=False,
            label=_("Not late before"),
            help_text=_("%(place)s time. It will not close for this pupil before then either.") % {"place": room.place},
            initial=self.instance.closes,
        )
        if assignment.limit is None:
            del self.fields["minutes"]
        elif self.instance.extra_time:
            self.fields["minutes"].initial = int(self.instance.extra_time.total_seconds() // 60)
        self.order_fields(["until", "minutes"])

    def clean_until(self) -> datetime | None:
        until = self.cleaned_data["until"]
        if until and until <= self.assignment.due:
            raise ValidationError(_("This is not later than the due date that everybody has."))
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Give a later date, or more minutes."))
        return cleaned

    @property
    def extra_time(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data.get("minutes") or 0)
