"""`manage.py dev`: the web server and the worker together, on your own data, until Ctrl-C."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.supervisor.household import Household


class Command(BaseCommand):
    help = "Brings the database up to date, then runs the web server and the worker. For one machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if not get_user_model().objects.exists():
            self.stdout.write("Nobody can log in yet: run `.venv/bin/python manage.py createsuperuser`.")
        with Household() as household:
            household.web(port)
            household.manage("worker")
            self.stdout.write(f"http://127.0.0.1:{port}/admin/   Ctrl-C stops everything.")
            self.stdout.flush()
            if complaint := household.stay():
                raise CommandError(complaint)
