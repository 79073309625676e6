"""Alice and Bob are Tom's pupils, Charlie is Tina's; Edith edits, Ada is an admin, Gus is a guest."""

import os
from collections.abc import Iterator
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from accounts.models import User
from accounts.roles import ADMINS, EDITORS, TEACHERS, ensure_roles
from classrooms.models import Classroom
from jkrel import still
from lessons import reading
from lessons.models import Edition
from quizzes.models.question import KEPT
from tests.base import make_class, make_guest, make_user
from tests.taking import Clock

# Playwright leaves its event loop running in the thread of the tests; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


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


# --- the database ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as in production: in memory all threads would share one connection, and none would race."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(name)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what was read: a test is rolled back, so the number of the edition it is kept by comes again."""
    moved = []
    move = Edition.moved

    def note() -> None:
        moved.append(True)
        move()

    monkeypatch.setattr(Edition, "moved", note)
    yield
    KEPT.clear()
    if moved:
        reading._shelf.cache_clear()
        still._kept.cache_clear()


SHIPPED: list[tuple[type[Model], list[Model]]] = []


def stock() -> None:
    """Load the shipped curriculum; from the second time on, put back the rows that the first load made."""
    if not SHIPPED:
        call_command("load_curriculum", stdout=StringIO())
        for app in ("lessons", "quizzes"):
            models = apps.get_app_config(app).get_models(include_auto_created=True)
            SHIPPED.extend((model, list(model._base_manager.all())) for model in models)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for model, rows in SHIPPED:
            model._base_manager.bulk_create(rows, batch_size=200)
        for sql in connection.ops.sequence_reset_sql(no_style(), [model for model, _rows in SHIPPED]):
            cursor.execute(sql)


@pytest.fixture(scope="module")
def curriculum(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The shipped curriculum and the roles, for all tests of a module that asks for them.

    Loaded once and flushed after the module: other modules make small lessons of their own, whose slugs are
    the shipped ones. A module with this fixture must not ask for `transactional_db`, which flushes too.
    """
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        stock()
        ensure_roles()
        reading._shelf.cache_clear()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("flush", verbosity=0, interactive=False)
        reading._shelf.cache_clear()


# --- figures -----------------------------------------------------------------------------------------------


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded with `record_property`, one a line."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    terminalreporter.write_line(f"{name}={value}")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moving = Clock()
    monkeypatch.setattr("django.utils.timezone.now", moving)
    return moving
