"""`manage.py demo`: everything at once, on a database of its own that is made anew each time."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.demo.play import USER, Demo
from hub.demo.rest import NotAtRest
from hub.supervisor.household import MANAGE, Household, free_port

DATABASE = settings.VAR / "demo.sqlite3"
LOG = settings.VAR / "demo.log"


class Command(BaseCommand):
    help = "Plays a day of trade between simulated stores and books, and shows whether the books agree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exit", action="store_true", help="Leave afterwards; status 0 only if the books agree")
        parser.add_argument(
            "--port", type=int, default=0, help="Where the web server listens; default 8000 if it is free"
        )

    def handle(self, *, port: int, **options: Any) -> None:
        if str(settings.DATABASES["default"]["NAME"]) != str(DATABASE):
            start_again_with_own_settings(port or free_port(8000), options["exit"])
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        # A shell that starts us in the background hands SIGINT down as ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for path in settings.VAR.glob(f"{DATABASE.name}*"):
            path.unlink()
        with LOG.open("wb") as log, Household(log) as household:
            self._play(Demo(household, self._say), household, port, leave=options["exit"])

    def _play(self, demo: Demo, household: Household, port: int, *, leave: bool) -> None:
        try:
            found = demo.play(port)
        except NotAtRest as error:
            raise CommandError(f"{error} See {LOG}.") from error
        except KeyboardInterrupt:
            sys.exit(130)
        if leave:
            sys.exit(0 if found.agree else 1)
        self._say(f"\nThe admin: {settings.PUBLIC_URL}/admin/   user: {USER}   password: {demo.password}")
        self._say(f"The logs: {LOG}. Ctrl-C stops everything.")
        if complaint := household.stay():
            raise CommandError(f"{complaint} See {LOG}.")

    def _say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()


def start_again_with_own_settings(port: int, leave: bool) -> None:
    """Settings are read once, when a process starts: the demo's are given by its environment."""
    own = {
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "COUNTINGHOUSE_ALLOW_HOSTS": "127.0.0.1",
        "COUNTINGHOUSE_DOUBT_DELAY": "2",
    }
    arguments = ["demo", "--port", str(port), *(["--exit"] if leave else [])]
    os.execve(MANAGE[0], [*MANAGE, *arguments], {**os.environ, **own})  # noqa: S606 - our own command
