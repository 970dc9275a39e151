"""What `place` can be asked for: an order of a kind, a recording, or the next step in the life of an order."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from connectors.magento.sandbox import lives
from connectors.magento.sandbox.customers import save_customer
from connectors.magento.sandbox.invoicing import invoice_order
from connectors.magento.sandbox.kinds import SIMPLY_PAID
from connectors.magento.sandbox.money import exact
from connectors.magento.sandbox.plain_lines import sold_to, with_lines
from connectors.magento.sandbox.presenting import presented
from connectors.magento.sandbox.products import save_product
from connectors.magento.sandbox.refunding import cancel_refund, standing
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row, Table
from connectors.magento.sandbox.trade import play

Scene = Callable[[Shop, Mapping[str, Any], random.Random], Row]


def place(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    """
    {}                                     a random paid order
    {"kind": "partial_refund", "seed": 1}  an order of a kind, with its whole life; the same seed makes the same order
    {"kind": …, "lines": {"a": 100}}       the same of plain lines: name → net amount, or {"net", "tax", "rate"}
    {"order": {...}, "invoices": [...], "creditmemos": [...], "transactions": [...], "customers": [...],
     "products": [...]}                    recordings, stored as they are
    {"capture": increment_id, "items": [...]}, {"refund": increment_id, "items": [...], "arguments": {...}}
                                           as in the REST calls; nothing said = everything
    {"refund_too_much": increment_id, "created_at": "2026-03-01 10:00:00"}
                                           all that was paid, whatever went back before; created now if nothing is said
    {"cancel_refund": increment_id}        its newest credit memo is canceled
    {"misstate_refund": increment_id, "by": "3.00", "tax": "2.00"}
                                           its newest credit memo says that so much more went back, and such a tax among
                                           it, whatever its items say
    {"paid": increment_id, "amount": "20.00"}
                                           the order says that so much was paid in all, whatever its invoices say
    {"void": increment_id}                 its newest invoice is canceled, and its money is not paid any more
    {"ship"|"cancel"|"revive"|"edit"|"amend"|"hold"|"unhold"|"capture_some": increment_id}
                                           an edit makes another order, an amendment changes this one; "revive" is as it
                                           was before it was canceled
    {"amend": increment_id, "lines": {...}, "email": "…"}
                                           to these plain lines, to somebody else, or both
    {"customer": {...}}, {"product": {...}} saved, with a webhook

    Returns the order, invoice, credit memo, customer or product in the vendor's shape.
    """
    scene = next((SCENES[name] for name in SCENES if name in wanted), _random_kind)
    return scene(shop, exact(dict(wanted)), dice)


def _random_kind(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return _of_kind(shop, {"kind": dice.choice(SIMPLY_PAID), **wanted}, dice)


def _of_kind(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    story = play(shop, wanted["kind"], random.Random(wanted["seed"]) if "seed" in wanted else dice)
    order = shop.order(story.order_ids[-1])
    return presented(shop, _otherwise(shop, order, wanted) if "lines" in wanted else order)


def _amend(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    order = _named(shop, wanted["amend"])
    if "lines" in wanted or "email" in wanted:
        return presented(shop, _otherwise(shop, order, wanted))
    return presented(shop, lives.amend(shop, order))


def _otherwise(shop: Shop, order: Row, wanted: Mapping[str, Any]) -> Row:
    """Kept as it is told here, like a recording."""
    if "lines" in wanted:
        order = with_lines(order, wanted["lines"])
    if "email" in wanted:
        order = sold_to(order, wanted["email"])
    shop.recorded.add(order["entity_id"])
    shop.save(shop.orders, order)
    shop.announce("order", order)
    return order


def _recording(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    order: Row = wanted["order"]
    shop.recorded.add(order["entity_id"])
    shop.orders.put(order)
    tables = {"invoices": shop.invoices, "creditmemos": shop.creditmemos, "transactions": shop.transactions}
    people: dict[str, Table] = {"customers": shop.customers, "products": shop.products}
    for name, table in (tables | people).items():
        for row in wanted.get(name, ()):
            table.put(row)
    number = order["increment_id"][-9:]
    shop.seen(f"order#{order['store_id']}", int(number) if number.isdigit() else 0)
    shop.seen("item", max((item["item_id"] for item in order["items"]), default=0))
    shop.seen("address", order.get("billing_address_id", 0))
    for comment in order.get("status_histories", ()):
        shop.comments.put(comment)
    shop.announce("order", order)
    return order


def _customer(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    fresh = {"group_id": 1, "store_id": 1, "website_id": 1, "addresses": [], "created_at": shop.clock.stamp()}
    return save_customer(shop, {**fresh, "id": shop.customers.next_id(), **wanted["customer"]})


def _product(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    fresh = {"type_id": "simple", "status": 1, "visibility": 4, "created_at": shop.clock.stamp()}
    return save_product(shop, {**fresh, "id": shop.products.next_id(), **wanted["product"]})


def _capture(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return invoice_order(shop, _named(shop, wanted["capture"]), wanted.get("items", ()))


def _capture_some(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return lives.capture_some(shop, _named(shop, wanted["capture_some"]))


def _refund(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return lives.give_back(shop, _named(shop, wanted["refund"]), wanted)


def _refund_too_much(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    memo = lives.refund_too_much(shop, _named(shop, wanted["refund_too_much"]))
    memo["created_at"] = wanted.get("created_at", memo["created_at"])
    return memo


def _cancel_refund(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    """Raises IndexError for an order that has no credit memo."""
    return cancel_refund(shop, standing(shop, _named(shop, wanted["cancel_refund"]))[-1])


def _misstate_refund(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    memo = standing(shop, _named(shop, wanted["misstate_refund"]))[-1]
    tax = {"tax_amount": memo["tax_amount"] + Decimal(wanted["tax"])} if "tax" in wanted else {}
    return shop.save(shop.creditmemos, {**memo, "grand_total": memo["grand_total"] + Decimal(wanted["by"]), **tax})


def _paid(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return presented(shop, lives.say_paid(shop, _named(shop, wanted["paid"]), Decimal(wanted["amount"])))


def _step(name: str) -> Scene:
    def scene(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
        return presented(shop, lives.STEPS[name](shop, _named(shop, wanted[name])))

    return scene


def _named(shop: Shop, increment: str) -> Row:
    """Raises Refused (404), or LookupError for a number that there is not."""
    found = shop.orders.newest("increment_id", str(increment))
    if not found:
        raise LookupError(f"there is no order {increment}")
    return shop.order(found[0]["entity_id"])


SCENES: dict[str, Scene] = {
    "kind": _of_kind,
    "order": _recording,
    "customer": _customer,
    "product": _product,
    "capture": _capture,
    "capture_some": _capture_some,
    "refund": _refund,
    "refund_too_much": _refund_too_much,
    "cancel_refund": _cancel_refund,
    "misstate_refund": _misstate_refund,
    "paid": _paid,
    "amend": _amend,
    **{name: _step(name) for name in ("ship", "cancel", "revive", "edit", "hold", "unhold", "void")},
}
