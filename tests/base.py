"""The people of the tests, and short ways to give them something to do."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import ensure_roles
from classrooms.models import Classroom
from lessons.models import Lesson, LessonVersion, Status, Unit
from quizzes.models import Attempt, Purpose, Question, QuestionVersion, Quiz, Response, Terms

PASSWORD = "tidal-flats-1965"


def make_user(username: str, *roles: str, **fields: Any) -> User:
    """A named user who can sign in with PASSWORD; roles as in accounts.roles."""
    fields.setdefault("name", username.title())
    user = User.objects.create_user(username, password=PASSWORD, **fields)
    if roles:
        if not Group.objects.filter(name__in=roles).exists():
            ensure_roles()
        user.set_roles(roles)
    return user


def make_guest() -> User:
    return User.objects.make_guest()


def client_of(user: User | None, **options: Any) -> Client:
    """A browser in which `user` is signed in; None is a visitor."""
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client


def make_class(teacher: User, *pupils: User, name: str = "3B", **fields: Any) -> Classroom:
    room = Classroom.open_for(teacher, name=name, **fields)
    for pupil in pupils:
        room.admit(pupil)
    return room


def make_lesson(slug: str = "three-chemicals", body: str = "## What was said {#said}\n\nA sentence.") -> Lesson:
    """A published lesson, in a unit of its own unless there is one."""
    unit = Unit.objects.first() or Unit.objects.create(
        slug="trade-war-2019",
        number=3,
        texts={"en": {"title": "The 2019 trade war", "why": "It still matters."}},
    )
    lesson = Lesson.objects.create(unit=unit, slug=slug, number=unit.lessons.count() + 1)
    title = slug.replace("-", " ").capitalize()
    LessonVersion(lesson=lesson, title=title, summary="A sum.", body=body, status=Status.PUBLISHED).add()
    return lesson


def make_question(slug: str, lesson: Lesson, *, reserved: bool = False) -> Question:
    """A published statement that is true."""
    question = Question.objects.create(slug=slug, kind="true_false", lesson=lesson, reserved=reserved)
    texts = {
        "stem": f"Statement {slug}.",
        "feedback": {"false": "It sounds unlikely."},
        "explanation": "It is so.",
    }
    QuestionVersion(question=question, content={"right": True}, texts=texts, status=Status.PUBLISHED).add()
    return question


def make_quiz(
    slug: str = "chemicals-quiz",
    questions: int = 3,
    *,
    lesson: Lesson | None = None,
    purpose: str = Purpose.CLOSING,
    reserved: bool = False,
) -> Quiz:
    """A quiz of statements that are all true."""
    lesson = lesson or Lesson.objects.first() or make_lesson()
    title = slug.replace("-", " ").capitalize()
    quiz = Quiz.objects.create(slug=slug, lesson=lesson, purpose=purpose, texts={"en": {"title": title}})
    for n in range(1, questions + 1):
        quiz.places.create(question=make_question(f"{slug}-{n}", lesson, reserved=reserved), position=n)
    return quiz


def start(user: User, quiz: Quiz, *, now: datetime | None = None, terms: Terms | None = None) -> Attempt:
    attempt, _new = Attempt.objects.start(user, quiz, terms or Terms(), now=now or timezone.now())
    return attempt


def give(attempt: Attempt, *answers: bool, now: datetime | None = None) -> list[Response]:
    """Answer the first questions: True rightly, False wrongly."""
    slots = attempt.slots.select_related("version__question").order_by("number")
    return [
        attempt.record(slot, {"choice": str(right).lower()}, key=f"{slot.pk}", now=now or timezone.now())
        for slot, right in zip(slots, answers, strict=False)
    ]


# --- in the browser ----------------------------------------------------------------------------------------


def sign_in(client: Client, login: str, password: str = PASSWORD, /, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def sign_up(client: Client, username: str, /, **more: str) -> Any:
    data = {"username": username, "password1": PASSWORD, "name": "", "email": ""} | more
    return client.post(reverse("account_signup"), data)


def signed_in(client: Client) -> User | None:
    """Who is signed in in this browser."""
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()
