"""How a learner wants to review; what a certificate is to say and to show."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from progress.models import Certificate, StudyPlan
from progress.models.study import FARTHEST

GOALS = (5, 10, 20, 30, 50)


def goals(now: int) -> list[tuple[int, str]]:
    """The goals offered, with the one that is set."""
    return [(goal, ngettext("%d question", "%d questions", goal) % goal) for goal in sorted({*GOALS, now})]


class StudyPlanForm(forms.ModelForm):
    daily_goal = forms.TypedChoiceField(label=_("Questions a day"), coerce=int)

    class Meta:
        model = StudyPlan
        fields = ["daily_goal", "exam_on", "certainty"]
        labels = {"exam_on": _("Day of an exam"), "certainty": _("Ask me how sure I am of each answer")}
        help_texts = {
            "exam_on": _("Questions then come back a little earlier, so that they are fresh on that day."),
            "certainty": _("Then what you were sure of and got wrong comes first."),
        }
        widgets = {"exam_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["daily_goal"].choices = goals(self.instance.daily_goal)  # type: ignore[attr-defined]
        self.fields["daily_goal"].help_text = _("Twenty take about ten minutes. What is beyond the goal is kept.")

    def clean_exam_on(self) -> date | None:
        day: date | None = self.cleaned_data["exam_on"]
        if day and "exam_on" in self.changed_data:  # a day that has passed meanwhile may stay
            if day < self.today:
                raise forms.ValidationError(_("That day is over. Give a later one, or none."))
            if day > self.today + FARTHEST:
                raise forms.ValidationError(_("That is more than three years away. Check the year."))
        return day


class ChoicesForm(forms.ModelForm):
    """What the public page of a certificate shows."""

    class Meta:
        model = Certificate
        fields = ["shows_name", "shows_evidence"]
        help_texts = {
            "shows_name": _("Otherwise the page says only that a certificate with this code is valid."),
            "shows_evidence": _("For each lesson the best result, its date and the number of questions."),
        }

    def save(self, commit: bool = True) -> Certificate:
        """Only the choices are written: the rest of a certificate never changes."""
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance


JOINERS = "\u200c\u200d"  # inside words of some scripts, and inside emoji


class IssueForm(ChoicesForm):
    class Meta(ChoicesForm.Meta):
        fields = ["name", *ChoicesForm.Meta.fields]
        labels = {"name": _("Your name on it")}
        help_texts = ChoicesForm.Meta.help_texts | {
            "name": _("As you want it printed. Without a name there is a line to write it on by hand.")
        }
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})}

    def clean_name(self) -> str:
        """Composed letters, single spaces; no control characters, and none that turn the direction of what follows."""
        name = " ".join(unicodedata.normalize("NFC", self.cleaned_data["name"]).split())
        strange = [c for c in name if unicodedata.category(c)[0] == "C" and c not in JOINERS]
        if strange:
            raise forms.ValidationError(
                _("The name holds a character that cannot be seen (%s). Type it again without that character.")
                % f"U+{ord(strange[0]):04X}"
            )
        return name
