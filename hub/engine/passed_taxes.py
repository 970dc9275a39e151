"""What a posted order was charged under names that are not in the tax table, kept for the page that adds it up."""

from __future__ import annotations

from hub.accounting.wanted import UnmappedTax
from hub.engine.context import Run
from hub.models import PassedTax


def keep(run: Run) -> None:
    """In the transaction that settles the record."""
    if not run.first:
        PassedTax.objects.filter(record=run.record).delete()
    if run.wanted and run.wanted.unmapped:
        PassedTax.objects.bulk_create(_row(one, run) for one in run.wanted.unmapped)


def _row(one: UnmappedTax, run: Run) -> PassedTax:
    return PassedTax(
        record=run.record,
        flow_id=run.record.flow_id,
        date=run.record.date,
        name=one.name[:200],
        rate=one.rate,
        country=one.country[:2],
        currency=one.currency,
        tax=one.tax,
        net=one.net,
    )
