"""The tax table and the rate table as plain values: only what one order may need of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q

from connectors.documents import Order
from hub.accounting import tax_table
from hub.accounting.policy import Policy
from hub.accounting.rates import Quote, fixed
from hub.engine.lookups import Lookups
from hub.models import Rate, TaxRow

NAMES = "taxes"
"""The lookup table that names taxes where the tax table has no row."""


def load_tax_table(names: Iterable[str], flow_id: int | None, lookups: Lookups) -> tax_table.TaxTable:
    """What one flow goes by for taxes of these names."""
    rows = TaxRow.objects.filter(Q(flow=None) | Q(flow=flow_id), name__in=set(names)).order_by()
    return tax_table.TaxTable([_value(row) for row in rows], lookups.get(NAMES, {}))


def tax_names(order: Order) -> Iterator[str]:
    refunded = (line for refund in order.refunds for line in refund.lines)
    return (tax.name for line in (*order.lines, *refunded) for tax in line.taxes)


def load_quotes(order: Order, policy: Policy) -> list[Quote]:
    """Every rate into either of the two currencies on the order's day or shortly before: it is the very pair, its
    opposite, or leads there by way of a third currency."""
    if policy.currency != "convert" or order.currency == policy.convert_to or fixed(order, policy):
        return []
    days = order.date - dt.timedelta(days=policy.rate_days), order.date
    rows = Rate.objects.filter(currency__in=[order.currency, policy.convert_to], date__range=days)
    return [Quote(row.date, row.base, row.currency, row.rate, row.source) for row in rows]


def _value(row: TaxRow) -> tax_table.TaxRow:
    return tax_table.TaxRow(
        name=row.name, to=row.to, rate=row.rate, country=row.country, own=row.flow_id is not None, percent=row.percent
    )
