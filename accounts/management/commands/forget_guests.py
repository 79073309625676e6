"""Delete guests whose session has long ended, with their attempts. Run it every night."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=90, help="days since the guest's session began")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        gone = User.objects.forgotten_guests(timezone.now(), timedelta(days=days))
        count = 0
        while some := list(gone.order_by("pk").values_list("pk", flat=True)[:200]):  # short transactions
            User.objects.filter(pk__in=some, is_guest=True).delete()
            count += len(some)
        self.stdout.write(f"{count} guests forgotten")
