"""Which of an order's invoices a payment goes onto, where edits made several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from connectors.documents import ZERO
from hub.accounting.amounts import rounded
from hub.accounting.parts import portion, undivided
from hub.accounting.wanted import WantedInvoice, WantedPayment

Paid = Mapping[str, tuple[str, Decimal]]
"""Recorded payment, or portion of one → the invoice that it is on, by their parts, and its amount."""
Shares = list[tuple[WantedInvoice, Decimal]]


def on_invoices(
    payments: Sequence[WantedPayment], first: WantedInvoice, unpaid: Sequence[WantedInvoice], paid: Paid
) -> tuple[WantedPayment, ...]:
    """What is recorded stays where it is. The others go, in their order, onto the first of the invoices still to be paid
    that has room for all of it; where none has, in portions onto several. `first` is the invoice whose number their
    marks bear so far."""
    room = {invoice.part: invoice.total for invoice in unpaid}
    for part, amount in paid.values():
        if part in room:
            room[part] -= amount
    return tuple(placed for payment in payments for placed in _placed(payment, first.number, unpaid, room, paid))


def _placed(
    payment: WantedPayment, number: str, unpaid: Sequence[WantedInvoice], room: dict[str, Decimal], paid: Paid
) -> Iterator[WantedPayment]:
    recorded = {part: where for part, where in paid.items() if undivided(part) == payment.part}
    for part, (of, amount) in recorded.items():
        yield payment.model_copy(update={"part": part, "of": of, "amount": rounded(amount, payment.currency)})
    rest = rounded(payment.amount - sum((amount for _, amount in recorded.values()), ZERO), payment.currency)
    for place, (invoice, share) in enumerate(_shares(rest, unpaid, room) if rest > 0 else ()):
        room[invoice.part] -= share
        named = portion(payment.part, invoice.part) if place or recorded else payment.part
        yield _marked(payment, number, invoice).model_copy(update={"part": named, "amount": share})


def _shares(amount: Decimal, unpaid: Sequence[WantedInvoice], room: Mapping[str, Decimal]) -> Shares:
    """What has no room anywhere goes onto the newest with the rest: the books then say that it is too much."""
    whole = next((one for one in unpaid if room[one.part] >= amount), None)
    if whole:
        return [(whole, amount)]
    shares: Shares = []
    for invoice in unpaid:
        share = min(room[invoice.part], amount)
        if share > 0:
            shares.append((invoice, share))
            amount -= share
    if amount:
        newest, share = shares.pop() if shares and shares[-1][0] is unpaid[-1] else (unpaid[-1], ZERO)
        shares.append((newest, share + amount))
    return shares


def _marked(payment: WantedPayment, number: str, invoice: WantedInvoice) -> WantedPayment:
    """The mark names the invoice, so that the payment is recognised on it."""
    key = invoice.number + payment.key.removeprefix(number)
    marker = f"[{invoice.number}{payment.marker.removeprefix('[' + number)}"
    return payment.model_copy(update={"of": invoice.part, "key": key, "marker": marker})
