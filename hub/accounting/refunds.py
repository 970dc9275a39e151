"""The credit notes an order's refunds want: one for each, capped at what the invoice was over."""

from __future__ import annotations

from decimal import Decimal

from connectors.base import Capabilities
from connectors.documents import ZERO, Order, Refund
from hub.accounting.dates import Calendar
from hub.accounting.lines import books_lines
from hub.accounting.policy import Policy
from hub.accounting.taxes import TaxTable
from hub.accounting.wanted import WantedCredit
from hub.errors import Held


def wanted_credits(
    order: Order, policy: Policy, capabilities: Capabilities, calendar: Calendar, tax_table: TaxTable
) -> tuple[WantedCredit, ...]:
    """Announced refunds whose money has not been returned yet are left out."""
    done = sorted((r for r in order.refunds if not r.pending and r.total), key=lambda r: (r.refunded_at, r.id))
    _require_cover(order, done)
    return tuple(_credit(refund, order, policy, capabilities, calendar, tax_table) for refund in done)


def _credit(
    refund: Refund,
    order: Order,
    policy: Policy,
    capabilities: Capabilities,
    calendar: Calendar,
    tax_table: TaxTable,
) -> WantedCredit:
    number = policy.invoice_prefix + refund.number
    date, note = calendar.open(refund.date)
    return WantedCredit(
        key=number,
        part=refund.id,
        number=number,
        refund_number=refund.number,
        date=date,
        currency=order.currency,
        lines=books_lines(
            refund.lines,
            order.currency,
            policy,
            capabilities,
            discount_names=order.discount_names,
            residual=refund.total - refund.lines_total,
            tax_table=tax_table,
        ),
        total=refund.total,
        notes=note,
    )


def _require_cover(order: Order, refunds: list[Refund]) -> None:
    refunded: Decimal = sum((refund.total for refund in refunds), ZERO)
    if refunded > order.total:
        raise Held(
            "refund_too_large",
            f"Order {order.number} is over {order.total} {order.currency}, but {refunded} was refunded",
            refunded=str(refunded),
            total=str(order.total),
            remedy="See in the store what the surplus was for, and book it by hand.",
        )
