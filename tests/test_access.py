"""Who may open what: one table over every address, both methods, ten people; and what no reader's visit does.

Read a row as "this method at this address gives ...":

200 400 404 405 410   that page
403                   refused, and said so: only where everybody knows that the page exists
go                    done, and on to another page
login                 asked to sign in first
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.guests import WAITING
from accounts.models import Invitation, User
from accounts.roles import ADMINS, EDITORS, TEACHERS
from classrooms.models import Assignment
from lessons.models import Lesson
from quizzes.models import Quiz
from tests.base import PASSWORD, client_of, give, make_class, make_guest, make_user, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("curriculum")]

PEOPLE = ("visitor", "guest", "alice", "bob", "charlie", "rita", "tom", "tina", "edith", "ada")
# alice  whose attempts these are, in Tom's class      bob    in the same class
# rita   was in Tom's class and is no longer           charlie in Tina's class
# tom    teaches the class       tina  teaches another      edith  edits       ada  is an admin

TABLE = """
"""


@dataclass
class World:
    """The people, what the addresses name, and what a browser would post there."""

    users: dict[str, User | None]
    args: dict[str, tuple[Any, ...]]
    data: dict[str, dict[str, Any]]
    cookies: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A new browser in which this person is signed in."""
        if who not in self.cookies:
            signed_in = client_of(self.users[who]).cookies.get("sessionid")
            self.cookies[who] = signed_in.value if signed_in else ""
        client = Client()
        if self.cookies[who]:
            client.cookies["sessionid"] = self.cookies[who]
        return client

    def visit(self, who: str, method: str, url: str, data: dict[str, Any] | None = None) -> HttpResponse:
        """One request by this person. Whatever it changed is undone, so that no cell leans on another."""
        cache.clear()
        client = self.client(who)
        with transaction.atomic():
            response = client.post(url, data or {}) if method == "POST" else client.get(url)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        return response


@pytest.fixture
def world(db: None) -> World:
    roles = {"tom": TEACHERS, "tina": TEACHERS, "edith": EDITORS, "ada": ADMINS}
    users: dict[str, Any] = {"visitor": None, "guest": make_guest()}
    users |= {name: make_user(name, *filter(None, [roles.get(name)])) for name in PEOPLE[2:]}
    room = make_class(users["tom"], users["alice"], users["bob"], users["rita"], name="3B")
    make_class(users["tina"], users["charlie"], name="4C")
    rita = room.memberships.get(user=users["rita"])
    now = timezone.now()
    set_for = {"classroom": room, "due": now + timedelta(days=7), "created_by": users["tom"]}
    test = Quiz.objects.get(slug="motives-and-words-test")
    task = Assignment.objects.create(quiz=test, **set_for)
    fresh = Assignment.objects.create(quiz=Quiz.objects.get(slug="radar-and-gsomia-quiz"), **set_for)
    work = task.begin(users["rita"], now=now)  # handed in before she left
    work.finish(now)
    rita.leave(now)
    tested = task.begin(users["alice"], now=now)
    quiz = Quiz.objects.get(slug="three-chemicals-quiz")
    done = start(users["alice"], quiz)
    done.finish(now)
    attempt = start(users["alice"], quiz)
    _invitation, token = Invitation.make(users["ada"])
    member = room.memberships.get(user=users["bob"])
    name = {"name": "3C", "time_zone": "Asia/Tokyo"}
    set_now = {"quiz": test.pk, "due": "2099-01-31T17:00", "tries": 1, "release": "finish"}
    return World(
        users,
        args={
            "media": ("images/none.png",),
            "unit": ("trade-war-2019",),
            "lesson": ("three-chemicals",),
            "source": ("white-paper-2019",),
            "quiz": (quiz.slug,),
            "quiz-start": (quiz.slug,),
            "quiz-in-place": ("three-chemicals-checkpoint", 1),
            "attempt-question": (attempt.pk, 1),
            "attempt-finish": (attempt.pk,),
            "attempt-result": (done.pk,),
            "class": (room.pk,),
            "class-settings": (room.pk,),
            "class-code": (room.pk,),
            "class-remove": (room.pk, member.pk),
            "gradebook": (room.pk,),
            "gradebook-csv": (room.pk,),
            "class-attempt": (room.pk, tested.pk),
            "assign": (room.pk,),
            "assignment": (task.pk,),
            "assignment-start": (task.pk,),
            "assignment-edit": (task.pk,),
            "assignment-delete": (fresh.pk,),
            "assignment-extend": (task.pk, users["bob"].pk),
            "join": (room.join_code,),
            "invitation": (token,),
            "account_confirm_email": ("none",),
            "account_reset_password_from_key": ("1", "none"),
            "mfa_remove_webauthn": (1,),
            "mfa_edit_webauthn": (1,),
        },
        data={
            "quiz-in-place": right_answer("three-chemicals-checkpoint", 1),
            "attempt-question": right_answer(quiz.slug, 1, attempt.seed, prefix=""),
            "class-new": name,
            "class-settings": name,
            "class-code": {"do": "rotate"},
            "assign": set_now,
            "assignment-edit": set_now,
            "assignment-extend": {"until": "2099-02-01T17:00"},
            "join-find": {"code": room.join_code},
            "account": {"name": "New Name"},
            "account-delete": {"password": PASSWORD},
        },
    )
