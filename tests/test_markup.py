"""Lesson text: what it refers to, and what it becomes. What it can never do: test_markup_safety."""

from unittest import mock

import pytest

from lessons import markup
from lessons.book import Book, Entry, Heading, Html, Image, Name, Note, Question
from lessons.charts import Point, Series
from tests.html import VOID, check

WP, BC = "/sources/white-paper-2019/", "/sources/bridging-cultures/"
PACT = Entry(
    "GSOMIA",
    "A pact to share secrets.",
    Name("한일군사정보보호협정", "Hanil gunsa jeongbo boho hyeopjeong", "agreement to protect military information"),
    Name("日韓秘密軍事情報保護協定", "Nikkan himitsu gunji jōhō hogo kyōtei", "agreement to protect secrets"),
    usage="We say GSOMIA.",
)
BOOK = Book(
    notes={
        "WP-16a": Note(
            "WP ¶16", f"{WP}#p16", "News round-up, August 2019", "Has the month.", ("“This year” is 2019.",)
        ),
        "WP-16b": Note("WP ¶16", f"{WP}#p16", "News round-up, August 2019", contested=True, holder="Tokyo"),
        "WP-17a": Note("WP ¶17", f"{WP}#p17", "News round-up, August 2019"),
        "BC-9a": Note("BC ¶9", f"{BC}#p9", "Op-ed, 2023"),
        "E05": Note("WP ¶19", f"{WP}#p19", "News round-up, August 2019", cautions=("Erratum: a name.",)),
    },
    terms={
        "gsomia": PACT,
        "samsung": Entry("Samsung", "A firm {ko:삼성}.", korean=Name("삼성전자", "Samseong Jeonja")),
    },
    series={"S03": Series("bars", "A share", (Point("", "1995", 10, "WP-16a"), Point("", "2021", 37)))},
    images={
        "gate": Image("/media/gate.webp", "A gate.", 960, 640, "Kim Minji, CC BY", sizes=(("/media/g4.webp", 480),))
    },
)


def html(body: str, book: Book = BOOK) -> str:
    return "\n".join(block.html for block in markup.render(body, book, language="en").blocks if block.kind == "html")


# --- scan ----------------------------------------------------------------------------------------------------


def test_a_text_says_what_it_refers_to() -> None:
    scan = markup.scan(
        "## One {#one}\n\nA.[WP-16a] B.[WP-7b: the ministry, in Tokyo, BC-9a] [[gsomia|The pact]] and\n"
        "[[samsung]].[E05, WP-16a]\n\n::: names export-controls\n:::\n\n"
        "::: figure S03\nTwo years.[RS-15a]\n:::\n\n::: image gate\n:::\n\n::: question ask-me\n:::\n"
        "### Two\n::: shores\n## Seoul\nC.[background: no\nsource] D.[WP-13b: the\n court]\n## Tokyo\nE.\n:::"
    )
    assert [(c.code, c.holder) for c in scan.claims] == [
        ("WP-16a", ""),
        ("WP-7b", "the ministry, in Tokyo"),
        ("BC-9a", ""),
        ("WP-16a", ""),
        ("RS-15a", ""),
        ("WP-13b", "the court"),
    ]
    assert (scan.claims[1].line, scan.claims[1].column) == (3, 14)
    assert scan.errata == ("E05",)
    assert scan.terms == ("gsomia", "samsung", "export-controls")
    assert (scan.series, scan.images, scan.questions) == (("S03",), ("gate",), ("ask-me",))
    assert scan.headings == (Heading("one", "One", 2), Heading("two", "Two", 3))
    assert scan.problems == ()
    assert scan.words == 15  # One A B The pact and samsung Two years Two Seoul C D Tokyo E


@pytest.mark.parametrize(
    ("body", "line", "column", "says"),
    [
        ("Text.[WP16a]", 1, 6, "no citation"),
        ("Line.\nText.[WP-16]", 2, 6, "no citation"),
        ("- Text.[wp-16a]", 1, 8, "no citation"),
        ("Text.[WP-16a BC-9a]", 1, 6, "no citation"),
        ("Text.[WP ¶16]", 1, 6, "no citation"),
        ("Text.[WP-16a:]", 1, 6, "no citation"),
        ("Text.[E5]", 1, 6, "no citation"),
        ("Text.[background]", 1, 6, "no citation"),
        ("Text.[background: ]", 1, 6, "no citation"),
        ("> Text.[WP-16a, background]", 1, 8, "no citation"),
        ("[WP-16a] Text.", 1, 1, "right after the sentence"),
        ("## Title[WP-16a]", 1, 9, "not in a heading"),
        ("A [link[WP-16a]](/terms/).", 1, 16, "This is no link"),
        ("A [[Big Term]].", 1, 3, "A term is written"),
        ("A {kr:한글}.", 1, 3, "are written"),
        ("A {ko:}.", 1, 3, "are written"),
        ("# Title", 1, 1, "begin with"),
        ("#### Title", 1, 1, "Headings are"),
        ("## One {#One two}", 1, 1, "cannot be the id"),
        ("## One {#main}", 1, 1, "cannot be the id"),
        ("## One {#n3}", 1, 1, "cannot be the id"),
        ("## One\n\n## One", 3, 1, "Two headings"),
        ("A.\n\n:::", 3, 1, "Nothing is open"),
        ("::: figure S12", 1, 1, "never closed"),
        ("::: shores\n## A\n## B\n::: question x\n:::", 1, 1, "never closed"),
        ("::: video x\n:::", 1, 1, "no block “video”"),
        ("::: figure\n:::", 1, 1, "One name follows"),
        ("::: question Two words\n:::", 1, 1, "One name follows"),
        ("::: shores x\n:::", 1, 1, "stands alone"),
        ("::: shores\n## Only Seoul\nText.\n:::", 1, 1, "two headings"),
        ("::: shores\nStray.\n## A\n## B\n:::", 2, 1, "under one of its two headings"),
        ("::: names gsomia\nText.\n:::", 2, 1, "move it outside"),
        ("::: question a\n:::", 1, 1, "in a section"),
        ("## A\n::: question a\n:::\n::: question b\n:::", 4, 1, "already has its question"),
        ("A [link](javascript:alert(1)).", 1, 3, "A link goes"),
        ("A [link](//evil.example).", 1, 3, "A link goes"),
        ("A [link](http://plain.example).", 1, 3, "A link goes"),
        ("An ![image](/x.png).", 1, 4, "::: image name"),
    ],
)
def test_slips_are_told_with_their_place(body: str, line: int, column: int, says: str) -> None:
    problems = markup.scan(body).problems
    assert [(p.line, p.column) for p in problems if says in p.message] == [(line, column)], problems
    assert str(problems[0]).startswith(f"{problems[0].line}:")
    check(html(body))  # it is shown all the same, in a preview


@pytest.mark.parametrize(
    "body", ["A [note].", "In [the year 1965].", "[G7] talks.", r"Not \[WP-16] it.", "a:b {x} {1}", "[[", "5 ::: 6"]
)
def test_ordinary_brackets_are_text(body: str) -> None:
    scan = markup.scan(body)
    assert [p for p in scan.problems if "term" not in p.message] == []
    assert scan.claims == ()


def test_a_block_left_open_does_not_swallow_the_rest() -> None:
    body = "## A\n\n::: question one\n\nText.[WP-16a]\n\n## B\n\n::: question two\n:::"
    page = markup.render(body, BOOK, language="en")
    assert [block.slug for block in page.blocks if block.kind == "question"] == ["two"]
    assert "Text." in page.blocks[0].html


def test_advice_is_for_whole_lessons() -> None:
    scan = markup.scan("## A\n\nText.\n\n## B\n\nText.\n::: question q\n:::")
    assert scan.problems == ()
    said = [advice.message for advice in scan.advice]
    assert any("this one has 2." in text for text in said)
    assert "The section “A” has no question." in said
    assert any("500 to 900" in text for text in said)


# --- citations -----------------------------------------------------------------------------------------------


def test_a_citation_becomes_a_mark_and_a_note() -> None:
    assert html("It rose.[WP-17a, BC-9a]") == (
        "<p>It rose.\u2060"
        '<span class="s"><input class="open" type="checkbox" id="n1" aria-expanded="false">'
        '<label class="ref" for="n1">WP ¶17, BC ¶9<span class="unseen">, show the note</span></label>'
        '<span class="note">'
        f'<a data-cite="WP-17a" href="{WP}#p17" class="code">WP ¶17</a>'
        '<span class="who">News round-up, August 2019</span>'
        f'<a data-cite="BC-9a" href="{BC}#p9" class="code">BC ¶9</a>'
        '<span class="who">Op-ed, 2023</span></span></span></p>\n'
    )


def test_a_paragraph_cited_twice_in_a_group_is_one() -> None:
    out = html("It rose.[WP-16a, WP-16b, WP-17a]")
    assert "WP ¶16, ¶17<span" in out  # the document is named once
    assert out.count(">WP ¶16</a>") == 1
    assert f'<a data-cite="WP-16a" href="{WP}#p16" class="code" data-also="WP-16b">' in out
    assert out.count("News round-up") == 1
    assert "<span>Has the month.</span>" in out
    assert out.count('<span class="caution"><svg class="icon"') == 2  # the caution of one, the dispute about the other


def test_a_contested_claim_names_its_holder_each_time() -> None:
    out = html("A.[WP-16b: Japan’s ministry] B.[WP-16b]")
    assert "Contested." in out
    assert "<span>Held by: Japan’s ministry</span>" in out
    assert "<span>Held by: Tokyo</span>" in out  # the record knows who, where the text does not say


def test_a_note_seen_before_is_short() -> None:
    first, second = html("A.[WP-16a] B.[WP-16a]").split("B.")
    assert "Has the month." in first
    assert f'<span class="note"><a data-cite="WP-16a" href="{WP}#p16" class="code">WP ¶16</a></span>' in second


def test_what_the_margin_said_once_it_does_not_repeat_except_where_an_erratum_is_cited() -> None:
    told = "“This year” is 2019."
    book = Book(
        notes={
            "WP-16a": Note("WP ¶16", f"{WP}#p16", "News round-up", cautions=(told,)),
            "WP-16b": Note("WP ¶16", f"{WP}#p16", "News round-up", "Not tested.", (told,)),
            "E46": Note("WP ¶16", f"{WP}#p16", "News round-up", cautions=(told,)),
        }
    )
    notes = html("A.[WP-16a] B.[WP-16b] C.[E46] D.[E46]", book).split('<span class="note">')[1:]
    assert ["News round-up" in note for note in notes] == [True, False, False, False]
    assert [told in note for note in notes] == [True, False, True, False]
    assert "Not tested." in notes[1]


def test_background_is_marked_as_such() -> None:
    out = html("It rose.[background: rulings of\n2018, {ko:대법원}]")
    assert ">Background<span" in out
    assert (
        '<span class="code">Background</span><span class="who">In none of the five documents</span>'
        '<span>rulings of 2018, <span lang="ko">대법원</span></span>'
    ) in out


def test_a_mark_never_begins_a_line() -> None:
    for body in ("It rose. [WP-17a]", "It rose.\n[WP-17a]", "It **rose**[WP-17a]", "{ko:말}[WP-17a]"):
        before = html(body).split('<span class="s">')[0]
        assert before.endswith("\u2060")
        assert not before[:-1].endswith((" ", "\n"))


def test_what_the_book_does_not_hold_is_shown_as_missing() -> None:
    read = check(html("A.[WP-99z] [[nobody]]\n\n::: figure S99\n:::\n::: names nobody\n:::\n::: image no\n:::"))
    assert "[WP-99z]" in read.text
    assert "figure: S99" in read.text
    assert sum(attrs.get("class") == "missing" for _tag, attrs in read.elements) == 4


def test_in_a_table_and_a_caption_citations_are_links() -> None:
    out = html("| A | B |\n|---|--:|\n| c.[WP-17a] | 5 |\n\n::: figure S03\nTwo years.[BC-9a]\n:::")
    assert "<input" not in out
    assert f'<a data-cite="WP-17a" href="{WP}#p17" class="ref">WP ¶17</a>' in out
    assert '<th scope="col" class="n">B</th>' in out
    assert f'Two years.\u2060<a data-cite="BC-9a" href="{BC}#p9" class="ref">' in out


# --- terms, names, shores, pictures ----------------------------------------------------------------------------


def test_a_term_opens_in_place_the_first_time() -> None:
    out = html("The [[gsomia|pact]] held.[WP-17a] The [[gsomia]] ended.")
    assert out.startswith(
        '<p>The <span class="s"><input class="open word" type="checkbox" id="t-gsomia" aria-expanded="false">'
        '<label class="ref word" for="t-gsomia">pact<span class="unseen">, two names</span></label> held.\u2060<span'
    )
    note = (
        ' <span class="note inplace"><span>A pact to share secrets.</span><span class="shores">'
        '<span class="korea"><span class="says">In Korea</span><span class="name" lang="ko">한일군사정보보호협정</span>'
        '<span><span lang="ko-Latn">Hanil gunsa jeongbo boho hyeopjeong</span>, agreement to protect military'
        " information</span></span>"
    )
    assert note in out
    assert out.index("WP ¶17") < out.index(note)  # after the sentence and its mark
    assert out.endswith("</span></span> The GSOMIA ended.</p>\n")


def test_each_term_of_a_sentence_opens_its_own_note() -> None:
    read = check(html("Both [[gsomia]] and **[[samsung]]** rose. Then."))
    assert [attrs["id"] for tag, attrs in read.elements if tag == "input"] == ["t-gsomia", "t-samsung"]
    # an open box shows the notes beside it: no two boxes may be siblings of one note
    parents: list[list[str]] = []
    stack: list[list[str]] = [[]]
    for event in read.events:
        if isinstance(event, tuple):
            classes = str(dict(event[1]).get("class"))
            stack[-1].append(classes)
            if event[0] not in VOID:
                stack.append([])
        elif event.startswith("/"):
            parents.append(stack.pop())
    for children in parents:
        assert children.count("open word") == children.count("note inplace") <= 1


def test_both_names_stand_side_by_side() -> None:
    assert html("::: names gsomia\n:::\n\nThe [[gsomia]].") == (
        '<div class="shores"><p class="korea"><span class="says">In Korea</span>'
        '<span class="name" lang="ko">한일군사정보보호협정</span><span><span lang="ko-Latn">Hanil gunsa jeongbo boho '
        "hyeopjeong</span>, agreement to protect military information</span></p>"
        '<p class="japan"><span class="says">In Japan</span>'
        '<span class="name" lang="ja">日韓秘密軍事情報保護協定</span><span><span lang="ja-Latn">Nikkan himitsu gunji '
        "jōhō hogo kyōtei</span>, agreement to protect secrets</span></p></div>"
        '<p class="usage">We say GSOMIA.</p>\n<p>The GSOMIA.</p>\n'
    )


def test_a_name_of_one_side_stands_alone() -> None:
    out = html("::: names samsung\n:::")
    assert '<span class="says">In Korean</span>' in out
    assert "japan" not in out


def test_two_readings_stand_side_by_side_with_their_sources_below() -> None:
    assert html(
        "::: shores\n## Seoul’s reading\nA.[WP-16b: the court]\n## Tokyo’s reading\nB.[E05, background: a speech]\n:::"
    ) == (
        '<div class="shores"><div class="korea"><p class="says">Seoul’s reading</p><p>A.</p>\n'
        f'<p class="from"><a data-cite="WP-16b" href="{WP}#p16">WP ¶16</a>, the court</p>'
        f'<p class="small caution">{_icon()}Contested.</p></div>'
        '<div class="japan"><p class="says">Tokyo’s reading</p><p>B.</p>\n'
        f'<p class="from"><a data-cite="E05" href="{WP}#p19">WP ¶19</a>; background: a speech</p>'
        f'<p class="small caution">{_icon()}Erratum: a name.</p></div></div>'
    )


def _icon() -> str:
    return (
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">'
        '<path d="M12 3.5L2.5 20h19zM12 10v4.5M12 17.3v.2"></path></svg>'
    )


def test_headings_of_a_shore_are_no_sections() -> None:
    page = markup.render("## A\n::: shores\n## Seoul\nx\n## Tokyo\ny\n### z\n:::", BOOK, language="en")
    assert page.headings == (Heading("a", "A", 2),)


def test_a_picture_has_its_words_its_size_and_its_maker() -> None:
    out = html("::: image gate\nThe old gate.[BC-9a]\n:::")
    assert 'alt="A gate." width="960" height="640" loading="lazy"' in out
    assert 'srcset="/media/g4.webp 480w"' in out
    assert '<span class="credit">Kim Minji, CC BY</span></figcaption>' in out


def test_a_figure_links_its_sources() -> None:
    out = html("::: figure S03\n:::\n::: figure S03\n:::")
    assert f'<td><a data-cite="WP-16a" href="{WP}#p16">WP ¶16</a></td>' in out
    assert 'id="c-s03-title"' in out
    assert 'id="c-s03-2-title"' in out


def test_the_page_is_cut_where_a_question_stands() -> None:
    page = markup.render(
        "Intro.\n\n## A {#a}\n\nText.\n\n::: question one\n:::\n\n## B & b\n\nMore.\n\n::: question two\n:::",
        BOOK,
        language="en",
    )
    assert [type(block) for block in page.blocks] == [Html, Question, Html, Question]
    assert page.blocks[1] == Question("one")
    assert [(h.id, h.title) for h in page.headings] == [("a", "A"), ("b-b", "B & b")]
    assert '<h2 id="b-b">B &amp; b</h2>' in page.blocks[2].html


# --- short texts ---------------------------------------------------------------------------------------------


def test_a_short_text_has_links_and_no_notes() -> None:
    out = markup.inline("It **rose**.[WP-17a, BC-9a] The [[gsomia]] {ja:日}.[WP-16b]", BOOK, language="en")
    assert out == (
        f'It <strong>rose</strong>.\u2060<a data-cite="WP-17a" href="{WP}#p17" class="ref">WP ¶17</a> '
        f'<a data-cite="BC-9a" href="{BC}#p9" class="ref">BC ¶9</a> The GSOMIA <span lang="ja">日</span>.\u2060'
        f'<a data-cite="WP-16b" href="{WP}#p16" class="ref">WP ¶16</a> (Tokyo)'
    )
    assert markup.inline("A.[background: b]", BOOK, language="en") == 'A. <span class="soft">(background: b)</span>'


def test_words_mark_the_language_and_nothing_else() -> None:
    assert markup.words("{ko:수출} <b> [WP-16a] **x** {ko-Latn: suchul }") == (
        '<span lang="ko">수출</span> &lt;b&gt; [WP-16a] **x** <span lang="ko-Latn">suchul</span>'
    )


def test_plain_words() -> None:
    assert markup.plain("A **b** & [c](/d).[WP-16a]\n{ko:말} [[gsomia]]", BOOK) == "A b & c. 말 GSOMIA"


def test_the_language_of_the_page_is_used() -> None:
    said = []
    with mock.patch("lessons.markup.override", side_effect=lambda code: said.append(code) or mock.MagicMock()):
        markup.inline("a", BOOK, language="ko")
        markup.render("a", BOOK, language="ja")
    assert said == ["ko", "ja"]
