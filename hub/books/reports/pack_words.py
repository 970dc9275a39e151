"""What the pack says about itself in plain words."""

from __future__ import annotations

from typing import Any

from hub.books.reports.catalogue import find
from hub.books.reports.report import days
from hub.books.reports.scope import Scope

HEAD = """\
Month-end pack of {books}, {days}

Made by Countinghouse. Each report is here twice with the same rows: as CSV (UTF-8, comma, one head row) and as an Excel
workbook. Amounts carry their currency in the column "currency"; an empty cell means that there is no such value.

"""
TAIL = """\
manifest.json says who made this pack and when, whether the books agreed, and for each file its rows and the sum of every
column of money by currency. SHA256SUMS holds the SHA-256 sum of each file; check them with

    sha256sum --check SHA256SUMS

A text in a CSV file that begins like a formula has an apostrophe in front of it, so that no spreadsheet runs it.
"""


def readme(scope: Scope, files: list[dict[str, Any]]) -> str:
    """The same for the same data: it tells no time."""
    told = [_told(one) for one in files if one["name"].endswith(".csv")]
    return HEAD.format(books=scope.books, days=days(scope.start, scope.end)) + "\n".join(told) + "\n" + TAIL


def _told(file: dict[str, Any]) -> str:
    report = find(file["report"])
    about = f"{report.title}. {report.sentence}" if report else ""
    rows = f"{file['rows']:,} row{'' if file['rows'] == 1 else 's'}"
    return f"{file['name']} ({rows})\n    {about}\n"
