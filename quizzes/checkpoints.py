"""The questions in place of a lesson: its checkpoint quiz, answered where the text asks."""

from typing import Any

from django.urls import reverse

from lessons.models import Lesson, Status
from lessons.reading import Shelf
from quizzes.asking import Asked, ask
from quizzes.models import Attempt, Purpose, QuestionVersion, Quiz


def standing(user: Any, quiz: Quiz) -> Attempt | None:
    """The reader's latest practice of this checkpoint, open or not."""
    if not user.is_authenticated:
        return None
    return user.attempts.practice().filter(quiz=quiz).first()


def places(lesson: Lesson, user: Any, shelf: Shelf) -> dict[str, Asked]:
    """The checkpoint's questions by slug, each with the reader's answer if there is one.

    Two queries for a visitor, five for a reader with an attempt, whatever the number of questions.
    """
    quiz = next((q for q in lesson.quizzes.all() if q.purpose == Purpose.CHECKPOINT), None)
    if quiz is None:
        return {}
    order = quiz.places.filter(question__reserved=False).values_list("question_id", "position")
    numbers = dict(order)
    attempt = standing(user, quiz)
    answered = {slot.version.question_id: (slot.version, r) for slot, r in attempt.sheet} if attempt else {}
    missing = numbers.keys() - answered.keys()
    if missing:
        fresh = QuestionVersion.objects.filter(
            question__in=missing, language=shelf.language, status=Status.PUBLISHED
        ).select_related("question")
        answered |= {version.question_id: (version, None) for version in fresh}
    asked = {}
    for question, (version, response) in answered.items():
        if (number := numbers.get(question)) is not None:
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
                prefix=f"q{number}",
            )
    return asked
