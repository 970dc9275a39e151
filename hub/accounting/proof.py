"""The proof: what we post adds up to what the source says, and what the books answer equals it to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.base import Capabilities
from connectors.documents import ZERO, BooksLine, BooksPayment, CreditNote, Invoice
from hub.accounting.amounts import BOOKS_UNIT, minor_unit, rounded
from hub.accounting.folding import fold
from hub.accounting.lines import ROUNDING, rounding_line
from hub.accounting.percents import alone, computed, last_decimal
from hub.accounting.policy import RoundingTolerance
from hub.accounting.wanted import WantedCredit, WantedInvoice, WantedLine, WantedPayment
from hub.errors import Unproven

Lined = Invoice | CreditNote
OURS = "This is a fault of Countinghouse: nothing was posted. Book it by hand, and tell whoever looks after it."
MAPPING = "Let the flow's mapping leave the {what} as accounting decides it, publish that, and try again."


def lines_total(lines: tuple[BooksLine, ...] | tuple[WantedLine, ...]) -> Decimal:
    return sum((line.amount + line.tax for line in lines), ZERO)


def prove_wanted(wanted: WantedInvoice | WantedCredit) -> None:
    """Accounting's own lines must make the source's total. A failure here is an error of ours: it is held, not posted."""
    if lines_total(wanted.lines) != wanted.total:
        raise _unproven(
            "lines_differ",
            f"The lines made from this order add up to {lines_total(wanted.lines)}, not to its total of {wanted.total}",
            wanted.total,
            lines_total(wanted.lines),
            remedy=OURS,
        )


def prove_built(document: Lined, wanted: WantedInvoice | WantedCredit) -> None:
    """What the mapping built must still be worth what accounting decided, in the same currency and on an open day."""
    if document.currency != wanted.currency:
        raise _unproven(
            "mapping_changes_currency",
            f"The mapping changes the currency from {wanted.currency} to {document.currency}",
            wanted.currency,
            document.currency,
            remedy=MAPPING.format(what="currency"),
        )
    if document.total != wanted.total or lines_total(document.lines) != wanted.total:
        raise _unproven(
            "mapping_changes_total",
            f"The mapping changes what the document is worth from {wanted.total} to {lines_total(document.lines)}",
            wanted.total,
            lines_total(document.lines),
            remedy=MAPPING.format(what="lines and the total"),
        )
    if document.date != wanted.date:
        raise _unproven(
            "mapping_changes_date",
            f"The mapping changes the date from {wanted.date} to {document.date}",
            wanted.date,
            document.date,
            remedy=MAPPING.format(what="date"),
        )


def prove_payment(payment: BooksPayment, wanted: WantedPayment) -> None:
    """A mapping chooses a payment's words; its amount, date and mark are accounting's."""
    if (payment.amount, payment.currency, payment.date) != (wanted.amount, wanted.currency, wanted.date):
        raise _unproven(
            "mapping_changes_payment",
            "The mapping changes what is paid, or when",
            f"{wanted.amount} {wanted.currency} on {wanted.date}",
            f"{payment.amount} {payment.currency} on {payment.date}",
            remedy=MAPPING.format(what="payment's amount, currency and date"),
        )
    if bool(payment.credit_id) != bool(wanted.credit):
        raise _unproven(
            "mapping_changes_payment",
            "A payment is taken from a credit note exactly where the hub says so",
            wanted.credit or "no credit note",
            payment.credit_id or "no credit note",
            remedy=MAPPING.format(what="payment's credit note"),
        )
    if not payment.note.endswith(wanted.marker):
        raise _unproven(
            "mapping_drops_marker",
            f"The payment's note must end with its mark {wanted.marker}",
            wanted.marker,
            payment.note,
            remedy=MAPPING.format(what="end of the payment's note"),
        )


def difference(document: Lined, booked: Decimal) -> Decimal:
    """What the books' total lacks."""
    return document.total - booked


def correctable(gap: Decimal, document: Lined, tolerance: RoundingTolerance, capabilities: Capabilities) -> bool:
    """Whether a gap is small enough to be rounding: so much per line, never more than so much per document; and what the
    last decimal of a percent cannot say of a large amount."""
    unit = max(minor_unit(document.currency), BOOKS_UNIT)
    unsaid = sum((_unsaid(line, capabilities.tax_decimals) for line in document.lines), ZERO)
    return abs(gap) <= unit * min(tolerance.line * len(document.lines), tolerance.document) + unsaid


def _unsaid(line: BooksLine, decimals: int) -> Decimal:
    """By how much its percents miss the amounts, as far as that is for want of decimals."""
    most = last_decimal(line.amount, decimals)
    pairs = zip(line.taxes, computed(line), strict=True)
    return sum((min(abs(tax.amount - made), most) for tax, made in pairs), ZERO)


def corrected(document: Lined, gap: Decimal, capabilities: Capabilities) -> Lined:
    """The document with one rounding line over the gap, or with the gap folded in where lines may not be negative.

    `total` stays the source's: the books' own tax arithmetic is what the line makes good for. A rounding line that is
    there already takes the gap in.
    """
    earlier = [line for line in document.lines if line.name == ROUNDING and not line.taxes]
    kept: list[BooksLine] = [line for line in document.lines if line not in earlier]
    gap += sum((line.amount for line in earlier), ZERO)
    lines: Sequence[BooksLine] = [*kept, BooksLine(name=ROUNDING, unit_price=gap)] if gap else kept
    if gap < 0 and capabilities.negative_lines is False:
        wide = [WantedLine(**line.model_dump()) for line in kept]
        lines = [_bare(line) for line in fold(wide, rounding_line(gap), document.currency, capabilities)]
    return document.model_copy(update={"lines": tuple(lines)})


def left_by_lines(document: Lined) -> Decimal:
    """What the books' total lacks if they round the tax of each line, and not the sum."""
    pairs = (pair for line in document.lines for pair in zip(line.taxes, computed(line), strict=True))
    return sum((tax.amount - rounded(made, document.currency) for tax, made in pairs), ZERO)


def line_by_line(document: Lined, capabilities: Capabilities) -> Lined:
    """The same document with percents that make the cents of each line alone."""
    lines = (alone(line, document.currency, capabilities.tax_decimals) for line in document.lines)
    return document.model_copy(update={"lines": tuple(lines)})


def nudged(document: Lined, gap: Decimal, capabilities: Capabilities) -> Lined:
    """Where the exact sum lies between two cents, and whole cents only lead from one side to the other: the smallest
    step of a percent, on the line where it is worth least, leads to the middle."""
    taxed = [(abs(line.amount), place) for place, line in enumerate(document.lines) if line.taxes and line.amount]
    if not taxed:
        return corrected(document, gap, capabilities)
    _, place = min(taxed)
    line = document.lines[place]
    step = Decimal(1).scaleb(-capabilities.tax_decimals).copy_sign(gap * line.amount)
    first, *others = line.taxes
    moved = first.model_copy(update={"percent": max(first.percent + step, ZERO)})
    lines = list(document.lines)
    lines[place] = line.model_copy(update={"taxes": (moved, *others)})
    return document.model_copy(update={"lines": tuple(lines)})


def _bare(line: WantedLine) -> BooksLine:
    return BooksLine(**line.model_dump(include=set(BooksLine.model_fields)))


def tax_differs(document: Lined, booked: Decimal) -> Unproven:
    """Larger than rounding: a person sees both calculations side by side."""
    if isinstance(document, CreditNote):
        remedy = (
            "Or delete it there and try again; then post it anyway, by the rules as they are by then, or leave it out."
        )
    else:
        remedy = (
            "Or delete it there, try again, and then use another number, or skip the order. Or check the tax rates of this "
            "order, or let the flow post each tax as a line of its own, and try again."
        )
    return _unproven(
        "tax_differs",
        f"The books compute {booked} {document.currency} for {document.number}, the source says {document.total}",
        document.total,
        booked,
        ours=[f"{line.name}: {line.amount} + tax {line.tax}" for line in document.lines],
        remedy=f"Correct it in the books to {document.total} {document.currency} and try again. {remedy}",
    )


def _unproven(reason: str, message: str, source: object, other: object, *, remedy: str, **more: object) -> Unproven:
    return Unproven(reason, message, source=str(source), other=str(other), remedy=remedy, **more)
