"""The editors' desk as a browser meets it: what a page's form would post, and records to work on."""

import re
from html.parser import HTMLParser
from typing import Any

from django.urls import reverse

from lessons.models import Claim, Passage, Source
from tests.samples import REFS


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


def make_library() -> None:
    """Three documents, with the claims that the samples cite; WP-7b is contested, WP-1a garbled."""
    for prefix, slug in (("WP", "white-paper-2019"), ("DE", "dividends-essay"), ("TF", "thaw-forces")):
        texts = {"en": {"title": slug, "short": REFS[slug], "byline": slug}}
        Source.objects.create(slug=slug, prefix=prefix, dated="2019-08", texts=texts)
    checks = {"WP-7b": "contested", "WP-1a": "garbled"}
    for code in ("WP-16a", "WP-7b", "WP-1a", "WP-19a", "DE-34b", "DE-35a"):
        prefix, number = code[:-1].split("-")
        passage = Passage.objects.create(
            code=code[:-1], source=Source.objects.get(prefix=prefix), number=number, texts={"en": {"gist": "A gist."}}
        )
        texts = {"en": {"says": f"It says {code}.", "holder": "Tokyo" if code in checks else ""}}
        check = checks.get(code, "ok")
        Claim.objects.create(code=code, passage=passage, kind="fact", check_result=check, texts=texts)
