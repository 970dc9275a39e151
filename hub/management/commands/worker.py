"""`manage.py worker`: the supervised django-q2 cluster. Any number may run, on any number of machines."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.supervisor.supervise import Supervisor
from hub.supervisor.watch import Limits


class Command(BaseCommand):
    help = "Works on what is due until it is told to stop (SIGTERM or Ctrl-C). Changes nothing in the database's shape."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Limits()
        parser.add_argument("--grace", type=float, default=usual.grace, help="Seconds to finish in when stopping")
        parser.add_argument(
            "--patience", type=float, default=usual.patience, help="Seconds a taken task may wait for a worker"
        )
        parser.add_argument("--silence", type=float, default=usual.silence, help="Seconds without a sign of life")
        parser.add_argument("--memory", type=float, default=usual.memory, help="Megabytes that one process may hold")

    def handle(self, *, grace: float, patience: float, silence: float, memory: float, **options: Any) -> None:
        Supervisor(Limits(grace, patience, silence, memory), self._say).run()

    def _say(self, message: str) -> None:
        self.stdout.write(f"worker: {message}", ending="\n")
        self.stdout.flush()
