"""What `place` can be asked for: an order of a kind, a recording, or the next step in the life of an order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from connectors.clarity.sandbox import baskets, lives, paying
from connectors.clarity.sandbox.kinds import SIMPLY_PAID
from connectors.clarity.sandbox.placing import amend
from connectors.clarity.sandbox.shop import FIRST_ORDER, Shop
from connectors.clarity.sandbox.tables import Row, Table
from connectors.clarity.sandbox.trade import play

Scene = Callable[[Shop, Mapping[str, Any], random.Random], Row]


def place(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    """
    {}                                     a random paid order
    {"kind": "partial_refund", "seed": 1}  an order of a kind, with its whole life; the same seed makes the same order
    {"kind": …, "lines": {"a": 100}}       the same of plain lines: name → net amount, or {"net", "tax", "rate"}
    {"amend": "SO-1001", "lines": {...}, "email": "…"}
                                           to these plain lines, to somebody else, or both; else as the site likes
    {"order": {...}, "payments": [...], "refunds": [...], "customers": [...], "products": [...]}
                                           recordings in the generic words, stored as they are
    {"pay_ahead": "12.00"}                 a payment whose order is not there yet; returns the payment
    {"capture"|"refund"|"ship"|"cancel"|"amend"|…: "SO-1001"}   a step of `lives`
    {"refund_too_much": "SO-1001", "created_at": "2026-03-01T10:00:00Z"}
                                           all that was paid, whatever went back before; created now if nothing is said
    {"cancel_refund": "SO-1001"}           its newest refund has not happened after all
    {"misstate_refund": "SO-1001", "by": "3.00", "tax": "2.00"}
                                           its newest refund says that so much more went back, and such a tax among it,
                                           whatever its items say
    {"paid": "SO-1001", "amount": "20.00"} the order says that so much was paid in all, whatever its payments say
    {"void": "SO-1001"}                    its newest capture is voided, and its money is not paid any more
    {"customer": {...}}, {"product": {...}} saved, with a webhook

    Returns the order, payment, refund, customer or product.
    """
    scene = next((SCENES[name] for name in SCENES if name in wanted), _random_kind)
    return scene(shop, wanted, dice)


def _random_kind(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return _of_kind(shop, {"kind": dice.choice(SIMPLY_PAID), **wanted}, dice)


def _of_kind(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    own = random.Random(wanted["seed"]) if "seed" in wanted else dice
    story = play(shop, wanted["kind"], own, wanted.get("lines"))
    return shop.order(story.order_id)


def _amend(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    order = shop.numbered(str(wanted["amend"]))
    basket = shop.baskets[order["id"]]
    if "lines" in wanted:
        basket = baskets.of_lines(basket, wanted["lines"])
    if "email" in wanted:
        order |= {"customerEmail": wanted["email"], "customerId": None}
    if "lines" not in wanted and "email" not in wanted:
        return lives.amend(shop, order)
    return lives.changed(shop, amend(shop, order, basket))


def _recording(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    tables: dict[str, Table] = {
        "payments": shop.payments, "refunds": shop.refunds, "customers": shop.customers, "products": shop.products,
    }  # fmt: skip
    for name, table in tables.items():
        for row in wanted.get(name, ()):
            shop.save(table, exact(row))
    order = shop.orders.put(exact(wanted["order"]))
    shop.announce("order.created", order)
    return order


def _pay_ahead(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    """For the order that is placed next."""
    number = FIRST_ORDER + shop.counted("order")
    coming = {"id": f"ord_{number}", "orderNumber": f"SO-{number}", "currency": "USD"}
    return paying.pay(shop, coming, Decimal(str(wanted["pay_ahead"])))


def _customer(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    now = shop.clock.stamp()
    fresh = {"id": f"cus_{shop.next('customer') + 900}", "isActive": True, "createdAt": now, "updatedAt": now}
    known = shop.customers.get(str(wanted["customer"].get("id"))) or fresh
    row = shop.save(shop.customers, {**known, **exact(wanted["customer"])})
    shop.announce("customer.created" if known is fresh else "customer.updated", row)
    return row


def _product(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    now = shop.clock.stamp()
    fresh = {"id": f"prd_{shop.next('product') + 900}", "isActive": True, "createdAt": now, "updatedAt": now}
    return shop.save(shop.products, {**fresh, **exact(wanted["product"])})


def _refund_too_much(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    order = shop.numbered(str(wanted["refund_too_much"]))
    when = str(wanted.get("created_at") or "").replace(" ", "T")
    when = when if not when or when.endswith("Z") else f"{when}Z"
    refund = paying.give_back(shop, order, order["total"], when=when)
    shop.announce("order.updated", shop.save(shop.orders, order))
    return refund


def _misstate_refund(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    """Raises IndexError for an order that has no refund."""
    newest = shop.refunds_of(shop.numbered(str(wanted["misstate_refund"])))[-1]
    tax = {"taxAmount": Decimal(wanted["tax"])} if "tax" in wanted else {}
    return shop.save(shop.refunds, {**newest, "amount": newest["amount"] + Decimal(wanted["by"]), **tax})


def _paid(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    """Some sites know no payments, only what they come to."""
    order = shop.numbered(str(wanted["paid"]))
    status = "processing" if order["status"] in ("pending", "awaiting payment") else order["status"]
    return lives.changed(shop, {**order, "status": status, "paidTotal": Decimal(wanted["amount"])})


def _step(name: str) -> Scene:
    def scene(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
        return lives.STEPS[name](shop, shop.numbered(str(wanted[name])))

    return scene


def exact(value: Any) -> Any:
    """JSON with every float turned into the decimal that its text says."""
    return json.loads(json.dumps(value, default=str), parse_float=Decimal)


SCENES: dict[str, Scene] = {
    "kind": _of_kind,
    "order": _recording,
    "customer": _customer,
    "product": _product,
    "pay_ahead": _pay_ahead,
    "refund_too_much": _refund_too_much,
    "misstate_refund": _misstate_refund,
    "paid": _paid,
    "amend": _amend,
    **{name: _step(name) for name in lives.STEPS if name not in ("refund_too_much", "amend")},
}
