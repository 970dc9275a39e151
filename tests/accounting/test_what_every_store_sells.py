"""From each store's own trade to the documents that are wanted of it: a day with every kind of order, by what the trade
itself says. No books, no database: what differs here differs everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import ZERO, Order
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import Wanted
from hub.errors import Held, Skipped
from tests.connectors.contract.subjects import Subject, every_connector_that, subject

__all__ = ["subject"]
ONE_OF_EACH = 45
"""As many orders on one day are one of each kind that a store knows."""
Row = Mapping[str, Any]


def decided(order: Order) -> tuple[str, Wanted | None]:
    try:
        return "posted", want(order, Terms())
    except Skipped as skipped:
        return f"skipped:{skipped.reason}", None
    except Held as held:
        return f"held:{held.reason}", None


def amounts(rows: Iterable[Row], name: str) -> list[Decimal]:
    return sorted(Decimal(row[name]) for row in rows)


def difference(order: Order, told: Row) -> str:
    """What is wanted and not told, or told and not wanted."""
    outcome, wanted = decided(order)
    if outcome.partition(":")[0] != "posted" or told["expected"] != "posted" or wanted is None:
        return "" if outcome == told["expected"] else f"{outcome} instead of {told['expected']}"
    tax = sum((tax.amount for line in wanted.invoice.lines for tax in line.taxes), ZERO)
    found = {
        "total": (wanted.invoice.total, Decimal(told["expected_total"])),
        "tax": (tax, Decimal(told["expected_tax"])),
        "money": (
            sorted(payment.amount for payment in wanted.payments),
            sorted([*amounts(told["expected_payments"], "amount"), *amounts(told["expected_tenders"], "amount")]),
        ),
        "refunds": (sorted(one.total for one in wanted.credits), amounts(told["expected_refunds"], "total")),
        "findings": (
            sorted((one.reason, one.amount) for one in wanted.findings),
            sorted((one["reason"], Decimal(one["amount"])) for one in told["expected_findings"]),
        ),
        "unexplained": ([one.unexplained for one in wanted.credits if one.unexplained], []),
    }
    return "; ".join(f"{what}: {ours} instead of {theirs}" for what, (ours, theirs) in found.items() if ours != theirs)


@every_connector_that(lambda connector: connector.role == "store")
@pytest.mark.parametrize("seed", [3, 7])
def test_all_that_a_store_sells_is_wanted_as_its_trade_says(kind: str, seed: int, subject: Subject) -> None:
    sandbox, connector = subject(kind)
    orders = connector.resource("order")
    told = sandbox.trade(orders=ONE_OF_EACH, seed=seed, day="2026-03-01", bad=True)
    found = {
        f"{row['increment_id']} ({row['kind']})": difference(orders.parse(orders.fetch(str(row["entity_id"]))), row)
        for row in told
    }
    assert {called: odd for called, odd in found.items() if odd} == {}
