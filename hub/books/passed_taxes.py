"""The taxes that orders of some days were posted with although the tax table does not know them, and their worth.

Added up from rows that the records left when they settled, by the days that are asked for: what it costs grows with the
month that is looked at, and not with history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from connectors.documents import ZERO, Tax
from hub.accounting.tax_table import TaxTable
from hub.engine.lookups import load_lookups
from hub.engine.tables import load_tax_table
from hub.models import PassedTax

KEPT = Decimal("0.0001")
"""What amounts are kept to; SQLite adds them up as floats."""
Row = Mapping[str, Any]


@dataclass
class Passed:
    """One tax of one flow. Sums are by currency, and never added together."""

    name: str
    rate: Decimal | None
    country: str
    flow: str
    orders: int = 0
    tax: dict[str, Decimal] = field(default_factory=dict)
    net: dict[str, Decimal] = field(default_factory=dict)


def passed_taxes(start: dt.date, end: dt.date) -> list[Passed]:
    """Those that the table does not know today, the most frequent first."""
    scope = ("name", "rate", "country", "flow", "flow__name", "currency")
    sums = PassedTax.objects.filter(date__range=(start, end)).order_by().values(*scope)
    rows = list(sums.annotate(orders=Count("pk"), taxed=Sum("tax"), on=Sum("net")))
    tables = _tables(rows)
    found: dict[tuple[Any, ...], Passed] = {}
    for row in rows:
        if not _known(row, tables[row["flow"]]):
            key = row["name"], row["rate"], row["country"], row["flow__name"]
            _add(found.setdefault(key, Passed(*key)), row)
    return sorted(found.values(), key=lambda one: (-one.orders, one.name, one.flow))


def _tables(rows: Iterable[Row]) -> dict[int, TaxTable]:
    lookups, names = load_lookups(), {row["name"] for row in rows}
    return {flow: load_tax_table(names, flow, lookups) for flow in {row["flow"] for row in rows}}


def _known(row: Row, table: TaxTable) -> bool:
    return table.row(Tax(name=row["name"], rate=row["rate"], amount=row["taxed"]), row["country"]) is not None


def _add(passed: Passed, row: Row) -> None:
    passed.orders += row["orders"]
    for sums, amount in ((passed.tax, row["taxed"]), (passed.net, row["on"])):
        sums[row["currency"]] = sums.get(row["currency"], ZERO) + amount.quantize(KEPT)
