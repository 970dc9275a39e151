"""An order of a few plain lines in the place of its own: what is asked of a shop is then known to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from zlib import crc32

from connectors.magento.sandbox.money import ZERO
from connectors.magento.sandbox.tables import Row

NONE = ("tax_amount", "discount_amount", "discount_tax_compensation_amount", "shipping_amount", "shipping_tax_amount")
NET = ("price", "row_total")
GROSS = ("price_incl_tax", "row_total_incl_tax")
WORTH = ("subtotal_incl_tax", "grand_total", "total_due")


def with_lines(order: Row, lines: Mapping[str, Any]) -> Row:
    """`lines`: name → net amount, or {"net", "tax", "rate"}. A line's name gives it its id, which it keeps."""
    template = {**order["items"][0], "product_type": "simple", "qty_ordered": 1, **_all(NONE, ZERO)}
    items = [
        {**template, "item_id": _id(name), "sku": name[:64], "name": name, **_row(line)} for name, line in lines.items()
    ]
    net = sum((item["row_total"] for item in items), ZERO)
    tax = sum((item["tax_amount"] for item in items), ZERO)
    sums = {**_all(NONE, ZERO), **_all(("tax_amount",), tax), **_all(("subtotal",), net), **_all(WORTH, net + tax)}
    return {**order, **sums, "items": items, "extension_attributes": {}}


def _id(name: str) -> int:
    return crc32(name.encode("utf-8", "surrogatepass"))


def sold_to(order: Row, email: str) -> Row:
    """Somebody without an account."""
    return {**order, "customer_email": email, "customer_id": None, "customer_is_guest": 1}


def _row(line: Any) -> Row:
    told = line if isinstance(line, Mapping) else {"net": line}
    net, tax, rate = (Decimal(str(told.get(name, 0))) for name in ("net", "tax", "rate"))
    return {**_all(NET, net), **_all(GROSS, net + tax), **_all(("tax_amount",), tax), "tax_percent": rate}


def _all(names: Iterable[str], amount: Decimal) -> Row:
    """In the order's currency and in the shop's own."""
    return {f"{base}{name}": amount for name in names for base in ("", "base_")}
