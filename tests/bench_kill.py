"""Does "Saved" survive the death of the server? `make bench-kill`.

Students save answers as fast as they can while the server, all its processes at once, is killed at random moments
and started again. A client that gets no answer sends the same post with the same key until it does, as the page's
script would. At the end every acknowledged answer must stand in the database, once:

    bench-kill sqlite acknowledged=10000 lost=0 doubled=0 kills=23

lost      acknowledged, and not in the database, or with another answer
doubled   posts that had more than one effect
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

from tests.loads import Save, Student, each_database, furnish, post
from tests.serving import ROOT, command, free_port

CLIENTS, QUESTIONS = 12, 8
LIFE = (0.2, 3.0)  # seconds that a server is left alive once it answers
LONGEST = 600  # seconds in all; then the run fails


class Server:
    """gunicorn as the Makefile starts it, with all its processes in one group."""

    def __init__(self) -> None:
        self.port, self.kills = free_port(), 0
        self.start()

    def start(self) -> None:
        line = command("jkrel.wsgi", f"127.0.0.1:{self.port}")
        self.process = subprocess.Popen(line, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)

    def answers(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            post(self.port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", timeout=2)
            return True
        return False

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def live_and_die(self, done: threading.Event) -> None:
        """Die and rise again until `done`."""
        while not done.is_set():
            while not self.answers() and not done.is_set():
                time.sleep(0.05)
            if not done.wait(random.uniform(*LIFE)):
                self.kill()
                self.kills += 1
                self.start()


class Run:
    """What the clients share."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.sent, self.acknowledged = wanted, 0, 0
        self.kept: list[Save] = []
        self.refused: Counter[int] = Counter()
        self.lock = threading.Lock()
        self.done = threading.Event()

    def client(self, student: Student, port: int) -> None:
        chance = random.Random(student.user.pk)
        while not self.done.is_set():
            save = student.save(chance.randrange(QUESTIONS), chance.random() < 0.5)
            request = student.request(save.path, save.body)
            while not self.done.is_set():
                self.sent += 1
                try:
                    status, _body = post(port, request)
                except (OSError, ValueError):
                    time.sleep(0.02)  # killed, or not up yet: the same post again
                    continue
                with self.lock:
                    if status == 200:
                        self.kept.append(save)
                        if len(self.kept) >= self.wanted:
                            self.done.set()
                    else:
                        self.refused[status] += 1
                if status < 500:
                    break


def here(kind: str, wanted: int) -> int:
    """One run against the database of the environment."""
    import django

    django.setup()
    from django.db import connection

    from quizzes.models import Response

    students = furnish(CLIENTS, QUESTIONS)
    connection.close()
    server, run = Server(), Run(wanted)
    reaper = threading.Thread(target=server.live_and_die, args=[run.done])
    clients = [threading.Thread(target=run.client, args=[student, server.port]) for student in students]
    try:
        for thread in (reaper, *clients):
            thread.start()
        in_time = run.done.wait(LONGEST)
    finally:
        run.done.set()
        for thread in (reaper, *clients):
            thread.join()
        server.kill()
    rows = Response.objects.values_list("attempt_id", "slot_id", "key", "answer")
    stored = {(attempt, slot, key): answer for attempt, slot, key, answer in rows}
    lost = sum(stored.get((save.attempt, save.slot, save.key)) != save.answer for save in run.kept)
    keys = Counter(key for _attempt, _slot, key, _answer in rows)
    doubled = sum(n - 1 for n in keys.values())
    print(f"bench-kill {kind} acknowledged={len(run.kept)} lost={lost} doubled={doubled} kills={server.kills}")
    if run.refused:
        print(f"  refused: {dict(run.refused)}")
    return int(bool(lost or doubled or not in_time or not server.kills or run.refused))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--acknowledgements", type=int, default=10_000)
    parser.add_argument("--here", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.here:
        return here(wanted.here, wanted.acknowledgements)
    return each_database("tests.bench_kill", wanted.database, ["--acknowledgements", str(wanted.acknowledgements)])


if __name__ == "__main__":
    sys.exit(main())
