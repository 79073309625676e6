"""What an author, or a record, can never make a page do."""

import time
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons import clean, markup
from lessons.book import Book, Entry, Image, Name, Note
from lessons.charts import Point, Series
from tests.html import Html5, check
from tests.test_markup import BOOK, html

INJECTIONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<style>*{display:none}</style>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java&#x09;script:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "[x](https:evil)",
    '[x](/a "onclick=alert(1)")',
    '[x](</a" onclick="alert(1)>)',
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "[x]: javascript:alert(1)\n\n[x]",
    "```html\n<script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- --><script>",
    "<p style=color:red class=masthead id=main>",
    "{{ request.user }} {% load x %}",
    "</span></label></p><script>",
    "\u0000<scr\u0000ipt>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
]


@pytest.mark.parametrize("bad", INJECTIONS)
def test_no_author_can_make_a_page_act(bad: str) -> None:
    inside = bad.replace("]", ")").replace("[", "(").replace("\n", " ")
    for body in (
        bad,
        f"## {bad}",
        f"## Title {{#{bad}}}",
        f"- {bad}\n- **{bad}**",
        f"| {bad} |\n|---|\n| {bad} |",
        f"A.[WP-16a: {inside}] B.[background: {inside}] [[gsomia|{inside}]] {{ko:{inside}}}",
        f"::: names {bad}\n:::",
        f"::: figure {bad}\n:::\n::: figure S03\n{bad}\n:::",
        f"::: map {bad}\n:::\n::: map busan\n{bad}\n:::",
        f"::: shores\n## {bad}\n{bad}\n## {bad}\n{bad}[WP-16a: {inside}]\n:::",
    ):
        check(html(body))
        check(markup.inline(body, BOOK, language="en"))
        check(markup.words(body))


@pytest.mark.parametrize("bad", INJECTIONS)
def test_nor_can_the_records(bad: str) -> None:
    book = Book(
        notes={"WP-16a": Note(bad, "/sources/x/#p1", bad, bad, (bad, bad), True, bad)},
        terms={"t": Entry(bad, bad, Name(bad, bad, bad, bad), Name(bad, bad, bad, bad), bad)},
        series={"S1": Series("line", bad, (Point(bad, "2010", 1, "WP-16a"), Point(bad, "2011", 2)), bad, bad, False,
                             {bad: bad}, bad, bad)},
        images={"i": Image("/media/i.webp", bad, 1, 1, bad, bad)},
    )  # fmt: skip
    body = (
        "A.[WP-16a] [[t]].\n::: names t\n:::\n::: figure S1\n:::\n::: image i\n:::\n"
        "::: shores\n## A\nb.[WP-16a]\n## C\nd\n:::"
    )
    read = check(html(body, book))
    assert "alert" not in "".join(str(attrs) for tag, attrs in read.elements if tag != "img")


def test_an_address_in_the_records_cannot_act() -> None:
    book = Book(notes={"WP-16a": Note("WP ¶16", "javascript:alert(1)")})
    assert "javascript" not in html("A.[WP-16a]", book)


FRAGMENTS = st.sampled_from(
    [
        *(
            "[WP-16a]",
            "[WP-16b: x]",
            "[E05, BC-9a]",
            "[background: y]",
            "[[gsomia]]",
            "[[samsung|S]]",
            "{ko:말}",
            "[WP16]",
        ),
        *(
            "::: names gsomia\n",
            "::: shores\n",
            "::: figure S03\n",
            "::: map busan tsushima\n",
            "::: image gate\n",
            "::: question q\n",
            "\n:::\n",
        ),
        *(
            "## ",
            "### ",
            "{#id}",
            "- ",
            "1. ",
            "> ",
            "| a | b |\n|---|---|\n| c | d |\n",
            "**",
            "*",
            "_",
            "](",
            "![",
            "[",
        ),
        *(
            "(/a)",
            "\n",
            "\n\n",
            " ",
            ". ",
            "<b>",
            "</p>",
            "<script>",
            "&lt;",
            "`",
            "~",
            "\\",
            "\r\n",
            "\x00",
            "\ud800",
            "]",
        ),
        *("word", "Sentence. ", "\u2028", "\t", ")", "]]", "}", "---\n", "    ", "[x](/y)", "[x](javascript:z)"),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=30).map("".join))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("[" * 3000)
@example("**" * 2000)
@example("> " * 500)
@example("[[" * 500 + "]]" * 500)
@example("|" * 300 + "\n" + "-|" * 300)
def test_any_text_is_read_and_shown_safely(body: str) -> None:
    scan = markup.scan(body)
    lines = body.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in scan.problems)
    check(html(body))
    check(markup.inline(body, BOOK, language="en"))
    check(markup.words(body))
    markup.plain(body)


@pytest.mark.parametrize("row", ["[", "[[", "**", "> ", "{ko:", "](", "[x](/", "[WP-16a", "::: shores\n", "|-"])
def test_a_long_row_of_anything_is_read_in_no_time(row: str) -> None:
    began = time.process_time()
    markup.scan(row * 5000)
    assert time.process_time() - began < 3  # a rule that looks back at each step would take minutes


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_the_last_gate_has_nothing_to_do(body: str) -> None:
    """What reaches `clean` is already clean: it changes nothing but the way to write a shape."""
    given_: list[str] = []
    with mock.patch("lessons.markup.clean", side_effect=lambda text: given_.append(text) or clean.clean(text)):
        html(body)
        markup.inline(body, BOOK, language="en")
    for text in given_:
        assert Html5(text).events == Html5(clean.clean(text)).events


@given(st.lists(st.sampled_from(["Text.[WP-16a]", "[[gsomia]] it. ", "**b** ", "More.[background: x] "]), max_size=12))
def test_ids_are_the_same_each_time(pieces: list[str]) -> None:
    assert html("".join(pieces)) == html("".join(pieces))
