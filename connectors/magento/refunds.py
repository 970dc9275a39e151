"""Credit memos: what was given back, as positive lines that add up to the memo's total, or a residual that says by how
much they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.documents import ZERO, Line, Raw, Refund
from connectors.magento.counted import document_rows
from connectors.magento.fees import module_fees
from connectors.magento.lines import ROUNDING_PER_LINE, bill_lines, rounding_line
from connectors.magento.reading import amount, id_of, instant, rounded, rows, text
from connectors.magento.taxes import AppliedTaxes
from connectors.magento.tenders import sums, tendered, tenders

OPEN = "1"
CANCELED = "3"
CLOSED = "closed"
"""Of an order: its money went back, or none was ever taken."""


def refunds(raw: Raw, currency: str, zone: ZoneInfo) -> tuple[Refund, ...]:
    memos = sorted(rows(raw.get("creditmemos")), key=lambda memo: int(id_of(memo.get("entity_id")) or 0))
    return tuple(refund(raw["order"], memo, currency, zone) for memo in memos if id_of(memo.get("state")) != CANCELED)


def refund(order: Raw, memo: Raw, currency: str, zone: ZoneInfo) -> Refund:
    refunded_at = instant(memo.get("created_at"))
    lines = [line for line in _memo_lines(order, memo, currency) if line.gross or line.net]
    whole = refund_total(memo, lines, currency)
    lines += module_fees(memo, lines, whole, currency)
    lines += remainder(order, memo, lines, whole, currency)
    id = id_of(memo.get("entity_id"))
    return Refund(
        id=id,
        number=text(memo.get("increment_id")) or id,
        order_id=id_of(order.get("entity_id")),
        pending=id_of(memo.get("state")) == OPEN,
        currency=currency,
        date=refunded_at.astimezone(zone).date(),
        refunded_at=refunded_at,
        lines=tuple(lines),
        total=whole,
        residual=whole - _sum(lines),
        tenders=tenders(memo, currency),
        reason=reason(memo),
    )


def refund_total(memo: Raw, lines: Sequence[Line], currency: str) -> Decimal:
    """Money given back plus what went back to gift cards or store credit, which Magento takes off the total; of each
    only where the lines show that it was taken off this time, and where they show nothing, of all."""
    paid_out = rounded(amount(memo, "grand_total"), currency)
    wholes = [paid_out + some for some in sums(memo, currency)]
    known = _sum(lines)
    for told in (known, known + unlisted_tax(memo, lines, currency)):
        for slack in (ZERO, ROUNDING_PER_LINE * len(lines)):
            found = next((whole for whole in wholes if abs(whole - told) <= slack), None)
            if found is not None:
                return found
    return paid_out + tendered(memo, currency)


def unlisted_tax(memo: Raw, lines: Sequence[Line], currency: str) -> Decimal:
    """What the memo says of tax beyond that of its lines: one without items may give back all of an order's tax
    (#14713)."""
    return max(rounded(amount(memo, "tax_amount"), currency) - sum((line.tax for line in lines), ZERO), ZERO)


def remainder(order: Raw, memo: Raw, lines: Sequence[Line], whole: Decimal, currency: str) -> list[Line]:
    """What the lines leave open and the memo still explains: a tax that no line bears, and rounding."""
    rounding = rounding_line(lines, whole)
    tax = unlisted_tax(memo, lines, currency)
    if rounding or not tax or whole <= _sum(lines):
        return rounding
    taxes = AppliedTaxes(order, currency).of_all(tax)
    name = "items that the refund does not list"
    line = Line(id="tax", kind="adjustment", name=name, net=ZERO, taxes=taxes)
    return [line, *rounding_line([*lines, line], whole)]


def claimed(order: Raw, currency: str) -> Decimal | None:
    """What the order itself says went back, without what went to gift cards or store credit. A closed one was refunded,
    also where it does not say how much."""
    told = amount(order, "total_refunded")
    if not told and text(order.get("state")) == CLOSED:
        told = amount(order, "total_paid")
    return rounded(told, currency) if told else None


def reason(memo: Raw) -> str:
    notes = [text(memo.get("customer_note")), *(text(row.get("comment")) for row in rows(memo.get("comments")))]
    return "; ".join(dict.fromkeys(filter(None, notes)))


def _sum(lines: Sequence[Line]) -> Decimal:
    return sum((line.gross for line in lines), ZERO)


def _memo_lines(order: Raw, memo: Raw, currency: str) -> Iterator[Line]:
    yield from bill_lines(order, memo, document_rows(order, memo), currency)
    yield from _adjustments(memo, currency)


def _adjustments(memo: Raw, currency: str) -> Iterator[Line]:
    """Typed in by hand, without tax or item. The fee is kept by the shop, so it lowers the refund."""
    for name, label, sign in (
        ("adjustment_positive", "Adjustment refund", 1),
        ("adjustment_negative", "Adjustment fee", -1),
    ):
        net = rounded(sign * abs(amount(memo, name)), currency)
        if net:
            yield Line(id=name, kind="adjustment", name=label, unit_price=net, net=net)
