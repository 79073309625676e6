"""What is asked, and what was answered."""

from quizzes.models.attempt import Attempt, AttemptQuerySet, Behaviour, Closed, Release, Response, Slot, Terms
from quizzes.models.question import Purpose, Question, QuestionVersion, Quiz, QuizQuestion, Skill

__all__ = [
    "Attempt", "AttemptQuerySet", "Behaviour", "Closed", "Purpose", "Question", "QuestionVersion", "Quiz",
    "QuizQuestion", "Release", "Response", "Skill", "Slot", "Terms",
]  # fmt: skip
