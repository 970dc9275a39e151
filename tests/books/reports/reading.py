"""A report's rows by the names of their columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from hub.books.reports.report import Report
from hub.books.reports.scope import Scope

EVER = Scope(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


def read(report: Report, scope: Scope = EVER) -> list[dict[str, Any]]:
    names = [column.name for column in report.columns]
    return [dict(zip(names, row, strict=True)) for row in report.rows(scope)]


def sums(rows: list[dict[str, Any]], *by: str, of: str) -> dict[tuple[Any, ...], Decimal]:
    found: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        found[tuple(row[name] for name in by)] += row[of] or 0
    return dict(found)
