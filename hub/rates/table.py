"""Rates into the table: the newest word on a day counts. What was posted keeps the rate that it was posted with."""

from __future__ import annotations

from collections.abc import Iterable

from hub.accounting.rates import Quote
from hub.models import Rate

AT_ONCE = 500


def keep(quotes: Iterable[Quote]) -> int:
    """How many pairs of a day there were. Safe to repeat."""
    rows = {(quote.base, quote.currency, quote.date): _row(quote) for quote in quotes}
    Rate.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["base", "currency", "date"],
        update_fields=["rate", "source"],
        batch_size=AT_ONCE,
    )
    return len(rows)


def _row(quote: Quote) -> Rate:
    return Rate(date=quote.date, base=quote.base, currency=quote.currency, rate=quote.rate, source=quote.source)
