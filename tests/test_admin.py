"""The editors' desk: what an editor may do there, and that nothing typed is ever lost."""

import re
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image as Pillow

from lessons.admin.differences import compare
from lessons.loader import stand
from lessons.models import (
    Claim,
    Erratum,
    Event,
    Image,
    Lesson,
    LessonVersion,
    Origin,
    Passage,
    Record,
    Series,
    Source,
    Status,
    Term,
    Unit,
)
from quizzes.models import Question, QuestionVersion, Quiz
from quizzes.questions import KINDS
from tests.base import client_of, give, make_lesson, make_question, make_quiz, make_user, start
from tests.samples import REFS, SAMPLES

pytestmark = pytest.mark.django_db
ADMIN_KINDS = (Unit, Source, Passage, Claim, Erratum, Event, Term, Series, Quiz)


class Form(HTMLParser):
    """What a browser would post: the fields of the page's main form, as they stand."""

    def __init__(self, response: Any, ending: str) -> None:
        super().__init__()
        self.ending, self.inside, self.data = ending, False, {}
        self.area = self.select = ""
        self.feed(response.content.decode())

    def put(self, name: str, value: str) -> None:
        if name in self.data:
            known = self.data[name]
            self.data[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            self.data[name] = value

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        at = dict(attrs)
        if tag == "form":
            self.inside = at.get("id", "").endswith(self.ending)
        name = at.get("name")
        if not self.inside or "disabled" in at:
            return
        if tag == "input" and name:
            box = at.get("type") in ("checkbox", "radio")
            if (not box or "checked" in at) and at.get("type") not in ("submit", "file"):
                self.put(name, at.get("value", "on" if box else ""))
        elif tag == "textarea":
            self.area, self.text = name or "", ""
        elif tag == "select":
            self.select = name or ""
            self.chosen = None
        elif tag == "option" and self.select and ("selected" in at or self.chosen is None):
            self.chosen = at.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            text = self.text.removeprefix("\n")
            self.put(self.area, text.replace("\n", "\r\n"))  # as browsers send it
            self.area = ""
        elif tag == "select" and self.select:
            if self.chosen is not None:
                self.put(self.select, self.chosen)
            self.select = ""
        elif tag == "form":
            self.inside = False


def form_of(response: Any) -> dict[str, Any]:
    assert response.status_code == 200
    return Form(response, "_form").data


def change(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def desk(edith: Any) -> Any:
    """Edith's browser."""
    return client_of(edith)


@pytest.fixture(scope="module")
def shipped(django_db_setup: Any, django_db_blocker: Any) -> Any:
    """The shipped curriculum, loaded once for the tests of this module that ask for it."""
    with django_db_blocker.unblock():
        call_command("load_curriculum", stdout=StringIO())
        yield
        call_command("flush", verbosity=0, interactive=False)
