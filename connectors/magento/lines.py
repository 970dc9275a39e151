"""An order's amounts as lines that add up: products, shipping, fixed product taxes, gift wrap and custom fees.

The same algorithm reads an order, its invoices and its credit memos, since all three head their sums alike.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.documents import ZERO, Line, Raw
from connectors.magento.counted import Row, children_of
from connectors.magento.reading import amount, apportioned, extension, money, named, rounded, rows, text, total
from connectors.magento.taxes import AppliedTaxes

GIFT_WRAP = (
    ("gw_price", "gw_tax_amount", "quote_gw", "Gift wrapping"),
    ("gw_items_price", "gw_items_tax_amount", "item_gw", "Gift wrapping of items"),
    ("gw_card_price", "gw_card_tax_amount", "printed_card_gw", "Printed card"),
)
ROUNDING_PER_LINE = Decimal("0.01")


@dataclass(frozen=True)
class Extra:
    """An amount beside products and shipping. `tax` is None where the header's tax holds it unnamed."""

    id: str
    name: str
    net: Decimal
    tax: Decimal | None
    tax_kind: str
    item_id: str = ""


def bill_lines(order: Raw, document: Raw, counted: Sequence[Row], currency: str) -> tuple[Line, ...]:
    """Every amount of `document` (the order itself, an invoice, a credit memo) as a line, rounded."""
    taxes = AppliedTaxes(order, currency)
    children = children_of(rows(order.get("items")))
    products = [product_line(row, children.get(row.id, []), taxes) for row in counted]
    return (*products, *shipping_lines(order, document, counted, taxes), *extra_lines(document, counted, taxes))


def product_line(row: Row, children: Sequence[Raw], taxes: AppliedTaxes) -> Line:
    net = rounded(row.net, taxes.currency)
    return Line(
        id=row.id,
        kind="gift_card" if row.item.get("product_type") == "giftcard" else "product",
        sku=text(row.item.get("sku")),
        name=text(row.item.get("name")) or text(row.item.get("sku")) or "Product",
        description=description(row, children),
        quantity=row.quantity,
        unit_price=amount(row.item, "price"),
        discount=max(rounded(row.full, taxes.currency) - net, ZERO),
        net=net,
        taxes=taxes.split(row.tax, "product", row.id, amount(row.item, "tax_percent")),
    )


def description(row: Row, children: Sequence[Raw]) -> str:
    """The chosen options in words. REST gives option ids only, but a chosen child's name tells them."""
    if row.part_of:
        return f"Part of {text(row.part_of.get('name'))}"
    own = text(row.item.get("name"))
    return ", ".join(name for child in children if (name := text(child.get("name"))) and name != own)


def shipping_lines(order: Raw, document: Raw, counted: Sequence[Row], taxes: AppliedTaxes) -> list[Line]:
    full, tax = amount(document, "shipping_amount"), amount(document, "shipping_tax_amount")
    if not full and not tax:
        return []
    compensation = amount(document, "shipping_discount_tax_compensation_amount")
    net = rounded(full - shipping_discount(document, counted) + compensation, taxes.currency)
    line = Line(
        id="shipping",
        kind="shipping",
        name=text(order.get("shipping_description")) or "Shipping",
        unit_price=full,
        discount=max(rounded(full, taxes.currency) - net, ZERO),
        net=net,
        taxes=taxes.split(tax, "shipping"),
    )
    return [line]


def shipping_discount(document: Raw, counted: Sequence[Row]) -> Decimal:
    """Only an order states it; elsewhere it is what the header's discount holds beyond the items'."""
    if document.get("shipping_discount_amount") is not None:
        return amount(document, "shipping_discount_amount")
    of_items = sum((row.discount for row in counted), ZERO)
    return max(abs(amount(document, "discount_amount")) - of_items, ZERO)


def extra_lines(document: Raw, counted: Sequence[Row], taxes: AppliedTaxes) -> list[Line]:
    extras = [*fixed_product_taxes(counted), *gift_wrap(document), *custom_fees(document)]
    unnamed = iter(_unnamed_taxes(document, counted, extras, taxes.currency))
    return [
        Line(
            id=extra.id,
            kind="fee",
            name=extra.name,
            unit_price=extra.net,
            net=rounded(extra.net, taxes.currency),
            taxes=taxes.split(next(unnamed) if extra.tax is None else extra.tax, extra.tax_kind, extra.item_id),
        )
        for extra in extras
    ]


def fixed_product_taxes(counted: Sequence[Row]) -> list[Extra]:
    return [
        Extra(f"fpt-{row.id}-{number}", name, net, None, "weee", row.id)
        for row in counted
        if row.fpt
        for number, (name, net) in enumerate(_fpt_parts(row), start=1)
    ]


def gift_wrap(document: Raw) -> list[Extra]:
    return [
        Extra(
            price, name, amount(document, price), None if named(document, tax) is None else amount(document, tax), kind
        )
        for price, tax, kind, name in GIFT_WRAP
        if amount(document, price)
    ]


def custom_fees(document: Raw) -> list[Extra]:
    """Adobe Commerce 2.4.9. The sheet names the list but not its keys, so the likely ones are read."""
    fees = rows(extension(document).get("custom_fees"))
    return [
        Extra(
            id=f"fee-{number}",
            name=next((text(fee[key]) for key in ("label", "title", "name", "code") if fee.get(key)), "Fee"),
            net=next((money(fee[key]) for key in ("amount", "value") if fee.get(key) is not None), ZERO),
            tax=amount(fee, "tax_amount"),
            tax_kind="custom_fee",
        )
        for number, fee in enumerate(fees, start=1)
    ]


def rounding_line(lines: Sequence[Line], whole: Decimal) -> list[Line]:
    """What rounding left, as a line of its own: at most a cent for each line. Anything larger is not rounding."""
    difference = whole - sum((line.gross for line in lines), ZERO)
    if not difference or abs(difference) > ROUNDING_PER_LINE * len(lines):
        return []
    return [Line(id="rounding", kind="adjustment", name="Rounding", unit_price=difference, net=difference)]


def _fpt_parts(row: Row) -> list[tuple[str, Decimal]]:
    """The named parts, if they make up the row's amount; `weee_tax_applied` is a list written as JSON text."""
    stored = row.item.get("weee_tax_applied")
    try:
        parts = rows(json.loads(stored, parse_float=Decimal) if isinstance(stored, str) and stored else stored)
    except ValueError:
        parts = []
    if total(parts, "row_amount") != row.fpt:
        parts = [{**(parts[0] if parts else {}), "row_amount": row.fpt}]
    return [(text(part.get("title")) or "Fixed product tax", amount(part, "row_amount")) for part in parts]


def _unnamed_taxes(document: Raw, counted: Sequence[Row], extras: Sequence[Extra], currency: str) -> list[Decimal]:
    """The header's tax includes that of FPT and gift wrap, which REST does not always state by itself."""
    waiting = [extra.net for extra in extras if extra.tax is None]
    if not sum(waiting, ZERO):
        return [ZERO for _ in waiting]
    stated = sum((row.tax for row in counted), ZERO) + sum((extra.tax or ZERO for extra in extras), ZERO)
    left = amount(document, "tax_amount") - amount(document, "shipping_tax_amount") - stated
    return apportioned(rounded(left, currency), waiting, currency)
