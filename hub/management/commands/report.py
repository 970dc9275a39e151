"""One report as a file, or the list of them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.books.reports import asking, csv_file, xlsx_file
from hub.books.reports.catalogue import REPORTS
from hub.books.reports.described import described
from hub.books.reports.replacing import replacing
from hub.management.commands.backfill import date


class Command(BaseCommand):
    help = "Write a report over inclusive days as CSV (to the terminal without a file) or XLSX; docs/reports.md has its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", default="", metavar="SLUG", help="which one; --list names them")
        parser.add_argument("--list", action="store_true", help="name all reports and what they say")
        parser.add_argument("--describe", action="store_true", help="print docs/reports.md")
        parser.add_argument("--from", dest="start", type=date, metavar="D", help="first day")
        parser.add_argument("--to", dest="end", type=date, metavar="D", help="last day, inclusive")
        parser.add_argument("--books", default="", metavar="NAME", help="only these books")
        parser.add_argument("--flow", default="", metavar="NAME", help="only this flow")
        into = parser.add_mutually_exclusive_group()
        into.add_argument("--csv", metavar="FILE")
        into.add_argument("--xlsx", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"] or options["describe"]:
            self.stdout.write(described() if options["describe"] else listed(), ending="")
            return
        try:
            self._write(**options)
        except (asking.AskingError, OSError) as error:
            raise CommandError(words(error)) from None

    def _write(self, *, slug: str, start: Any, end: Any, books: str, flow: str, **options: Any) -> None:
        report = asking.report(slug)
        if start is None or end is None:
            raise CommandError("Name the days: --from 2026-03-01 --to 2026-03-31")
        scope = asking.scope(start, end, books, flow)
        if options["xlsx"]:
            with replacing(options["xlsx"]) as file:
                xlsx_file.write(report.title, report.columns, report.rows(scope), file)
            return
        blocks = csv_file.written(report.columns, report.rows(scope))
        if options["csv"]:
            with replacing(options["csv"]) as file:
                file.writelines(blocks)
            return
        for block in blocks:
            self.stdout.write(block.decode().removeprefix(csv_file.MARK), ending="")


def words(error: Exception) -> str:
    return f"{error.field}: {error}. {error.remedy}" if isinstance(error, asking.AskingError) else str(error)


def listed() -> str:
    width = max(len(report.slug) for report in REPORTS)
    return "".join(f"{report.slug.ljust(width)}  {report.sentence}\n" for report in REPORTS)
