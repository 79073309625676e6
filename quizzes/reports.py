"""What becomes of the problems that learners report. Read only."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from quizzes.models import Report


def replies(user: Any, questions: Collection[int]) -> dict[int, list[Report]]:
    """The learner's own reports about these questions, by question; one query, none for a visitor."""
    found: dict[int, list[Report]] = defaultdict(list)
    if user.is_authenticated:
        for report in Report.objects.filter(user=user, version__question__in=questions).select_related("version"):
            found[report.version.question_id].append(report)
    return dict(found)
