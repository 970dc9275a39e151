"""What of an order's credit notes pays its own invoices. No money moves: the books only set the one off against the other.

A refund's money went back in the store, so its credit note pays nothing, up to what was ever paid there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from connectors.documents import ZERO
from hub.accounting.amounts import rounded
from hub.accounting.dates import Calendar
from hub.accounting.parts import application
from hub.accounting.wanted import Wanted, WantedCredit, WantedInvoice, WantedPayment

METHOD, TYPE = "credit_note", "Credit"


def applications(wanted: Wanted, calendar: Calendar, applied: Mapping[str, Decimal]) -> tuple[WantedPayment, ...]:
    """Never more than an invoice has open, nor than a credit note has left. `applied` is what the books hold of them
    already, by their parts: that stands, whatever was paid since."""
    invoices = (*wanted.others, wanted.invoice)
    room = {one.part: one.total - _paid(one, wanted, applied) for one in invoices}
    made = [
        _application(credit, invoice, share, calendar)
        for credit, free in _free(wanted)
        for invoice, share in _shares(credit, free, invoices, room, applied)
    ]
    return tuple(made)


def _paid(invoice: WantedInvoice, wanted: Wanted, applied: Mapping[str, Decimal]) -> Decimal:
    """With money, and by what is applied already, of whichever credit note."""
    money = (payment.amount for payment in wanted.payments if payment.of == invoice.part)
    credits = (*wanted.corrections, *wanted.credits)
    recorded = (applied.get(application(credit.part, invoice.part), ZERO) for credit in credits)
    return sum((*money, *recorded), ZERO)


def _free(wanted: Wanted) -> Iterator[tuple[WantedCredit, Decimal]]:
    """Each credit note with what of it may pay an invoice."""
    for credit in wanted.corrections:
        yield credit, credit.total
    went_back = wanted.received
    for credit in wanted.credits:
        returned = min(credit.total, went_back)
        went_back -= returned
        yield credit, credit.total - returned


def _shares(
    credit: WantedCredit,
    free: Decimal,
    invoices: tuple[WantedInvoice, ...],
    room: dict[str, Decimal],
    applied: Mapping[str, Decimal],
) -> Iterator[tuple[WantedInvoice, Decimal]]:
    """Its own invoice first, then the order's others in their order."""
    own_first = sorted(invoices, key=lambda one: one.part != credit.of)
    known = {one.part: applied.get(application(credit.part, one.part)) for one in own_first}
    free -= sum(filter(None, known.values()), ZERO)
    for invoice in own_first:
        recorded = known[invoice.part]
        if recorded is not None:
            yield invoice, recorded
            continue
        share = min(free, room[invoice.part])
        if share > 0:
            room[invoice.part] -= share
            free -= share
            yield invoice, share


def _application(credit: WantedCredit, invoice: WantedInvoice, share: Decimal, calendar: Calendar) -> WantedPayment:
    day = max(credit.business_date or credit.date, invoice.business_date or invoice.date)
    date, late = calendar.open(day)
    key = f"{invoice.number}/credit-{credit.number}"
    return WantedPayment(
        key=key,
        part=application(credit.part, invoice.part),
        of=invoice.part,
        marker=f"[{key}]",
        amount=rounded(share, credit.currency),
        currency=credit.currency,
        date=date,
        business_date=day,
        type=TYPE,
        method=METHOD,
        method_name=f"Credit note {credit.number}",
        credit=credit.part,
        notes=late,
    )
