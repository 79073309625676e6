"""A document's own words: how a file of them is read, and that only those see them who may."""

import gc
import types
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from jkrel import still
from lessons import originals, reading
from lessons.models import Original, Source
from quizzes.models import Quiz
from tests.base import client_of, start
from tests.test_access import CELLS
from tests.world import World, build, right_answer

SLUG = "white-paper-2019"
PAGE = f"/sources/{SLUG}/"
LESSON = "/lessons/three-chemicals/"
MARK = "zq7sealed"  # stands in every paragraph that is attached here, and by chance in no token
LINES = [f"{MARK} words of paragraph {n}." for n in range(1, 27)]


# --- a file --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A title\n\nThe first.\nThe second.\n", {1: "A title", 2: "The first.", 3: "The second."}),
        ("  A  title\t \n\u3000\n\n\nThe first.", {1: "A title", 2: "The first."}),
        ("[1] A title\n[2] The first,\nover two lines.", {1: "A title", 2: "The first, over two lines."}),
        ("[2]\nThe first.\n\n[1]\nA title", {1: "A title", 2: "The first."}),
        (
            "1. A title\n2. It grew by 3.5 per cent\n10 years on.",
            {1: "A title", 2: "It grew by 3.5 per cent 10 years on."},
        ),
        ("¶1 A title\n¶ 2. The first.", {1: "A title", 2: "The first."}),
        ("[4 A bracket that never closes\n2019. A year", {1: "[4 A bracket that never closes", 2: "2019. A year"}),
        ("[1] One.\n1. is how it goes on.\n[2] Two.", {1: "One. 1. is how it goes on.", 2: "Two."}),
        ("[7] Seven\n[16] Sixteen", {7: "Seven", 16: "Sixteen"}),
    ],
)
def test_paragraphs_are_lines_or_have_numbers(text: str, found: dict[int, str]) -> None:
    assert originals.paragraphs(text) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        (" \n\u00a0\n", "empty"),
        ("[1] One\n[2] Two\n[1] One again", "¶1 begins twice, in line 1 and in line 3"),
        ("[1] One\n[2]\n\n[3] Three", r"no words after the number: ¶2 \(line 2\)"),
        ("A title\n[1] One\n[2] Two", "line 1 stands before the first number"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        originals.paragraphs(text)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("Soré".encode("latin-1"), "not UTF-8: line 1 holds the byte 0xE9"),
        ("One\nTwo\n".encode("utf-16"), "not UTF-8"),
        (b"One\nTwo\n\xff", "not UTF-8: line 3"),
        (b"\xed\xa0\x80", "not UTF-8"),
        (b"One\nT\0wo", r"line 2 holds the control character U\+0000"),
        (b"One\x0cTwo", r"line 1 holds the control character U\+000C"),
        ("One\x9bTwo".encode(), r"U\+009B"),
        (b"a" * (originals.MOST + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_plain_text_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        originals.decoded(data)


def test_marks_and_line_ends_of_other_systems_do_not_matter() -> None:
    plain = originals.paragraphs(originals.decoded("¶1 독도\n¶2 竹島\n".encode()))
    for data in ("\ufeff¶1 독도\r\n¶2 竹島\r\n", "¶1 독도\r¶2 竹島"):
        assert originals.paragraphs(originals.decoded(data.encode())) == plain == {1: "독도", 2: "竹島"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({1, 2, 4}, "^3 paragraphs in the file, 3 in the record; missing: ¶3; unknown: ¶4$"),
        ({1}, "^1 paragraphs in the file, 3 in the record; missing: ¶2, ¶3$"),
        (set(range(1, 12)), "unknown: ¶4, ¶5, ¶6, ¶7, ¶8, ¶9 and 2 more$"),
    ],
)
def test_numbers_have_to_be_those_of_the_record(words: set[int], says: str) -> None:
    originals.fit({3, 1, 2}, {1, 2, 3})
    with pytest.raises(ValueError, match=says):
        originals.fit(words, {1, 2, 3})


WORDS = st.lists(st.text("abc독島é.,“”", min_size=1).map(lambda word: f"w{word}"), min_size=1, max_size=9)


@given(
    st.dictionaries(st.integers(1, 9999), WORDS, min_size=1, max_size=8),
    st.sampled_from(["[%d] ", "%d. ", "¶%d ", "[%d]\n"]),
    st.sampled_from([" ", "\n", "\r\n", "\n \n", "\t"]),
)
def test_numbered_paragraphs_come_back_however_they_are_broken(
    meant: dict[int, list[str]], number: str, between: str
) -> None:
    text = "\n".join(number % n + between.join(words) for n, words in meant.items())
    assert originals.paragraphs(originals.decoded(text.encode())) == {n: " ".join(w) for n, w in meant.items()}


def read(data: bytes) -> dict[int, str] | str:
    """The paragraphs of a file, or the words with which it is refused."""
    try:
        return originals.paragraphs(originals.decoded(data))
    except ValueError as wrong:
        return str(wrong)


@given(st.binary() | st.text().map(str.encode) | st.text("[]¶.0123 \n").map(str.encode))
def test_any_file_is_read_or_refused_in_words(data: bytes) -> None:
    found = read(data)
    assert found
    assert isinstance(found, str) or all(text == " ".join(text.split()) != "" for text in found.values())


RECORD = {
    1: "Tokyo limits three chemicals that Samsung buys.",
    2: "The radar incident of December 2018 divides the two navies.",
    3: "A boycott empties the shelves of Japanese beer.",
}
PRINTED = {
    1: "The three chemicals which Samsung needs now take a licence from Tokyo",
    2: "In December 2018 a radar was aimed, one navy said",
    3: "Beer stayed on shelves as shoppers joined in a boycott",
}


def test_paragraphs_that_were_moved_are_named_and_other_languages_pass() -> None:
    assert originals.strangers(PRINTED, RECORD) == []
    assert originals.strangers({1: PRINTED[1], 2: PRINTED[3], 3: PRINTED[2]}, RECORD) == [(2, 3), (3, 2)]
    assert originals.strangers({1: "삼성", 2: "海軍", 3: "ビール"}, RECORD) == []
    assert originals.strangers(PRINTED, {3: RECORD[3]}) == []


# --- the command ---------------------------------------------------------------------------------------------

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write these lines into a file."""

    def written(lines: list[str] | bytes) -> Path:
        path = tmp_path / "original.txt"
        path.write_bytes(lines if isinstance(lines, bytes) else "\n\n".join(lines).encode())
        return path

    return written


@pytest.fixture
def attach(curriculum: None, db: None, write: Write) -> Callable[..., str]:
    """Run the command with these lines; returns what it prints."""

    def run(lines: list[str] | bytes = LINES, slug: str = SLUG, **options: Any) -> str:
        out, err = StringIO(), StringIO()
        call_command("attach_original", slug, write(lines), stdout=out, stderr=err, **options)
        return out.getvalue() + err.getvalue()

    return run


def attached() -> list[tuple[str, str, bool]]:
    return list(Original.objects.order_by("passage__number").values_list("passage__code", "text", "public"))


def test_attaching_says_how_many_and_for_whom(attach: Callable[..., str]) -> None:
    assert attach() == f"{SLUG}: 26 paragraphs attached, shown to those who signed in with an account of their own\n"
    assert attached() == [(f"WP-{n}", line, False) for n, line in enumerate(LINES, 1)]


def test_a_second_run_replaces_the_first(attach: Callable[..., str]) -> None:
    attach()
    numbered = [f"[{n}] Other {line}" for n, line in enumerate(LINES, 1)]
    assert "26 paragraphs attached, shown to everybody" in attach(numbered[::-1], public=True)
    assert attached() == [(f"WP-{n}", f"Other {line}", True) for n, line in enumerate(LINES, 1)]


def test_taking_it_away_leaves_other_documents_alone(attach: Callable[..., str]) -> None:
    attach()
    attach([f"Thaw {n}" for n in range(1, 29)], "thaw-forces")
    out = StringIO()
    call_command("attach_original", SLUG, remove=True, stdout=out)
    call_command("attach_original", SLUG, remove=True, stdout=out)
    assert out.getvalue() == f"{SLUG}: 26 paragraphs removed\n{SLUG}: none attached\n"
    assert {code[:2] for code, _text, _public in attached()} == {"TF"}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (LINES[:-1], r"original\.txt: 25 paragraphs in the file, 26 in the record; missing: ¶26\. Nothing was changed"),
        ([*LINES, "One more"], "unknown: ¶27"),
        ([f"{n}. {line}" for n, line in enumerate(LINES, 2)], "missing: ¶1; unknown: ¶27"),
        ([f"[{n % 26}] {line}" for n, line in enumerate(LINES)], "missing: ¶26; unknown: ¶0"),
        ([f"[{n // 2}] {line}" for n, line in enumerate(LINES)], "¶0 begins twice"),
        ([*LINES[:-1], "\0"], "control character"),
        (b"", "empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x\n" * 1_100_000, "larger than 2 MB"),
    ],
)
def test_a_misfit_changes_nothing(attach: Callable[..., str], lines: Any, says: str) -> None:
    attach()
    before = attached()
    with pytest.raises(CommandError, match=says):
        attach(lines, public=True)
    assert attached() == before


@pytest.mark.usefixtures("curriculum", "db")
def test_a_call_that_makes_no_sense_says_so(write: Write, tmp_path: Path) -> None:
    known = "no document thaw; there are .*thaw-forces"
    for args, options, says in [
        (["thaw", write(LINES)], {}, known),
        ([SLUG], {}, "which file"),
        ([SLUG], {"public": True}, "which file"),
        ([SLUG, write(LINES)], {"remove": True}, "stands alone"),
        ([SLUG, tmp_path / "nothing.txt"], {}, "nothing.txt: No such file"),
        ([SLUG, tmp_path], {}, "Is a directory"),
    ]:
        with pytest.raises(CommandError, match=says):
            call_command("attach_original", *args, **options)
    assert attached() == []


def test_paragraphs_that_do_not_read_like_the_record_are_named(attach: Callable[..., str]) -> None:
    gists = [passage.gist for passage in Source.objects.get(slug=SLUG).passages.order_by("number")]
    assert "reads like" not in attach(gists)
    gists[15], gists[22] = gists[22], gists[15]
    said = attach(gists)
    assert "¶16 reads like ¶23, ¶23 reads like ¶16" in said
    assert len(attached()) == 26


def test_loading_the_curriculum_again_keeps_what_is_attached(attach: Callable[..., str]) -> None:
    attach()
    before = attached()
    call_command("load_curriculum", stdout=StringIO())
    assert attached() == before


# --- who sees it ---------------------------------------------------------------------------------------------


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.getvalue().decode(errors="replace"))


def of_guest(client: Client) -> Client:
    """A visitor who answered a question, and so became a guest."""
    client.post(f"{reverse('quiz-in-place', args=['three-chemicals-checkpoint', 1])}", in_place(1))
    assert User.objects.get(pk=client.session["_auth_user_id"]).is_guest
    return client


def in_place(n: int) -> dict[str, Any]:
    return right_answer("three-chemicals-checkpoint", n, prefix=f"q{n}")


def answered(client: Client, user: User) -> str:
    """Every page of feedback that this reader gets in the quiz, one after the other, and then the result."""
    quiz = Quiz.objects.get(slug="three-chemicals-quiz")
    attempt = start(user, quiz)
    shown = ""
    for slot in attempt.slots.all():
        data = right_answer(quiz.slug, slot.number, attempt.seed)
        shown += text(client.post(slot.get_absolute_url(), data, headers={"hx-request": "true"}))
        shown += text(client.get(slot.get_absolute_url()))
    return shown + text(client.get(attempt.get_absolute_url()))


def lesson_with_answers(client: Client) -> str:
    """The lesson with every question in place answered, and the fragments that came back."""
    shown = ""
    for place in Quiz.objects.get(slug="three-chemicals-checkpoint").places.all():
        url = reverse("quiz-in-place", args=["three-chemicals-checkpoint", place.position])
        shown += text(client.post(url, in_place(place.position), headers={"hx-request": "true"}))
    return shown + text(client.get(LESSON))


def test_an_account_reads_it_beside_the_gists_and_in_the_feedback(attach: Callable[..., str], alice: User) -> None:
    attach()
    client = client_of(alice)
    page = text(client.get(PAGE))
    assert [line for line in LINES if line not in page] == []
    assert "is not shown" not in page
    assert page.count("<details") == text(client.get(f"{PAGE}?originals=open")).count("<details")
    assert text(client.get(f"{PAGE}?originals=open")).count('class="original" open') == 26
    assert MARK in lesson_with_answers(client)
    assert MARK in answered(client, alice)


def test_guests_and_visitors_read_nothing_of_it(attach: Callable[..., str], alice: User) -> None:
    attach()
    named = client_of(alice)  # whatever she saw before them is not kept for them
    assert MARK in text(named.get(PAGE)) + lesson_with_answers(named) + answered(named, alice)
    visitor = Client()
    assert "The document itself is not shown" in text(visitor.get(PAGE))
    guest = of_guest(Client())
    gus = User.objects.get(pk=guest.session["_auth_user_id"])
    for shown in (
        text(visitor.get(PAGE)), text(visitor.get(f"{PAGE}?originals=open")), text(visitor.get(LESSON)),
        text(guest.get(PAGE)), lesson_with_answers(guest), answered(guest, gus), lesson_with_answers(Client()),
    ):  # fmt: skip
        assert MARK not in shown


def test_what_is_public_is_for_everybody(attach: Callable[..., str]) -> None:
    attach(public=True)
    guest = of_guest(Client())
    gus = User.objects.get(pk=guest.session["_auth_user_id"])
    for shown in (text(Client().get(PAGE)), lesson_with_answers(guest), answered(guest, gus)):
        assert MARK in shown


def test_what_was_taken_away_is_gone_at_once(attach: Callable[..., str], alice: User) -> None:
    client = client_of(alice)
    assert MARK not in text(client.get(PAGE))
    attach()
    assert MARK in text(client.get(PAGE))
    call_command("attach_original", SLUG, remove=True, stdout=StringIO())
    assert MARK not in text(client.get(PAGE))


def test_it_is_text_and_never_markup(attach: Callable[..., str], alice: User) -> None:
    attach(["<script>alert(1)</script> {ko:독도} {{ 7 }} [WP-16a]", *LINES[1:]])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {ko:독도} {{ 7 }} [WP-16a]" in text(client_of(alice).get(PAGE))


def test_no_other_page_holds_it(attach: Callable[..., str]) -> None:
    """Every address of the table, with search for the very words, the desk and the export among them."""
    attach()
    world: World = build()
    found = set()
    for who in ("visitor", "guest", "alice", "tom", "edith", "ada"):
        for name in {name for name, method in CELLS if method == "GET"}:
            url = reverse(name, args=world.args.get(name, ()))
            asked = [url, f"{url}?q={MARK}"] if name == "search" else [url]
            found |= {(who, name) for each in asked if MARK in body(world.visit(who, "GET", each), each)}
    assert found == {(who, "source") for who in ("alice", "tom", "edith", "ada")}


def body(response: Any, url: str) -> str:
    return str(response.getvalue().decode(errors="replace").replace(url.partition("?q=")[2] or "\0", "", 3))


def reachable(*roots: Any) -> Iterator[str]:
    """Every text that these objects hold, however deep; code and classes are not looked into."""
    seen, waiting = set[int](), list(roots)
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type | types.ModuleType | types.FunctionType | types.MethodType):
            continue
        seen.add(id(thing))
        if isinstance(thing, str):
            yield thing
        waiting += gc.get_referents(thing)


def test_nothing_that_is_kept_holds_it(attach: Callable[..., str], alice: User) -> None:
    attach()
    client = client_of(alice)
    shown = text(client.get(PAGE)) + lesson_with_answers(client) + answered(client, alice)
    shown += text(client.get(f"/search/?q={MARK}"))
    assert MARK in shown
    shelf = reading.shelf()
    kept = list(reachable(shelf, reading._shelf, still._kept))
    gist = next(iter(shelf.passages.values())).gist
    assert gist in kept  # what is kept is looked into
    assert [each for each in kept if MARK in each and each != MARK] == []
    shelf.keep("planted", lambda: [(LINES[0],)])
    assert LINES[0] in reachable(shelf)


def queries(client: Client, url: str) -> list[str]:
    """What the page asks the database once it is warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in asked]


def test_it_costs_one_query_where_it_is_attached_and_none_where_it_is_not(
    attach: Callable[..., str], alice: User
) -> None:
    client = client_of(alice)
    lesson_with_answers(client)
    attempt = start(alice, Quiz.objects.get(slug="three-chemicals-quiz"))
    feedback = [slot.get_absolute_url() for slot in attempt.slots.all()]
    for n, url in enumerate(feedback, 1):
        client.post(url, right_answer(attempt.quiz.slug, n, attempt.seed))
    pages = [PAGE, LESSON, "/sources/thaw-forces/", *feedback]
    before = {url: queries(client, url) for url in pages}
    assert not any("lessons_original" in sql for asked in before.values() for sql in asked)
    attach()
    more = {url: len(queries(client, url)) - len(before[url]) for url in pages}
    assert (more[PAGE], more[LESSON], more["/sources/thaw-forces/"]) == (1, 1, 0)
    assert {more[url] for url in feedback} <= {0, 1}
