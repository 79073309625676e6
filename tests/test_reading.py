"""What a visitor reads: every page opens, every link leads somewhere, every margin note can be followed."""

import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from lessons import markup
from lessons.models import Check, Claim, Event, Lesson, LessonVersion, Passage, Series, Source, Status, Term, Unit
from quizzes.models import Purpose, Quiz
from tests.base import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curriculum")]

CITATION = re.compile(r'<a data-cite="([^"]+)" href="([^"]+)"([^>]*)>')


def page(address: str, client: Client | None = None) -> str:
    response = (client or Client()).get(address)
    assert response.status_code == 200, (address, response.status_code)
    return str(response.content.decode())


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]*)"', html)


def published() -> list[LessonVersion]:
    return list(LessonVersion.objects.filter(status=Status.PUBLISHED).select_related("lesson__unit"))


def public_pages() -> list[str]:
    """Every address that a visitor can open, by name."""
    pages = [reverse(name) for name in ("home", "source-list", "timeline", "terms", "account_login")]
    pages += [thing.get_absolute_url() for model in (Unit, Source, Lesson) for thing in model.objects.all()]
    return pages + [quiz.get_absolute_url() for quiz in Quiz.objects.exclude(purpose=Purpose.ASSIGNMENT)]


# --- every page --------------------------------------------------------------------------------------------


def test_a_visitor_can_read_everything(record_property: Callable[[str, object], None]) -> None:
    heaviest = 0
    for address in public_pages():
        html = page(address)
        heaviest = max(heaviest, len(html.encode()))
        assert 'class="missing"' not in html, address
        text = re.sub(r"<[^>]*>", " ", html.partition("<main")[2].partition("</main>")[0])
        for leftover in ("[WP-", "[BC-", "[DE-", "[RS-", "[TF-", "[[", "{ko:", "{ja:", ":::", "{{", "{%"):
            assert leftover not in text, (address, leftover)
        assert not re.search(r"\*\*\w", text), address  # bold; the essay itself prints "***" and "** Island"
    record_property("largest page bytes", heaviest)
    assert heaviest < 200_000


def test_every_link_leads_to_a_page_and_its_anchor(record_property: Callable[[str, object], None]) -> None:
    """Walk the whole site from the map, as a visitor."""
    client, seen, waiting, broken = Client(), dict[str, set[str] | None](), {("/", "")}, []
    wanted: set[tuple[str, str, str]] = set()
    while waiting:
        address, came_from = waiting.pop()
        if address in seen:
            continue
        response: Any = client.get(address)
        if response.status_code == 302:
            seen[address] = None  # a page for those who signed in
            continue
        if response.status_code != 200:
            broken.append(f"{came_from} -> {address}: {response.status_code}")
            seen[address] = None
            continue
        html = response.getvalue().decode()
        seen[address] = set(ids(html))
        for found in re.findall(r'<a\b[^>]*?\shref="([^"]*)"', html):
            to, anchor = urldefrag(urljoin(address, unescape(found)))
            if to.startswith("/"):
                wanted.add((address, to, anchor))
                waiting.add((to, address))
            else:
                assert re.match(r"https://|mailto:", to), (address, to)
    broken += [
        f"{came_from} -> {to}#{anchor}"
        for came_from, to, anchor in wanted
        if anchor and (there := seen[to]) is not None and anchor not in there
    ]
    record_property("links followed", len(wanted))
    assert broken == []
    checkpoints = Quiz.objects.filter(purpose=Purpose.CHECKPOINT)  # they are taken in the text
    assert set(public_pages()) - set(seen) <= {quiz.get_absolute_url() for quiz in checkpoints}


def test_ids_are_unique_and_labels_have_their_field() -> None:
    for address in public_pages():
        html = page(address)
        found = ids(html)
        assert len(found) == len(set(found)), (address, {key for key in found if found.count(key) > 1})
        for attribute in ("for", "aria-labelledby", "aria-describedby"):
            for keys in re.findall(rf'\s{attribute}="([^"]*)"', html):
                assert set(keys.split()) <= set(found), (address, attribute, keys)


def test_no_page_holds_script_or_style_or_asks_another_origin() -> None:
    for address in public_pages():
        html = page(address)
        assert not re.search(r"<[a-z][^>]*\s(?:style|on[a-z]+)\s*=", html), address
        assert not re.search(r"<style|javascript:", html), address
        for attributes, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.S):
            assert "src=" in attributes or "nonce=" in attributes, (address, attributes)
            assert not body.strip(), address
        assert not re.findall(r'\s(?:src|srcset|action)="(?:https?:)?//', html), address


def test_pages_say_what_a_browser_may_do_with_them() -> None:
    response = Client().get("/")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]


def test_every_page_has_one_title_one_heading_and_its_language() -> None:
    titles = {}
    for address in public_pages():
        html = page(address)
        assert '<html lang="en">' in html
        assert len(re.findall(r"<h1\b", html)) == 1, address
        [titles[address]] = re.findall(r"<title>([^<]+)</title>", html.partition("</head>")[0])
    same = [title for title in titles.values() if list(titles.values()).count(title) > 1]
    assert set(same) <= {titles[quiz.get_absolute_url()] for quiz in Quiz.objects.filter(purpose=Purpose.CHECKPOINT)}


# --- citations ---------------------------------------------------------------------------------------------


def test_citations_lead_to_the_paragraph_of_their_document() -> None:
    claims = {claim.code: claim for claim in Claim.objects.select_related("passage__source")}
    anchors = {source.get_absolute_url(): set(ids(page(source.get_absolute_url()))) for source in Source.objects.all()}
    for version in published():
        html = page(version.lesson.get_absolute_url())
        found = CITATION.findall(html)
        assert len(found) > 10
        shown: set[str] = set()
        for code, href, more in found:
            also = re.search(r'data-also="([^"]*)"', more)
            shown |= {code, *(also[1].split() if also else ())}
            address, anchor = urldefrag(href)
            assert anchor in anchors[address], href
            if code in claims:
                assert href == claims[code].get_absolute_url()
                assert re.fullmatch(r"/sources/[a-z0-9-]+/#p\d+", href)
        scan = markup.scan(version.body)
        assert {cited.code for cited in scan.claims} | set(scan.errata) <= shown, version.lesson.slug


def test_a_citation_opens_a_note_that_names_the_document_and_the_holder() -> None:
    for version in published():
        html = page(version.lesson.get_absolute_url())
        notes = re.findall(r'<input class="open" type="checkbox" id="([^"]+)"[^>]*><label class="ref" for="\1">', html)
        assert len(notes) > 5
        contested = {c.code: c for c in markup.scan(version.body).claims if c.holder}
        for code, cited in contested.items():
            assert Claim.objects.get(code=code).check_result in (Check.CONTESTED, *Check.values)
            assert unescape(html).count(cited.holder) >= 1, (version.lesson.slug, code)


def test_a_source_shows_every_paragraph_and_where_it_is_taught() -> None:
    for source in Source.objects.all():
        html = page(source.get_absolute_url())
        numbers = source.passages.values_list("number", flat=True)
        assert {f"p{number}" for number in numbers} <= set(ids(html))
        for version in LessonVersion.objects.filter(status=Status.PUBLISHED, claims__passage__source=source).distinct():
            assert f'href="{version.lesson.get_absolute_url()}"' in html


def test_back_links_stand_at_the_paragraphs_that_a_lesson_cites_and_at_no_other() -> None:
    lesson = published()[0]
    address = lesson.lesson.get_absolute_url()
    for source in Source.objects.filter(passages__claims__lesson_versions=lesson).distinct():
        html = page(source.get_absolute_url())
        parts = dict(re.findall(r'<li id="p(\d+)"(.*?)(?=<li id="p\d+"|</ol></section>)', html, re.S))
        cited = set(
            Passage.objects.filter(source=source, claims__lesson_versions=lesson).values_list("number", flat=True)
        )
        assert {int(n) for n, part in parts.items() if f'href="{address}"' in part} == cited


def test_errata_stand_beside_their_paragraph() -> None:
    for source in Source.objects.all():
        html = unescape(page(source.get_absolute_url()))
        for claim in Claim.objects.filter(passage__source=source).exclude(errata=None).prefetch_related("errata"):
            assert all(erratum.code in html for erratum in claim.errata.all()), claim.code


# --- lessons -----------------------------------------------------------------------------------------------


def test_terms_open_in_place_and_lead_to_their_entry() -> None:
    entries = page(reverse("terms"))
    assert set(Term.objects.values_list("slug", flat=True)) <= set(ids(entries))
    for version in published():
        html = page(version.lesson.get_absolute_url())
        for slug in markup.scan(version.body).terms:
            mark = rf'<input class="open word" type="checkbox" id="(t-{slug}[^"]*)"[^>]*><label[^>]*for="\1"'
            named = f"::: names {slug}" in version.body  # shown with both names, in a block of its own
            assert named or re.search(mark, html), (version.lesson.slug, slug)
        for slug in version.terms:
            assert f'href="{reverse("terms")}#{slug}"' in html


def test_both_names_are_shown_where_there_are_two() -> None:
    html = page(reverse("terms"))
    pairs = Term.objects.filter(kind=Term.Kind.PAIR)
    assert pairs
    for term in pairs:
        assert re.search(rf'lang="ko"[^>]*>{term.korean_native}', html), term.slug
        assert re.search(rf'lang="ja"[^>]*>{term.japanese_native}', html), term.slug


def test_korean_and_japanese_words_are_marked_with_their_language() -> None:
    """So that a screen reader says them, and a browser takes the right glyphs."""
    hangul = re.compile(r"[\uac00-\ud7af]+")
    for address in public_pages():
        html = page(address).partition("<main")[2].partition("</main>")[0]
        html = re.sub(r'<(\w+)[^>]*\slang="ko"[^>]*>.*?</\1>', "", html, flags=re.S)
        assert hangul.findall(re.sub(r"<[^>]*>", "", html)) == [], address


def test_figures_are_drawn_with_their_table_and_description() -> None:
    for version in published():
        html = page(version.lesson.get_absolute_url())
        for slug in markup.scan(version.body).series:
            series = Series.objects.get(slug=slug)
            assert unescape(html).count(series.title) >= 1
            assert '<svg class="chart"' in html
            assert 'role="img"' in html
            for row in series.rows():
                assert row["claim"] is None or re.search(rf'data-(?:cite|also)="[^"]*\b{row["claim"]}\b', html)


def test_a_lesson_leads_on_to_its_quiz_and_its_neighbours() -> None:
    unit = list(published())
    unit.sort(key=lambda version: (version.lesson.unit.number, version.lesson.number))
    for before, after in pairwise(unit):
        if before.lesson.unit_id == after.lesson.unit_id:
            html = page(before.lesson.get_absolute_url())
            closing = before.lesson.quizzes.get(purpose=Purpose.CLOSING)
            assert re.search(rf'rel="next"[^>]*href="{closing.get_absolute_url()}"', html)
            assert f'href="{after.lesson.get_absolute_url()}"' in html
            assert f'href="{before.lesson.get_absolute_url()}"' in page(after.lesson.get_absolute_url())


def test_a_lesson_says_first_what_the_reader_will_be_able_to_do() -> None:
    for version in published():
        html = unescape(page(version.lesson.get_absolute_url()))
        places = [html.index(objective) for objective in version.objectives]
        assert max(places) < html.index("data-cite", html.index("<h2")), version.lesson.slug


def test_what_is_not_published_is_not_there() -> None:
    lesson = Lesson.objects.get(slug="three-chemicals")
    old = lesson.versions.get(status=Status.PUBLISHED)
    LessonVersion(lesson=lesson, **old.words() | {"title": "Not yet finished"}).add()
    assert "Not yet finished" not in page(lesson.get_absolute_url())
    empty = Lesson.objects.create(unit=lesson.unit, slug="nothing-yet", number=9)
    LessonVersion(lesson=empty, title="A draft", summary="S", body="B").add()
    assert Client().get(empty.get_absolute_url()).status_code == 404
    assert "A draft" not in page(lesson.unit.get_absolute_url())


def test_a_new_version_is_read_at_once() -> None:
    lesson = Lesson.objects.get(slug="three-chemicals")
    address = lesson.get_absolute_url()
    page(address)
    old = lesson.versions.get(status=Status.PUBLISHED)
    LessonVersion(lesson=lesson, **old.words() | {"title": "A fresh title"}).add().publish()
    assert "A fresh title" in page(address)


def test_a_changed_record_is_read_at_once() -> None:
    claim = Claim.objects.filter(lesson_versions__status=Status.PUBLISHED, check_result=Check.OK, errata=None).first()
    assert claim is not None
    address = claim.lesson_versions.get(status=Status.PUBLISHED).lesson.get_absolute_url()
    page(address)
    claim.note = "A remark made just now."
    claim.save()
    assert "A remark made just now." in page(address)


# --- other pages -------------------------------------------------------------------------------------------


def test_units_to_come_say_so() -> None:
    for unit in Unit.objects.all():
        html = unescape(page(unit.get_absolute_url()))
        assert unit.title in html
        assert unit.why in html
        assert ("Being written" in html) == (len(unit.planned) > unit.lessons.count())


def test_the_timeline_holds_every_event_in_its_order() -> None:
    html = unescape(page(reverse("timeline")))
    places = [html.index(event.event) for event in Event.objects.all()]
    assert len(places) == Event.objects.count()
    assert sorted(places) == places


def test_both_names_of_the_sea_and_the_islands_are_used() -> None:
    for address in public_pages():
        text = re.sub(r"<[^>]*>", " ", unescape(page(address)))
        for one, other in (("Sea of Japan", "East Sea"), ("Dokdo", "Takeshima")):
            assert (one in text) == (other in text), (address, one)


def test_a_reader_who_signed_in_sees_the_same_lessons(alice: User) -> None:
    client = client_of(alice)
    for version in published():
        assert version.title in unescape(page(version.lesson.get_absolute_url(), client))


@pytest.mark.parametrize("address", ["/lessons/nothing/", "/sources/nothing/", "/units/nothing/", "/ko/", "/nothing"])
def test_what_does_not_exist_has_a_page_that_says_so(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
