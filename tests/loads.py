"""What the load runs share: a database of their own, students with an open test, posts as a page sends them."""

import contextlib
import glob
import os
import pwd
import shlex
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.serving import ROOT, demo, free_port

DATABASES = ("sqlite", "postgresql")
CSRF = "b" * 32


@contextlib.contextmanager
def database(kind: str, place: Path) -> Iterator[dict[str, str]]:
    """The environment of a site with a new, empty database of this kind in `place`, on loopback."""
    env = demo(place)
    (place / "static").mkdir()
    if kind == "sqlite":
        yield env
        return
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not found:
        raise SystemExit("PostgreSQL is not installed: apt install postgresql")
    port, data = free_port(), place / "postgresql"
    data.mkdir()
    if os.getuid() == 0:
        os.chown(data, pwd.getpwnam("postgres").pw_uid, -1)
        place.chmod(0o755)

    def run(line: str) -> None:
        line = f"{found[-1]}/{line}"
        whole = ["su", "postgres", "-c", f"cd {data} && {line}"] if os.getuid() == 0 else shlex.split(line)
        subprocess.run(whole, check=True, stdout=subprocess.DEVNULL)

    run(f"initdb -D {data}/db --auth=trust --username=postgres")
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1"
    run(f"pg_ctl -D {data}/db -o '{options}' -w -l {data}/log start")
    try:
        yield env | {"DATABASE_URL": f"postgresql://postgres@127.0.0.1:{port}/postgres"}
    finally:
        run(f"pg_ctl -D {data}/db -m immediate stop")


def each_database(module: str, wanted: str, arguments: list[str]) -> int:
    """Run `module` once for each database, in a process of its own; the worst exit status."""
    status = 0
    for kind in DATABASES if wanted == "both" else (wanted,):
        with tempfile.TemporaryDirectory(prefix="two-shores-load-") as place, database(kind, Path(place)) as env:
            line = [sys.executable, "-m", module, "--here", kind, *arguments]
            status = max(status, subprocess.run(line, cwd=ROOT, env=env, check=False).returncode)
    return status


class Save(NamedTuple):
    """One answer as the page's script sends it, and what is to stand in the database."""

    attempt: int
    slot: int
    path: str
    key: str
    answer: dict[str, Any]
    right: bool
    body: dict[str, Any]


class Student:
    """Signed in, with a test of `questions` true-false questions open. `session` and CSRF stand for a browser."""

    def __init__(self, name: str, quiz: Any) -> None:
        from django.test import Client
        from django.utils import timezone
        from django.utils.crypto import salted_hmac

        from accounts.models import User
        from quizzes.models import WAYS, Attempt

        self.user = User.objects.create_user(name)
        client = Client()
        client.force_login(self.user)
        self.cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
        self.who = salted_hmac("keep", str(self.user.pk)).hexdigest()[:16]
        self.attempt, _new = Attempt.objects.start(self.user, quiz, WAYS["test"], now=timezone.now())
        self.slots = list(self.attempt.asks)

    def save(self, number: int, right: bool) -> Save:
        """An answer to question `number`, with a key of its own; the statements are all true."""
        slot = self.slots[number]
        answer, key = {"choice": str(right).lower()}, uuid.uuid4().hex
        body = {"choice": answer["choice"], "key": key, "who": self.who, "csrfmiddlewaretoken": CSRF}
        return Save(self.attempt.pk, slot.pk, f"{slot.get_absolute_url()}save/", key, answer, right, body)

    def request(self, path: str, body: dict[str, Any]) -> bytes:
        form = urlencode(body)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
        )
        return (head + form).encode()

    def hand_in(self) -> bytes:
        return self.request(f"/attempts/{self.attempt.pk}/finish/", {"csrfmiddlewaretoken": CSRF})


def furnish(students: int, questions: int) -> list[Student]:
    """An empty site with a quiz and these students."""
    from django.core.management import call_command
    from django.db import transaction

    from tests.base import make_quiz

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        quiz = make_quiz(questions=questions)
        return [Student(f"student{n}", quiz) for n in range(students)]


def post(port: int, request: bytes, timeout: float = 10) -> tuple[int, bytes]:
    """(status, body); raises OSError or ValueError when no whole answer comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return parse(b"".join(parts))


def parse(whole: bytes) -> tuple[int, bytes]:
    head, gap, body = whole.partition(b"\r\n\r\n")
    if not gap:
        raise ValueError("no answer")
    return int(head.split(None, 2)[1]), body
