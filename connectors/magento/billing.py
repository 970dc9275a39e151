"""What an order bills: what was ordered, or what was invoiced where the rest was canceled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from connectors.documents import ZERO, Line, Raw, Tender
from connectors.magento.captures import CANCELED, invoices
from connectors.magento.counted import Row, counted_items, document_rows, order_rows
from connectors.magento.fees import module_fees
from connectors.magento.lines import bill_lines, rounding_line
from connectors.magento.reading import amount, extension, id_of, named, rounded, rows, total
from connectors.magento.tenders import FIELDS, tendered, tenders

SUMMED = (
    "shipping_amount",
    "shipping_tax_amount",
    "shipping_discount_tax_compensation_amount",
    "discount_amount",
    "tax_amount",
    "grand_total",
    "gw_price",
    "gw_items_price",
    "gw_card_price",
    "gw_tax_amount",
    "gw_items_tax_amount",
    "gw_card_tax_amount",
    *(field for field, _, _ in FIELDS),
)


@dataclass(frozen=True)
class Bill:
    """`total` is what the customer owed before tenders; `residual` what the lines leave unexplained."""

    lines: tuple[Line, ...]
    tenders: tuple[Tender, ...]
    total: Decimal

    @property
    def residual(self) -> Decimal:
        return self.total - sum((line.gross for line in self.lines), ZERO)


def bill(raw: Raw, currency: str) -> Bill:
    order = raw["order"]
    billed = [invoice for invoice in invoices(raw) if id_of(invoice.get("state")) != CANCELED]
    if billed and partly_canceled(order):
        return _bill(order, together(billed), invoiced_rows(order, billed), currency)
    return _bill(order, order, order_rows(order), currency)


def partly_canceled(order: Raw) -> bool:
    """An order keeps its full totals when its open rest is canceled (registerCancellation, 2.4.6)."""
    return amount(order, "total_canceled") > 0 or any(amount(item, "qty_canceled") > 0 for item in counted_items(order))


def invoiced_rows(order: Raw, billed: Sequence[Raw]) -> list[Row]:
    """Each item once, whatever number of invoices it is spread over."""
    found: dict[str, Row] = {}
    for invoice in billed:
        for row in document_rows(order, invoice):
            found[row.id] = _added(found[row.id], row) if row.id in found else row
    return [row for row in found.values() if row.quantity or row.full]


def together(billed: Sequence[Raw]) -> Raw:
    """Several invoices' sums as one head. What none of them states stays unstated."""
    stated = [name for name in SUMMED if any(named(invoice, name) is not None for invoice in billed)]
    fees = [fee for invoice in billed for fee in rows(extension(invoice).get("custom_fees"))]
    return {**{name: total(billed, name) for name in stated}, "extension_attributes": {"custom_fees": fees}}


def _added(one: Row, other: Row) -> Row:
    parts = ("quantity", "full", "discount", "compensation", "tax", "fpt")
    return replace(one, **{part: getattr(one, part) + getattr(other, part) for part in parts})


def _bill(order: Raw, document: Raw, counted: Sequence[Row], currency: str) -> Bill:
    whole = rounded(amount(document, "grand_total"), currency) + tendered(document, currency)
    known = bill_lines(order, document, counted, currency)
    lines = (*known, *module_fees(document, known, whole, currency))
    return Bill((*lines, *rounding_line(lines, whole)), tenders(document, currency), whole)
