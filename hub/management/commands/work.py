"""Do what is due in this process, without a cluster."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from hub.engine import epoch
from hub.engine.drain import drain
from hub.engine.schedule import seconds_until_due

LONGEST_NAP = 1.0


class Command(BaseCommand):
    help = "Do what is due, in this process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="end when nothing is due (default: one round)")
        parser.add_argument(
            "--wait", type=float, default=0, metavar="S", help="also wait for what becomes due within S seconds"
        )

    def handle(self, *args: Any, until_idle: bool, wait: float, **options: Any) -> None:
        epoch.watch()
        epoch.advance()
        made = drain()
        while until_idle:
            rest = seconds_until_due()
            if rest is None or rest > wait:
                break
            time.sleep(min(max(rest, 0), LONGEST_NAP))
            made += drain()
        self.stdout.write(f"{made} {'attempt' if made == 1 else 'attempts'} by {timezone.now():%H:%M:%S}")
