"""What the curriculum holds and what it lacks, counted from the published versions. Read only."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q

from lessons import markup
from lessons.models import ORIGINAL, Check, Claim, Erratum, LessonVersion, Passage, Status, Term, unresolved
from lessons.readability import grade
from quizzes import proofs
from quizzes.models import Draw, Purpose, QuestionVersion, Quiz, QuizQuestion, Skill
from quizzes.questions.base import plain

WORDS = range(500, 901)
SECTIONS = range(3, 6)
CLOSING = range(6, 11)
KINDS_OF_DOUBT = {
    "figure": "figures that nothing near them vouches for",
    "name": "names that nothing near them vouches for",
    "citation": "citations that many others would fit better",
}
REASONING = [skill for skill in Skill.values if skill != Skill.KNOWLEDGE]


@dataclass
class Survey:
    """Lines to print, and what is short of the rules, a line each."""

    lines: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)

    def count(self, what: str, found: list[str], says: str = "") -> None:
        """Something of which there may be none."""
        self.lines.append(f"{what}: {len(found)}")
        self.short += [f"{what}: {each}{says}" for each in found]

    def of(self, what: str, have: set[str], wanted: set[str]) -> None:
        """Something of which all are wanted."""
        self.lines.append(f"{what}: {len(wanted & have)} of {len(wanted)}")
        self.short += [f"{what}: not {each}" for each in sorted(wanted - have)]


def survey(language: str = "en") -> Survey:
    """Measure everything published in this language."""
    found = Survey()
    published = {"status": Status.PUBLISHED, "language": language}
    lessons = list(LessonVersion.objects.filter(**published).select_related("lesson").order_by("lesson"))
    questions = list(QuestionVersion.objects.filter(**published).select_related("question__lesson__unit"))
    kinds, skills = (Counter(getattr(q.question, name) for q in questions) for name in ("kind", "skill"))
    found.lines += [
        f"lessons: {len(lessons)}",
        f"questions: {len(questions)}",
        "  by kind: " + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())),
        "  by skill: " + ", ".join(f"{skill} {n}" for skill, n in sorted(skills.items())),
    ]
    if 3 * sum(skills[skill] for skill in REASONING) < len(questions):
        found.short.append("questions that ask for reasoning: fewer than a third")
    _lessons(found, lessons)
    _coverage(found, lessons, questions)
    _questions(found, questions)
    _draws(found, language)
    _lengths(found, questions)
    if language == ORIGINAL:  # the checks read English
        _proofs(found)
    return found


def _lessons(found: Survey, lessons: list[LessonVersion]) -> None:
    sizes = {quiz.lesson_id: quiz.places.count() for quiz in Quiz.objects.filter(purpose=Purpose.CLOSING)}
    places = QuizQuestion.objects.filter(quiz__purpose=Purpose.CHECKPOINT)
    placed = set(places.values_list("quiz__lesson", "question__slug"))
    for version in lessons:
        scan = markup.scan(version.body)
        sections = sum(heading.level == 2 for heading in scan.headings)
        asked, closing, slug = len(scan.questions), sizes.get(version.lesson_id, 0), version.lesson.slug
        level = grade(markup.prose(version.body))
        found.lines.append(
            f"  {slug}: {scan.words} words, grade {level}, {sections} sections, {asked} in place, {closing} closing"
        )
        if scan.words not in WORDS:
            found.short.append(f"{slug}: {scan.words} words, wanted {WORDS[0]}-{WORDS[-1]}")
        if sections not in SECTIONS or asked != sections:
            found.short.append(f"{slug}: {sections} sections with {asked} questions")
        if closing not in CLOSING:
            found.short.append(f"{slug}: {closing} questions in the closing quiz")
        found.short += [
            f"{slug}: {each} stands in the text, not in its checkpoint"
            for each in scan.questions
            if (version.lesson_id, each) not in placed
        ]
        if not version.teaching:
            found.short.append(f"{slug}: no page for teachers")


def _coverage(found: Survey, lessons: list[LessonVersion], questions: list[QuestionVersion]) -> None:
    wanted = set(Passage.objects.filter(substantive=True).values_list("code", flat=True))
    taught = set(Claim.objects.filter(lesson_versions__in=lessons).values_list("passage__code", flat=True))
    asking = Q(keyed_questions__in=questions) | Q(citing_questions__in=questions) | Q(errata__questions__in=questions)
    asked = set(Claim.objects.filter(asking).values_list("passage__code", flat=True))
    for version in questions:
        asked |= set(version.content.get("passages", ()))
    found.of("substantive paragraphs cited by a lesson", taught, wanted)
    found.of("substantive paragraphs cited by a question", asked, wanted)
    known = set(Term.objects.values_list("slug", flat=True))
    found.count(
        "terms without an entry", [f"{v.lesson.slug} {slug}" for v in lessons for slug in v.terms if slug not in known]
    )
    wrong = [f"{v.lesson.slug}: {line}" for v in lessons for text in v.citing for line in unresolved(markup.scan(text))]
    wrong += [f"{v.question.slug}: {line}" for v in questions for line in unresolved(v.scan)]
    holders = [line for line in wrong if "contested" in line]
    found.count("citations of a contested claim without its holder", holders)
    found.count("citations that lead nowhere", [line for line in wrong if line not in holders])


def _questions(found: Survey, questions: list[QuestionVersion]) -> None:
    unkeyable = dict(Claim.objects.filter(check_result__in=Check.unkeyable()).values_list("code", "check_result"))
    found.count(
        "questions keyed to what is garbled, wrong or unverifiable",
        [f"{v.question.slug} {code} ({unkeyable[code]})" for v in questions for code in v.keys if code in unkeyable],
    )
    loose = {e.code for e in Erratum.objects.all() if not e.referenced}
    found.count(
        "questions about an erratum without a reference",
        [f"{v.question.slug} {code}" for v in questions for code in v.errors if code in loose],
    )
    failing = []
    for version in questions:
        try:
            version.question.rules.check(version.content, version.texts)
        except ValidationError as wrong:
            failing.append(f"{version.question.slug}: {'; '.join(wrong.messages)}")
    found.count("questions that fail their kind's check (a wrong option without feedback is one)", failing)
    found.count(
        "explanations without a citation",
        [v.question.slug for v in questions if not v.scan.claims and not v.scan.errata],
    )


def _draws(found: Survey, language: str) -> None:
    """A pool of twice as many gives a second attempt other questions."""
    practised = QuestionVersion.objects.filter(question__reserved=False, status=Status.PUBLISHED, language=language)
    draws = [(draw, len(draw.pool(practised))) for draw in Draw.objects.select_related("quiz", "unit", "lesson")]
    found.lines.append(f"quizzes that draw their questions: {len({draw.quiz_id for draw, _size in draws})}")
    small = [f"{draw.quiz.slug}: {draw.count} of {size}" for draw, size in draws if size < 2 * draw.count]
    found.count("draws from a pool of less than twice their number", small)


def _lengths(found: Survey, questions: list[QuestionVersion]) -> None:
    """Whoever always takes the longest option must not do better than chance."""
    longest, chance, asked = defaultdict[str, float](float), defaultdict[str, float](float), Counter[str]()
    for version in questions:
        if version.question.kind == "single":
            unit, options = version.question.lesson.unit.slug, version.texts["options"]
            sizes = {key: len(plain(text)) for key, text in options.items()}
            most = [key for key, size in sizes.items() if size == max(sizes.values())]
            longest[unit] += (version.content["right"] in most) / len(most)
            chance[unit] += 1 / len(options)
            asked[unit] += 1
    for unit in sorted(asked):
        says = f"right option longest: {longest[unit]:.3g} of {asked[unit]} in {unit} (chance {chance[unit]:.0f})"
        found.lines.append(says)
        if longest[unit] > chance[unit] + 2:
            found.short.append(says)


def _proofs(found: Survey) -> None:
    proved = proofs.prove()
    found.count("texts that do not agree with themselves", proved.problems)
    for kind, what in KINDS_OF_DOUBT.items():
        known = {(d.statement.home, d.what) for d in proved.doubts if d.kind == kind and proved.listed(d)}
        new = [doubt for doubt in proved.new if doubt.kind == kind]
        found.lines += [f"{what}, and listed as such: {len(known)}"]
        found.lines += [f"  edited here: {doubt}" for doubt in new if proved.of_edited(doubt)]
        found.count(f"{what}", [str(doubt) for doubt in new if not proved.of_edited(doubt)])
    found.count("entries of once.yaml without a text", proved.stale)
