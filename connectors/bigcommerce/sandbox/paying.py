"""Money that comes in: V3's transactions, and what the order says of its payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sandbox.baskets import Basket
from connectors.bigcommerce.sandbox.clock import iso
from connectors.bigcommerce.sandbox.money import ZERO, number
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.shop import Shop

METHODS = {"storecredit": "store_credit", "giftcertificate": "gift_certificate"}
MONEY = ("purchase", "capture")


def due(order: Row) -> Decimal:
    """What is to be paid in money."""
    used = Decimal(order["store_credit_amount"]) + Decimal(order["gift_certificate_amount"])
    return Decimal(order["total_inc_tax"]) - used


def taken(shop: Shop, order: Row) -> list[Row]:
    """Transactions by which money came in and stayed, and no tender."""
    rows = shop.of("transactions", order)
    voided = {row["reference_transaction_id"] for row in rows if row["event"] == "void"}
    came_in = [row for row in rows if row["event"] in MONEY and row["gateway"] not in METHODS]
    return [row for row in came_in if row["id"] not in voided]


def spend_tenders(shop: Shop, order: Row) -> None:
    """With the order itself."""
    for gateway, field in (("storecredit", "store_credit_amount"), ("giftcertificate", "gift_certificate_amount")):
        if amount := Decimal(order[field]):
            record(shop, order, "purchase", amount, gateway=gateway)


def authorize(shop: Shop, order: Row) -> Row:
    order |= {"payment_status": "authorized", "payment_provider_id": f"ch_{order['id']}"}
    return record(shop, order, "authorization", due(order))


def pay(shop: Shop, order: Row, amount: Decimal | None = None) -> Row:
    """All that is open, or this much. A whole offline payment leaves no transaction, only its status."""
    basket = shop.baskets.get(order["id"])
    open_amount = due(order) - sum((Decimal(str(row["amount"])) for row in taken(shop, order)), ZERO)
    whole = amount is None and open_amount == due(order)
    amount = open_amount if amount is None else min(amount, open_amount)
    if whole and basket is not None and not basket.gateway:
        order["payment_status"] = "paid"
        return order
    authorized = [row["id"] for row in shop.of("transactions", order) if row["event"] == "authorization"]
    order |= {"payment_status": "captured", "payment_provider_id": f"ch_{order['id']}"}
    event = "capture" if authorized else "purchase"
    return record(shop, order, event, amount, reference=authorized[0] if authorized else None)


def void(shop: Shop, order: Row) -> None:
    """The newest payment is undone. An offline one leaves nothing but its status."""
    stays, newest = taken(shop, order)[:-1], taken(shop, order)[-1:]
    for row in newest:
        record(shop, order, "void", Decimal(str(row["amount"])), gateway=row["gateway"], reference=row["id"])
    order["payment_status"] = "captured" if stays else "void"


def record(
    shop: Shop, order: Row, event: str, amount: Decimal, *, gateway: str = "", reference: int | None = None
) -> Row:
    """`order_id` is text here, the amount a number."""
    basket = shop.baskets.get(order["id"])
    gateway = gateway or _gateway(basket)
    id = shop.next("transaction")
    row: dict[str, Any] = {
        "id": id,
        "order_id": str(order["id"]),
        "event": event,
        "method": METHODS.get(gateway, "credit_card" if gateway != "offline" else "offline"),
        "amount": number(amount),
        "currency": order["default_currency_code"],
        "gateway": gateway,
        "gateway_transaction_id": None if gateway in METHODS else f"ch_{order['id']}_{id}",
        "date_created": iso(shop.clock.now()),
        "test": bool(basket and basket.test),
        "status": "ok",
        "fraud_review": False,
        "reference_transaction_id": reference,
        "offline": None,
        "custom": None,
        "payment_method_id": f"{'bigcommerce' if gateway in METHODS else gateway}.{METHODS.get(gateway, 'card')}",
        "payment_instrument_token": None,
        "avs_result": {"code": None, "message": None, "street_match": None, "postal_match": None},
        "cvv_result": {"code": None, "message": None},
        "credit_card": None,
        "gift_certificate": None,
        "store_credit": None,
    }
    shop.of("transactions", order).append(row)
    told = {"type": "transaction", "order_id": str(order["id"]), "transaction_id": str(id)}
    shop.announce("order/transaction/created", {**told, "transaction_status": "complete", "transaction_type": event})
    return row


def _gateway(basket: Basket | None) -> str:
    return (basket.gateway if basket else "stripe") or "offline"
