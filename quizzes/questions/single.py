"""Single choice: one of two to six options is right; every other one says why it tempts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.grading import Grade
from quizzes.questions import choosing
from quizzes.questions.base import Check, Json, Order, Part, Refs, shown, words
from quizzes.questions.forms import AnswerForm, AuthorForm, ChoicesForm, line, paragraph, tick

label = _("Single choice")
MOST = 6


def check(content: object, texts: object) -> None:
    found = Check(content, texts, has={"options", "right"}, says={"options", "feedback"})
    options = found.keys("options", 2, MOST)
    right = found.one_of("right", options)
    found.words("options", options, different=True)
    if right:
        found.words("feedback", [key for key in options if key != right])
    found.done()


def orders(content: Json) -> dict[str, list[str]]:
    return {"options": list(content["options"])}


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
    labels = {key: words(texts, "options", key) for key in shown(order, "options", content["options"])}
    return ChoicesForm(labels, chosen=[choosing.chosen(answer)], data=data, prefix=prefix)


def grade(content: Json, answer: Json | None) -> Grade:
    return choosing.grade(content["right"], answer)


def feedback(content: Json, answer: Json | None) -> tuple[str, ...]:
    return choosing.feedback(content["right"], answer)


def solution(content: Json) -> dict[str, Any]:
    return {"choice": content["right"]}


def _options(content: Json, texts: Json) -> dict[str, str]:
    return {key: words(texts, "options", key) for key in content["options"]}


def describe(content: Json, texts: Json, answer: Json | None, *, language: str, refs: Refs) -> str:
    return choosing.describe(_options(content, texts), answer)


def rows(content: Json, texts: Json, answer: Json | None, *, refs: Refs, language: str = "en") -> list[Part]:
    return choosing.rows(_options(content, texts), content["right"], answer)


def bucket(content: Json, answer: Json | None) -> str:
    return choosing.chosen(answer)


class OptionsAuthorForm(AuthorForm):
    """Six rows of words, right or not, and why they tempt; other kinds with such rows use it too."""

    block = "options"  # of content and texts
    row = "option"
    legend = _("Option %d")
    ticked = _("This is right")
    why = _("Why it tempts, if it is wrong")

    def lay_out(self) -> None:
        self.add_rows(
            self.row,
            self.legend,
            MOST,
            text=lambda: line(_("Words")),
            right=lambda: tick(self.ticked),
            feedback=lambda: paragraph(self.why),
        )

    def filled(self, content: Json, texts: Json) -> dict[str, Any]:
        initial = {}
        right = self.right_keys(content)
        for n, key in enumerate(content.get(self.block, ()), 1):
            initial[f"{self.row}_{n}_key"] = key
            initial[f"{self.row}_{n}_text"] = words(texts, self.block, key)
            initial[f"{self.row}_{n}_right"] = key in right
            initial[f"{self.row}_{n}_feedback"] = (texts.get("feedback") or {}).get(key, "")
        return initial

    def build(self, typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        rows = self.rows(typed, self.row, ("text", "right", "feedback"))
        for row in rows:
            self.places[f"{self.block}.{row.key}"] = f"{self.row}_{row.number}_text"
            self.places[f"feedback.{row.key}"] = f"{self.row}_{row.number}_feedback"
        self.places |= {self.block: f"{self.row}_1_text", "right": f"{self.row}_1_right"}
        content = {
            self.block: [row.key for row in rows],
            "right": self.right([row.key for row in rows if row["right"]]),
        }
        texts = {
            self.block: {row.key: row["text"] for row in rows},
            "feedback": {row.key: row["feedback"] for row in rows if row["feedback"]},
        }
        return content, texts

    def right_keys(self, content: Json) -> list[str]:
        raise NotImplementedError

    def right(self, keys: list[str]) -> Any:
        """The content's `right`, from the rows that were ticked."""
        raise NotImplementedError


class SingleAuthorForm(OptionsAuthorForm):
    def check(self, content: Json, texts: Json) -> None:
        check(content, texts)

    def right_keys(self, content: Json) -> list[str]:
        return [content["right"]] if "right" in content else []

    def right(self, keys: list[str]) -> Any:
        return keys[0] if len(keys) == 1 else None


def author_form(
    data: Mapping[str, Any] | None = None,
    *,
    content: Json | None = None,
    texts: Json | None = None,
    refs: Refs,
) -> AuthorForm:
    return SingleAuthorForm(data, content=content, texts=texts)
