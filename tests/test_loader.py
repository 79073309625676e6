"""The shipped files and the database: loaded again and again, all or nothing, and never over an editor's work."""

from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from lessons.files import CURRICULUM
from lessons.loader import load_lessons
from lessons.models import (
    Claim,
    Edition,
    Erratum,
    Event,
    Lesson,
    LessonVersion,
    Origin,
    Passage,
    Series,
    Source,
    Status,
    Term,
    Unit,
)
from quizzes.loader import load_questions
from quizzes.management.commands import load_curriculum
from quizzes.models import Question, QuestionVersion, Quiz

pytestmark = pytest.mark.django_db

FILES = {
    "units.yaml": """
- id: trade-war
  number: 1
  text: {title: The trade war, why: It still matters., planned: [Radar]}
""",
    "sources/news.yaml": """
id: news
prefix: WP
dated: '2019-08'
text: {title: Round-up, short: News, byline: 'News, 2019'}
paragraphs:
  - n: 1
    text: {gist: Two sides say two things.}
    claims:
      - {id: WP-1a, type: fact, text: {says: It was in July.}}
      - {id: WP-1b, type: opinion, check: contested, text: {says: It was revenge., holder: Seoul}}
  - n: 2
    text: {gist: A figure that is wrong.}
    claims:
      - {id: WP-2a, type: figure, check: wrong, text: {says: Ninety percent.}}
""",
    "errata.yaml": """
- {id: E01, claims: [WP-2a], kind: figure, text: {printed: '90', correction: It was nineteen.}}
""",
    "timeline.yaml": """
- {id: radar, date: '2018-12-20', precision: day, claims: [WP-1a], units: [trade-war], text: {event: A radar beam}}
""",
    "terms.yaml": """
- id: licence
  claims: [WP-1a]
  korean: {native: 허가}
  text: {name: Licence, meaning: A permit.}
""",
    "series.yaml": """
- id: S01
  chart: bars
  points: [{at: '2018', value: 3.5, claim: WP-1a}, {at: '2019', value: 2}]
  text: {title: Trade}
""",
    "trade-war/radar.md": """---
id: radar
unit: trade-war
number: 1
minutes: 5
terms: [licence]
title: Radar
summary: What happened at sea.
objectives:
  - say what happened
---
## At sea {#sea}

It was in July.[WP-1a] A [[licence]] was asked for.

::: question radar-when
:::
""",
    "trade-war/radar.questions.yaml": """
quizzes:
  - {id: radar-checkpoint, purpose: checkpoint, questions: [radar-when]}
  - {id: radar-quiz, purpose: closing, questions: [radar-true], text: {title: Radar}}
questions:
  - id: radar-when
    kind: true_false
    skill: chronology
    difficulty: 1
    keyed_to: [WP-1a]
    content: {right: true}
    text: {stem: It was in July., feedback: {'false': Look again.}, explanation: 'It says so.[WP-1a]'}
  - id: radar-true
    kind: number
    skill: knowledge
    difficulty: 2
    about_error: [E01]
    content: {value: 19, tolerance: 0, year: false, distractors: []}
    text: {stem: How many percent?, feedback: {low: More., high: Less.}, explanation: 'Nineteen.[E01]'}
""",
}


class Shop:
    """A small curriculum in a folder, to be changed and loaded."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in (CURRICULUM / "en").glob("*.yaml"):
            (root / path.name).write_text("[]\n")  # a kind of record that this curriculum has none of
        for name, text in FILES.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text.removeprefix("\n"))

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert text.count(old) >= 1, f"{name} has no {old!r}"
        (self.root / name).write_text(text.replace(old, new, 1))

    def load(self, **options: Any) -> str:
        """What the command says; raises CommandError."""
        out = StringIO()
        call_command("load_curriculum", stdout=out, **options)
        return out.getvalue()

    def fails(self) -> list[str]:
        """The errors of a load that must fail, and must leave the database as it was."""
        before = everything()
        with pytest.raises(CommandError) as wrong:
            self.load()
        assert everything() == before
        title, *errors = str(wrong.value).splitlines()
        assert title == "nothing was loaded:"
        return errors


def everything() -> dict[str, list[Any]]:
    """All rows of what the loader writes."""
    models = [*apps.get_app_config("lessons").get_models(include_auto_created=True), Question, QuestionVersion, Quiz]
    return {model._meta.label: sorted(map(repr, model._default_manager.values_list())) for model in models}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(load_curriculum, "CURRICULUM", tmp_path)
    monkeypatch.setattr(load_curriculum, "load_lessons", partial(load_lessons, root=tmp_path))
    monkeypatch.setattr(load_curriculum, "load_questions", partial(load_questions, root=tmp_path))
    return Shop(tmp_path)


@pytest.fixture
def loaded(shop: Shop) -> Shop:
    shop.load()
    return shop


RADAR = "trade-war/radar.md"
QUESTIONS = "trade-war/radar.questions.yaml"


# --- again and again ---------------------------------------------------------------------------------------


class TestLoading:
    def test_makes_every_kind_of_record(self, loaded: Shop) -> None:
        assert Unit.objects.get().title == "The trade war"
        assert Source.objects.get().passages.count() == 2
        assert Claim.objects.get(code="WP-1b").holder == "Seoul"
        assert [c.code for c in Erratum.objects.get().claims.all()] == ["WP-2a"]
        assert [u.slug for u in Event.objects.get().units.all()] == ["trade-war"]
        assert Term.objects.get().korean_native == "허가"
        assert [row["claim"] for row in Series.objects.get().rows()] == ["WP-1a", None]
        lesson = Lesson.objects.get().versions.get()
        assert (lesson.status, lesson.origin, lesson.number) == (Status.PUBLISHED, Origin.SHIPPED, 1)
        assert [c.code for c in lesson.claims.all()] == ["WP-1a"]
        assert {q.purpose: q.rows() for q in Quiz.objects.all()} == {
            "checkpoint": [{"asks": "radar-when"}],
            "closing": [{"asks": "radar-true"}],
        }
        assert QuestionVersion.objects.filter(status=Status.PUBLISHED).count() == 2

    def test_a_second_time_changes_nothing(self, loaded: Shop) -> None:
        before = everything()
        said = loaded.load()
        assert "0 added, 0 updated" in said
        assert "0 left alone" in said
        after = everything()
        assert {key: value for key, value in after.items() if key != "lessons.Edition"} == {
            key: value for key, value in before.items() if key != "lessons.Edition"
        }

    def test_can_be_skipped_while_the_files_are_the_same(self, loaded: Shop) -> None:
        edition = Edition.objects.get().number
        assert loaded.load(if_changed=True) == ""
        assert Edition.objects.get().number == edition
        loaded.edit("units.yaml", "It still matters.", "It matters more.")
        assert "1 updated" in loaded.load(if_changed=True)

    @pytest.mark.parametrize(
        ("name", "old", "new", "model", "says"),
        [
            ("units.yaml", "It still matters.", "It matters.", Unit, lambda unit: unit.why == "It matters."),
            ("units.yaml", "number: 1", "number: 4", Unit, lambda unit: unit.number == 4),
            ("sources/news.yaml", "Two sides", "Both sides", Passage, lambda p: p.gist == "Both sides say two things."),
            ("sources/news.yaml", "It was in July.", "In July.", Claim, lambda claim: claim.says == "In July."),
            ("errata.yaml", "nineteen", "twenty", Erratum, lambda erratum: erratum.correction == "It was twenty."),
            ("timeline.yaml", "'2018-12-20'", "'2018-12-21'", Event, lambda event: event.date == "2018-12-21"),
            ("timeline.yaml", "claims: [WP-1a]", "claims: [WP-1b]", Event, lambda e: e.claims.get().code == "WP-1b"),
            ("terms.yaml", "허가", "허가제", Term, lambda term: term.korean_native == "허가제"),
            ("series.yaml", "value: 2", "value: 2.5", Series, lambda series: series.rows()[1]["value"] == 2.5),
        ],
    )
    def test_what_changed_in_the_files_changes_in_the_rows(
        self, loaded: Shop, name: str, old: str, new: str, model: Any, says: Any
    ) -> None:
        first = model.objects.order_by("pk").first()
        loaded.edit(name, old, new)
        assert "1 updated" in loaded.load()
        assert says(model.objects.get(pk=first.pk))  # the same row, with whatever hangs from it

    def test_a_new_text_is_a_new_version_and_the_old_one_is_kept(self, loaded: Shop) -> None:
        loaded.edit(RADAR, "A [[licence]] was asked for.", "No more than that.")
        loaded.edit(QUESTIONS, "How many percent?", "What share?")
        assert "2 updated" in loaded.load()
        for version in (LessonVersion, QuestionVersion.objects.filter(question__slug="radar-true")):
            rows = version.objects.order_by("number") if version is LessonVersion else version.order_by("number")
            assert [(v.number, v.status) for v in rows] == [(1, Status.RETIRED), (2, Status.PUBLISHED)]

    def test_rows_that_left_the_files_stay(self, loaded: Shop) -> None:
        """What was answered or cited once must not vanish with a line of a file."""
        path = loaded.root / QUESTIONS
        kept, _cut, _rest = path.read_text().partition("  - id: radar-true")
        path.write_text(kept.replace("questions: [radar-true]", "questions: [radar-when]"))
        (loaded.root / "timeline.yaml").write_text("[]")
        loaded.load()
        assert Question.objects.get(slug="radar-true").published("en").exists()
        assert Event.objects.exists()
        assert Quiz.objects.get(slug="radar-quiz").rows() == [{"asks": "radar-when"}]


# --- all or nothing ----------------------------------------------------------------------------------------


class TestBrokenFiles:
    """Every error says `file:line:column field - what is wrong`, and nothing at all is loaded."""

    @pytest.mark.parametrize(
        ("name", "old", "new", "place", "what"),
        [
            ("units.yaml", "number: 1", "number: one", "units.yaml:2:3 0.number - ", "integer"),
            ("units.yaml", "number: 1", "nummer: 1", "units.yaml:2:3 0.nummer - ", "not permitted"),
            ("units.yaml", "number: 1", "", "units.yaml:1:3 0.number - ", "required"),
            ("units.yaml", "title: The", "title: [The", "units.yaml:3:", "expected"),
            ("sources/news.yaml", "prefix: WP", "prefix: wp", "sources/news.yaml:2:1 prefix - ", "pattern"),
            ("sources/news.yaml", "id: WP-1a", "id: WP-2b", "sources/news.yaml:9:10 ", "does not belong"),
            ("sources/news.yaml", ", holder: Seoul", "", "sources/news.yaml:10:54 ", "holder"),
            ("sources/news.yaml", "check: wrong", "check: bad", "sources/news.yaml:14:35 ", "'ok', 'contested'"),
            ("errata.yaml", "[WP-2a]", "[WP-9z]", "errata.yaml:1:13 0.claims - ", "WP-9z"),
            ("timeline.yaml", "units: [trade-war]", "units: [nowhere]", "timeline.yaml:1:", "nowhere"),
            ("timeline.yaml", "'2018-12-20'", "'20 December'", "timeline.yaml:1:15 0.date - ", "pattern"),
            ("terms.yaml", "id: licence", "id: Licence", "terms.yaml:1:3 0.id - ", "pattern"),
            ("series.yaml", "value: 3.5", "value: .nan", "series.yaml:3:", "finite"),
            ("series.yaml", "claim: WP-1a", "claim: WP-8a", "series.yaml:3:3 0.points - ", "WP-8a"),
            (RADAR, "minutes: 5", "minutes: 500", "trade-war/radar.md:5:1 minutes - ", "90"),
            (RADAR, "unit: trade-war", "unit: trade", "trade-war/radar.md:3:1 unit - ", "trade"),
            (RADAR, "terms: [licence]", "terms: [permit]", "trade-war/radar.md:6:1 terms - ", "permit"),
            (RADAR, "[WP-1a]", "[WP-7a]", "trade-war/radar.md:", "WP-7a"),
            (RADAR, "[WP-1a]", "[WP-1b]", "trade-war/radar.md:", "contested"),
            (RADAR, "[[licence]]", "[[permit]]", "trade-war/radar.md:", "permit"),
            (QUESTIONS, "kind: number", "kind: numbers", "trade-war/radar.questions.yaml:13:5 ", "no such kind"),
            (QUESTIONS, "skill: knowledge", "skill: luck", "trade-war/radar.questions.yaml:14:5 ", "no such skill"),
            (QUESTIONS, "difficulty: 2", "difficulty: 4", "trade-war/radar.questions.yaml:15:5 ", "3"),
            (QUESTIONS, "keyed_to: [WP-1a]", "keyed_to: [WP-2a]", "trade-war/radar.questions.yaml:5:5 ", "wrong"),
            (QUESTIONS, "keyed_to: [WP-1a]", "keyed_to: [WP-6a]", "trade-war/radar.questions.yaml:5:5 ", "WP-6a"),
            (QUESTIONS, "about_error: [E01]", "about_error: [E66]", "trade-war/radar.questions.yaml:12:5 ", "E66"),
            (
                QUESTIONS,
                "feedback: {'false': Look again.}",
                "feedback: {}",
                "trade-war/radar.questions.yaml:5:5 ",
                "Write",
            ),
            (QUESTIONS, "value: 19", "value: many", "trade-war/radar.questions.yaml:12:5 ", "number"),
            (QUESTIONS, "questions: [radar-true]", "questions: [gone]", "trade-war/radar.questions.yaml:3:", "gone"),
        ],
    )
    def test_say_where_and_what_and_load_nothing(
        self, shop: Shop, name: str, old: str, new: str, place: str, what: str
    ) -> None:
        shop.edit(name, old, new)
        errors = shop.fails()
        assert any(error.startswith(place) and what in error for error in errors), "\n".join(errors)
        assert not Unit.objects.exists()

    def test_a_broken_file_leaves_what_was_loaded_before(self, loaded: Shop) -> None:
        loaded.edit("units.yaml", "The trade war", "Another title")
        loaded.edit(RADAR, "[WP-1a]", "[WP-7a]")
        assert loaded.fails()
        assert Unit.objects.get().title == "The trade war"

    def test_every_broken_file_is_named_at_once(self, shop: Shop) -> None:
        shop.edit("units.yaml", "number: 1", "number: one")
        shop.edit("series.yaml", "chart: bars", "chart: cake")
        shop.edit(QUESTIONS, "skill: knowledge", "skill: luck")
        files = {error.partition(":")[0] for error in shop.fails()}
        assert {"units.yaml", "series.yaml"} <= files

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("units.yaml", b"- id: \xff", "units.yaml:1:1 file - is not UTF-8"),
            ("units.yaml", b"- id: a\n- id: b\n  id: c\n", "units.yaml:3:"),
            ("units.yaml", b"- !!python/object/apply:os.system [ls]\n", "units.yaml:1:"),
            ("units.yaml", b"", "units.yaml:1:1 file - "),
            (RADAR, b"## No front matter\n", "trade-war/radar.md:1:1 front matter - "),
            (RADAR, b"---\nid: radar\n---\n", "trade-war/radar.md:"),
        ],
    )
    def test_files_that_are_no_such_files_are_told_too(self, shop: Shop, name: str, content: bytes, said: str) -> None:
        (shop.root / name).write_bytes(content)
        errors = shop.fails()
        assert any(error.startswith(said) for error in errors), "\n".join(errors)

    def test_a_missing_file_is_told_too(self, shop: Shop) -> None:
        (shop.root / "terms.yaml").unlink()
        assert any("terms.yaml" in error for error in shop.fails())


# --- what was edited here ----------------------------------------------------------------------------------


class TestEditedHere:
    """The loader names what it leaves alone, every time, until the files and the editor agree."""

    def test_an_edited_record_is_left_alone_and_named(self, loaded: Shop) -> None:
        unit = Unit.objects.get()
        unit.why = "The editor's reason."
        unit.save()
        assert "left alone" not in loaded.load().replace("0 left alone", "")  # the files have nothing new to say
        loaded.edit("units.yaml", "The trade war", "Trade and war")
        said = loaded.load()
        assert "left alone: unit trade-war: edited here" in said
        assert "1 left alone" in said
        unit.refresh_from_db()
        assert (unit.title, unit.why) == ("The trade war", "The editor's reason.")
        assert "unit trade-war" in loaded.load()

    def test_an_edited_link_counts_as_edited(self, loaded: Shop) -> None:
        Event.objects.get().claims.set(Claim.objects.filter(code="WP-1b"))
        loaded.edit("timeline.yaml", "A radar beam", "A beam")
        assert "left alone: event radar" in loaded.load()
        assert Event.objects.get().claims.get().code == "WP-1b"

    def test_edited_lines_of_a_record_count_as_edited(self, loaded: Shop) -> None:
        Series.objects.get().points.filter(position=1).update(value=9)
        loaded.edit("series.yaml", "title: Trade", "title: Trade by year")
        assert "left alone: series S01" in loaded.load()
        assert Series.objects.get().rows()[0]["value"] == 9

    def test_where_the_files_now_say_the_same_nothing_is_left_alone(self, loaded: Shop) -> None:
        unit = Unit.objects.get()
        unit.title = "Trade and war"
        unit.save()
        loaded.edit("units.yaml", "The trade war", "Trade and war")
        assert "0 left alone" in loaded.load()

    def edited(self, version: Any, **words: Any) -> Any:
        """A further version by an editor, as a draft."""
        names = {version.OF: getattr(version, version.OF)}
        return type(version)(**names, **version.words() | words, origin=Origin.EDITED).add()

    def test_an_editors_published_lesson_stays(self, loaded: Shop) -> None:
        mine = self.edited(LessonVersion.objects.get(), title="The editor's title")
        mine.publish()
        loaded.edit(RADAR, "title: Radar", "title: The radar affair")
        said = loaded.load()
        assert "left alone: radar: version 2, edited here, stays; the shipped text is version 3" in said
        assert LessonVersion.objects.get(status=Status.PUBLISHED) == mine
        assert LessonVersion.objects.get(number=3).title == "The radar affair"  # there to compare, not published
        assert "0 added" in loaded.load()
        assert LessonVersion.objects.count() == 3

    def test_an_editors_published_question_stays(self, loaded: Shop) -> None:
        old = QuestionVersion.objects.get(question__slug="radar-when")
        mine = self.edited(old, texts=old.texts | {"stem": "The editor's words."})
        mine.publish()
        loaded.edit(QUESTIONS, "stem: It was in July.", "stem: It happened in July.")
        assert "left alone: radar-when: version 2" in loaded.load()
        assert old.question.published("en").get() == mine

    def test_an_editors_draft_stands_beside_the_new_text(self, loaded: Shop) -> None:
        mine = self.edited(LessonVersion.objects.get(), title="Not finished")
        loaded.edit(RADAR, "title: Radar", "title: The radar affair")
        assert "0 left alone" in loaded.load()
        mine.refresh_from_db()
        assert (mine.status, mine.title, mine.number) == (Status.DRAFT, "Not finished", 2)
        assert LessonVersion.objects.get(status=Status.PUBLISHED).title == "The radar affair"

    def test_a_lesson_that_an_editor_withdrew_stays_withdrawn(self, loaded: Shop) -> None:
        LessonVersion.objects.update(status=Status.RETIRED)
        loaded.edit(RADAR, "title: Radar", "title: The radar affair")
        assert "left alone: radar: withdrawn here" in loaded.load()
        assert not LessonVersion.objects.filter(status=Status.PUBLISHED).exists()

    def test_what_an_editor_made_here_is_never_touched(self, loaded: Shop) -> None:
        mine = Term.objects.create(slug="own-term", texts={"en": {"name": "Own", "meaning": "Ours."}})
        loaded.edit("terms.yaml", "A permit.", "A written permit.")
        loaded.load()
        assert Term.objects.get(pk=mine.pk).name == "Own"

    def test_a_record_made_here_that_the_files_bring_too_is_left_alone(self, shop: Shop) -> None:
        Unit.objects.create(slug="trade-war", number=9, texts={"en": {"title": "Made here first"}})
        said = shop.load()
        assert "left alone: unit trade-war" in said
        assert Unit.objects.get().title == "Made here first"
