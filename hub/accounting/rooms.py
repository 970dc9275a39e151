"""Which of an order's invoices a payment goes onto, where edits made several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hub.accounting.wanted import WantedInvoice, WantedPayment


def on_invoices(
    payments: Sequence[WantedPayment], first: WantedInvoice, unpaid: Sequence[WantedInvoice], paid: Mapping[str, str]
) -> tuple[WantedPayment, ...]:
    """What is recorded stays where it is, as `paid` tells (payment → invoice, by their parts). The others go, in their
    order, onto the first of the invoices still to be paid that has room for all of it; else onto the newest.
    `first` is the invoice whose number their marks bear so far."""
    return tuple(_placed(payments, first.number, unpaid, paid))


def _placed(
    payments: Sequence[WantedPayment], number: str, unpaid: Sequence[WantedInvoice], paid: Mapping[str, str]
) -> Iterator[WantedPayment]:
    room = {invoice.part: invoice.total for invoice in unpaid}
    for payment in payments:
        part = paid.get(payment.part)
        if part is None:
            invoice = next((one for one in unpaid if room[one.part] >= payment.amount), unpaid[-1])
            part, payment = invoice.part, _marked(payment, number, invoice)
        else:
            payment = payment.model_copy(update={"of": part})
        if part in room:
            room[part] -= payment.amount
        yield payment


def _marked(payment: WantedPayment, number: str, invoice: WantedInvoice) -> WantedPayment:
    """The mark names the invoice, so that the payment is recognised on it."""
    key = invoice.number + payment.key.removeprefix(number)
    marker = f"[{invoice.number}{payment.marker.removeprefix('[' + number)}"
    return payment.model_copy(update={"of": invoice.part, "key": key, "marker": marker})
