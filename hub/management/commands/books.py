"""Do the books agree?"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from hub.books.agreement import SIDES, Agreement, agreement

COLUMNS = ("received", *SIDES, "booked")


class Command(BaseCommand):
    help = "Print the agreement equation over inclusive business dates; status 1 if the books do not agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        today = timezone.localdate()
        last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
        parser.add_argument(
            "--from", dest="start", type=dt.date.fromisoformat, default=today.replace(day=1), metavar="D"
        )
        parser.add_argument("--to", dest="end", type=dt.date.fromisoformat, default=last, metavar="D")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, start: dt.date, end: dt.date, **options: Any) -> None:
        found = agreement(start, end)
        self.stdout.write(json.dumps(found.told()) if options["json"] else table(found))
        if not found.agree:
            sys.exit(1)


def table(found: Agreement) -> str:
    """For a terminal."""
    heads = ["flow", "currency", *COLUMNS, "unfinished", "in doubt"]
    rows = [heads] + [
        [
            pair.flow,
            pair.currency or "(unread)",
            *(_cell(getattr(pair, name)) for name in COLUMNS),
            str(pair.unfinished),
            str(pair.in_doubt),
        ]
        for pair in found.pairs
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    verdict = "The books agree." if found.agree else "The books do not agree."
    return "\n".join([*lines, "", f"{verdict} ({found.start} to {found.end})"])


def _cell(side: Any) -> str:
    return f"{side.count} · {side.total:.2f}" if side.count else "–"
