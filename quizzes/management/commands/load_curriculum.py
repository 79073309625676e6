"""manage.py load_curriculum: the shipped files into the database, all or nothing."""

import hashlib
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lessons.files import CURRICULUM
from lessons.loader import Report, Shelves, load_lessons
from lessons.models import Edition
from quizzes.loader import load_questions


class Command(BaseCommand):
    help = "Load the shipped lessons, documents and questions. What was edited here is left alone and named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-changed", action="store_true", help="do nothing when these very files were loaded already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        digest = hashlib.sha256()
        for path in sorted(CURRICULUM.rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(CURRICULUM)).encode() + b"\0" + path.read_bytes())
        if options["if_changed"] and Edition.objects.filter(pk=1, loaded=digest.hexdigest()).exists():
            return
        report, shelves = Report(), Shelves()
        with transaction.atomic():
            load_lessons(report, shelves)
            load_questions(report, shelves)
            if report.errors:
                transaction.set_rollback(True)
            else:
                Edition.objects.filter(pk=1).update(loaded=digest.hexdigest())
        if report.errors:
            raise CommandError("nothing was loaded:\n" + "\n".join(report.errors))
        for line in report.left_alone:
            self.stdout.write(f"left alone: {line}")
        self.stdout.write(f"curriculum: {report}")
