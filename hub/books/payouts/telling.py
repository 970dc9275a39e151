"""What a file and its deposits come to, for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hub.accounting.amounts import in_minor_units
from hub.books.payouts.fees import differs
from hub.books.payouts.grouping import sums_of
from hub.books.payouts.whole import is_whole
from hub.models import Deposit, PayoutFile

Fees = Deposit.Fees
AMOUNTS = (
    "orders", "refunds", "fees", "chargebacks", "adjustments", "deposit", "not_in_rows", "explained", "unexplained",
)  # fmt: skip


def told(file: PayoutFile, deposits: list[Deposit]) -> dict[str, Any]:
    counted = {"file": file.name, "gateway": file.gateway, "rows": file.rows, "new": file.new}
    return {
        **counted,
        "left_out": file.left_out,
        "explained": not any(one.unexplained for one in deposits),
        "deposits": [_told(one) for one in deposits],
    }


def line(deposit: Deposit) -> str:
    """`po_1 2026-03-05: 150.00 − 20.00 − 6.95 = 123.05 USD, explained`."""
    sums = sums_of(deposit)
    orders, refunds, fees, other, rest, paid, open = (
        in_minor_units(amount, deposit.currency)
        for amount in (
            sums.orders,
            sums.refunds,
            sums.fees,
            sums.chargebacks + sums.adjustments,
            sums.not_in_rows,
            sums.deposit,
            sums.unexplained,
        )
    )
    others = "".join(f" {'−' if one < 0 else '+'} {abs(one):f}" for one in (other, rest) if one)
    verdict = f"{open:f} not explained" if open else "explained"
    what = deposit.payout or "not paid out yet"
    return (
        f"{what} {deposit.date}: {orders:f} − {refunds:f} − {fees:f}{others} = {paid:f} {deposit.currency}, {verdict}"
    )


def told_of_fees(deposits: list[Deposit]) -> Iterator[str]:
    """Of those whose fees are wanted and are not all in the books."""
    for one in deposits:
        if one.post_fees and one.payout and one.fees > 0 and (one.fees_state != Fees.POSTED or differs(one)):
            waits = "" if is_whole(one) else "they wait until this payout is known to be whole"
            yield f"{one.payout}: fees of {one.fees:.2f} {one.currency} not posted: {one.fees_problem or waits or 'on their way'}"


def _told(deposit: Deposit) -> dict[str, Any]:
    sums = sums_of(deposit)
    amounts: dict[str, Decimal] = {name: getattr(sums, name) for name in AMOUNTS}
    return {
        "payout": deposit.payout,
        "date": deposit.date.isoformat(),
        "currency": deposit.currency,
        "rows": deposit.rows,
        **{name: f"{in_minor_units(amount, deposit.currency):f}" for name, amount in amounts.items()},
        "unexplained_rows": deposit.unexplained_rows,
        "fees_posted": deposit.fees_state,
    }
