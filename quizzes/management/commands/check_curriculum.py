"""manage.py check_curriculum: what the published curriculum holds; fails when something is short."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes.survey import survey


class Command(BaseCommand):
    help = "Count lessons, questions and the paragraphs they rest on; fail with a list of what is short."

    def handle(self, *args: Any, **options: Any) -> None:
        found = survey()
        for line in found.lines:
            self.stdout.write(line)
        if found.short:
            raise CommandError(f"{len(found.short)} short:\n" + "\n".join(found.short))
