"""Whatever is sent: a page that says what is wrong, or a refusal; never a fault of the server, never a trace."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as st

from accounts.models import User
from lessons import reading
from lessons.models import Lesson, Status
from quizzes.asking import answer_form
from quizzes.models import Attempt, Behaviour, Question, QuestionVersion, Quiz, Release, Response, Terms
from tests.base import PASSWORD, client_of, start
from tests.samples import SAMPLES
from tests.world import World, build, right_answer

pytestmark = pytest.mark.django_db

REFUSED = {400, 403, 404, 405, 410, 413, 429}
FORM = "application/x-www-form-urlencoded"

# Who fills which form in. What a browser would send there stands in tests/world.py, or below.
FORMS = [
    ("visitor", "account_login"), ("visitor", "account_signup"), ("visitor", "account_reset_password"),
    ("visitor", "quiz-start"), ("visitor", "quiz-in-place"), ("visitor", "join-find"), ("visitor", "invitation"),
    ("guest", "account"), ("guest", "account-delete"), ("guest", "quiz-in-place"),
    ("alice", "quiz-start"), ("alice", "quiz-in-place"), ("alice", "attempt-question"), ("alice", "attempt-finish"),
    ("alice", "assignment-start"), ("alice", "account"), ("alice", "account-delete"), ("alice", "guest-merge"),
    ("alice", "account_change_password"), ("alice", "account_email"), ("alice", "account_reauthenticate"),
    ("charlie", "join-find"), ("charlie", "join"), ("bob", "invitation"),
    ("tom", "class-new"), ("tom", "class-settings"), ("tom", "class-code"), ("tom", "class-remove"),
    ("tom", "assign"), ("tom", "assignment-edit"), ("tom", "assignment-delete"), ("tom", "assignment-extend"),
]  # fmt: skip
each_form = pytest.mark.parametrize(("who", "name"), FORMS, ids=lambda value: value)
DATA = {
    "account_login": {"login": "alice", "password": PASSWORD},
    "account_signup": {"username": "hana", "name": "Hana", "email": "hana@school.example", "password1": PASSWORD},
    "account_reset_password": {"email": "alice@school.example"},
    "account_change_password": {"oldpassword": PASSWORD, "password1": "other-1965-x", "password2": "other-1965-x"},
    "account_email": {"email": "new@school.example", "action_add": ""},
    "account_reauthenticate": {"password": PASSWORD},
}


# --- sending and looking -----------------------------------------------------------------------------------


def footprint() -> dict[str, list[Any]]:
    """All rows that a form could have changed."""
    kept = [*apps.get_app_config("classrooms").get_models(), *apps.get_app_config("accounts").get_models()]
    kept += [Attempt, Response, apps.get_model("account", "EmailAddress")]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in kept}


def is_unfit(value: Any) -> bool:
    """Whether this text cannot be stored by every database."""
    if isinstance(value, list | tuple):
        return any(map(is_unfit, value))
    return isinstance(value, str) and re.search(r"[\x00\ud800-\udfff]", value) is not None


@dataclass
class Sent:
    """What became of a request: the status, the page, and what it left behind."""

    status: int
    page: str
    changed: bool
    fault: str = ""

    @property
    def is_right(self) -> bool:
        """An error shown or a refusal leaves nothing behind; only going on may."""
        if self.fault or self.status not in REFUSED | {200, 302}:
            return False
        return self.status == 302 or not self.changed

    def __str__(self) -> str:
        return f"{self.status}{' and changed something' * self.changed} {self.fault}"


WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?!.*\bdjango_session\b)", re.I | re.S)


class Sender:
    """Sends requests by one person of the world; undoes what they did."""

    def __init__(self, world: World) -> None:
        self.world, self.before = world, footprint()

    def __call__(
        self, who: str, method: str, url: str, body: bytes | str = b"", kind: str = FORM, **extra: Any
    ) -> Sent:
        cache.clear()
        client, unfit, written = self.world.client(who), [], []
        client.raise_request_exception = False

        def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if any(map(is_unfit, params or ())):
                unfit.append(sql[:60])
            if WRITES.match(sql):
                written.append(sql[:60])
            return execute(sql, params, many, context)

        with transaction.atomic():
            with connection.execute_wrapper(watch):
                response: Any = client.generic(method, url, body, kind, **extra)
            changed = bool(written) and not connection.needs_rollback
            if changed and response.status_code != 302:  # it may have been put back
                changed = footprint() != self.before
            transaction.set_rollback(True)
        page, status = response.getvalue().decode(errors="replace"), response.status_code
        if status == 200 and ("HX-Redirect" in response.headers or '"location"' in page or "data-feedback" in page):
            status = 302  # as htmx, allauth's JSON, or the feedback in place says it
        fault = f"sends to the database what it cannot hold: {unfit[0]}" if unfit else ""
        if status >= 500:
            fault = repr(getattr(response, "exc_info", ["", ""])[1])[:200]
        return Sent(status, page, changed, fault)


@pytest.fixture(scope="module")
def world(curriculum: None, django_db_blocker: Any) -> World:
    """One world for all tests: whatever a request changes in it is undone at once."""
    with django_db_blocker.unblock():
        made = build()
    made.data = DATA | made.data
    return made


@pytest.fixture
def send(db: None, world: World) -> Sender:
    return Sender(world)


def encoded(data: dict[str, Any]) -> str:
    """A form as a browser sends it; bytes go out as they are."""
    pairs = [(k, v) for k, value in data.items() for v in (value if isinstance(value, list) else [value])]
    return "&".join(f"{quote(k)}={quote(v if isinstance(v, bytes) else str(v))}" for k, v in pairs)


JUNK: dict[str, Any] = {
    "NUL": b"a\0b",
    "a lone surrogate": b"\xed\xa0\x80",
    "no UTF-8": b"\xc0\x80\xff",
    "too long": "x" * 100_000,
    "a huge number": "9" * 400,
    "a number too far": "1e400",
    "not a number": "nan",
    "below zero": "-1",
    "another's id": "987654",
    "two values": ["true", "false"],
    "markup": "<script>alert(1)</script>",
    "empty": "",
    "missing": [],
}


# --- the fields of a form ----------------------------------------------------------------------------------


@each_form
def test_the_form_as_it_should_be_sent_does_something(world: World, send: Sender, who: str, name: str) -> None:
    """Otherwise the tests below would find nothing."""
    sent = send(who, "POST", reverse(name, args=world.args.get(name, ())), encoded(world.data.get(name, {})))
    assert (sent.status, sent.fault) == (200 if (who, name) in LOOKED_AT else 302, "")


LOOKED_AT = {("visitor", "invitation"), ("guest", "account")}  # who has no account is told how to get one


@each_form
def test_junk_in_any_field_is_refused_or_told(world: World, send: Sender, who: str, name: str) -> None:
    url, data, wrong = reverse(name, args=world.args.get(name, ())), world.data.get(name, {}), []
    for field in [*data, "key", "csrfmiddlewaretoken", "nobody"]:
        for what, junk in JUNK.items():
            sent = send(who, "POST", url, encoded(data | {field: junk}))
            if not sent.is_right or "<script>alert(1)" in sent.page:
                wrong.append(f"{field}, {what}: {sent}")
    assert wrong == []


@each_form
def test_junk_in_every_field_at_once_does_too(world: World, send: Sender, who: str, name: str) -> None:
    url, data, wrong = reverse(name, args=world.args.get(name, ())), world.data.get(name, {}), []
    for what, junk in JUNK.items():
        for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
            sent = send(who, "POST", url, encoded(dict.fromkeys(data, junk)), **headers)
            if not sent.is_right:
                wrong.append(f"{what}: {sent}")
    assert wrong == []


BOUNDARY = 'multipart/form-data; boundary="B"'
PART = '--B\r\nContent-Disposition: form-data; name="choice"'
BODIES: dict[str, tuple[bytes | str, str]] = {
    "more than a megabyte": ("a=" + "x" * 1_100_000, FORM),
    "three thousand fields": ("&".join(f"f{n}=1" for n in range(3000)), FORM),
    "no boundary": ("choice=true", "multipart/form-data"),
    "a strange boundary": (PART, 'multipart/form-data; boundary="\xff"'),
    "cut off": (f"{PART}\r\n\r\ntr", BOUNDARY),
    "no end": (f"{PART}\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!!\r\n--B--\r\n", BOUNDARY),
    "a file": (f'{PART}; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ntrue\r\n--B--\r\n', BOUNDARY),
    "many files": (
        "".join(f'{PART[:-1]}{n}"; filename="a"\r\n\r\nx\r\n' for n in range(200)) + "--B--\r\n",
        BOUNDARY,
    ),
    "not JSON": ("{not json", "application/json"),
    "JSON": (json.dumps({"choice": "true"}), "application/json"),
    "deep JSON": ("[" * 5000, "application/json"),
    "an unknown alphabet": ("choice=true", f"{FORM}; charset=nonsense"),
    "another alphabet": ("choice=true".encode("utf-16"), f"{FORM}; charset=utf-16"),
    "no type": ("choice=true", ""),
    "bytes": (bytes(range(256)), "application/octet-stream"),
    "only signs": ("&&==&=&%&%zz", FORM),
}


@each_form
def test_a_broken_body_is_refused_or_told(world: World, send: Sender, who: str, name: str) -> None:
    url, wrong = reverse(name, args=world.args.get(name, ())), []
    reads = name in world.data and who != "guest" and name != "guest-merge"  # the others ask nothing but the click
    for what, (body, kind) in BODIES.items():
        sent = send(who, "POST", url, body, kind)
        refused = sent.status in (400, 413) or what not in ("more than a megabyte", "three thousand fields")
        if not sent.is_right or (reads and not refused) or (reads and sent.changed and name != "account"):
            wrong.append(f"{what}: {sent}")
    assert wrong == []


def test_a_token_is_asked_for_by_every_form(world: World, send: Sender) -> None:
    """Without the token nothing is done; with the one of the page everything is, and no script is needed."""
    for who, name in FORMS:
        url, data = reverse(name, args=world.args.get(name, ())), world.data.get(name, {})
        client = world.client(who)
        client.handler.enforce_csrf_checks = True
        with transaction.atomic():
            for token in ({}, {"csrfmiddlewaretoken": "x" * 64}, {"csrfmiddlewaretoken": "\0"}):
                assert client.post(url, data | token).status_code == 403, (who, name)
            assert footprint() == send.before
            found = re.search(
                r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/account/login/").content.decode()
            )
            found = found or re.search(
                r'name="csrfmiddlewaretoken" value="(\w+)"',
                client.get(reverse("quiz", args=world.args["quiz"])).content.decode(),
            )
            assert found
            assert client.post(url, data | {"csrfmiddlewaretoken": found[1]}).status_code in (200, 302), (who, name)
            transaction.set_rollback(True)


def test_what_was_typed_is_kept_beside_the_error(world: World, send: Sender) -> None:
    for who, name, wrong, kept in [
        ("tom", "class-new", {"name": "Kept \0", "time_zone": "Asia/Seoul"}, 'value="Asia/Seoul" selected'),
        ("tom", "class-new", {"name": "History & 10B", "time_zone": "Mars"}, "History &amp; 10B"),
        ("tom", "assign", {"due": "tomorrow", "minutes": "45", "release": "close"}, 'value="tomorrow"'),
        ("tom", "assign", {"due": "tomorrow", "minutes": "45", "release": "close"}, 'value="45"'),
        ("tom", "assignment-extend", {"until": "soon"}, 'value="soon"'),
        ("visitor", "account_signup", {"username": "a@b", "name": "Hana", "password1": PASSWORD}, 'value="Hana"'),
        ("charlie", "join-find", {"code": "AB!?"}, 'value="AB!?"'),
    ]:
        sent = send(who, "POST", reverse(name, args=world.args.get(name, ())), encoded(wrong))
        assert sent.status == 200
        assert kept in sent.page, name
        assert PASSWORD not in sent.page


# --- addresses ---------------------------------------------------------------------------------------------

NOWHERE: list[Any] = [0, 987_654, 2**31, 2**63 - 1, 2**63, 10**40]
NO_SLUGS = ["x", "x" * 3000, "a%00", "%00", "%ED%A0%80", "%ff", "..", "%2e%2e", "a%20b", "%F0%9F%8C%89", "-", "None"]


def variants(args: tuple[Any, ...]) -> Iterator[list[str]]:
    """The parts of an address, with one of them replaced by something that names nothing."""
    for n, part in enumerate(args):
        for other in NOWHERE if isinstance(part, int) else NO_SLUGS:
            yield [str(other) if i == n else quote(str(each)) for i, each in enumerate(args)]


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Ours, with parts that name nothing."""
    for name, args in world.args.items():
        if not name.startswith(("account", "admin", "mfa")):
            url = reverse(name, args=args)
            for parts in variants(args):
                form = url
                for part in reversed(args):
                    before, found, after = form.rpartition(quote(str(part)))
                    assert found, (url, part)
                    form = f"{before}\0{after}"
                for part in parts:
                    form = form.replace("\0", part, 1)
                yield name, form


@pytest.mark.parametrize("who", ["visitor", "alice", "tom"])
def test_what_names_nothing_is_not_there(world: World, send: Sender, who: str) -> None:
    wrong = []
    for name, url in addresses(world):
        for method in ("GET", "POST"):
            sent = send(who, method, url, encoded(world.data.get(name, {})))
            scripts = {401} if name in ("attempt-save", "attempt-standing") else set()  # which are told in a word
            fine = REFUSED | scripts | ({302} if who == "visitor" else set())
            if sent.fault or sent.changed or sent.status not in fine:
                wrong.append(f"{method} {url[:80]}: {sent}")
    assert wrong == []


def test_a_nul_byte_in_any_address_or_query_is_refused(world: World, send: Sender) -> None:
    for name in ("home", "progress", "class-list", "account", "account_login", "admin:index", *world.args):
        url = reverse(name, args=world.args.get(name, ()))
        for query in ("?q=%00", "?%00=1", "?q=a&next=%2f%00"):
            assert send("alice", "GET", url + query).status == 400, (name, query)
        assert send("alice", "GET", f"{url}%00").status == 400, name


@pytest.mark.parametrize(
    "query", ["page=x", "next=//evil.example", "kind[]=%F0", "language=../../x", "a=" + "b" * 9000]
)
def test_a_strange_query_changes_no_page(world: World, send: Sender, query: str) -> None:
    for name in ("home", "unit", "lesson", "source", "timeline", "terms", "quiz", "progress", "class-list", "account"):
        url = reverse(name, args=world.args.get(name, ()))
        assert send("alice", "GET", f"{url}?{query}").status == 200, name


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(world: World, send: Sender, method: str) -> None:
    for who in ("visitor", "alice", "tom"):
        for name in (
            "home",
            "progress",
            "class-list",
            "class-new",
            "join-find",
            "account",
            "account-delete",
            *world.args,
        ):
            if not name.startswith(("account_", "admin", "mfa")):
                sent = send(who, method, reverse(name, args=world.args.get(name, ())), "x")
                fine = {403, 404, 405} | ({302} if who == "visitor" else set())
                assert sent.status in fine, (who, name, str(sent))
                assert not sent.changed


# --- headers -----------------------------------------------------------------------------------------------

LANGUAGES = ("", "*", "x" * 20_000, "ko-KR-x-" * 50, "en;q=abc", "en;q=1e400", "\xff\xfe", "../etc", "zh-Hant,,;")
HEADERS = [
    *({"HTTP_ACCEPT_LANGUAGE": value} for value in LANGUAGES),
    {"HTTP_COOKIE": "sessionid=" + "x" * 4000},
    {"HTTP_COOKIE": 'sessionid="\\000"; csrftoken=\xff; messages=bad'},
    {"HTTP_COOKIE": "messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjUsIngiXV0:bad:bad; ;;=;"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[::1", "HTTP_HX_TARGET": "<script>"},
    {"HTTP_HX_REQUEST": "maybe", "HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true", "HTTP_HX_CURRENT_URL": "%ff%00"},
    {"HTTP_X_FORWARDED_FOR": "not an address, \xff", "HTTP_X_FORWARDED_PROTO": "gopher"},
    {"HTTP_USER_AGENT": "x" * 30_000, "HTTP_REFERER": "javascript:alert(1)"},
    {"HTTP_RANGE": "bytes=9-1", "HTTP_IF_MODIFIED_SINCE": "yesterday", "HTTP_IF_NONE_MATCH": '"'},
    {"HTTP_ACCEPT": "application/json", "HTTP_ACCEPT_ENCODING": "br;q=x"},
    {"REMOTE_ADDR": "not an address"},
]  # fmt: skip


@pytest.mark.parametrize("extra", HEADERS, ids=lambda extra: f"{next(iter(extra.items()))}"[:40])
def test_strange_headers_break_no_page(world: World, send: Sender, extra: dict[str, str]) -> None:
    signed_in = {"HTTP_COOKIE": f"sessionid={world.cookies['alice']}"}
    for name in ("home", "lesson", "quiz", "progress", "attempt-question", "class-list", "account_login", "join-find"):
        for who in (signed_in, {}):
            sent = send("visitor", "GET", reverse(name, args=world.args.get(name, ())), **who | extra)
            assert not sent.fault, (name, str(sent))
            assert sent.status in {200, 302, 400}
            assert "<script>alert" not in sent.page
    for name in ("quiz-start", "quiz-in-place", "join", "account_login"):
        data = encoded(world.data.get(name, {}))
        sent = send("visitor", "POST", reverse(name, args=world.args.get(name, ())), data, **extra)
        assert sent.is_right, (name, str(sent))


def test_another_host_is_refused(send: Sender) -> None:
    for host in ("evil.example", "testserver.evil.example", "test server", "testserver:x"):
        assert send("visitor", "GET", "/", HTTP_HOST=host).status == 400, host


# --- tampered answers --------------------------------------------------------------------------------------


def test_ids_of_another_attempt_do_not_help(world: World, send: Sender) -> None:
    """Bob has an attempt at the same quiz; its addresses, keys and order are worth nothing to Alice."""
    quiz = Quiz.objects.get(slug=world.args["quiz"][0])
    his = start(world.users["bob"], quiz)
    send.before = footprint()
    hers = world.args["attempt-question"][0]
    data = right_answer(quiz.slug, 1, his.seed)
    assert send("alice", "POST", reverse("attempt-question", args=[his.pk, 1]), encoded(data)).status == 404
    assert send("alice", "POST", reverse("attempt-finish", args=[his.pk])).status == 404
    for extra in ({"attempt": his.pk}, {"slot": his.slots.first().pk}, {"user": world.users["bob"].pk}):
        client = world.client("alice")
        with transaction.atomic():
            client.post(reverse("attempt-question", args=[hers, 1]), data | extra)
            assert not Response.objects.filter(attempt=his).exists()
            transaction.set_rollback(True)


def test_credit_comes_from_the_grader_and_not_from_the_form(world: World) -> None:
    attempt = Attempt.objects.get(pk=world.args["attempt-question"][0])
    slot = attempt.slots.filter(version__question__kind="single").first()
    client = world.client("alice")
    forged = {
        "credit": "1",
        "right": "1",
        "late": "0",
        "sequence": "99",
        "received_at": "2000-01-01",
        "cause": "regrade",
    }
    client.post(slot.get_absolute_url(), wrong_answer(slot) | forged)
    response = Response.objects.get(attempt=attempt)
    assert (response.credit, response.sequence, response.cause, response.late) == (0, 1, "answer", False)
    assert response.received_at.year > 2000


def wrong_answer(slot: Any) -> dict[str, Any]:
    """Another of the options that the form of this single choice shows."""
    version = slot.version
    form = answer_form(version, seed=slot.attempt.seed, number=slot.number, shelf=reading.shelf())
    right = version.question.rules.solution(version.content)["choice"]
    return {"choice": next(value for key, value in form.values.items() if key != right)}


# --- answers of every kind, made up ------------------------------------------------------------------------


@pytest.fixture
def tested(db: None, curriculum: None) -> Attempt:
    """An open test that asks one question of every kind."""
    lesson = Lesson.objects.get(slug="three-chemicals")
    quiz = Quiz.objects.create(slug="all-kinds", lesson=lesson)
    for n, (kind, (content, texts)) in enumerate(SAMPLES.items(), 1):
        question = Question.objects.create(slug=f"any-{kind.replace('_', '-')}", kind=kind, lesson=lesson)
        QuestionVersion(question=question, content=content, texts=texts, status=Status.PUBLISHED).add()
        quiz.places.create(question=question, position=n)
    terms = Terms(behaviour=Behaviour.TEST, release=Release.FINISH, context="assignment:1")
    return start(User.objects.create_user("hana"), quiz, terms=terms)


strange = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "\0",
        "\ud800",
        "true",
        "-1",
        "0",
        "1e400",
        "nan",
        "½",
        "９９",
        "1,2,3",
        "a" * 5000,
        "' OR 1=1 --",
        "{{ 7*7 }}",
    ]
)


@pytest.mark.parametrize("kind", SAMPLES)
def test_made_up_answers_are_kept_or_told_and_never_break(tested: Attempt, kind: str) -> None:
    slot = tested.slots.select_related("version__question").get(version__question__kind=kind)
    form = answer_form(slot.version, seed=tested.seed, number=slot.number, shelf=reading.shelf())
    shown = sorted(set(re.findall(r'name="([^"]+)"', str(form))))
    offered = sorted(set(re.findall(r'value="([^"]+)"', str(form)))) or [""]
    names = st.sampled_from([*shown, "key", "csrfmiddlewaretoken", "choice", "order", "value", "x"])
    values = st.lists(strange | st.sampled_from(offered), min_size=0, max_size=4)
    client, url = client_of(tested.user), slot.get_absolute_url()
    next_one = {f"{reverse('attempt-finish', args=[tested.pk])}"} | {s.get_absolute_url() for s in tested.slots.all()}

    @pace(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(names, values, max_size=8), st.booleans())
    def try_it(data: dict[str, list[str]], htmx: bool) -> None:
        body = "&".join(
            f"{quote(name)}={quote(value.encode('utf-8', 'surrogatepass'))}"
            for name, vs in data.items()
            for value in vs
        )
        headers = {"hx-request": "true"} if htmx else {}
        with transaction.atomic():
            response = client.post(url, body, content_type=FORM, headers=headers)
            kept = Response.objects.filter(attempt=tested).count()
            transaction.set_rollback(True)
        page = response.content.decode()
        if "HX-Redirect" in response.headers or response.status_code == 302:
            assert kept == 1
            assert response.headers.get("HX-Redirect") or response.headers["Location"] in next_one
        else:
            assert (response.status_code, kept) == (200, 0)
            assert 'aria-invalid="true"' in page
            assert ("<html" in page) != htmx

    try_it()


def test_what_was_typed_is_kept_in_the_question(tested: Attempt) -> None:
    client = client_of(tested.user)

    def sent(kind: str, data: dict[str, Any]) -> str:
        response = client.post(tested.slots.get(version__question__kind=kind).get_absolute_url(), data)
        assert response.status_code == 200
        assert not Response.objects.exists()
        return str(response.content.decode())

    assert 'value="about sixty"' in sent("number", {"value": "about sixty"})
    assert 'value="12 &lt;b&gt;"' in sent("number", {"value": "12 <b>"})
    slot = tested.slots.select_related("version__question").get(version__question__kind="matching")
    solution = slot.version.question.rules.solution(slot.version.content)
    form = answer_form(slot.version, seed=tested.seed, number=slot.number, shelf=reading.shelf(), answer=solution)
    first, *others = form.initial
    page = sent("matching", {first: form.initial[first]} | dict.fromkeys(others, ""))
    assert re.search(rf'name="{first}".*?value="{form.initial[first]}"\s+(?:selected|checked)', page, re.S)


def test_the_limits_are_what_the_tests_take_them_for() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < 1_000_000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS < 3000
    assert isinstance(Client().handler.enforce_csrf_checks, bool)
