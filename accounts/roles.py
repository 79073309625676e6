"""Roles: groups with permissions. What each may do is written here and nowhere else.

A teacher's rights in a class come from being its teacher; the role only lets her open one.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import transaction

if TYPE_CHECKING:
    from accounts.models import User

TEACHERS, EDITORS, ADMINS = "Teachers", "Editors", "Admins"
STAFF = frozenset({EDITORS, ADMINS})  # who may enter the admin site


def allow(verbs: str, app: str, models: str) -> Iterator[str]:
    """`allow("add view", "lessons", "unit")` spells out lessons.add_unit and lessons.view_unit."""
    return (f"{app}.{verb}_{model}" for model in models.split() for verb in verbs.split())


RECORDS = "unit lesson lessonversion source passage claim erratum event term series point image comparison position"
CORRECTIONS = frozenset([*allow("view change", "quizzes", "report"), *allow("view add", "quizzes", "regrade")])
ROLES: dict[str, frozenset[str]] = {
    TEACHERS: frozenset({"classrooms.add_classroom"}),
    EDITORS: frozenset(
        [
            *allow("add change view", "lessons", RECORDS),
            *allow("add change view", "quizzes", "question questionversion quiz quizquestion draw"),
            *allow("delete", "lessons", "point position"),  # lines of a form, not records of their own
            *allow("delete", "quizzes", "quizquestion draw"),
            *CORRECTIONS,
        ]
    ),
    ADMINS: frozenset(
        [
            *allow("add change delete view", "accounts", "user invitation"),
            *allow("view", "auth", "group"),  # who could change a group could give himself anything
            *allow("add change delete view", "classrooms", "classroom membership assignment extension"),
            *allow("view", "classrooms", "work"),
            *allow("view", "quizzes", "attempt slot response"),
            *CORRECTIONS,
        ]
    ),
}


def is_staff_role(names: Iterable[str]) -> bool:
    return not STAFF.isdisjoint(names)


def is_teacher(user: "User | AnonymousUser") -> bool:
    """Whether the user has the role of a teacher; one query, kept on the instance."""
    return TEACHERS in getattr(user, "roles", ())


@transaction.atomic
def ensure_roles() -> dict[str, Group]:
    """Make the groups and give each exactly its permissions; return them by name.

    Raises LookupError naming permissions that no installed model has.
    """
    wanted = frozenset().union(*ROLES.values())
    codenames = {name.partition(".")[2] for name in wanted}
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(codename__in=codenames).select_related("content_type")
    }
    if missing := wanted - known.keys():
        raise LookupError(f"No such permission (migrated?): {', '.join(sorted(missing))}")
    groups = {}
    for name, permissions in ROLES.items():
        groups[name], _new = Group.objects.get_or_create(name=name)
        groups[name].permissions.set(known[permission] for permission in permissions)
    return groups
