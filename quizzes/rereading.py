"""Whether an answer that was given to one version of a question can be judged by another. Pure."""

from collections.abc import Mapping
from typing import Any

from quizzes.questions import Json, Kind
from quizzes.questions.base import Cited


class Codes(dict[str, str]):
    """Sources and passages called by their own codes: all that reading an answer needs of them."""

    passages: Mapping[str, Cited] = {}


def readable(rules: Kind, content: Json, texts: Json, answer: Any, *, language: str) -> bool:
    """Whether the form of this version, filled with the answer, would give back just this answer.

    It does not where the answer names an option that is gone, lacks a part that has come, or was judged by a person.
    """
    about: dict[str, Any] = {"order": rules.orders(content), "language": language, "refs": Codes()}
    filled = rules.form(content, texts, answer=answer, **about)
    sent = {filled.add_prefix(name): value for name, value in filled.initial.items()}
    read = rules.form(content, texts, data=sent, **about)
    return read.is_valid() and read.answer == answer
