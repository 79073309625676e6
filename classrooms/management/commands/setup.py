"""manage.py setup: everything between installing and serving, safe to repeat at every start."""

import hashlib
import os
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.roles import ensure_roles


class Command(BaseCommand):
    help = "Migrate, collect static files, load the curriculum, make the roles; with --demo also people to try."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="demo accounts and a demo class (demo mode only)")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        if not settings.DEBUG:
            self.collect()
        call_command("load_curriculum", if_changed=True, stdout=self.stdout)
        ensure_roles()
        if options["demo"]:
            if not settings.DEMO:
                raise CommandError("Demo accounts have known passwords; they exist in demo mode (DEMO=1) only.")
            from classrooms.demo import ACCOUNTS, PASSWORD, furnish

            furnish()
            self.stdout.write("Sign in with one of these (password in brackets):")
            for account in ACCOUNTS:
                self.stdout.write(f"  {account.username:<10} {account.what} [{PASSWORD}]")

    def collect(self) -> None:
        """Collect and compress static files, unless these very files were collected last time: it takes seconds."""
        seen = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                state = os.stat(storage.path(path))
                seen.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
        note = settings.STATIC_ROOT / ".collected"
        if note.exists() and note.read_text() == seen.hexdigest():
            return
        call_command("collectstatic", verbosity=0, interactive=False)
        note.write_text(seen.hexdigest())
