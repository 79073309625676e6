"""Who may open what: one table over every address, both methods and ten people.

A cell says what this person gets there:

200 400 404 405 410 413   that page
401     told, in a word to a script, that nobody or somebody else is signed in
403     refused, and told so: only where everybody may know that the page exists
go      done, or nothing to do here: on to another page
login   asked to sign in first
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpResponseBase
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Invitation
from classrooms.models import Membership
from lessons.models import Image
from quizzes.models import Attempt, Quiz
from tests.world import PEOPLE, World, build

pytestmark = pytest.mark.django_db

STRANGERS = ("guest", "bob", "charlie", "rita", "tom", "tina", "edith", "ada")


TABLE = """
# address                          method visitor  guest  alice    bob charlie   rita    tom   tina  edith    ada
# reading
healthz                             GET      200    200    200    200    200    200    200    200    200    200
healthz                             POST     405    405    405    405    405    405    405    405    405    405
readyz                              GET      200    200    200    200    200    200    200    200    200    200
readyz                              POST     405    405    405    405    405    405    405    405    405    405
media                               GET      404    404    404    404    404    404    404    404    404    404
media                               POST     404    404    404    404    404    404    404    404    404    404
home                                GET      200    200    200    200    200    200    200    200    200    200
home                                POST     405    405    405    405    405    405    405    405    405    405
unit                                GET      200    200    200    200    200    200    200    200    200    200
unit                                POST     405    405    405    405    405    405    405    405    405    405
lesson                              GET      200    200    200    200    200    200    200    200    200    200
lesson                              POST     405    405    405    405    405    405    405    405    405    405
lesson-card                         GET      200    200    200    200    200    200    200    200    200    200
lesson-card                         POST     405    405    405    405    405    405    405    405    405    405
unit-cover                          GET      200    200    200    200    200    200    200    200    200    200
unit-cover                          POST     405    405    405    405    405    405    405    405    405    405
unit-band                           GET      200    200    200    200    200    200    200    200    200    200
unit-band                           POST     405    405    405    405    405    405    405    405    405    405
source-list                         GET      200    200    200    200    200    200    200    200    200    200
source-list                         POST     405    405    405    405    405    405    405    405    405    405
source                              GET      200    200    200    200    200    200    200    200    200    200
source                              POST     405    405    405    405    405    405    405    405    405    405
teaching                            GET      200    200    200    200    200    200    200    200    200    200
teaching                            POST     405    405    405    405    405    405    405    405    405    405
compare                             GET      200    200    200    200    200    200    200    200    200    200
compare                             POST     405    405    405    405    405    405    405    405    405    405
errata                              GET      200    200    200    200    200    200    200    200    200    200
errata                              POST     405    405    405    405    405    405    405    405    405    405
search                              GET      200    200    200    200    200    200    200    200    200    200
search                              POST     405    405    405    405    405    405    405    405    405    405
timeline                            GET      200    200    200    200    200    200    200    200    200    200
timeline                            POST     405    405    405    405    405    405    405    405    405    405
terms                               GET      200    200    200    200    200    200    200    200    200    200
terms                               POST     405    405    405    405    405    405    405    405    405    405

# quizzes and progress
progress                            GET    login    200    200    200    200    200    200    200    200    200
progress                            POST   login    405    405    405    405    405    405    405    405    405
review                              GET      200    200    200    200    200    200    200    200    200    200
review                              POST     405    405    405    405    405    405    405    405    405    405
review-begin                        GET    login    405    405    405    405    405    405    405    405    405
review-begin                        POST   login     go     go     go     go     go     go     go     go     go
review-plan                         GET    login    200    200    200    200    200    200    200    200    200
review-plan                         POST   login     go     go     go     go     go     go     go     go     go
certificate-get                     GET    login    200    200    200    200    200    200    200    200    200
certificate-get                     POST   login    403    403    403    403    403    403    403    403    403
certificate-list                    GET    login    200    200    200    200    200    200    200    200    200
certificate-list                    POST   login    405    405    405    405    405    405    405    405    405
certificate-check                   GET      200    200    200    200    200    200    200    200    200    200
certificate-check                   POST     405    405    405    405    405    405    405    405    405    405
certificate                         GET      200    200    200    200    200    200    200    200    200    200
certificate                         POST     405    405    405    405    405    405    405    405    405    405
certificate-mine                    GET    login    404    200    404    404    404    404    404    404    404
certificate-mine                    POST   login    404     go    404    404    404    404    404    404    404
certificate-withdraw                GET    login    405    405    405    405    405    405    405    405    405
certificate-withdraw                POST   login    404     go    404    404    404    404    404    404    404
certificate-png                     GET    login    404    200    404    404    404    404    404    404    404
certificate-png                     POST   login    405    405    405    405    405    405    405    405    405
certificate-pdf                     GET    login    404    200    404    404    404    404    404    404    404
certificate-pdf                     POST   login    405    405    405    405    405    405    405    405    405
guest-merge                         GET    login     go     go     go     go     go     go     go     go     go
guest-merge                         POST   login     go     go     go     go     go     go     go     go     go
quiz-list                           GET     200    200    200    200    200    200    200    200    200    200
quiz-list                           POST    405    405    405    405    405    405    405    405    405    405
quiz                                GET      200    200    200    200    200    200    200    200    200    200
quiz                                POST     405    405    405    405    405    405    405    405    405    405
quiz-start                          GET      405    405    405    405    405    405    405    405    405    405
quiz-start                          POST      go     go     go     go     go     go     go     go     go     go
quiz-in-place                       GET      405    405    405    405    405    405    405    405    405    405
quiz-in-place                       POST      go     go     go     go     go     go     go     go     go     go
quiz-report                         GET     200    200    200    200    200    200    200    200    200    200
quiz-report                         POST     go     go     go     go     go     go     go     go     go     go
attempt-question                    GET    login    404    200    404    404    404    404    404    404    404
attempt-question                    POST   login    404     go    404    404    404    404    404    404    404
attempt-report                      GET   login    404    200    404    404    404    404    404    404    404
attempt-report                      POST  login    404     go    404    404    404    404    404    404    404
attempt-save                        GET     405    405    405    405    405    405    405    405    405    405
attempt-save                        POST    401    401    200    401    401    401    401    401    401    401
attempt-standing                    GET     401    404    200    404    404    404    404    404    404    404
attempt-standing                    POST    405    405    405    405    405    405    405    405    405    405
attempt-back                        GET   login    200    200    200    200    200    200    200    200    200
attempt-back                        POST  login    405    405    405    405    405    405    405    405    405
attempt-again                       GET   login    405    405    405    405    405    405    405    405    405
attempt-again                       POST  login    404     go    404    404    404    404    404    404    404
attempt-finish                      GET    login    404    200    404    404    404    404    404    404    404
attempt-finish                      POST   login    404     go    404    404    404    404    404    404    404
attempt-result                      GET    login    404    200    404    404    404    404    404    404    404
attempt-result                      POST   login    405    405    405    405    405    405    405    405    405

# classes
class-list                          GET    login    200    200    200    200    200    200    200    200    200
class-list                          POST   login    405    405    405    405    405    405    405    405    405
class-new                           GET    login    403    403    403    403    403    200    200    403    200
class-new                           POST   login    403    403    403    403    403     go     go    403     go
class                               GET    login    404    200    200    404    404    200    404    404    404
class                               POST   login    405    405    405    405    405    405    405    405    405
class-settings                      GET    login    404    404    404    404    404    200    404    404    404
class-settings                      POST   login    404    404    404    404    404     go    404    404    404
class-code                          GET    login    405    405    405    405    405    405    405    405    405
class-code                          POST   login    404    404    404    404    404     go    404    404    404
class-remove                        GET    login    405    405    405    405    405    405    405    405    405
class-remove                        POST   login    404    404    404    404    404     go    404    404    404
gradebook                           GET    login    404    404    404    404    404    200    404    404    404
gradebook                           POST   login    405    405    405    405    405    405    405    405    405
gradebook-csv                       GET    login    404    404    404    404    404    200    404    404    404
gradebook-csv                       POST   login    405    405    405    405    405    405    405    405    405
class-attempt                       GET    login    404    404    404    404    404    200    404    404    404
class-attempt                       POST   login    404    404    404    404    404    404    404    404    404
assign                              GET    login    404    404    404    404    404    200    404    404    404
assign                              POST   login    404    404    404    404    404     go    404    404    404
assignment                          GET    login    404    200    200    404    404    200    404    404    404
assignment                          POST   login    405    405    405    405    405    405    405    405    405
assignment-start                    GET    login    405    405    405    405    405    405    405    405    405
assignment-start                    POST   login    404     go     go    404    404    404    404    404    404
assignment-edit                     GET    login    404    404    404    404    404    200    404    404    404
assignment-edit                     POST   login    404    404    404    404    404     go    404    404    404
assignment-delete                   GET    login    405    405    405    405    405    405    405    405    405
assignment-delete                   POST   login    404    404    404    404    404     go    404    404    404
assignment-extend                   GET    login    404    404    404    404    404    200    404    404    404
assignment-extend                   POST   login    404    404    404    404    404     go    404    404    404
join-find                           GET      200    200    200    200    200    200    200    200    200    200
join-find                           POST      go     go     go     go     go     go     go     go     go     go
join                                GET      200    200     go     go    200    200     go    200    200    200
join                                POST      go     go     go     go     go     go     go     go     go     go

# accounts
account                             GET    login    200    200    200    200    200    200    200    200    200
account                             POST   login    200     go     go     go     go     go     go     go     go
account_signup                      GET      200    200     go     go     go     go     go     go     go     go
account_signup                      POST     200    200     go     go     go     go     go     go     go     go
account-delete                      GET    login    200    200    200    200    200    200    200    200    200
account-delete                      POST   login     go     go     go     go     go     go     go     go     go
invitation                          GET      200    200    200    200    200    200    200    200    200    200
invitation                          POST     200    200     go     go     go     go     go     go     go     go
account_login                       GET      200    200     go     go     go     go     go     go     go     go
account_login                       POST     200    200     go     go     go     go     go     go     go     go
account_logout                      GET       go    200    200    200    200    200    200    200    200    200
account_logout                      POST      go     go     go     go     go     go     go     go     go     go
account_inactive                    GET      200    200    200    200    200    200    200    200    200    200
account_inactive                    POST     405    405    405    405    405    405    405    405    405    405
account_reauthenticate              GET    login  login    200    200    200    200    200    200    200    200
account_reauthenticate              POST   login  login    200    200    200    200    200    200    200    200
account_email                       GET    login  login    200    200    200    200    200    200    200    200
account_email                       POST   login  login     go     go     go     go     go     go     go     go
account_email_verification_sent     GET      200    200    200    200    200    200    200    200    200    200
account_email_verification_sent     POST     405    405    405    405    405    405    405    405    405    405
account_change_password             GET    login  login    200    200    200    200    200    200    200    200
account_change_password             POST   login  login    200    200    200    200    200    200    200    200
account_set_password                GET    login  login     go     go     go     go     go     go     go     go
account_set_password                POST   login  login     go     go     go     go     go     go     go     go
account_reset_password              GET      200    200    200    200    200    200    200    200    200    200
account_reset_password              POST     200    200    200    200    200    200    200    200    200    200
account_confirm_login_code          GET    login  login     go     go     go     go     go     go     go     go
account_confirm_login_code          POST   login  login     go     go     go     go     go     go     go     go
account_confirm_email               GET      200    200    200    200    200    200    200    200    200    200
account_confirm_email               POST     404    404    404    404    404    404    404    404    404    404
account_reset_password_from_key     GET      200    200    200    200    200    200    200    200    200    200
account_reset_password_from_key     POST     200    200    200    200    200    200    200    200    200    200
account_reset_password_from_key_done GET  200    200    200    200    200    200    200    200    200    200
account_reset_password_from_key_done POST 405    405    405    405    405    405    405    405    405    405
account_reset_password_done         GET      200    200    200    200    200    200    200    200    200    200
account_reset_password_done         POST     405    405    405    405    405    405    405    405    405    405

# second factor
mfa_index                           GET    login  login    200    200    200    200    200    200    200    200
mfa_index                           POST   login  login    405    405    405    405    405    405    405    405
mfa_authenticate                    GET    login  login     go     go     go     go     go     go     go     go
mfa_authenticate                    POST   login  login     go     go     go     go     go     go     go     go
mfa_reauthenticate                  GET    login  login     go     go     go     go     go     go     go     go
mfa_reauthenticate                  POST   login  login     go     go     go     go     go     go     go     go
mfa_activate_totp                   GET    login  login     go     go     go     go     go     go     go     go
mfa_activate_totp                   POST   login  login     go     go     go     go     go     go     go     go
mfa_deactivate_totp                 GET    login  login    404    404    404    404    404    404    404    404
mfa_deactivate_totp                 POST   login  login    404    404    404    404    404    404    404    404
mfa_view_recovery_codes             GET    login  login    404    404    404    404    404    404    404    404
mfa_view_recovery_codes             POST   login  login    405    405    405    405    405    405    405    405
mfa_generate_recovery_codes         GET    login  login     go     go     go     go     go     go     go     go
mfa_generate_recovery_codes         POST   login  login     go     go     go     go     go     go     go     go
mfa_download_recovery_codes         GET    login  login    404    404    404    404    404    404    404    404
mfa_download_recovery_codes         POST   login  login    404    404    404    404    404    404    404    404
mfa_list_webauthn                   GET    login  login    200    200    200    200    200    200    200    200
mfa_list_webauthn                   POST   login  login    405    405    405    405    405    405    405    405
mfa_add_webauthn                    GET    login  login     go     go     go     go     go     go     go     go
mfa_add_webauthn                    POST   login  login     go     go     go     go     go     go     go     go
mfa_reauthenticate_webauthn         GET    login  login     go     go     go     go     go     go     go     go
mfa_reauthenticate_webauthn         POST   login  login     go     go     go     go     go     go     go     go
mfa_remove_webauthn                 GET    login  login     go     go     go     go     go     go     go     go
mfa_remove_webauthn                 POST   login  login     go     go     go     go     go     go     go     go
mfa_edit_webauthn                   GET    login  login     go     go     go     go     go     go     go     go
mfa_edit_webauthn                   POST   login  login     go     go     go     go     go     go     go     go

# the admin site
admin:index                         GET    login  login  login  login  login  login  login  login    200    200
admin:index                         POST   login  login  login  login  login  login  login  login    200    200
admin:login                         GET    login    403    403    403    403    403    403    403     go     go
admin:login                         POST   login    403    403    403    403    403    403    403    200    200
admin:logout                        GET    login     go     go     go     go     go     go     go    405    405
admin:logout                        POST   login     go     go     go     go     go     go     go    200    200
admin:autocomplete                  GET    login  login  login  login  login  login  login  login    403    403
admin:autocomplete                  POST   login  login  login  login  login  login  login  login    405    405
admin:jsi18n                        GET    login  login  login  login  login  login  login  login    200    200
admin:jsi18n                        POST   login  login  login  login  login  login  login  login    405    405
admin:view_on_site                  GET    login  login  login  login  login  login  login  login     go     go
admin:view_on_site                  POST   login  login  login  login  login  login  login  login     go     go
admin:app_list                      GET    login  login  login  login  login  login  login  login    200    404
admin:app_list                      POST   login  login  login  login  login  login  login  login    200    404
admin:auth_user_password_change     GET    login  login  login  login  login  login  login  login    403    200
admin:auth_user_password_change     POST   login  login  login  login  login  login  login  login    403    200
admin:password_change               GET    login  login  login  login  login  login  login  login    200    200
admin:password_change               POST   login  login  login  login  login  login  login  login    200    200
admin:password_change_done          GET    login  login  login  login  login  login  login  login    200    200
admin:password_change_done          POST   login  login  login  login  login  login  login  login    405    405
admin:lessons_lesson_preview        GET    login  login  login  login  login  login  login  login    200    403
admin:lessons_lesson_preview        POST   login  login  login  login  login  login  login  login    200    403
admin:lessons_lesson_version        GET    login  login  login  login  login  login  login  login    200    403
admin:lessons_lesson_version        POST   login  login  login  login  login  login  login  login    200    403
admin:lessons_lesson_discard        GET    login  login  login  login  login  login  login  login    405    403
admin:lessons_lesson_discard        POST   login  login  login  login  login  login  login  login     go    403
admin:lessons_lesson_bring_back     GET    login  login  login  login  login  login  login  login    405    403
admin:lessons_lesson_bring_back     POST   login  login  login  login  login  login  login  login     go    403
admin:quizzes_question_preview      GET    login  login  login  login  login  login  login  login    200    403
admin:quizzes_question_preview      POST   login  login  login  login  login  login  login  login    200    403
admin:quizzes_question_version      GET    login  login  login  login  login  login  login  login    200    403
admin:quizzes_question_version      POST   login  login  login  login  login  login  login  login    200    403
admin:quizzes_question_discard      GET    login  login  login  login  login  login  login  login    405    403
admin:quizzes_question_discard      POST   login  login  login  login  login  login  login  login     go    403
admin:quizzes_question_bring_back   GET    login  login  login  login  login  login  login  login    405    403
admin:quizzes_question_bring_back   POST   login  login  login  login  login  login  login  login     go    403
admin:quizzes_question_regrade      GET   login  login  login  login  login  login  login  login    200    200
admin:quizzes_question_regrade      POST  login  login  login  login  login  login  login  login     go     go
admin:quizzes_question_undo         GET   login  login  login  login  login  login  login  login    405    405
admin:quizzes_question_undo         POST  login  login  login  login  login  login  login  login     go     go
"""

# What a role may do with the records of the admin site: v(iew) a(dd) c(hange) d(elete). Nobody else gets in.
ADMIN: dict[str, dict[str, str]] = {
    "accounts.user": {"ada": "vacd"},
    "accounts.invitation": {"ada": "vad"},  # made, used or deleted, never changed
    "auth.group": {"ada": "v"},
    "account.emailaddress": {},
    "mfa.authenticator": {},
    "classrooms.classroom": {"ada": "vacd"},
    "classrooms.assignment": {"ada": "vacd"},
    "lessons.unit": {"edith": "vac"},
    "lessons.lesson": {"edith": "vac"},
    "lessons.source": {"edith": "vac"},
    "lessons.passage": {"edith": "vac"},
    "lessons.claim": {"edith": "vac"},
    "lessons.erratum": {"edith": "vac"},
    "lessons.event": {"edith": "vac"},
    "lessons.term": {"edith": "vac"},
    "lessons.series": {"edith": "vac"},
    "lessons.image": {"edith": "vac"},
    "lessons.comparison": {"edith": "vac"},
    "quizzes.question": {"edith": "vac"},
    "quizzes.quiz": {"edith": "vac"},
    "quizzes.regrade": {"edith": "v", "ada": "v"},  # made and undone on the question's page
    "quizzes.report": {"edith": "vc", "ada": "vc"},
}
PAGES = {"changelist": "vc", "add": "a", "change": "vc", "history": "vc", "delete": "d"}  # needs one of these
EMPTY = ("account.emailaddress", "mfa.authenticator")  # nobody may open them, so none is made here


Cells = dict[tuple[str, str], dict[str, str]]


def read(table: str) -> Cells:
    """(name of the URL, method) -> person -> what is expected."""
    cells = {}
    for line in table.strip().splitlines():
        if line.strip() and not line.startswith("#"):
            name, method, *expected = line.split()
            assert len(expected) == len(PEOPLE), f"{name} {method}: a cell for each of {', '.join(PEOPLE)}"
            assert (name, method) not in cells, f"{name} {method} stands there twice"
            cells[name, method] = dict(zip(PEOPLE, expected, strict=True))
    return cells


CELLS = read(TABLE)


def patterns(found: list[Any], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all addresses, with their namespace; those without a name as `admin:?`."""
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, (*spaces, *filter(None, [pattern.namespace])))
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or "?"))


def model_pages() -> set[str]:
    """The names of the pages that every model has in the admin site."""
    names = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    return {f"admin:{name}_{page}" for name in names for page in PAGES}


def outcome(response: HttpResponseBase) -> str:
    """The word of the table for this response."""
    if response.status_code != 302:
        return str(response.status_code)
    to = response.headers["Location"]
    return "login" if to.startswith((reverse("account_login"), reverse("admin:login"))) else "go"


@pytest.fixture(scope="module")
def world(curriculum: None, django_db_blocker: Any) -> World:
    """One world for all tests: whatever a visit changes in it is undone at once."""
    with django_db_blocker.unblock():
        return build()


# --- the table holds ---------------------------------------------------------------------------------------


def test_every_address_has_its_rows() -> None:
    """A new page fails here until somebody has said who may open it."""
    there = {name for name in patterns(get_resolver().url_patterns) if not name.endswith(":?")}
    expected = there - model_pages()
    listed = {name for name, _method in CELLS}
    assert expected - listed == set(), "not in TABLE: say who may open it, with GET and with POST"
    assert listed - expected == set(), "in TABLE, but there is no such address any more"
    assert {(name, method) for name in listed for method in ("GET", "POST")} == CELLS.keys()


def test_addresses_without_a_name_are_those_of_the_admin_site_only() -> None:
    unnamed = {name for name in patterns(get_resolver().url_patterns) if name.endswith("?")}
    assert unnamed == {"admin:?"}


WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|CREATE|ALTER|DROP)\b(?!.*\bdjango_session\b)", re.I | re.S
)


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says_and_a_visit_writes_nothing(world: World, who: str) -> None:
    wrong, written = [], []
    for (name, method), expected in CELLS.items():
        url = reverse(name, args=world.args.get(name, ()))
        with CaptureQueriesContext(connection) as queries:
            response = world.visit(who, method, url, world.data.get(name))
        if (got := outcome(response)) != expected[who]:
            wrong.append(f"{name} {method}: {got} instead of {expected[who]}")
        if method == "GET":
            written += [f"{name}: {q['sql'][:120]}" for q in queries if WRITES.match(q["sql"])]
    assert wrong == []
    assert written == []


def test_a_visitor_who_only_reads_gets_no_session(world: World) -> None:
    kept = [
        name
        for (name, method), expected in CELLS.items()
        if method == "GET"
        and expected["visitor"] == "200"
        and not name.startswith(("account", "mfa", "admin"))
        and "sessionid" in world.visit("visitor", "GET", reverse(name, args=world.args.get(name, ()))).cookies
    ]
    assert kept == []


# --- what is not yours does not exist ----------------------------------------------------------------------

OWN = ("attempt-", "class", "gradebook", "assign", "certificate-")  # addresses that lead to somebody's own things


def seen(response: Any, url: str) -> tuple[int, str]:
    """Status and page, without what differs between any two requests."""
    page = response.getvalue().decode()
    page = re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return response.status_code, page.replace(url, "")


def others(args: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The same address with one part, or all of it, naming nothing."""
    nothing = tuple(987_654 for _part in args)
    return [*(args[:n] + nothing[n : n + 1] + args[n + 1 :] for n in range(len(args))), nothing]


@pytest.mark.parametrize("who", STRANGERS)
def test_not_mine_looks_like_not_there(world: World, who: str) -> None:
    compared, wrong = 0, []
    for (name, method), expected in CELLS.items():
        if expected[who] != "404" or not name.startswith(OWN):
            continue
        url = reverse(name, args=world.args[name])
        hidden = seen(world.visit(who, method, url, world.data.get(name)), url)
        for args in others(world.args[name]):
            url = reverse(name, args=args)
            compared += 1
            if seen(world.visit(who, method, url, world.data.get(name)), url) != hidden:
                wrong.append(f"{name} {method} {args}")
    assert wrong == []
    assert compared > 10


def test_what_stands_inside_another_thing_must_belong_to_it(world: World) -> None:
    """Each of these ids exists, and is Tom's or Alice's to open somewhere else."""
    room, _bob = world.args["class-remove"]
    [mine], [task] = world.args["attempt-result"], world.args["assignment"]
    charlie, rita, tina = world.users["charlie"], world.users["rita"], world.users["tina"]
    elsewhere = Membership.objects.get(user=charlie)
    gone = Membership.objects.get(user=rita)
    teacher = Membership.objects.get(user=world.users["tom"])
    hers = Attempt.objects.get(user=rita)
    theirs = Membership.objects.get(user=tina).classroom_id
    for who, method, name, args in [
        ("tom", "GET", "class-attempt", (room, mine)),  # practice is nobody's business
        ("tom", "GET", "class-attempt", (room, hers.pk)),  # she is no longer in the class
        ("tom", "GET", "class-attempt", (theirs, world.args["class-attempt"][1])),
        ("tom", "POST", "class-remove", (room, elsewhere.pk)),
        ("tom", "POST", "class-remove", (room, gone.pk)),
        ("tom", "POST", "class-remove", (room, teacher.pk)),
        ("tom", "GET", "assignment-extend", (task, charlie.pk)),
        ("tom", "POST", "assignment-extend", (task, rita.pk)),
        ("tom", "POST", "assignment-extend", (task, world.users["tom"].pk)),
        ("alice", "GET", "attempt-question", (mine, 99)),
        ("alice", "GET", "attempt-question", (mine, 0)),
        ("rita", "GET", "attempt-result", (world.args["class-attempt"][1],)),
    ]:
        response = world.visit(who, method, reverse(name, args=args), world.data.get(name))
        assert outcome(response) == "404", (who, name, args)


def test_a_quiz_for_assignments_only_does_not_exist_in_practice(world: World) -> None:
    kept = Quiz.objects.filter(purpose="assignment").first()
    assert kept is not None
    for who in PEOPLE:
        for method, name, args in [
            ("GET", "quiz", (kept.slug,)),
            ("POST", "quiz-start", (kept.slug,)),
            ("POST", "quiz-in-place", (kept.slug, 1)),
            ("POST", "quiz-in-place", (world.args["quiz"][0], 1)),  # a closing quiz does not stand in the text
        ]:
            assert outcome(world.visit(who, method, reverse(name, args=args))) == "404", (who, name)


def test_what_she_handed_in_stays_hers_when_a_pupil_leaves(world: World) -> None:
    attempt = Attempt.objects.get(user=world.users["rita"])
    assert outcome(world.visit("rita", "GET", reverse("attempt-question", args=[attempt.pk, 1]))) == "200"


# --- the admin site ----------------------------------------------------------------------------------------


def allowed(model: Any, who: str) -> str:
    return ADMIN[model._meta.label_lower].get(who, "")


def test_every_model_of_the_admin_site_is_listed() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == ADMIN.keys()


@pytest.mark.parametrize("who", PEOPLE)
def test_the_admin_site_opens_what_the_role_allows(world: World, who: str) -> None:
    picture = {"width": 1, "height": 1, "texts": {"en": {"alt": "A bridge", "credit": "Nobody"}}}
    Image.objects.create(slug="bridge", file="images/none.png", **picture)
    Invitation.objects.get_or_create(made_by=world.users["ada"])
    wrong = []
    for model in admin.site._registry:
        meta = model._meta
        one = model._default_manager.order_by("pk").first()
        for page, needs in PAGES.items():
            if page not in ("changelist", "add") and one is None:
                assert meta.label_lower in EMPTY, f"make a {meta.label_lower} for this test"
                continue
            args = () if page in ("changelist", "add") else (one.pk,)
            may = any(verb in allowed(model, who) for verb in needs)
            expected = {"200"} if may else {"403"} if who in ("edith", "ada") else {"login"}
            url = reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)
            with CaptureQueriesContext(connection) as queries:
                got = outcome(world.visit(who, "GET", url))
            if got not in expected:
                wrong.append(f"{meta.label_lower} {page}: {got} instead of {expected}")
            wrong += [f"{meta.label_lower} {page} writes" for q in queries if WRITES.match(q["sql"])]
            if (
                not may
                and who in ("edith", "ada")
                and (got := outcome(world.visit(who, "POST", url, {"post": "yes"}))) not in expected
            ):
                wrong.append(f"{meta.label_lower} {page} POST: {got} instead of {expected}")
    assert wrong == []
