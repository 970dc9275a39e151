"""The discrepancies of one reconciliation as CSV: the report of discrepancies, of just those that it has found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hub.books.reconciliation.report import found
from hub.books.reports import csv_file
from hub.books.reports.discrepancies import REPORT, rows_of
from hub.books.reports.replacing import replacing
from hub.models import Reconciliation


def write(run: Reconciliation, path: Path) -> None:
    """The file appears whole or not at all."""
    with replacing(str(path)) as file:
        file.writelines(blocks(run))


def blocks(run: Reconciliation) -> Iterator[bytes]:
    """The file block by block, however long it is."""
    return csv_file.written(REPORT.columns, REPORT.in_units(rows_of(run.flow, found(run))))
