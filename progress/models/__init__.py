"""What is kept beside the answers: how a learner wants to study, and the certificates that were issued."""

from progress.models.certificate import Certificate
from progress.models.study import StudyPlan

__all__ = ["Certificate", "StudyPlan"]
