"""The two forms every kind builds on: one shows a question and reads an answer, one edits a question."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from quizzes.questions.base import MOST_HINTS, Json, Refs, is_key, new_key, plain, token


class Option(NamedTuple):
    """One thing to choose, as a template needs it; `plain` is for a <select>, which holds no markup."""

    value: str
    text: str
    plain: str
    checked: bool


class AnswerForm(forms.Form):
    """Shows one question without its stem, and reads the answer; `answer` is its clean JSON once valid.

    The page puts the id `stem-<prefix>` on the heading with the stem; the form refers to it.
    """

    default_renderer = TemplatesSetting  # the templates of the site, whatever FORM_RENDERER says
    use_required_attribute = False  # an empty answer gets our sentence, not the browser's
    answer: dict[str, Any]

    @property
    def error(self) -> str:
        """The one sentence that says what is wrong, or nothing."""
        if not self.is_bound:
            return ""
        found = [self.non_field_errors(), *self.errors.values()]
        return next((str(error) for errors in found for error in errors), "")

    def typed(self, name: str) -> str:
        """What stands in a field now: posted, or given before."""
        value = self[name].value()
        return "" if value is None else str(value)


class ChoicesForm(AnswerForm):
    """One of several options, or (`many`) any of them. `labels`: key -> text, in the order shown."""

    template_name = "quizzes/kinds/choices.html"

    def __init__(
        self,
        labels: Mapping[str, str],
        *,
        chosen: Sequence[str],
        many: bool = False,
        secret: bool = True,
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        """`secret` keys do not reach the page; those that are public anyway may."""
        self.many, self.labels = many, labels
        self.values = {key: token(text) if secret else key for key, text in labels.items()}
        before = [self.values[key] for key in chosen if key in self.values]
        super().__init__(data, prefix=prefix, initial={"choice": before if many else "".join(before[:1])})
        choices = [(value, key) for key, value in self.values.items()]
        unknown = _("Choose from the answers shown here.")
        if many:
            empty = _("Choose at least one answer, then check it.")
            errors = {"required": empty, "invalid_choice": unknown, "invalid_list": unknown}
            self.fields["choice"] = forms.MultipleChoiceField(choices=choices, error_messages=errors)
        else:
            errors = {"required": _("Choose an answer, then check it."), "invalid_choice": unknown}
            self.fields["choice"] = forms.ChoiceField(choices=choices, error_messages=errors)

    def options(self) -> list[Option]:
        value = self["choice"].value()
        chosen = value if isinstance(value, list | tuple) else [value]
        return [
            Option(value, self.labels[key], plain(self.labels[key]), value in chosen)
            for key, value in self.values.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        keys = {value: key for key, value in self.values.items()}
        if "choice" in cleaned:
            choice = cleaned["choice"]
            if self.many:
                self.answer = {"choices": sorted(keys[value] for value in choice)}
            else:
                self.answer = {"choice": keys[choice]}
        return cleaned


@dataclass(frozen=True)
class Row:
    """One row of an author's form in which something was written."""

    number: int
    key: str
    values: Mapping[str, str]

    def __getitem__(self, part: str) -> str:
        return self.values[part]


class AuthorForm(forms.Form):
    """What an editor fills in: stem, explanation, and the fields and rows of the kind.

    A kind's subclass says how the fields become the two JSON blocks (`build`) and back (`filled`); its own
    `check` is the only judge, and `places` tells beside which field each of its errors belongs. Once valid,
    `content` and `texts` are the blocks. A row's key stands in a hidden field, so an option keeps its key
    when its words change. A page shows the form with `{% include "admin/desk/_fieldsets.html" %}`.
    """

    use_required_attribute = False
    content: dict[str, Any]
    texts: dict[str, Any]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, content: Json | None = None, texts: Json | None = None
    ) -> None:
        content, texts = content or {}, texts or {}
        initial = {"stem": texts.get("stem", ""), "explanation": texts.get("explanation", "")}
        initial |= {f"hint_{n}": hint for n, hint in enumerate(texts.get("hints", ()), 1)}
        super().__init__(data, initial=initial | self.filled(content, texts))
        self.groups: list[tuple[Any, list[str]]] = []
        self.counts: dict[str, int] = {}
        self.places: dict[str, str] = {}
        self.add("", stem=paragraph(_("Question or statement")))
        self.lay_out()
        self.add("", explanation=paragraph(_("Explanation, with citations"), rows=4))
        hints = {f"hint_{n}": line(_("Hint %d") % n) for n in range(1, MOST_HINTS + 1)}
        hints["hint_1"].help_text = _("Shown one after the other, each after a wrong try; all may be left empty.")
        self.add(_("Hints, where there are several tries"), **hints)

    # What a kind says

    def check(self, content: Json, texts: Json) -> None:
        raise NotImplementedError

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        """Field names -> values, from the two blocks."""
        raise NotImplementedError

    def lay_out(self) -> None:
        """Add the kind's fields, with `add` and `add_rows`."""
        raise NotImplementedError

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The two blocks without stem and explanation, from what was typed; fills `places`."""
        raise NotImplementedError

    # What it needs for that

    def add(self, legend: Any, **fields: forms.Field) -> None:
        self.fields.update(fields)
        self.groups.append((legend, list(fields)))

    def add_rows(self, name: str, legend: Any, count: int, **parts: Callable[[], forms.Field]) -> None:
        """`count` rows of the fields `<name>_<n>_<part>`, each with its hidden key; `legend` has a `%d`."""
        self.counts[name] = count
        for n in range(1, count + 1):
            fields = {f"{name}_{n}_{part}": field() for part, field in parts.items()}
            self.add(legend % n, **fields, **{f"{name}_{n}_key": hidden()})

    def rows(self, typed: Mapping[str, Any], name: str, parts: Sequence[str], *, named_by: str = "text") -> list[Row]:
        """The rows in which something was written; a new one gets its key from the words in `named_by`."""
        numbers = range(1, self.counts[name] + 1)
        filled = [n for n in numbers if any(typed.get(f"{name}_{n}_{part}") for part in parts)]
        kept: dict[int, str] = {}
        for n in filled:
            key = typed.get(f"{name}_{n}_key", "")
            if is_key(key) and key not in kept.values():
                kept[n] = key
        found = []
        for n in filled:
            values = {part: typed.get(f"{name}_{n}_{part}", "") for part in parts}
            kept.setdefault(n, new_key(str(values[named_by]), kept.values()))
            found.append(Row(n, kept[n], values))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {name: tidy(value) for name, value in cleaned.items()}
        content, texts = self.build(typed)
        texts = {"stem": typed.get("stem", ""), "explanation": typed.get("explanation", "")} | texts
        hints = [(name, hint) for n in range(1, MOST_HINTS + 1) if (hint := typed.get(name := f"hint_{n}"))]
        if hints:
            texts["hints"] = [hint for _name, hint in hints]
            self.places |= {f"hints.{n}": name for n, (name, _hint) in enumerate(hints, 1)}
        try:
            self.check(content, texts)
        except ValidationError as wrong:
            for field, messages in wrong.message_dict.items():
                place = self.places.get(field, field)
                if place not in self.fields:
                    self.add_error(None, messages)
                elif place not in self.errors:
                    self.add_error(place, messages)
        else:
            self.content, self.texts = content, texts
        return cleaned

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """(legend, bound fields) of each group, for the page."""
        for legend, names in self.groups:
            yield legend, [self[name] for name in names]


class ReferringAuthorForm(AuthorForm):
    """Rows of a document or a passage out of a list, what is right about it, and its feedback.

    The fields are `<row>_<n>`, `<row>_<n>_right` and `<row>_<n>_feedback`; what is chosen is its own key.
    """

    block = "sources"  # of the content
    row = "source"
    most = 6
    named: Any = _("Source")
    legend: Any = _("Source %d")
    why: Any = _("Why it tempts, if it is wrong")
    open_row: Any = _("Choose the source, or clear the row.")

    def __init__(self, *args: Any, refs: Refs, **kwargs: Any) -> None:
        self.refs = refs
        super().__init__(*args, **kwargs)

    def offered(self) -> Iterable[tuple[str, str]]:
        """What the lists hold: (key, label)."""
        return self.refs.items()

    def verdict(self) -> forms.Field:
        """The field that says what is right about one row."""
        return tick(_("This is right"))

    def verdicts(self, content: Json) -> Mapping[str, Any]:
        """Key -> the value of that field."""
        raise NotImplementedError

    def right(self, verdicts: Mapping[str, Any]) -> Any:
        """The content's `right`, from those values."""
        raise NotImplementedError

    def lay_out(self) -> None:
        choices = [("", "—"), *self.offered()]
        for n in range(1, self.most + 1):
            fields = {
                f"{self.row}_{n}": forms.ChoiceField(label=self.named, choices=choices, required=False),
                f"{self.row}_{n}_right": self.verdict(),
                f"{self.row}_{n}_feedback": paragraph(self.why),
            }
            self.add(self.legend % n, **fields)

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        initial = {}
        verdicts = self.verdicts(content) if content else {}
        for n, key in enumerate(content.get(self.block, ()), 1):
            initial[f"{self.row}_{n}"] = key
            initial[f"{self.row}_{n}_right"] = verdicts.get(key)
            initial[f"{self.row}_{n}_feedback"] = (texts.get("feedback") or {}).get(key, "")
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        keys: list[str] = []
        verdicts: dict[str, Any] = {}
        feedback: dict[str, str] = {}
        self.places |= {self.block: f"{self.row}_1", "right": f"{self.row}_1_right"}
        for n in range(1, self.most + 1):
            place = f"{self.row}_{n}"
            key, verdict, why = (typed.get(f"{place}{part}", "") for part in ("", "_right", "_feedback"))
            if not key and (verdict or why) and place not in self.errors:
                self.add_error(place, self.open_row)
            if key:
                keys.append(key)
                verdicts[key] = verdict
                feedback |= {key: why} if why else {}
                self.places |= {f"feedback.{key}": f"{place}_feedback", f"right.{key}": f"{place}_right"}
        return {self.block: keys, "right": self.right(verdicts)}, {"feedback": feedback}


def tidy(value: Any) -> Any:
    """Browsers send line ends as CR LF; the files hold LF."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


# Nothing is required by the fields themselves: `check` knows what is, and says it better.


def line(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput({"size": 80})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def paragraph(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea({"rows": rows, "cols": 80})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def tick(label: Any, help_text: Any = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def hidden() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput)
