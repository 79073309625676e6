"""On which terms an attempt is made: how it behaves, when it ends, and when its answers may be seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Behaviour(models.TextChoices):
    PRACTICE = "practice", _("feedback after each question")
    TRIES = "tries", _("several tries at each question, with hints")
    TEST = "test", _("answers can be changed until they are handed in")


class Release(models.TextChoices):
    """When answers and explanations may be seen."""

    AT_ONCE = "at_once", _("after each question")
    FINISH = "finish", _("when handed in")
    CLOSE = "close", _("after the closing time")


@dataclass(frozen=True)
class Terms:
    """What holds for one attempt, copied at its start. Times are aware; limit is the time allowed."""

    opens: datetime | None = None
    closes: datetime | None = None
    limit: timedelta | None = None
    behaviour: str = Behaviour.PRACTICE
    release: str = Release.AT_ONCE
    certainty: bool = False  # each answer says how sure the learner is
    tries: int = 1  # at each question; more than one with Behaviour.TRIES only
    context: str = ""  # opaque name of what it was started for; one open attempt in each


REVIEW = "review"  # the context of spaced review
AGAIN = "again:"  # begins the context of an attempt at what was not right before: it says nothing of the whole quiz
TRIES = 3  # how many tries a learner has who chooses several

# How a learner may take a quiz: the names that a form posts, and their terms.
WAYS: dict[str, Terms] = {
    "practice": Terms(),
    "tries": Terms(behaviour=Behaviour.TRIES, tries=TRIES),
    "certainty": Terms(certainty=True),
    "test": Terms(behaviour=Behaviour.TEST, release=Release.FINISH),
}
