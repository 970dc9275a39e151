"""Rows per second of a streamed report, against a bare query whose rows go into a bare csv.writer: nothing made safe,
no other table asked, no page ended. And what a workbook's rows cost."""

from __future__ import annotations

import csv
import io
import itertools
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import connection

from hub.books.reports import csv_file, records, xlsx_file
from hub.books.reports.scope import Scope
from tests.bench.figures import Figure
from tests.books.reports.volume import FIRST, LAST, fill

ROWS = 100_000
WORKBOOK_ROWS = 10_000
BARE = "SELECT date, number, source_id, who, state, reason, currency, total, settled_at, message FROM hub_syncrecord"
NOWHERE = Path("/dev/null")


def measure() -> list[Figure]:
    fill(ROWS)
    bare = ROWS / _seconds(_bare)
    rows = records.REPORT.rows(Scope(FIRST, LAST))
    first = list(itertools.islice(records.REPORT.rows(Scope(FIRST, LAST)), WORKBOOK_ROWS))
    return [
        Figure("rows of a report per second, CSV", ROWS / _seconds(lambda: _csv(rows)), "", bare, "bare csv.writer"),
        Figure("the same, XLSX", WORKBOOK_ROWS / _seconds(lambda: _xlsx(first)), "", bare, "bare csv.writer"),
    ]


def _seconds(work: Callable[[], None]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _bare() -> None:
    with connection.cursor() as cursor, NOWHERE.open("w", newline="") as file:
        cursor.execute(BARE)
        writer = csv.writer(file)
        while rows := cursor.fetchmany(1000):
            writer.writerows(rows)


def _csv(rows: Iterable[Any]) -> None:
    with NOWHERE.open("wb") as file:
        file.writelines(csv_file.written(records.REPORT.columns, rows))


def _xlsx(rows: Iterable[Any]) -> None:
    xlsx_file.write("Records", records.REPORT.columns, rows, io.BytesIO())
