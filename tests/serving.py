"""Serving the site as `make run` does, for the bench and for browsers: a demo site in a directory of its own."""

import contextlib
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def demo(place: Path) -> dict[str, str]:
    """The environment of a demo site whose database and files live in `place`, whatever is set outside."""
    ours = {"DEMO": "1", "DEBUG": "0", "DATA_DIR": str(place), "DJANGO_SETTINGS_MODULE": "jkrel.settings"}
    outside = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "STATIC_ROOT", "SECRET_KEY")
    }
    return outside | ours


def command(application: str, address: str) -> list[str]:
    """The Makefile's gunicorn command, for `application` at `address`: the flags stand there and nowhere else."""
    line = re.search(r"^GUNICORN := \S+ \S+ (.+)$", (ROOT / "Makefile").read_text(), re.M)
    if line is None:
        raise RuntimeError("no line GUNICORN in the Makefile")
    return [sys.executable, "-m", "gunicorn", application, *shlex.split(line[1]), "--bind", address]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(application: str, env: Mapping[str, str], *, ready: str) -> Iterator[int]:
    """The port where `application` answers; it answers once the address `ready` does."""
    port = free_port()
    with subprocess.Popen(command(application, f"127.0.0.1:{port}"), cwd=ROOT, env=dict(env)) as server:
        try:
            for _try in range(400):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=5).close()
                    break
                if server.poll() is not None:
                    raise RuntimeError(f"{application} does not start")
                time.sleep(0.05)
            else:
                raise RuntimeError(f"{application} does not answer")
            yield port
        finally:
            server.terminate()
