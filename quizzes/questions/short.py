"""A short answer in two or three sentences, judged by a person against a rubric.

In practice the learner judges it beside the sample answers, in an assignment a teacher does; the one who judges
says which points of the rubric it meets, and credit is their share. Until then there is no credit (None).
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions.base import Check, Json, Order, Part, Refs, no_answer, plain, several, token, words
from quizzes.questions.forms import AnswerForm, AuthorForm, Option, line, paragraph, tidy

label = _("Short answer")
MOST_POINTS, MOST_SAMPLES = 5, 3
LONGEST = 1500  # characters: ten sentences, so that nobody is cut off at three


def written(answer: Json | None) -> str:
    text = answer.get("text") if answer else None
    return text if isinstance(text, str) else ""


def judged(answer: Json | None) -> bool:
    """Whether somebody has said which points it meets."""
    return bool(answer) and isinstance((answer or {}).get("met"), list)


# The contract


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"points"}, says={"points", "samples", "feedback"})
    points = found.keys("points", 1, MOST_POINTS)
    found.words("points", points, different=True)
    samples = found.texts.get("samples")
    if not isinstance(samples, list) or not 1 <= len(samples) <= MOST_SAMPLES:
        found.wrong("samples", now("Give one to %(most)d sample answers.") % {"most": MOST_SAMPLES})
    else:
        for n, sample in enumerate(samples, 1):
            found.text(f"samples.{n}", sample)
    found.words("feedback", points)
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {}


class ShortForm(AnswerForm):
    template_name = "quizzes/kinds/short.html"
    longest = LONGEST

    def __init__(self, *, before: str, data: Mapping[str, Any] | None = None, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix, initial={"text": before})
        errors = {
            "required": _("Write two or three sentences, then send them."),
            "max_length": _("At most %(limit_value)d characters; yours has %(show_value)d."),
        }
        self.fields["text"] = forms.CharField(max_length=LONGEST, error_messages=errors)

    def shown(self) -> str:
        return self.typed("text")

    def clean_text(self) -> str:
        text = tidy(self.cleaned_data["text"])
        if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
            raise ValidationError(_("Holds a character that cannot be stored; type the text again."))
        self.answer = {"text": text}
        return str(text)


class AssessForm(AnswerForm):
    """The answer beside the samples, and a box for each point of the rubric; none ticked is an answer too."""

    template_name = "quizzes/kinds/short_assess.html"

    def __init__(
        self, points: Mapping[str, str], *, text: str, samples: list[str], data: Any = None, prefix: str = "",
        met: list[str] | None = None,
    ) -> None:  # fmt: skip
        self.text, self.samples, self.points = text, samples, points
        self.values = {key: token(words) for key, words in points.items()}
        before = [self.values[key] for key in met or () if key in self.values]
        super().__init__(data, prefix=prefix, initial={"met": before})
        choices = [(value, key) for key, value in self.values.items()]
        unknown = _("Choose from the points shown here.")
        self.fields["met"] = forms.MultipleChoiceField(
            choices=choices, required=False, error_messages={"invalid_choice": unknown, "invalid_list": unknown}
        )
        # Without it a second press of the first form's button would count as "meets nothing".
        self.fields["assessed"] = forms.CharField(error_messages={"required": _("Tick what your answer says.")})

    def options(self) -> list[Option]:
        chosen = self["met"].value() or []
        return [Option(v, self.points[key], plain(self.points[key]), v in chosen) for key, v in self.values.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        met = cleaned.get("met", [])
        self.answer = {"text": self.text, "met": [key for key, value in self.values.items() if value in met]}
        return cleaned


def form(
    content: Json,
    texts: Json,
    *,
    order: Order,
    language: str,
    refs: Refs,
    data: Mapping[str, Any] | None = None,
    prefix: str = "",
    answer: Json | None = None,
) -> AnswerForm:
    return ShortForm(before=written(answer), data=data, prefix=prefix)


def assessment(
    content: Json, texts: Json, answer: Json | None, *, data: Mapping[str, Any] | None = None, prefix: str = ""
) -> AnswerForm:
    """The form of whoever judges an answer: its author in practice, a teacher in an assignment."""
    points = {key: words(texts, "points", key) for key in content["points"]}
    met = several(answer, "met") if judged(answer) else None
    samples = [str(sample) for sample in texts.get("samples", ())]
    return AssessForm(points, text=written(answer), samples=samples, data=data, prefix=prefix, met=met)


def grade(content: Json, answer: Json | None) -> Grade:
    if not written(answer):
        return Grade(0.0)
    if not judged(answer):
        return Grade(None)
    met = {key: key in several(answer, "met") for key in content["points"]}
    return Grade(sum(met.values()) / len(met), met)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    """The points that it does not meet."""
    if not judged(answer):
        return ()
    return tuple(key for key in content["points"] if key not in several(answer, "met"))


def solution(content: Json) -> dict[str, Any]:
    return {"text": "…", "met": list(content["points"])}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return " ".join(written(answer).split()) or no_answer()


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    """What was written beside a sample, then each point of the rubric; nothing is right or wrong until judged."""
    sample = str((texts.get("samples") or [""])[0])
    said = {True: now("Said"), False: now("Not said")}
    found = [Part(now("In your words"), written(answer) or no_answer(), sample, None)]
    if judged(answer):
        met = several(answer, "met")
        found += [
            Part(words(texts, "points", key), said[key in met], said[True], key in met) for key in content["points"]
        ]
    return found


def bucket(content: Json, answer: Json | None) -> str:
    """Which points it meets; "written" while nobody has judged it."""
    if not written(answer):
        return ""
    return "+".join(sorted({*several(answer, "met")} & {*content["points"]})) if judged(answer) else "written"


class ShortAuthorForm(AuthorForm):
    def lay_out(self) -> None:
        parts = {"text": lambda: line(_("What a good answer says")), "feedback": lambda: paragraph(_("If it does not"))}
        self.add_rows("point", _("Point %d of the rubric"), MOST_POINTS, **parts)
        samples = {f"sample_{n}": paragraph(_("Sample answer %d") % n, rows=3) for n in range(1, MOST_SAMPLES + 1)}
        self.add(_("Sample answers, shown after the learner's own"), **samples)

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        initial = {f"sample_{n}": sample for n, sample in enumerate(texts.get("samples", ()), 1)}
        for n, key in enumerate(content.get("points", ()), 1):
            initial[f"point_{n}_key"] = key
            initial[f"point_{n}_text"] = words(texts, "points", key)
            initial[f"point_{n}_feedback"] = (texts.get("feedback") or {}).get(key, "")
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        rows = self.rows(typed, "point", ("text", "feedback"))
        for row in rows:
            self.places[f"points.{row.key}"] = f"point_{row.number}_text"
            self.places[f"feedback.{row.key}"] = f"point_{row.number}_feedback"
        samples = [(name, typed[name]) for n in range(1, MOST_SAMPLES + 1) if typed.get(name := f"sample_{n}")]
        self.places |= {"points": "point_1_text", "samples": "sample_1"}
        self.places |= {f"samples.{n}": name for n, (name, _text) in enumerate(samples, 1)}
        texts = {
            "points": {row.key: row["text"] for row in rows},
            "samples": [text for _name, text in samples],
            "feedback": {row.key: row["feedback"] for row in rows if row["feedback"]},
        }
        return {"points": [row.key for row in rows]}, texts

    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return ShortAuthorForm(data, content=content, texts=texts)
