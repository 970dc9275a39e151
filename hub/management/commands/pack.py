"""The month-end pack as a file."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hub.books.reports import asking, pack
from hub.books.reports.replacing import replacing
from hub.management.commands.report import words


def month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no month; write it as 2026-03") from None


class Command(BaseCommand):
    help = "Write every report of a month into one zip file, with a manifest and SHA-256 sums."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("books", metavar="BOOKS")
        parser.add_argument("month", type=month, metavar="MONTH", help="such as 2026-03")
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, books: str, month: dt.date, file: str, **options: Any) -> None:
        try:
            scope = asking.month(books, month)
            with replacing(file) as target:
                pack.write(scope, target, pack.Making("command line", timezone.now()))
        except (asking.AskingError, OSError) as error:
            raise CommandError(words(error)) from None
