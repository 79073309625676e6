"""Shipped question files -> questions, their versions, and the quizzes that ask them."""

from pathlib import Path

from lessons import schema
from lessons.files import CURRICULUM, BadFiles, Source
from lessons.loader import Report, Shelves, missing, put, put_version
from lessons.models import ORIGINAL, Lesson
from quizzes.models import Question, QuestionVersion, Quiz, Skill
from quizzes.questions import KINDS


def load_questions(report: Report, shelves: Shelves, root: Path = CURRICULUM / ORIGINAL) -> None:
    """Load every `<lesson>.questions.yaml`; errors go into the report."""
    for path in sorted(root.glob("*/*.questions.yaml")):
        lesson = path.name.removesuffix(".questions.yaml")
        try:
            source = Source(path, root)
            if lines := missing(shelves, Lesson, [lesson]):
                raise BadFiles([source.error((), line) for line in lines])
            _load(report, shelves, source, lesson)
        except BadFiles as bad:
            report.errors += bad.lines


def _load(report: Report, shelves: Shelves, source: Source, lesson: str) -> None:
    file: schema.QuestionsFile = source.read(schema.QuestionsFile)
    for i, question in enumerate(file.questions):
        where = ("questions", i)
        wrong = []
        if question.kind not in KINDS:
            wrong.append(source.error((*where, "kind"), f"no such kind; there are {', '.join(KINDS)}"))
        if question.skill not in Skill.values:
            wrong.append(source.error((*where, "skill"), f"no such skill; there are {', '.join(Skill.values)}"))
        if wrong:
            report.errors += wrong
            continue
        row = put(
            report, shelves, Question, question.id, lesson=lesson, kind=question.kind, skill=question.skill,
            difficulty=question.difficulty, reserved=question.reserved,
        )  # fmt: skip
        version = QuestionVersion(
            question=row, language=ORIGINAL, content=question.content, texts=question.text,
            keys=question.keyed_to, errors=question.about_error,
        )  # fmt: skip
        for problem in put_version(report, version, question.id):
            report.errors.append(source.error((*where, "id"), f"{question.id}: {problem}"))
    for i, quiz in enumerate(file.quizzes):
        if lines := missing(shelves, Question, quiz.questions):
            report.errors += [source.error(("quizzes", i, "questions"), line) for line in lines]
            continue
        _quiz(report, shelves, quiz, lesson)


def _quiz(report: Report, shelves: Shelves, quiz: schema.QuizFile, lesson: str) -> None:
    put(
        report, shelves, Quiz, quiz.id, lesson=lesson, purpose=quiz.purpose, rows=[{"asks": q} for q in quiz.questions],
        texts=quiz.text.model_dump() if quiz.text else {},
    )  # fmt: skip
