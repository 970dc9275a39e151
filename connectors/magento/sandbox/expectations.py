"""What the books should say about an order: read from the shop's own tables, for an oracle."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.magento.sandbox.catalogue import STORES
from connectors.magento.sandbox.clock import instant
from connectors.magento.sandbox.document_header import CANCELED
from connectors.magento.sandbox.money import ZERO, cents
from connectors.magento.sandbox.paying import TENDERS
from connectors.magento.sandbox.refunding import standing
from connectors.magento.sandbox.shop import Shop
from connectors.magento.sandbox.tables import Row

ACCEPTED = ("processing", "complete", "closed")
"""States in which the shop has taken an order on."""


def expected(shop: Shop, kind: str, outcome: str, order_id: int) -> Row:
    """
    {"increment_id": "000000007", "entity_id": 7, "kind": "partial_refund", "currency": "USD", "date": "2026-03-01",
     "store_id": 1, "customer_email": "ada@example.com",
     "expected": "posted" | "skipped:<reason>" | "held:<reason>",
     "total": "49.20",                   what the customer owed before tenders, whatever the outcome
     "expected_total": "49.20" | None,   the same where an invoice should stand in the books
     "expected_tax": "3.35" | None,
     "expected_payments": [{"invoice": "000000003", "amount": "49.20", "date": "2026-03-01", "transaction_id": ""}],
     "expected_tenders": [{"kind": "gift_card", "amount": "20.00"}],
     "expected_refunds": [{"creditmemo": "000000001", "total": "21.60", "date": "2026-03-01"}],
     "expected_findings": [{"reason": "refund_too_large" | "refund_missing", "amount": "5.00"}]}

    Amounts are text with two places, in the order's currency; dates are in the store's zone. Reasons: canceled,
    not_accepted, zero_total, no_email.
    """
    order = shop.orders.peek(order_id)
    return {
        "increment_id": order["increment_id"],
        "entity_id": order_id,
        "kind": kind,
        "currency": order["order_currency_code"],
        "date": _date(order),
        "store_id": order["store_id"],
        "customer_email": order["customer_email"],
        "expected": outcome,
        "total": _owed(order),
        **(_booked(shop, order) if outcome == "posted" else _not_booked()),
    }


def as_it_stands(shop: Shop, order_id: int) -> Row:
    """The same for an order whose life has not been foreseen."""
    return expected(shop, "order", _outcome(shop.orders.peek(order_id)), order_id)


def _outcome(order: Row) -> str:
    if order["state"] == "canceled":
        return "skipped:canceled"
    if order["state"] not in ACCEPTED:
        return "skipped:not_accepted"
    if not order["customer_email"]:
        return "held:no_email"
    return "posted" if order["grand_total"] or _tenders(order) else "skipped:zero_total"


def _booked(shop: Shop, order: Row) -> Row:
    return {
        "expected_total": _owed(order),
        "expected_tax": _text(order["tax_amount"]),
        "expected_payments": _payments(shop, order["entity_id"]),
        "expected_tenders": _tenders(order),
        "expected_refunds": _refunds(shop, order),
        "expected_findings": _findings(shop, order),
    }


def _not_booked() -> Row:
    return {
        "expected_total": None,
        "expected_tax": None,
        "expected_payments": [],
        "expected_tenders": [],
        "expected_refunds": [],
        "expected_findings": [],
    }


def _owed(order: Row) -> str:
    return _text(order["grand_total"] + sum((Decimal(one["amount"]) for one in _tenders(order)), ZERO))


def _payments(shop: Shop, order_id: int) -> list[Row]:
    """Nothing was captured by an invoice over nothing, nor by one that was canceled."""
    return [
        {
            "invoice": invoice["increment_id"],
            "amount": _text(invoice["grand_total"]),
            "date": _date(invoice),
            "transaction_id": invoice.get("transaction_id", ""),
        }
        for invoice in shop.invoices.newest("order_id", order_id)
        if invoice["grand_total"] > 0 and invoice.get("state") != CANCELED
    ]


def _tenders(order: Row) -> list[Row]:
    extension = order["extension_attributes"]
    return [
        {"kind": kind, "amount": _text(extension[name])} for kind, (name, _) in TENDERS.items() if extension.get(name)
    ]


def _refunds(shop: Shop, order: Row) -> list[Row]:
    """The oldest first, until as much has gone back as was sold."""
    left, given_back = Decimal(_owed(order)), []
    for memo in standing(shop, order):
        total = min(left, memo["grand_total"])
        left -= total
        if total:
            given_back.append({"creditmemo": memo["increment_id"], "total": _text(total), "date": _date(memo)})
    return given_back


def _findings(shop: Shop, order: Row) -> list[Row]:
    memos = sum((memo["grand_total"] for memo in standing(shop, order)), ZERO)
    surplus = {
        "refund_too_large": memos - Decimal(_owed(order)),
        "refund_missing": (order.get("total_refunded") or ZERO) - memos,
    }
    return [{"reason": reason, "amount": _text(amount)} for reason, amount in surplus.items() if amount > 0]


def _date(row: Row) -> str:
    zone = next(store.timezone for store in STORES if store.id == row["store_id"])
    return instant(row["created_at"]).astimezone(ZoneInfo(zone)).date().isoformat()


def _text(amount: Decimal) -> str:
    return str(cents(amount))
