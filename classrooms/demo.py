"""People to try the site with: four accounts and a class whose work looks like a class's. Demo mode only.

Every attempt is made through the same verbs as a real one; only its clock runs in the past.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import ADMINS, EDITORS, TEACHERS
from classrooms.models import Assignment, Classroom
from quizzes.models import Attempt, Purpose, QuestionVersion, Quiz, Terms

PASSWORD = "two-shores"  # noqa: S105 - known on purpose: these accounts exist in demo mode only


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    what: str
    roles: tuple[str, ...] = ()


ACCOUNTS = (
    Account("student", "Mina Alves", "takes lessons and quizzes"),
    Account("teacher", "Ms Ferreira", "has the class History 10B", (TEACHERS,)),
    Account("editor", "Edith Novak", "writes lessons and questions, at /admin/", (EDITORS,)),
    Account("admin", "Ada Silva", "keeps people and classes, at /admin/", (ADMINS,)),
)

# (name, share of questions this pupil answers right, share of work handed in on time)
PUPILS = (
    ("Abreu, Rita", 0.72, 1.0), ("Bauer, Jonas", 0.66, 0.9), ("Chen, Amy", 0.86, 1.0), ("Costa, Rui", 0.88, 1.0),
    ("Dahl, Ingrid", 0.35, 0.4), ("Dubois, Léa", 0.64, 1.0), ("Farouk, Samir", 0.84, 1.0),
    ("Garcia, Inês", 0.78, 0.8), ("Haddad, Nour", 0.75, 1.0), ("Ito, Kenta", 0.62, 1.0), ("Jansen, Bram", 0.68, 0.8),
    ("Kim, Seo-yeon", 0.95, 1.0), ("Kowalski, Ola", 0.70, 1.0), ("Lopes, Mateus", 0.86, 0.7),
    ("Mendes, Mina", 0.60, 1.0), ("Nguyen, An", 0.63, 0.9), ("Okafor, Chidi", 0.93, 1.0), ("Park, Daniel", 0.44, 0.6),
    ("Quinn, Aoife", 0.85, 1.0), ("Rossi, Elena", 0.61, 1.0), ("Sato, Yui", 0.92, 1.0), ("Tavares, Tomás", 0.65, 0.9),
    ("Weber, Lina", 0.82, 1.0), ("Yilmaz, Deniz", 0.78, 1.0),
)  # fmt: skip

MISLEADS = "motives-explainer-because"  # most of the class falls for it, so that a teacher sees what that looks like


@transaction.atomic
def furnish() -> None:
    """Make the accounts, the class and its work, unless they are there already."""
    if User.objects.filter(username=ACCOUNTS[0].username).exists():
        return
    chance, now = random.Random(1965), timezone.now().replace(second=0, microsecond=0)  # noqa: S311 - a story, not a secret
    people = {account.username: make(account) for account in ACCOUNTS}
    room = Classroom.open_for(people["teacher"], name="History 10B", time_zone="Europe/Lisbon")
    room.admit(people["student"])
    pupils = [(people["student"], 0.8, 0.8)]
    for number, (name, ability, diligence) in enumerate(PUPILS[1:], 2):
        pupils.append((make(Account(f"pupil{number:02}", name, "")), ability, diligence))
        room.admit(pupils[-1][0])
    room.memberships.update(joined_at=now - timedelta(days=120))  # before the first due date
    unit = Quiz.objects.filter(lesson__unit__slug="trade-war-2019").exclude(purpose=Purpose.CHECKPOINT)
    quizzes = list(unit.order_by("lesson__number", "-purpose"))
    evening = now.astimezone(room.zone).replace(hour=18, minute=0)
    for week, quiz in enumerate(quizzes):
        due = evening - timedelta(days=7 * (len(quizzes) - week) - 10)
        assignment = Assignment.objects.create(
            classroom=room, quiz=quiz, due=due, opens=due - timedelta(days=7), created_by=people["teacher"]
        )
        for pupil, ability, diligence in pupils:
            if chance.random() > diligence and due < now:
                if chance.random() < 0.5:
                    continue  # missing
                when = due + timedelta(hours=chance.randint(2, 60))
            else:
                when = due - timedelta(hours=chance.randint(3, 120))
            if when < now:
                attempt = assignment.begin(pupil, now=when)
                work(attempt, ability, when, chance)
                mark(attempt, ability, people["teacher"], chance)
    practise(people["student"], chance, now)


def make(account: Account) -> User:
    user = User.objects.create(username=account.username, password=_hashed(), name=account.name)
    if account.roles:
        user.set_roles(account.roles)
    return user


@cache
def _hashed() -> str:
    """One hash for all: making it is slow on purpose, and everybody here has the same password anyway."""
    return make_password(PASSWORD)


def work(attempt: Attempt, ability: float, when: datetime, chance: random.Random, *, leave: int = 0) -> None:
    """Answer an attempt, each question a minute or so after the one before; `leave` stay open."""
    slots = [slot for slot, _response in attempt.sheet]
    for n, slot in enumerate(slots[: len(slots) - leave]):
        when += timedelta(seconds=chance.randint(25, 110))
        easier = 0.12 * (2 - slot.version.question.difficulty)
        if slot.version.question.slug == MISLEADS:
            easier -= 0.4
        right = chance.random() < ability + easier
        attempt.record(slot, answer(slot.version, right, chance), key=f"demo{n}", now=when)
    if not leave:
        attempt.finish(when + timedelta(seconds=20))


def mark(attempt: Attempt, ability: float, teacher: User, chance: random.Random) -> None:
    """The teacher has marked most of the written answers; one in five still waits."""
    for slot, response in attempt.sheet:
        if response is None or response.credit is not None or chance.random() < 0.2 or not attempt.finished_at:
            continue
        met = [point for point in slot.version.content["points"] if chance.random() < ability]
        later = attempt.finished_at + timedelta(hours=chance.randint(10, 40))
        judged = {**response.answer, "met": met}
        attempt.mark(slot, judged, comment="" if met else "Read the lesson’s second part again.", by=teacher, now=later)


def answer(version: QuestionVersion, right: bool, chance: random.Random) -> Any:
    """The solution, or one of the mistakes that the question expects."""
    rules, content = version.question.rules, version.content
    solution = rules.solution(content)
    if version.question.kind == "short":  # a person judges it
        return {"text": version.texts["samples"][0] if right else version.texts["samples"][0].split(". ")[0] + "."}
    if right:
        return solution
    match version.question.kind:
        case "single" | "which_source" | "unsupported":
            options = content.get("options") or content.get("sources") or content["sentences"]
            return {"choice": chance.choice([key for key in options if key != content["right"]])}
        case "true_false":
            return {"choice": "false" if content["right"] else "true"}
        case "multiple" | "evidence":
            options = content.get("options") or content["passages"]
            wrong = [key for key in options if key not in content["right"]]
            return {"choices": sorted([*content["right"][1:], chance.choice(wrong)] if wrong else content["right"][1:])}
        case "number":
            tempting = [str(d["value"]) for d in content.get("distractors", [])]
            return {"value": chance.choice(tempting or [str(int(content["value"]) + 1)])}
        case "ordering":
            items = list(content["items"])
            i = chance.randrange(len(items) - 1)
            items[i], items[i + 1] = items[i + 1], items[i]
            if rules.grade(content, {"order": items}).credit == 1:  # either order of these two counts
                items.reverse()
            return {"order": items}
        case "text":
            tempting = [row["accepted"][0] for row in content.get("distractors", [])]
            return {"text": chance.choice(tempting or ["no idea"])}
        case "timeline":
            years = dict(solution["years"])
            event = chance.choice(sorted(years))
            first, last = content["from"], content["to"]
            years[event] = first if years[event] - first > last - years[event] else last
            return {"years": years}
        case "agreement":
            pairs = dict(solution["pairs"])
            slug = chance.choice(sorted(pairs))
            pairs[slug] = chance.choice([stance for stance in ("agree", "differ", "silent") if stance != pairs[slug]])
            return {"pairs": pairs}
        case "cloze":
            gap = chance.choice(content["gaps"])
            options = content.get("options", {}).get(gap, ["no idea"])
            wrong = [key for key in options if key != solution["gaps"][gap]]
            return {"gaps": solution["gaps"] | {gap: chance.choice(wrong)}}
        case "place":
            return {"x": round(1 - solution["x"], 4), "y": round(1 - solution["y"], 4)}
        case _:
            pairs = dict(solution["pairs"])
            first, second = chance.sample(sorted(pairs), 2)
            pairs[first], pairs[second] = pairs[second], pairs[first]
            return {"pairs": pairs}


def practise(student: User, chance: random.Random, now: datetime) -> None:
    """The student has read one lesson and mastered its quiz, and is in the middle of the next."""
    for slug, ability, days, leave in (
        ("three-chemicals-checkpoint", 0.8, 9, 0),
        ("three-chemicals-quiz", 1.0, 8, 0),
        ("motives-and-words-checkpoint", 0.7, 1, 2),
    ):
        quiz = Quiz.objects.filter(slug=slug).first()
        if quiz:
            when = now - timedelta(days=days)
            attempt, _new = Attempt.objects.start(student, quiz, Terms(), now=when)
            work(attempt, ability, when, chance, leave=leave)
