"""manage.py check_curriculum: what the published curriculum holds; fails when something is short."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lessons.once import once_lines
from quizzes.proofs import prove
from quizzes.survey import survey


class Command(BaseCommand):
    help = "Count lessons, questions and the paragraphs they rest on; fail with a list of what is short."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="print instead what belongs in once.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write("\n".join(once_lines(prove().doubts)))
            return
        found = survey()
        for line in found.lines:
            self.stdout.write(line)
        if found.short:
            raise CommandError(f"{len(found.short)} short:\n" + "\n".join(found.short))
