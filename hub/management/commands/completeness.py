"""Count what the sources have, at once, and take in what neither a webhook nor a poll has told."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connectors.models import Connection
from hub.engine import clock
from hub.intake.completeness.rounds import count_now
from hub.intake.completeness.words import enumerated
from hub.models import Completeness


class Command(BaseCommand):
    help = "List what the sources hold of the last days, and take in what is missing here. Done every night by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--connection", metavar="NAME", help="only this connection, even if it is paused")
        parser.add_argument("--days", type=int, metavar="N", help="how far to look back (default: as every night)")

    def handle(self, *args: Any, connection: str | None, days: int | None, **options: Any) -> None:
        counted = [row for chosen in _chosen(connection) for row in count_now(chosen, days)]
        for row in counted:
            self.stdout.write(f"{row}: {_told(row)}")
        if any(row.reached for row in counted):
            raise CommandError("Not everything could be counted; it goes on by itself, or count again later")


def _told(row: Completeness) -> str:
    if row.reached:
        return row.problem
    if not row.missing:
        return "nothing was missing"
    number = len(row.missing)
    return f"{number:,} {'was' if number == 1 else 'were'} missing and taken in: {enumerated(row.missing)}"


def _chosen(name: str | None) -> list[Connection]:
    if name is None:
        return list(Connection.objects.ready(clock.now()).filter(flows_out__enabled=True).distinct())
    found = list(Connection.objects.filter(name=name))
    if not found:
        raise CommandError(f"there is no connection named {name!r}")
    return found
