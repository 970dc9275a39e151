"""Money that goes back: V3's refunds, their transactions, and what the order says of them afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sandbox.clock import iso
from connectors.bigcommerce.sandbox.money import ZERO, minor, number
from connectors.bigcommerce.sandbox.paying import METHODS, record, taken
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.refusals import v3
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.bigcommerce.sandbox.statuses import AWAITING_FULFILLMENT, PARTIALLY_REFUNDED, REFUNDED, SHIPPED

CHARGES = {"SHIPPING": "shipping_cost", "HANDLING": "handling_cost"}


def item(kind: str, id: int, *, quantity: int | None = None, amount: Decimal | None = None, fee: Decimal = ZERO) -> Row:
    """Only products have a quantity, and wrapping goes back by its product, without an amount of its own. `fee` is what
    the shop keeps for its trouble."""
    adjusted = [{"amount": number(-fee), "description": "Restocking fee"}] if fee else []
    return {
        "item_type": kind,
        "item_id": id,
        **({} if quantity is None else {"quantity": quantity}),
        "requested_amount": None if amount is None else number(amount),
        "reason": "",
        "adjustments": adjusted,
    }


def given_back(shop: Shop, order: Row) -> Decimal:
    return sum((Decimal(str(one["total_amount"])) for one in standing(shop, order)), ZERO)


def standing(shop: Shop, order: Row) -> list[Row]:
    """Without those that the gateway has declined."""
    return [one for one in shop.of("refunds", order) if not all(way["is_declined"] for way in one["payments"])]


def everything(shop: Shop, order: Row) -> list[Row]:
    """What has not gone back yet."""
    done = {(one["item_type"], one["item_id"]) for refund in standing(shop, order) for one in refund["items"]}
    items = [
        item("PRODUCT", row["id"], quantity=row["quantity"] - row["quantity_refunded"])
        for row in shop.of("products", order)
        if row["quantity"] > row["quantity_refunded"] and not row["is_bundled_product"]
    ]
    wrapped = {row["id"] for row in shop.of("products", order) if Decimal(row.get("wrapping_cost_inc_tax") or 0)}
    items += [item("GIFT_WRAPPING", one["item_id"]) for one in items if one["item_id"] in wrapped]
    for address in shop.of("shipping_addresses", order):
        if Decimal(order["shipping_cost_inc_tax"]) and ("SHIPPING", address["id"]) not in done:
            items.append(item("SHIPPING", address["id"], amount=_shipping_paid(shop, order)))
    for fee in shop.of("fees", order):
        items.append(item("FEE", fee["id"], amount=Decimal(fee["cost_inc_tax"])))
    for address in shop.of("shipping_addresses", order)[:1]:
        if amount := Decimal(order["handling_cost_inc_tax"]):
            items.append(item("HANDLING", address["id"], amount=amount))
    return items


def quoted(shop: Shop, order: Row, items: Sequence[Row]) -> tuple[Decimal, Decimal]:
    """Total with tax, and the tax in it. The last piece of a line takes what rounding has left of it."""
    parts = [_part(shop, order, one, items) for one in items]
    return sum((part[0] for part in parts), ZERO), sum((part[1] for part in parts), ZERO)


def refund(shop: Shop, order: Row, items: Sequence[Row], *, reason: str = "", limited: bool = True) -> Row:
    """Raises Refused where more would go back than was paid. The whole order goes back to its total, whatever rounding
    made of the parts."""
    total, tax = quoted(shop, order, items)
    left = Decimal(order["total_inc_tax"]) - given_back(shop, order)
    if limited and abs(left - total) <= Decimal("0.01") * len(items):
        total = left
    if limited and total > left:
        raise v3(422, "Refund amount exceeds the amount available.", {"amount": "too large"})
    _count(shop, order, items)
    id = shop.next("refund")
    made = {
        "id": id,
        "order_id": order["id"],
        "user_id": 1,
        "created": iso(shop.clock.now()),
        "reason": reason,
        "total_amount": number(total),
        "total_tax": number(tax),
        "uses_merchant_override_values": False,
        "items": list(items),
        "payments": _payments(shop, order, total),
    }
    shop.of("refunds", order).append(made)
    shop.announce("order/refund/created", {"type": "order", "id": order["id"], "refund": {"refund_id": id}})
    settle(shop, order)
    return made


def settle(shop: Shop, order: Row) -> None:
    """Payment status and status follow; `refunded_amount` stays 0."""
    whole = given_back(shop, order) >= Decimal(order["total_inc_tax"])
    order["payment_status"] = "refunded" if whole else "partially refunded"
    if shop.switch["refund_touches_order"]:
        shop.touch(order, status=REFUNDED if whole else PARTIALLY_REFUNDED)


def decline(shop: Shop, order: Row) -> Row:
    """The gateway, which is asked only after the refund was made, declines the newest one after all: it stays, and what
    it did to its order is undone. Raises IndexError for an order that has none."""
    refund = standing(shop, order)[-1]
    for way in refund["payments"]:
        way |= {"is_declined": True, "declined_message": "Declined by the gateway"}
    gone = {int(way["transaction_id"]) for way in refund["payments"] if "transaction_id" in way}
    for row in shop.of("transactions", order):
        row["status"] = "error" if row["id"] in gone else row["status"]
    _count(shop, order, refund["items"], sign=-1)
    if standing(shop, order):
        settle(shop, order)
        return refund
    order["payment_status"] = "captured" if taken(shop, order) else "paid"
    shop.touch(order, status=SHIPPED if order["items_shipped"] else AWAITING_FULFILLMENT)
    return refund


def misstate(shop: Shop, order: Row, by: Decimal, tax: Decimal) -> Row:
    """The newest refund says that so much more went back, and such a tax among it, whatever its items say."""
    refund = standing(shop, order)[-1]
    for name, more in (("total_amount", by), ("total_tax", tax)):
        refund[name] = number(Decimal(str(refund[name])) + more)
    shop.touch(order)
    return refund


def _payments(shop: Shop, order: Row, total: Decimal) -> list[Row]:
    """Money goes back the way it came; what came as store credit or certificate goes back as that, last."""
    money = sum((Decimal(str(row["amount"])) for row in taken(shop, order)), ZERO)
    tenders = [
        row for row in shop.of("transactions", order) if row["gateway"] in METHODS and row["event"] == "purchase"
    ]
    ways = [(str(row["gateway"]), Decimal(str(row["amount"]))) for row in tenders]
    rest, made = total, []
    before = given_back(shop, order)
    for provider, amount in [("stripe" if money else "offline", money or total), *ways]:
        free = max(amount - before, ZERO)
        before = max(before - amount, ZERO)
        part = min(free, rest)
        if part:
            made.append(_paid_back(shop, order, provider, part))
            rest -= part
    if rest:
        made.append(_paid_back(shop, order, "offline", rest))
    return made


def _paid_back(shop: Shop, order: Row, provider: str, amount: Decimal) -> dict[str, Any]:
    row = record(shop, order, "refund", amount, gateway=provider) if provider != "offline" else None
    return {
        "id": shop.next("refund_payment"),
        "provider_id": provider,
        "amount": number(amount),
        "offline": provider == "offline",
        "is_declined": False,
        "declined_message": "",
        **({"transaction_id": str(row["id"])} if row else {}),
    }


def _part(shop: Shop, order: Row, one: Row, items: Sequence[Row]) -> tuple[Decimal, Decimal]:
    currency, kind = order["default_currency_code"], one["item_type"]
    if kind == "PRODUCT":
        kept = sum((Decimal(str(row["amount"])) for row in one["adjustments"]), ZERO)
        row = next(row for row in shop.of("products", order) if row["id"] == one["item_id"])
        share = Decimal(one["quantity"]) / row["quantity"]
        gross = minor(Decimal(row["discounted_total_inc_tax"]) * share, currency)
        return gross + kept, minor(Decimal(row["total_tax"]) * share, currency)
    if kind == "GIFT_WRAPPING":
        return _wrapping(shop, order, one["item_id"], items)
    amount = Decimal(str(one["requested_amount"]))
    if kind not in CHARGES:
        return amount, ZERO  # an amount of the whole order bears no tax
    whole, tax = (Decimal(order[f"{CHARGES[kind]}_{part}"]) for part in ("inc_tax", "tax"))
    return amount, minor(tax * amount / whole, currency) if whole else ZERO


def _wrapping(shop: Shop, order: Row, id: int, items: Sequence[Row]) -> tuple[Decimal, Decimal]:
    """As much of it as of the product."""
    row = next(row for row in shop.of("products", order) if row["id"] == id)
    pieces = next(one["quantity"] for one in items if (one["item_type"], one["item_id"]) == ("PRODUCT", id))
    share = Decimal(pieces) / row["quantity"]
    gross, tax = (Decimal(row[f"wrapping_cost_{name}"]) * share for name in ("inc_tax", "tax"))
    return minor(gross, order["default_currency_code"]), minor(tax, order["default_currency_code"])


def _count(shop: Shop, order: Row, items: Sequence[Row], *, sign: int = 1) -> None:
    asked = {one["item_id"]: one["quantity"] for one in items if one["item_type"] == "PRODUCT"}
    for row in shop.of("products", order):
        if row["id"] in asked:
            row["quantity_refunded"] += sign * asked[row["id"]]
            row["is_refunded"] = row["quantity_refunded"] >= row["quantity"]


def _shipping_paid(shop: Shop, order: Row) -> Decimal:
    off = sum((Decimal(str(one["discount"])) for one in shop.of("coupons", order) if one["type"] == 4), ZERO)
    return Decimal(order["shipping_cost_inc_tax"]) - off
