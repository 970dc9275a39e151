"""Whether an order is to be booked at all. Every "no" has a reason; the order's next change opens it again."""

from __future__ import annotations

from decimal import Decimal

from connectors.documents import Order
from hub.accounting.amounts import plain
from hub.accounting.payments import TENDER_NAMES
from hub.accounting.policy import Policy
from hub.accounting.terms import Terms
from hub.errors import Held, Skipped

TENDERS = "tenders"
_CENT = Decimal("0.01")


def decide(order: Order, terms: Terms) -> None:
    """Return if the order is to be booked; raise Skipped or Held if not. Once it was invoiced, it is no longer asked
    whether it should have been: what is refunded, called off or edited to nothing then belongs into the books as well."""
    if order.skip_reason:
        raise Skipped(order.skip_reason, f"The store itself says that order {order.number} is no sale to book")
    _require_no_doubt(order)
    if not terms.invoiced:
        _require_begun(order, terms.policy)
        _require_stage(order, terms.policy)
    _require_sums(order)  # before a total of nothing is believed
    if order.total == 0 and terms.policy.zero_total == "skip" and not terms.invoiced:
        raise Skipped("zero_total", f"Order {order.number} is over nothing")
    _require_choices(order, terms)


def _require_no_doubt(order: Order) -> None:
    """What the source means is never guessed."""
    if order.doubt:
        doubt = order.doubt
        raise Held(doubt.reason, doubt.message, field=doubt.field, value=doubt.value, remedy=doubt.remedy)


def _require_begun(order: Order, policy: Policy) -> None:
    if policy.cut_over and order.date < policy.cut_over:
        raise Skipped("before_cut_over", f"Order {order.number} of {order.date} is older than {policy.cut_over}")


def _require_stage(order: Order, policy: Policy) -> None:
    if order.captured > 0:
        return  # everything that was captured is booked, whatever became of the order
    if order.stage == "canceled":
        raise Skipped("canceled", f"Order {order.number} was canceled before anything was paid")
    if policy.invoice_when == "paid" and order.tendered < order.total:
        raise Skipped("not_paid", f"Order {order.number} is not paid yet")
    if policy.invoice_when == "accepted" and order.stage != "accepted":
        raise Skipped("not_accepted", f"The store has not accepted order {order.number} yet ({order.status or 'new'})")


def _require_sums(order: Order) -> None:
    """A cent for each line is rounding, and gets a line of its own; more than that is an error of the source."""
    if abs(order.residual) > len(order.lines) * _CENT:
        raise Held(
            "does_not_add_up",
            f"The lines of order {order.number} add up to {order.lines_total} {order.currency}, "
            f"but its total is {order.total}",
            lines_total=str(order.lines_total),
            total=str(order.total),
            remedy="Look at the order in the store. If its total is right, skip it here with a reason and book it by hand.",
        )
    if order.total < 0:
        raise Held(
            "negative_total",
            f"Order {order.number} has the negative total {order.total} {order.currency}",
            field="total",
            value=str(order.total),
            remedy="An invoice cannot be over less than nothing. Skip it here with a reason, and book it by hand.",
        )


def _require_choices(order: Order, terms: Terms) -> None:
    """What the flow leaves to a person, who is asked about each."""
    if order.tenders and terms.policy.tenders == "hold" and not terms.invoiced and TENDERS not in terms.decided:
        raise Held(
            "tenders",
            f"Order {order.number} was paid with {', '.join(TENDER_NAMES[one.kind].lower() for one in order.tenders)}, "
            "and this flow leaves that to a person",
            ask=TENDERS,
            remedy="Book it as the payment that it is; or skip the order with a reason, and book it by hand.",
        )
    for refund in order.refunds if terms.policy.refunds == "hold" else ():
        asked = f"credit_note/{refund.id}"
        done = refund.pending or refund.total <= 0 or refund.id in terms.credited
        if not done and asked not in terms.decided:
            raise Held(
                "refund",
                f"Order {order.number} has refund {refund.number} over {plain(refund.total)} {refund.currency}, "
                "and this flow leaves refunds to a person",
                ask=asked,
                posting=asked,
                remedy="Book it as a credit note; or leave it out with a reason, and book it by hand.",
            )
