"""Ten people, a class, an assignment, some attempts; and every address and form that leads to them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.roles import ADMINS, EDITORS, TEACHERS
from classrooms.models import Assignment
from lessons import pictures, reading
from lessons.models import Lesson, Status, Unit
from progress.models import Certificate
from quizzes import attempt_views
from quizzes.asking import answer_form
from quizzes.models import Quiz, Regrade, Report
from tests.base import PASSWORD, client_of, make_class, make_guest, make_user, start

# alice   whose attempts these are; in Tom's class        bob   in the same class
# rita    was in Tom's class, and is no longer            charlie  in Tina's class
# tom     teaches the class                               tina  teaches another
# edith   is an editor                                    ada   is an admin
PEOPLE = ("visitor", "guest", "alice", "bob", "charlie", "rita", "tom", "tina", "edith", "ada")


CERTIFICATE = ["certificate", *(f"certificate-{what}" for what in ("mine", "withdraw", "png", "pdf"))]


@dataclass
class World:
    """The people, what the addresses name, and what a browser would post there."""

    users: dict[str, User | None]
    args: dict[str, tuple[Any, ...]]
    data: dict[str, dict[str, Any]]
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for who, user in self.users.items():
            if session := client_of(user).cookies.get("sessionid"):
                self.cookies[who] = session.value

    def client(self, who: str) -> Client:
        """A new browser in which this person is signed in."""
        client = Client()
        if who in self.cookies:
            client.cookies["sessionid"] = self.cookies[who]
        return client

    def visit(self, who: str, method: str, url: str, data: dict[str, Any] | None = None) -> Any:
        """One request by this person. Whatever it changed is undone, so that no cell leans on another."""
        client = self.client(who)
        cache.clear()
        with transaction.atomic():
            response = client.post(url, data or {}) if method == "POST" else client.get(url)
            response.headers.setdefault("Content-Type", "")
            if response.streaming:
                response.getvalue()
            transaction.set_rollback(True)
        return response


def right_answer(slug: str, n: int, seed: int | None = None, prefix: str = "") -> dict[str, Any]:
    """What a browser posts to answer question `n` of a quiz rightly."""
    quiz = Quiz.objects.get(slug=slug)
    version = quiz.places.get(position=n).question.published("en").get()
    form = answer_form(
        version,
        seed=quiz.pk if seed is None else seed,
        number=n,
        shelf=reading.shelf(),
        prefix=prefix,
        answer=version.question.rules.solution(version.content),
    )
    return {form.add_prefix(name): value for name, value in form.initial.items()}


def build() -> World:
    """Make the people, a class, an assignment, and Alice's attempts; needs the curriculum."""
    roles = {"tom": TEACHERS, "tina": TEACHERS, "edith": EDITORS, "ada": ADMINS}
    users: dict[str, Any] = {"visitor": None, "guest": make_guest()}
    users |= {name: make_user(name, *filter(None, [roles.get(name)])) for name in PEOPLE[2:]}
    room = make_class(users["tom"], users["alice"], users["bob"], users["rita"], name="3B")
    make_class(users["tina"], users["charlie"], name="4C")
    now = timezone.now()
    set_for = {"classroom": room, "due": now + timedelta(days=7), "created_by": users["tom"]}
    test = Quiz.objects.get(slug="motives-and-words-test")
    task = Assignment.objects.create(quiz=test, **set_for)
    fresh = Assignment.objects.create(quiz=Quiz.objects.get(slug="radar-and-gsomia-quiz"), **set_for)
    tested = task.begin(users["alice"], now=now)
    task.begin(users["rita"], now=now)
    room.memberships.get(user=users["rita"]).leave(now)
    quiz = Quiz.objects.get(slug="three-chemicals-quiz")
    request = HttpRequest()
    request.user = users["alice"]
    done = start(users["alice"], quiz)
    done.finish(now)
    attempt = start(users["alice"], quiz)
    lesson = Lesson.objects.get(slug="three-chemicals")
    question = lesson.questions.first()
    version = question.published("en").get()
    regrade = Regrade.begin(version, reason="The key was wrong.", by=users["edith"], now=now)
    Report.objects.create(user=users["alice"], version=version, text="The date is wrong.")
    taught = Lesson.objects.filter(versions__status=Status.PUBLISHED).exclude(versions__teaching="").first()
    _invitation, token = Invitation.make(users["ada"])
    on, economy = reading.shelf(), Unit.objects.get(slug="economy")
    card = pictures.of_lesson(reading.lesson_page(lesson.slug, on), on)
    drawn = pictures.of_unit(economy, on)
    record = {"number": 5, "unit": "Catching up", "arches": 3, "words": ["", ""], "rule": "-", "lessons": []}
    code = Certificate.objects.issue(users["alice"], economy, name="Alice", record=record).spaced_code
    name = {"name": "3C", "time_zone": "Asia/Tokyo"}
    terms = {"quiz": test.pk, "due": "2099-01-31T17:00", "tries": 1, "release": "finish"}
    return World(
        users,
        args={
            "media": ("images/none.png",),
            "unit": ("trade-war-2019",),
            "lesson": ("three-chemicals",),
            "teaching": (taught.slug,),
            "lesson-card": (lesson.slug, card.digest),
            "unit-cover": (economy.slug, drawn.cover.digest),
            "unit-band": (economy.slug, "night", drawn.night[0].width, drawn.night[0].digest),
            "certificate-get": ("trade-war-2019",),
            **dict.fromkeys(CERTIFICATE, (code,)),
            "source": ("white-paper-2019",),
            "quiz": (quiz.slug,),
            "quiz-start": (quiz.slug,),
            "quiz-in-place": ("three-chemicals-checkpoint", 1),
            "quiz-report": ("three-chemicals-checkpoint", 1),
            "attempt-question": (attempt.pk, 1),
            "attempt-report": (attempt.pk, 1),
            "attempt-save": (tested.pk, 1),
            "attempt-standing": (tested.pk,),
            "attempt-again": (done.pk,),
            "attempt-finish": (attempt.pk,),
            "attempt-result": (done.pk,),
            "class": (room.pk,),
            "class-settings": (room.pk,),
            "class-code": (room.pk,),
            "class-remove": (room.pk, room.memberships.get(user=users["bob"]).pk),
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
            "admin:view_on_site": (ContentType.objects.get_for_model(Lesson).pk, lesson.pk),
            "admin:app_list": ("lessons",),
            "admin:auth_user_password_change": (users["alice"].pk,),
            "admin:lessons_lesson_preview": (lesson.pk,),
            "admin:lessons_lesson_discard": (lesson.pk,),
            "admin:lessons_lesson_version": (lesson.pk, 1),
            "admin:lessons_lesson_bring_back": (lesson.pk, 1),
            "admin:quizzes_question_preview": (question.pk,),
            "admin:quizzes_question_discard": (question.pk,),
            "admin:quizzes_question_version": (question.pk, 1),
            "admin:quizzes_question_bring_back": (question.pk, 1),
            "admin:quizzes_question_regrade": (question.pk,),
            "admin:quizzes_question_undo": (question.pk, regrade.pk),
            "account_confirm_email": ("none",),
            "account_reset_password_from_key": ("1", "none"),
            "mfa_remove_webauthn": (1,),
            "mfa_edit_webauthn": (1,),
        },
        data={
            "quiz-in-place": right_answer("three-chemicals-checkpoint", 1, prefix="q1"),
            "quiz-report": {"report-1-text": "The date is wrong."},
            "attempt-question": right_answer(quiz.slug, 1, attempt.seed),
            "attempt-save": right_answer(test.slug, 1, tested.seed) | {"who": attempt_views.who(request)},
            "attempt-report": {"report-1-text": "The date is wrong."},
            "admin:quizzes_question_regrade": {"version": version.number, "reason": "The key was wrong."},
            "class-new": name,
            "class-settings": name,
            "class-code": {"do": "rotate"},
            "assign": terms,
            "assignment-edit": terms,
            "assignment-extend": {"until": "2099-02-01T17:00"},
            "join-find": {"code": room.join_code},
            "account": {"name": "New Name"},
            "account-delete": {"password": PASSWORD},
            "guest-merge": {"answer": "move"},
            "review-plan": {"daily_goal": 10, "exam_on": "", "certainty": "on"},
        },
    )
