"""Questions and the quizzes that ask them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lessons import markup
from lessons.book import Scan
from lessons.models import (
    ORIGINAL,
    Check,
    Claim,
    Erratum,
    Image,
    Lesson,
    Lines,
    Passage,
    Record,
    Source,
    Status,
    Text,
    Unit,
    Version,
    unresolved,
)
from quizzes import drawing
from quizzes.questions import KINDS, Kind

DIFFICULTY = [(1, _("easy")), (2, _("middle")), (3, _("hard"))]


class Skill(models.TextChoices):
    KNOWLEDGE = "knowledge", _("Knowledge")
    CHRONOLOGY = "chronology", _("Chronology")
    SOURCING = "sourcing", _("Sourcing")
    CONTEXT = "context", _("Context")
    CORROBORATION = "corroboration", _("Corroboration")
    CLOSE_READING = "close-reading", _("Close reading")


class Question(Record):
    slug = models.SlugField(unique=True, max_length=80)
    kind = models.CharField(max_length=20, choices=[(key, key.replace("_", " ")) for key in KINDS])
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="questions")
    skill = models.CharField(max_length=16, choices=Skill, default=Skill.KNOWLEDGE)
    difficulty = models.PositiveSmallIntegerField(choices=DIFFICULTY, default=2)
    reserved = models.BooleanField(
        _("reserved"), default=False, help_text=_("Asked in assignments only: never in practice, review or search.")
    )

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    def published(self, language: str) -> "models.QuerySet[QuestionVersion]":
        """The version asked now in this language: none or one."""
        return self.versions.filter(status=Status.PUBLISHED, language=language).select_related("question")

    @property
    def by_person(self) -> bool:
        """Whether its answers are judged by a person and not by its rules."""
        return hasattr(self.rules, "assessment")

    @property
    def rules(self) -> Kind:
        """The functions of this question's kind."""
        return KINDS[self.kind]


KEPT: dict[int, "QuestionVersion"] = {}


class QuestionVersion(Version):
    """`content` is neutral (option keys, right keys, numbers); `texts` are the words of one language."""

    OF = "question"
    WORDS = ("content", "texts", "keys", "errors")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    content = models.JSONField()
    texts = models.JSONField()
    keys = models.JSONField(default=list)  # claim codes the key rests on, as written
    errors = models.JSONField(default=list)  # erratum codes the question is about, as written
    keyed_to = models.ManyToManyField(Claim, related_name="keyed_questions", editable=False)
    about_error = models.ManyToManyField(Erratum, related_name="questions", editable=False)
    cites = models.ManyToManyField(Claim, related_name="citing_questions", editable=False)

    class Meta:
        ordering = ["question", "language", "-number"]
        constraints = Version.rules("question")

    def __str__(self) -> str:
        return str(self.texts.get("stem", ""))

    @classmethod
    def kept(cls, pks: Iterable[int]) -> "list[QuestionVersion]":
        """These versions, with their questions. They never change, so a process keeps them."""
        pks = list(pks)
        if missing := [pk for pk in pks if pk not in KEPT]:
            KEPT.update(cls.objects.select_related("question").in_bulk(missing))
        return [KEPT[pk] for pk in pks]

    @cached_property
    def scan(self) -> Scan:
        """What explanation and feedback refer to."""
        feedback = self.texts.get("feedback") or {}
        return markup.scan("\n\n".join([str(self.texts.get("explanation", "")), *map(str, feedback.values())]))

    def problems(self) -> list[str]:
        found: list[str] = []
        try:
            self.question.rules.check(self.content, self.texts)
        except ValidationError as wrong:
            found += [f"{field}: {message}" for field, messages in wrong.message_dict.items() for message in messages]
        else:
            found += self._strangers()
        found += [str(problem) for problem in self.scan.problems] + unresolved(self.scan)
        known = dict(Claim.objects.filter(code__in=self.keys).values_list("code", "check_result"))
        for code in self.keys:
            if code not in known:
                found.append(str(_("keyed to %s, which does not exist")) % code)
            elif known[code] in Check.unkeyable():
                found.append(str(_("keyed to %s, which is %s")) % (code, known[code]))
        errata = set(Erratum.objects.filter(code__in=self.errors).values_list("code", flat=True))
        found += [str(_("about erratum %s, which does not exist")) % code for code in self.errors if code not in errata]
        if not self.keys and not self.errors:
            found.append(str(_("says neither which claim its key rests on nor which error it is about")))
        return found

    def _strangers(self) -> list[str]:
        """What the content of a question offers to choose from and the shelves do not hold."""
        found = []
        for name, model in (("sources", Source), ("passages", Passage), ("image", Image)):
            if named := self.content.get(name):
                named = [named] if isinstance(named, str) else named
                known = set(model.objects.filter(**{f"{model.KEY}__in": named}).values_list(model.KEY, flat=True))
                found += [str(_("offers %s, which does not exist")) % key for key in named if key not in known]
        return found

    def link(self) -> None:
        cited = {c.code for c in self.scan.claims}
        claims = Claim.objects.in_bulk({*cited, *self.keys}, field_name="code")
        self.keyed_to.add(*(claims[code] for code in self.keys if code in claims))
        self.cites.add(*(claims[code] for code in cited if code in claims))
        if self.errors:
            self.about_error.add(*Erratum.objects.filter(code__in=self.errors))


class Purpose(models.TextChoices):
    CHECKPOINT = "checkpoint", _("questions in place")
    CLOSING = "closing", _("closing quiz")
    ASSIGNMENT = "assignment", _("for assignments only")
    MIXED = "mixed", _("drawn anew each time")
    REVIEW = "review", _("spaced review")


class Quiz(Record):
    """A list of questions and how they are asked when nobody says otherwise."""

    slug = models.SlugField(unique=True, max_length=80)
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="quizzes", null=True, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.CLOSING)
    questions: Any = models.ManyToManyField(Question, through="QuizQuestion", related_name="quizzes")
    title = Text(_("title"))
    shuffled = models.BooleanField(
        _("in an order of chance"), default=False, help_text=_("Else in the order below, what is drawn coming last.")
    )
    intro = Text(_("what it asks, in one sentence"), long=True)
    bands = Lines(_("words at the end, as 80: well done"))

    class Meta:
        ordering = ["lesson", "purpose"]
        verbose_name_plural = "quizzes"

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("quiz", args=[self.slug])

    def rows(self) -> list[dict[str, Any]]:
        asks = [{"asks": slug} for slug in self.places.values_list("question__slug", flat=True)]
        return asks + [{"draws": each.as_row()} for each in self.draws.select_related("unit", "lesson")]

    def set_rows(self, rows: list[dict[str, Any]]) -> None:
        self.set_places([row["asks"] for row in rows if "asks" in row])
        self.draws.all().delete()
        Draw.objects.bulk_create(Draw.of_row(self, row["draws"]) for row in rows if "draws" in row)

    def set_places(self, slugs: list[str]) -> None:
        """Ask these questions, in this order."""
        self.places.all().delete()
        questions = Question.objects.in_bulk(slugs, field_name="slug")
        QuizQuestion.objects.bulk_create(
            QuizQuestion(quiz=self, question=questions[slug], position=n) for n, slug in enumerate(slugs, 1)
        )

    def asked(self, language: str, *, reserved: bool, seed: int, seen: drawing.Seen) -> list[QuestionVersion]:
        """The versions that an attempt with this seed asks, in order; those kept for assignments only if
        `reserved`. Two queries, and one for each rule of drawing."""
        published = QuestionVersion.objects.filter(language=language, status=Status.PUBLISHED)
        if not reserved:
            published = published.filter(question__reserved=False)
        fixed = list(published.filter(question__places__quiz=self).order_by("question__places__position").distinct())
        keys = [version.question_id for version in fixed]
        rules = [drawing.Rule(each.count, each.pool(published)) for each in self.draws.all()]
        keys += drawing.draw(rules, fixed=keys, seen=seen, seed=seed) if rules else []
        if self.shuffled:
            keys = drawing.mixed(keys, seed)
        if not rules and not self.shuffled:
            return fixed
        versions = {version.question_id: version for version in published.filter(question__in=keys)}
        return [versions[key] for key in keys]

    @property
    def length(self) -> int:
        """How many questions it asks in practice; a pool that is too small gives what it has."""
        if self.draws.exists():
            language = get_language() or ORIGINAL
            return len(self.asked(language, reserved=False, seed=0, seen=drawing.Nothing()))
        return self.places.filter(question__reserved=False).count()


class Draw(models.Model):
    """A quiz takes `count` questions by chance from those that fit; what is left empty fits everything."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="draws")
    count = models.PositiveSmallIntegerField(_("how many"), validators=[MinValueValidator(1), MaxValueValidator(50)])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    skill = models.CharField(_("skill"), max_length=16, choices=Skill, blank=True)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), choices=DIFFICULTY, null=True, blank=True)

    class Meta:
        ordering = ["quiz", "pk"]

    def __str__(self) -> str:
        return f"{self.count} × {self.lesson or self.unit or '*'} {self.skill}".strip()

    def pool(self, published: "models.QuerySet[QuestionVersion]") -> list[int]:
        """The questions to draw from."""
        wanted = {
            "question__lesson__unit": self.unit_id,
            "question__lesson": self.lesson_id,
            "question__skill": self.skill,
            "question__difficulty": self.difficulty,
        }
        fits = published.filter(**{name: value for name, value in wanted.items() if value})
        return list(fits.order_by("question_id").values_list("question_id", flat=True))

    def as_row(self) -> dict[str, Any]:
        row = {
            "count": self.count,
            "unit": self.unit.slug if self.unit else "",
            "lesson": self.lesson.slug if self.lesson else "",
            "skill": self.skill,
            "difficulty": self.difficulty,
        }
        return {name: value for name, value in row.items() if value}

    @classmethod
    def of_row(cls, quiz: Quiz, row: dict[str, Any]) -> "Draw":
        unit = Unit.objects.get(slug=row["unit"]) if row.get("unit") else None
        lesson = Lesson.objects.get(slug=row["lesson"]) if row.get("lesson") else None
        return cls(
            quiz=quiz,
            count=row["count"],
            unit=unit,
            lesson=lesson,
            skill=row.get("skill", ""),
            difficulty=row.get("difficulty"),
        )


class QuizQuestion(models.Model):
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="places")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["quiz", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "position"], name="one_question_a_place"),
            models.UniqueConstraint(fields=["quiz", "question"], name="a_question_once_a_quiz"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} {self.position}"
