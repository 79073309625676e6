"""Shipped question files -> questions, their versions, and the quizzes that ask them or draw from them."""

from pathlib import Path
from typing import Any

from lessons import schema
from lessons.files import CURRICULUM, BadFiles, Source
from lessons.loader import Report, Shelves, missing, put, put_version
from lessons.models import ORIGINAL, Lesson, Unit
from quizzes.models import Purpose, Question, QuestionVersion, Quiz, Skill
from quizzes.questions import KINDS


def load_questions(report: Report, shelves: Shelves, root: Path = CURRICULUM / ORIGINAL) -> None:
    """Load every `<lesson>.questions.yaml`, then the quizzes without a lesson; errors go into the report."""
    for path in sorted(root.glob("*/*.questions.yaml")):
        lesson = path.name.removesuffix(".questions.yaml")
        try:
            source = Source(path, root)
            if lines := missing(shelves, Lesson, [lesson]):
                raise BadFiles([source.error((), line) for line in lines])
            _load(report, shelves, source, lesson)
        except BadFiles as bad:
            report.errors += bad.lines
    if (path := root / "quizzes.yaml").exists():
        try:
            source = Source(path, root)
            for i, quiz in enumerate(source.read(list[schema.QuizFile])):
                _quiz(report, shelves, source, (i,), quiz, None)
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
        _quiz(report, shelves, source, ("quizzes", i), quiz, lesson)


def _quiz(
    report: Report, shelves: Shelves, source: Source, where: tuple[str | int, ...], quiz: schema.QuizFile,
    lesson: str | None,
) -> None:  # fmt: skip
    wrong = [source.error((*where, "questions"), line) for line in missing(shelves, Question, quiz.questions)]
    if not quiz.questions and not quiz.draws:
        wrong.append(source.error(where, "asks nothing: give questions or draws"))
    if quiz.purpose == Purpose.CHECKPOINT and lesson is None:
        wrong.append(source.error((*where, "purpose"), "questions in place stand in a lesson"))
    rows: list[dict[str, Any]] = [{"asks": slug} for slug in quiz.questions]
    for n, draw in enumerate(quiz.draws):
        row = {name: value for name, value in draw.model_dump().items() if value}
        lines = [
            *missing(shelves, Unit, filter(None, [draw.unit])),
            *missing(shelves, Lesson, filter(None, [draw.lesson])),
        ]
        if draw.skill and draw.skill not in Skill.values:
            lines.append(f"no such skill; there are {', '.join(Skill.values)}")
        wrong += [source.error((*where, "draws", n), line) for line in lines]
        rows.append({"draws": row})
    report.errors += wrong
    if wrong:
        return
    texts = quiz.text.model_dump() if quiz.text else {}
    if not texts.get("bands"):
        texts.pop("bands", None)  # as quizzes were loaded before there were any
    put(
        report, shelves, Quiz, quiz.id, lesson=lesson, purpose=quiz.purpose, shuffled=quiz.shuffled, rows=rows,
        texts=texts,
    )  # fmt: skip
