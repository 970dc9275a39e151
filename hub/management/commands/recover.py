"""After a restored backup: look first before every create, and read again what changed."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from hub.engine.epoch import recover_by_hand


class Command(BaseCommand):
    help = (
        "After a restored backup: look in the books before anything is made there, read again what changed in the "
        "sources, and take up what was left unsettled. Doing it once too often does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", required=True, metavar="T", help="when the backup was made: a date or an instant"
        )

    def handle(self, *args: Any, since: str, **options: Any) -> None:
        for sentence in recover_by_hand(_past(since)).told():
            self.stdout.write(sentence)
        self.stdout.write(
            "If another Countinghouse may still be running on this database or a copy of it, switch it off: "
            "only one may work on the same books."
        )


def _past(given: str) -> dt.datetime:
    """A date begins at midnight; an instant without a zone is in ours."""
    moment = _read(given)
    if moment > timezone.now():
        raise CommandError(f"--since: {given} lies in the future. Give the time at which the backup was made.")
    return moment


def _read(given: str) -> dt.datetime:
    try:
        date, moment = parse_date(given), parse_datetime(given)
    except ValueError:  # well-formed, such as a 31st of February
        date = moment = None
    if date:
        moment = dt.datetime.combine(date, dt.time())
    if moment is None:
        raise CommandError(
            f"--since: {given!r} is neither a date nor an instant. Write it as 2026-03-14, or as 2026-03-14T10:15:00+00:00."
        )
    return moment if moment.tzinfo else timezone.make_aware(moment)
