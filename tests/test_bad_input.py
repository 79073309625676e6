"""Whatever is sent: a page that says what is wrong, or a refusal; never a fault of the server, never a trace."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as st

from lessons import reading
from lessons.models import Lesson
from quizzes.asking import answer_form
from quizzes.models import Attempt, Behaviour, Question, QuestionVersion, Quiz, Release, Response, Terms
from quizzes.models import Status as _Status  # noqa: F401
