"""Alice and Bob are pupils of Tom, Charlie is a pupil of Tina; Edith edits, Ada is an admin, Gus is a guest."""

import pytest
from django.core.cache import cache

from accounts.models import User
from accounts.roles import ADMINS, EDITORS, TEACHERS
from classrooms.models import Classroom
from tests.base import make_class, make_guest, make_user


@pytest.fixture(autouse=True)
def unthrottled() -> None:
    """Every test begins with no tries counted."""
    cache.clear()


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice", email="alice@school.example")


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob")


@pytest.fixture
def charlie(db: None) -> User:
    return make_user("charlie")


@pytest.fixture
def tom(db: None) -> User:
    return make_user("tom", TEACHERS)


@pytest.fixture
def tina(db: None) -> User:
    return make_user("tina", TEACHERS)


@pytest.fixture
def edith(db: None) -> User:
    return make_user("edith", EDITORS)


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada", ADMINS)


@pytest.fixture
def gus(db: None) -> User:
    return make_guest()


@pytest.fixture
def room(tom: User, alice: User, bob: User) -> Classroom:
    """Tom's class, with Alice and Bob."""
    return make_class(tom, alice, bob, name="3B")


@pytest.fixture
def other_room(tina: User, charlie: User) -> Classroom:
    """Tina's class, with Charlie."""
    return make_class(tina, charlie, name="4C")
