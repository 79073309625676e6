"""Quizzes that draw their questions: by chance, but first what is new; who may write them, and who may set them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from classrooms.forms import AssignmentForm
from classrooms.models import Assignment, Classroom
from lessons import reading
from lessons.loader import Report, Shelves
from lessons.models import Unit
from quizzes.drawing import Nothing, Rule, draw, mixed
from quizzes.grading import band, wrong_bands
from quizzes.loader import load_questions
from quizzes.models import Attempt, Draw, Purpose, Quiz, Terms
from quizzes.offers import offers
from quizzes.survey import survey
from tests.base import client_of, make_lesson, make_question, make_quiz, make_user, start
from tests.desk import change, form_of, text_of

quick = settings(max_examples=60, deadline=None, derandomize=True)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Seen:
    """Questions that were answered so many days ago."""

    def __init__(self, days: dict[int, int]) -> None:
        self.last = {key: NOW - timedelta(days=ago) for key, ago in days.items()}


pools = st.lists(st.integers(1, 30), unique=True, max_size=20)
rules = st.lists(st.builds(Rule, st.integers(1, 8), pools), min_size=1, max_size=4)
seen = st.dictionaries(st.integers(1, 30), st.integers(0, 400)).map(Seen)
seeds = st.integers(0, 2**31 - 1)


class TestRules:
    @quick
    @given(rules=rules, seen=seen, seed=seeds, fixed=st.lists(st.integers(1, 30), max_size=3))
    def test_the_same_seed_draws_the_same_and_nothing_twice(
        self, rules: list[Rule], seen: Seen, seed: int, fixed: list[int]
    ) -> None:
        drawn = draw(rules, fixed=fixed, seen=seen, seed=seed)
        assert draw(rules, fixed=fixed, seen=seen, seed=seed) == drawn
        assert len({*drawn, *fixed}) == len(drawn) + len(set(fixed))
        assert set(drawn) <= {key for rule in rules for key in rule.pool}

    @quick
    @given(rule=st.builds(Rule, st.integers(1, 8), pools), seen=seen, seed=seeds)
    def test_new_ones_come_first_then_those_answered_longest_ago(self, rule: Rule, seen: Seen, seed: int) -> None:
        drawn = draw([rule], seen=seen, seed=seed)
        assert len(drawn) == min(rule.count, len(rule.pool))

        def age(key: int) -> timedelta:
            return NOW - seen.last[key] if key in seen.last else timedelta.max

        left = [age(key) for key in rule.pool if key not in drawn]
        assert all(age(key) >= max(left, default=timedelta(0)) for key in drawn)

    @quick
    @given(keys=pools, seed=seeds)
    def test_an_order_of_chance_loses_nothing(self, keys: list[int], seed: int) -> None:
        assert sorted(mixed(keys, seed)) == sorted(keys)
        assert mixed(keys, seed) == mixed(keys, seed)

    def test_chance_decides_among_equals(self) -> None:
        rule = Rule(5, range(1, 21))
        drawn = {tuple(draw([rule], seen=Nothing(), seed=seed)) for seed in range(30)}
        assert len(drawn) > 25

    @quick
    @given(data=st.data())
    def test_bands_of_words_are_all_usable_or_their_lines_are_named(self, data: st.DataObject) -> None:
        lines = data.draw(st.lists(st.sampled_from(["80: Well done.", "50 %: Half.", "0: So.", "101: No.", "x", "7:"])))
        wrong = wrong_bands(lines)
        good = [line for n, line in enumerate(lines, 1) if n not in wrong]
        assert wrong_bands(good) == []
        assert {"101: No.", "x", "7:"}.isdisjoint(good)
        assert len(set(good)) == len(good)
        assert all(band([line], 100) for line in good)


@pytest.mark.django_db
class TestAttempts:
    @pytest.fixture
    def pool(self) -> Quiz:
        """Twelve questions of one unit, two of them reserved, and a quiz that draws four of them."""
        lesson = make_lesson()
        for n in range(12):
            make_question(f"statement-{n}", lesson, reserved=n < 2)
        quiz = Quiz.objects.create(slug="mixed", purpose=Purpose.MIXED, texts={"en": {"title": "Mixed"}})
        Draw.objects.create(quiz=quiz, count=4, unit=lesson.unit)
        return quiz

    def asks(self, attempt: Attempt) -> list[str]:
        return [slot.version.question.slug for slot in attempt.asks]

    def finished(self, user: User, quiz: Quiz, now: datetime, **terms: Any) -> Attempt:
        attempt = start(user, quiz, terms=Terms(**terms), now=now)
        for slot in attempt.asks:
            attempt.record(slot, {"choice": "true"}, key=str(slot.pk), now=now)
        attempt.finish(now)
        return attempt

    def test_the_next_one_asks_what_was_not_met_then_what_was_met_first(self, pool: Quiz, alice: User) -> None:
        asked = [self.asks(self.finished(alice, pool, NOW + timedelta(days=n))) for n in range(3)]
        assert len({slug for slugs in asked for slug in slugs}) == 10  # all that are not reserved
        assert not {*asked[0]} & {*asked[1]}
        old = {*asked[2]} & {*asked[0], *asked[1]}
        assert len(old) == 2
        assert old <= {*asked[0]}

    def test_reserved_ones_are_never_drawn_in_practice(self, pool: Quiz, alice: User, bob: User) -> None:
        reserved = {"statement-0", "statement-1"}
        for n in range(6):
            assert not reserved & {*self.asks(self.finished(alice, pool, NOW + timedelta(days=n)))}
        met = [self.asks(self.finished(bob, pool, NOW + timedelta(days=n), context=f"a:{n}")) for n in range(3)]
        assert reserved < {slug for slugs in met for slug in slugs}  # in an assignment they may be

    def test_a_pool_that_is_too_small_gives_what_it_has(self, pool: Quiz, alice: User) -> None:
        pool.draws.update(count=50)
        assert len(self.asks(start(alice, pool))) == 10
        assert pool.length == 10
        assert "10 questions" in text_of(client_of(alice).get(pool.get_absolute_url()))

    def test_fixed_ones_are_asked_and_not_drawn_again(self, pool: Quiz, alice: User) -> None:
        pool.set_places(["statement-5", "statement-7"])
        asked = self.asks(start(alice, pool))
        assert asked[:2] == ["statement-5", "statement-7"]
        assert len(set(asked)) == len(asked) == 6
        pool.shuffled = True
        pool.save()
        orders = [tuple(self.asks(start(make_user(f"u{n}"), pool))[:2]) for n in range(8)]
        assert len(set(orders)) > 2

    def test_each_pupil_draws_other_questions_and_the_gradebook_knows_how_many(
        self, pool: Quiz, room: Classroom, alice: User, bob: User, tom: User
    ) -> None:
        pool.draws.update(count=5)
        form = AssignmentForm(classroom=room)
        assert [pool.pk] == [pk for _group, rows in form.fields["quiz"].choices for pk, _title in rows]
        task = Assignment.objects.create(classroom=room, quiz=pool, due=timezone.now() + timedelta(days=1))
        assert Assignment.objects.counted().get(pk=task.pk).asks == 5
        hers, his = (set(self.asks(task.begin(user, now=timezone.now()))) for user in (alice, bob))
        assert len(hers) == len(his) == 5
        assert "5" in text_of(client_of(tom).get(task.get_absolute_url()))

    def test_seeds_differ_between_attempts(self, pool: Quiz) -> None:
        drawn = {tuple(self.asks(start(make_user(f"p{n}"), pool))) for n in range(8)}
        assert len(drawn) > 4


@pytest.mark.django_db
class TestOffered:
    def test_where_a_learner_finds_them(self, client: Any) -> None:
        lesson = make_lesson()
        closing = make_quiz(questions=3, lesson=lesson)
        hidden = make_quiz("class-test", 2, lesson=lesson, purpose=Purpose.ASSIGNMENT, reserved=True)
        for slug, unit, skill in (("mixed-unit", lesson.unit, ""), ("mixed-all", None, ""), ("none", None, "sourcing")):
            quiz = Quiz.objects.create(slug=slug, purpose=Purpose.MIXED, texts={"en": {"title": f"Title {slug}"}})
            quiz.draws.create(count=2, unit=unit, skill=skill)
        found = offers(reading.shelf())
        assert [offer.title for offer in found.across] == ["Title mixed-all"]  # "none" has no question to draw
        [(unit, of_unit)] = found.units
        assert unit == lesson.unit
        assert [(offer.title, offer.questions) for offer in of_unit] == [("Title mixed-unit", 2), (str(closing), 3)]
        page = text_of(client.get("/quizzes/"))
        assert all(f'href="/quizzes/{slug}/"' in page for slug in ("mixed-unit", "mixed-all", closing.slug))
        assert hidden.slug not in page
        page = text_of(client.get(lesson.unit.get_absolute_url()))
        assert 'href="/quizzes/mixed-unit/"' in page
        assert 'href="/quizzes/mixed-all/"' not in page

    def test_a_unit_without_one_says_nothing_of_it(self, client: Any) -> None:
        assert "Mixed quizzes" not in text_of(client.get(make_lesson().unit.get_absolute_url()))
        assert "There is no quiz yet" in text_of(client.get("/quizzes/"))


# --- written -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestFiles:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        lesson = make_lesson()
        for n in range(4):
            make_question(f"statement-{n}", lesson)
        return tmp_path

    def load(self, root: Path, text: str) -> Report:
        (root / "quizzes.yaml").write_text(text, encoding="utf-8")
        report = Report()
        load_questions(report, Shelves(), root)
        return report

    GOOD = """
- id: mixed-one
  purpose: mixed
  questions: [statement-3]
  draws:
    - {count: 1, unit: trade-war-2019, skill: knowledge}
    - {count: 2, lesson: three-chemicals, difficulty: 2}
  shuffled: true
  text: {title: Mixed, intro: A sentence., bands: ['80: Well done.', '0: Again.']}
"""

    def test_are_loaded_and_loaded_again_without_a_change(self, root: Path) -> None:
        assert self.load(root, self.GOOD).errors == []
        quiz = Quiz.objects.get(slug="mixed-one")
        assert (quiz.purpose, quiz.shuffled, quiz.lesson, quiz.bands) == (
            "mixed",
            True,
            None,
            ["80: Well done.", "0: Again."],
        )
        assert [draw.as_row() for draw in quiz.draws.all()] == [
            {"count": 1, "unit": "trade-war-2019", "skill": "knowledge"},
            {"count": 2, "lesson": "three-chemicals", "difficulty": 2},
        ]
        report = self.load(root, self.GOOD)
        assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
        changed = self.load(root, self.GOOD.replace("count: 2", "count: 1"))
        assert (changed.updated, [d.count for d in quiz.draws.all()]) == (1, [1, 1])

    def test_what_an_editor_changed_stays(self, root: Path) -> None:
        self.load(root, self.GOOD)
        Quiz.objects.get(slug="mixed-one").draws.filter(skill="").update(count=3)
        report = self.load(root, self.GOOD.replace("count: 2", "count: 1"))
        assert report.left_alone == ["quiz mixed-one: edited here"]
        assert Draw.objects.filter(count=3).exists()

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("unit: trade-war-2019", "unit: no-such", "quizzes.yaml:6:7 0.draws.0 - no unit no-such"),
            ("lesson: three-chemicals", "lesson: nothing", "quizzes.yaml:7:7 0.draws.1 - no lesson nothing"),
            ("skill: knowledge", "skill: magic", "quizzes.yaml:6:7 0.draws.0 - no such skill"),
            ("[statement-3]", "[statement-9]", "quizzes.yaml:4:3 0.questions - no question statement-9"),
            ("'80: Well done.'", "'Well done.'", "quizzes.yaml:9:"),
            ("count: 1", "count: 0", "quizzes.yaml:6:"),
            ("purpose: mixed", "purpose: checkpoint", "0.purpose - questions in place stand in a lesson"),
        ],
    )
    def test_a_mistake_is_named_with_its_place(self, root: Path, old: str, new: str, says: str) -> None:
        errors = self.load(root, self.GOOD.replace(old, new)).errors
        assert any(says in error for error in errors), errors
        assert not Quiz.objects.filter(slug="mixed-one").exists()

    def test_a_quiz_that_asks_nothing_is_refused(self, root: Path) -> None:
        [error] = self.load(root, "- {id: empty, purpose: mixed, text: {title: Empty}}").errors
        assert "asks nothing" in error


@pytest.mark.django_db
class TestOnTheDesk:
    @pytest.fixture
    def quiz(self) -> Quiz:
        return make_quiz(questions=3)

    def test_draws_and_bands_are_written_beside_the_fixed_questions(self, quiz: Quiz, edith: User) -> None:
        desk, unit = client_of(edith), quiz.lesson.unit
        data = form_of(desk.get(change(quiz))) | {
            "shuffled": "on",
            "bands": "80: Well done.\r\n0: Again.",
            "draws-0-count": "2",
            "draws-0-unit": str(unit.pk),
            "draws-0-skill": "knowledge",
        }
        assert desk.post(change(quiz), data).status_code == 302
        quiz.refresh_from_db()
        assert (quiz.shuffled, quiz.bands) == (True, ["80: Well done.", "0: Again."])
        assert [draw.as_row() for draw in quiz.draws.all()] == [{"count": 2, "unit": unit.slug, "skill": "knowledge"}]
        data = form_of(desk.get(change(quiz)))
        data["places-0-position"], data["places-1-position"] = data["places-1-position"], data["places-0-position"]
        assert desk.post(change(quiz), data).status_code == 302
        assert [p.question.slug for p in quiz.places.order_by("position")][:2] == [
            "chemicals-quiz-2",
            "chemicals-quiz-1",
        ]
        assert quiz.draws.count() == 1  # moving a question takes no draw away
        assert "5" in text_of(desk.get("/admin/quizzes/quiz/"))
        data = form_of(desk.get(change(quiz))) | {"draws-0-DELETE": "on"}
        assert desk.post(change(quiz), data).status_code == 302
        assert (quiz.draws.count(), quiz.places.count()) == (0, 3)

    @pytest.mark.parametrize(
        ("bands", "line"), [("80: Well.\r\nGood.", "2"), ("101: Well.", "1"), ("50: A.\r\n\r\n50: B.", "2")]
    )
    def test_a_band_that_cannot_be_used_is_named_by_its_line(
        self, quiz: Quiz, edith: User, bands: str, line: str
    ) -> None:
        desk = client_of(edith)
        page = desk.post(change(quiz), form_of(desk.get(change(quiz))) | {"bands": bands})
        assert f"Line {line}: begin with" in text_of(page)
        assert form_of(page)["bands"].replace("\r\n", "|").startswith(bands.split("\r\n")[0])

    def test_more_than_there_are_cannot_be_drawn(self, quiz: Quiz, edith: User) -> None:
        desk = client_of(edith)
        data = form_of(desk.get(change(quiz))) | {"draws-0-count": "9", "draws-0-difficulty": "2"}
        assert "Only 3 questions fit this" in text_of(desk.post(change(quiz), data))
        assert not Draw.objects.exists()


# --- what is shipped ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(curriculum: None) -> None:
    """The shipped curriculum."""


@pytest.mark.usefixtures("shipped")
@pytest.mark.django_db
class TestShipped:
    def test_every_unit_has_its_mixed_quiz_of_ten(self) -> None:
        found = offers(reading.shelf())
        for unit in Unit.objects.all():
            assert [offer.questions for offer in found.mixed(unit)] == [10], unit.slug
        assert [offer.title for offer in found.across] == ["Reading sources", "Who agrees?", "When was it?"]

    def test_no_pool_is_smaller_than_twice_what_is_drawn(self) -> None:
        lines = survey().lines
        assert "draws from a pool of less than twice their number: 0" in lines
        assert "quizzes that draw their questions: 11" in lines
        Draw.objects.filter(quiz__slug="mixed-chronology").update(count=40)
        short = [line for line in survey().short if "mixed-chronology" in line]
        assert short
        assert short[0].startswith("draws from a pool of less than twice their number: mixed-chronology: 40 of ")

    def test_a_learner_takes_two_and_meets_no_question_twice(self) -> None:
        alice, quiz = make_user("alice"), Quiz.objects.get(slug="mixed-close-reading")
        first = start(alice, quiz)
        for slot in first.asks:
            solution = slot.version.question.rules.solution(slot.version.content)
            first.record(slot, solution, key=str(slot.pk), now=timezone.now())
        first.finish(timezone.now())
        second = start(alice, quiz)
        assert len(first.asks) == len(second.asks) == 10
        asked = [slot.version.question_id for each in (first, second) for slot in each.asks]
        assert len(set(asked)) == 20
        skills = {slot.version.question.skill for slot in second.asks}
        assert skills == {"sourcing", "close-reading"}
        page = text_of(client_of(alice).get(first.get_absolute_url()))
        assert "You ask who speaks before you believe" in page

    def test_words_for_every_result(self) -> None:
        for quiz in Quiz.objects.filter(purpose=Purpose.MIXED):
            assert wrong_bands(quiz.bands) == []
            assert band(quiz.bands, 0)
