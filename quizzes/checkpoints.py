"""The questions in place of a lesson: its checkpoint quiz, answered where the text asks."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from lessons.models import Lesson, Status
from lessons.reading import Shelf
from quizzes.asking import Asked, answer_form, ask
from quizzes.models import Attempt, Purpose, QuestionVersion, Quiz, Response


def standing(user: Any, quiz: Quiz) -> Attempt | None:
    """The reader's latest practice of this checkpoint, open or not."""
    if not user.is_authenticated:
        return None
    return user.attempts.practice().filter(quiz=quiz).first()


def read(lesson: Lesson, shelf: Shelf) -> tuple[Quiz | None, dict[int, int], dict[int, QuestionVersion]]:
    """The checkpoint of a lesson: its questions (by key) with their numbers and published versions."""
    quiz = lesson.quizzes.filter(purpose=Purpose.CHECKPOINT).first()
    if quiz is None:
        return None, {}, {}
    numbers = dict(quiz.places.filter(question__reserved=False).values_list("question_id", "position"))
    versions = QuestionVersion.objects.filter(
        question__in=numbers, language=shelf.language, status=Status.PUBLISHED
    ).select_related("question")
    return quiz, numbers, {version.question_id: version for version in versions}


def blank(version: QuestionVersion, quiz: Quiz, number: int, prefix: str, shelf: Shelf) -> SafeString:
    """The form of a question without an answer: the same for every reader, so it is drawn once."""

    def draw() -> SafeString:
        return answer_form(version, seed=quiz.pk, number=number, shelf=shelf, prefix=prefix).render()

    return shelf.keep(("form", version.pk, number), draw)


def places(lesson: Lesson, user: Any, shelf: Shelf) -> dict[str, Asked]:
    """The checkpoint's questions by slug, each with the reader's answer if there is one.

    None for a visitor, three for a reader with an attempt, whatever the number of questions.
    """
    quiz, numbers, published = shelf.keep(("checkpoint", lesson.pk), lambda: read(lesson, shelf))
    if quiz is None:
        return {}
    answered: dict[int, tuple[QuestionVersion, Response | None]] = {
        question: (version, None) for question, version in published.items()
    }
    if attempt := standing(user, quiz):
        answered |= {slot.version.question_id: (slot.version, r) for slot, r in attempt.sheet}
    asked = {}
    for question, (version, response) in answered.items():
        if (number := numbers.get(question)) is not None:
            prefix = f"q{number}"
            asked[version.question.slug] = ask(
                version,
                response,
                number=number,
                total=len(numbers),
                seed=quiz.pk,
                url=reverse("quiz-in-place", args=[quiz.slug, number]),
                shelf=shelf,
                settled=response is not None,
                shown=response is not None,
                prefix=prefix,
                form=None if response else blank(version, quiz, number, prefix, shelf),
            )
    return asked
