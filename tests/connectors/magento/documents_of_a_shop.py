"""Builds orders, invoices and credit memos as Magento's REST API prints them, by the sums that Magento documents."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

D = Decimal
ZERO = D(0)


def item(
    id: int,
    sku: str,
    price: str,
    quantity: str = "1",
    *,
    row: str = "",
    tax: str = "0",
    percent: str = "0",
    discount: str = "0",
    compensation: str = "0",
    fpt: str = "0",
    kind: str = "simple",
    parent: int | None = None,
    money_on_parent: bool = False,
    rewriting: str = "2.4.6",
    **more: Any,
) -> dict[str, Any]:
    """`row` is the database's row_total. `rewriting` says what REST makes of it: "raw", "unclamped", "2.4.6"."""
    full = D(row) if row else D(price) * D(quantity)
    base = ZERO if money_on_parent else full
    net = base - D(discount)
    gross = base + D(tax) + D(compensation) + D(fpt) - D(discount)
    shown = {
        "raw": (base, base + D(tax) + D(compensation) + D(fpt)),
        "unclamped": (net, base + D(tax) + D(compensation) + D(fpt)),
        "2.4.6": (max(net, ZERO), max(gross, ZERO)),
    }[rewriting]
    found: dict[str, Any] = {
        "item_id": id,
        "product_type": kind,
        "sku": sku,
        "name": sku.title(),
        "qty_ordered": D(quantity),
        "price": D(price),
        "base_price": ZERO if money_on_parent else D(price),
        "tax_percent": D(percent),
        "tax_amount": D(tax),
        "discount_amount": D(discount),
        "discount_tax_compensation_amount": D(compensation),
        "row_total": shown[0],
        "row_total_incl_tax": shown[1],
        "weee_tax_applied_row_amount": D(fpt),
        "_subtotal": base,
        **more,
    }
    return {**found, "parent_item_id": parent, "parent_item": {"item_id": parent}} if parent else found


def order(items: Sequence[dict[str, Any]], *, counted: Sequence[int] = (), **more: Any) -> dict[str, Any]:
    """The header follows from the items by the documented identity; `counted` names the items that carry the money."""
    paying = [one for one in items if not counted or one["item_id"] in counted]
    shipping = {name: D(str(more.pop(name, "0"))) for name in SHIPPING}
    extension = {**more.pop("extension_attributes", {})}
    tenders = sum((D(str(extension.get(name, 0))) for name in TENDERS), ZERO)
    wrap = sum((D(str(extension.get(name, 0))) for name in ("gw_price", "gw_items_price", "gw_card_price")), ZERO)
    fpt_in_subtotal = more.pop("fpt_in_subtotal", False)
    fpt = _sum(paying, "weee_tax_applied_row_amount")
    extra_tax = D(str(more.pop("extra_tax", "0")))
    head = {
        "subtotal": _sum(paying, "_subtotal") + (fpt if fpt_in_subtotal else ZERO),
        "discount_amount": -(_sum(paying, "discount_amount") + shipping["shipping_discount_amount"]),
        "discount_tax_compensation_amount": _sum(paying, "discount_tax_compensation_amount"),
        "tax_amount": _sum(paying, "tax_amount") + shipping["shipping_tax_amount"] + extra_tax,
        **shipping,
    }
    whole = sum(
        (
            head[name]
            for name in (
                "subtotal",
                "discount_amount",
                "discount_tax_compensation_amount",
                "tax_amount",
                "shipping_amount",
                "shipping_discount_tax_compensation_amount",
            )
        ),
        ZERO,
    )
    whole += wrap - tenders + (ZERO if fpt_in_subtotal else fpt)
    return {**HEAD, **head, "grand_total": whole, "items": _public(items), "extension_attributes": extension, **more}


def raw(order: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What `fetch` returns."""
    return {
        "order": order,
        "invoices": [],
        "creditmemos": [],
        "store": {"id": 2, "code": "french", "website_id": 1, "timezone": "Europe/Paris", "base_currency_code": "EUR"},
        "hub": {"timezone": "", "store_ids": []},
        **more,
    }


def document(
    order: dict[str, Any], entity_id: int, items: Sequence[dict[str, Any]] = (), **more: Any
) -> dict[str, Any]:
    """An invoice or credit memo; without items, of the whole order at its raw amounts."""
    return {
        "entity_id": entity_id,
        "increment_id": f"2{entity_id:09}",
        "order_id": order["entity_id"],
        "state": 2,
        "created_at": "2026-03-02 08:10:58",
        "updated_at": "2026-03-02 08:11:00",
        **{name: order[name] for name in ("subtotal", "discount_amount", "tax_amount", "grand_total", *SHIPPING[:2])},
        "items": list(items),
        **more,
    }


SHIPPING = (
    "shipping_amount",
    "shipping_tax_amount",
    "shipping_discount_amount",
    "shipping_discount_tax_compensation_amount",
)
TENDERS = ("gift_cards_amount", "customer_balance_amount", "reward_currency_amount")
HEAD: dict[str, Any] = {
    "entity_id": 1201,
    "increment_id": "2000001201",
    "store_id": 2,
    "store_name": "Main Website\nMain Store\nFrench",
    "state": "processing",
    "status": "processing",
    "created_at": "2026-03-01 23:40:05",
    "updated_at": "2026-03-02 08:11:00",
    "customer_is_guest": 1,
    "customer_email": "ada@example.com",
    "base_currency_code": "EUR",
    "order_currency_code": "EUR",
    "base_to_order_rate": 1,
    "shipping_description": "Flat Rate - Fixed",
    "billing_address": {
        "address_type": "billing",
        "firstname": "Ada",
        "lastname": "Byte &amp; Sons",
        "street": ["1 Road", "Flat 2", "Door 3"],
        "city": "Lyon",
        "postcode": None,
        "country_id": "FR",
        "telephone": "0",
    },
    "payment": {"method": "banktransfer", "additional_information": ["Bank Transfer Payment"]},
    "status_histories": [],
}


def _sum(items: Sequence[dict[str, Any]], name: str) -> Decimal:
    return sum((one[name] for one in items), ZERO)


def _public(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if not name.startswith("_")} for one in items]
