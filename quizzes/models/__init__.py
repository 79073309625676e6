"""What is asked, and what was answered."""

from quizzes.models.attempt import Attempt, AttemptQuerySet, Closed
from quizzes.models.correction import Regrade, Report
from quizzes.models.question import Draw, Purpose, Question, QuestionVersion, Quiz, QuizQuestion, Skill
from quizzes.models.response import Response, Slot
from quizzes.models.terms import AGAIN, REVIEW, WAYS, Behaviour, Release, Terms

__all__ = [
    "AGAIN", "REVIEW", "WAYS", "Attempt", "AttemptQuerySet", "Behaviour", "Closed", "Draw", "Purpose", "Question",
    "QuestionVersion", "Quiz", "QuizQuestion", "Regrade", "Release", "Report", "Response", "Skill", "Slot", "Terms",
]  # fmt: skip
