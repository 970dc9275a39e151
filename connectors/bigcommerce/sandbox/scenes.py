"""What `place` can be asked for: an order of a kind, a recording, or the next step in the life of an order."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sandbox.clock import instant, iso
from connectors.bigcommerce.sandbox.customers_v3 import save_customer
from connectors.bigcommerce.sandbox.kinds import SIMPLY_PAID
from connectors.bigcommerce.sandbox.lives import STEPS
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.plain_lines import sold_to, with_lines
from connectors.bigcommerce.sandbox.presenting import presented
from connectors.bigcommerce.sandbox.refunding import decline, misstate
from connectors.bigcommerce.sandbox.shop import PARTS, Shop
from connectors.bigcommerce.sandbox.trade import play

Scene = Callable[[Shop, Mapping[str, Any], random.Random], Row]
DETAILS = {*PARTS, "seed", "lines", "email", "created_at", "by", "tax"}
"""What may be said beside a scene."""
CANNOT = {"paid": "BigCommerce keeps no sum of what was paid: it has transactions, or a status of the payment"}
"""Scenes of other stores → why not here."""


def place(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    """
    {}                                     a random paid order
    {"kind": "partial_refund", "seed": 1}  an order of a kind, with its whole life; the same seed makes the same order
    {"kind": ..., "lines": {"a": 100}}     the same of plain lines: name -> net amount, or {"net", "tax", "rate"}
    {"order": {...}, "products": [...], "taxes": [...], "transactions": [...], "refunds": [...], ...}
                                           recordings, stored as they are; parts that are not given stay as they were
    {"capture"|"capture_some"|"refund"|"refund_too_much"|"ship"|"cancel"|"revive"|"edit"|"hold"|"unhold"|...: id}
                                           the next step, as in `lives`; with "created_at", at that instant
    {"cancel_refund": id}                  its newest refund is declined by the gateway after all
    {"misstate_refund": id, "by": "3.00", "tax": "2.00"}
                                           its newest refund says that so much more went back, and such a tax among it
    {"void": id}                           its newest payment is undone
    {"amend": id, "lines": {...}, "email": "..."}
                                           to these plain lines, to somebody else, or as the store likes
    {"customer": {...}}, {"product": {...}} saved, with a webhook

    Returns the order, customer or product in the vendor's shape. An order also says `entity_id` and `increment_id`, by
    which the suites of all stores name it.
    """
    unknown = wanted.keys() - SCENES.keys() - DETAILS
    for name in unknown:
        raise ValueError(CANNOT.get(name) or f"the sandbox knows no scene {name!r}")
    scene = next((SCENES[name] for name in SCENES if name in wanted), _random_kind)
    return scene(shop, wanted, dice)


def named(shop: Shop, order: Row) -> Row:
    return {**presented(shop, order), "entity_id": order["id"], "increment_id": str(order["id"])}


def _random_kind(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return _of_kind(shop, {"kind": dice.choice(SIMPLY_PAID), **wanted}, dice)


def _of_kind(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    story = play(shop, wanted["kind"], random.Random(int(wanted["seed"])) if "seed" in wanted else dice)
    order = shop.order(story.order_id)
    if "lines" in wanted:
        with_lines(shop, order, wanted["lines"])
        shop.touch(order)
    return named(shop, order)


def _amend(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    if not {"lines", "email"} & set(wanted):
        return _step("amend")(shop, wanted, dice)
    order = shop.order(wanted["amend"])
    if "lines" in wanted:
        with_lines(shop, order, wanted["lines"])
    if "email" in wanted:
        sold_to(shop, order, wanted["email"])
    shop.touch(order)
    return named(shop, order)


def _recording(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    given = wanted["order"]
    links = {name for name in PARTS if isinstance(given.get(name), Mapping)}
    order = {name: value for name, value in given.items() if name not in links | {"entity_id", "increment_id"}}
    for name in PARTS:
        if name in wanted:
            shop.parts[name][order["id"]] = [dict(row) for row in wanted[name]]
    shop.orders[order["id"]] = order
    shop.seen("order", order["id"])
    shop.announce("order/updated", {"type": "order", "id": order["id"]})
    return named(shop, order)


def _step(name: str) -> Scene:
    def scene(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
        order = shop.order(wanted[name])
        when = wanted.get("created_at")
        with shop.clock.at(instant(when) if when else shop.clock.now()):
            STEPS[name](shop, order)
        return named(shop, order)

    return scene


def _cancel_refund(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return _numbered(decline(shop, shop.order(wanted["cancel_refund"])))


def _misstate_refund(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    by, tax = (Decimal(wanted.get(name, 0)) for name in ("by", "tax"))
    return _numbered(misstate(shop, shop.order(wanted["misstate_refund"]), by, tax))


def _numbered(refund: Row) -> Row:
    return {**refund, "entity_id": refund["id"], "increment_id": str(refund["id"])}


def _customer(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    return save_customer(shop, wanted["customer"])


def _product(shop: Shop, wanted: Mapping[str, Any], dice: random.Random) -> Row:
    now = iso(shop.clock.now())
    id = wanted["product"].get("id") or max(shop.products) + 1
    before = shop.products.get(id, {"type": "physical", "is_visible": True, "price": Decimal(0), "date_created": now})
    row = {**before, **wanted["product"], "id": id, "date_modified": now}
    shop.announce(f"product/{'updated' if id in shop.products else 'created'}", {"type": "product", "id": id})
    shop.products[id] = row
    return row


SCENES: dict[str, Scene] = {
    "kind": _of_kind,
    "order": _recording,
    "customer": _customer,
    "product": _product,
    "cancel_refund": _cancel_refund,
    "misstate_refund": _misstate_refund,
    **{name: _step(name) for name in STEPS},
    "amend": _amend,
}
