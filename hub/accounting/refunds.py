"""The credit notes an order's refunds want: one for each, capped at what is left of the invoice."""

from __future__ import annotations

from decimal import Decimal

from connectors.documents import ZERO, Line, Order, Refund, Tender
from hub.accounting.amounts import plain, quantum
from hub.accounting.capping import capped
from hub.accounting.lines import books_lines
from hub.accounting.payments import TENDER_NAMES
from hub.accounting.shrinking import shrunk
from hub.accounting.terms import Terms
from hub.accounting.wanted import WantedCredit
from hub.errors import Held

AMOUNT_ONLY = "Refund without items"


def wanted_credits(order: Order, terms: Terms) -> tuple[WantedCredit, ...]:
    """Announced refunds whose money has not been returned yet are left out, and those for which nothing is left."""
    return tuple(_credit(_named(refund), share, order, terms) for refund, share in capped(order, terms.credited))


def require_explained(credit: WantedCredit, posting: str) -> None:
    """`posting` says which document it is, for whoever decides about it. Raises Held."""
    if credit.unexplained and credit.refunded is not None:
        known = credit.refunded - credit.unexplained
        raise Held(
            "does_not_add_up",
            f"The lines of refund {credit.refund_number} add up to {plain(known)} {credit.currency}, "
            f"but its total is {plain(credit.refunded)}",
            posting=posting,
            lines_total=str(known),
            total=str(credit.refunded),
            remedy="Look at the refund in the store. If its total is right, book it by hand in the books, and leave it "
            "out here with a reason.",
        )


def _credit(refund: Refund, share: Decimal, order: Order, terms: Terms) -> WantedCredit:
    number = terms.policy.invoice_prefix + refund.number
    date, late = terms.calendar.open(refund.date)
    part = shrunk(refund, share) if share < refund.total else refund
    return WantedCredit(
        key=number,
        part=refund.id,
        number=number,
        refund_number=refund.number,
        refunded=refund.total,
        unexplained=ZERO if refund.id in terms.credited else refund.residual,
        date=date,
        business_date=refund.date,
        currency=order.currency,
        lines=books_lines(
            part.lines,
            order.currency,
            terms.policy,
            terms.capabilities,
            discount_names=order.discount_names,
            residual=part.total - part.lines_total,
        ),
        total=part.total,
        notes=" ".join(
            filter(
                None, (late, _cut(refund, part), *(_given_back(tender, refund.currency) for tender in refund.tenders))
            )
        ),
    )


def _named(refund: Refund) -> Refund:
    """What the lines leave open is rounding while it is a unit for each; more than that was given back as an amount,
    and gets a line that says so."""
    amount = refund.total - refund.lines_total
    if abs(amount) <= quantum(refund.currency) * len(refund.lines):
        return refund
    line = Line(id="amount", kind="adjustment", name=AMOUNT_ONLY, unit_price=amount, net=amount)
    return refund.model_copy(update={"lines": (*refund.lines, line)})


def _cut(refund: Refund, part: Refund) -> str:
    if part.total == refund.total:
        return ""
    whole, left = (f"{plain(one.total)} {one.currency}" for one in (refund, part))
    return f"The store refunded {whole}; {left} of the invoice was left."


def _given_back(tender: Tender, currency: str) -> str:
    """No money has left the account for this part of it."""
    return f"{plain(tender.amount)} {currency} of it went back as {TENDER_NAMES[tender.kind].lower()}."
