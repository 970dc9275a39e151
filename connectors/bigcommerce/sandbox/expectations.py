"""What the books should say about an order: read from the store's own tables, for an oracle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.bigcommerce.sandbox import statuses
from connectors.bigcommerce.sandbox.catalogue import TIMEZONE
from connectors.bigcommerce.sandbox.clock import instant
from connectors.bigcommerce.sandbox.money import PLACES, ZERO, to_places
from connectors.bigcommerce.sandbox.paying import due, taken
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.refunding import given_back, standing
from connectors.bigcommerce.sandbox.shop import Shop

ACCEPTED = (2, 3, 8, 9, 10, 11)
"""Statuses in which the store has taken an order on."""
ACCEPTED_IF_PAID = (4, 13, 14)
TENDERS = {"gift_card": "gift_certificate_amount", "store_credit": "store_credit_amount"}


def expected(shop: Shop, kind: str, outcome: str, order_id: int) -> Row:
    """
    {"increment_id": "100", "entity_id": 100, "kind": "partial_refund", "currency": "USD", "date": "2026-03-01",
     "store_id": 1, "customer_email": "ada@example.com",
     "expected": "posted" | "skipped:<reason>" | "held:<reason>",
     "total": "49.20",                   what the customer owed before tenders, whatever the outcome
     "expected_total": "49.20" | None,   the same where an invoice should stand in the books
     "expected_tax": "3.35" | None,
     "expected_payments": [{"amount": "49.20", "date": "2026-03-01", "transaction_id": ""}],
     "expected_tenders": [{"kind": "gift_card", "amount": "20.00"}],
     "expected_refunds": [{"creditmemo": "31", "total": "21.60", "date": "2026-03-01"}],
     "expected_findings": [{"reason": "refund_too_large" | "refund_missing", "amount": "5.00"}]}

    An order's number is its id. Amounts are text in the order's currency; dates are in the store's zone.
    """
    order = shop.order(order_id)
    return {
        "increment_id": str(order_id),
        "entity_id": order_id,
        "kind": kind,
        "currency": order["default_currency_code"],
        "date": _date(order["date_created"]),
        "store_id": order["channel_id"],
        "customer_email": order["billing_address"]["email"],
        "expected": outcome,
        "total": _text(order["total_inc_tax"], order),
        **(_booked(shop, order) if outcome == "posted" else _not_booked()),
    }


def as_it_stands(shop: Shop, order_id: int) -> Row:
    """The same for an order whose life has not been foreseen."""
    return expected(shop, "order", _outcome(shop, shop.order(order_id)), order_id)


def _outcome(shop: Shop, order: Row) -> str:
    status = order["status_id"]
    if reason := _no_sale(shop, order):
        return f"skipped:{reason}"
    paid = bool(_payments(shop, order) or standing(shop, order) or _tenders(order))
    if not _payments(shop, order):
        if status in (statuses.CANCELED, statuses.DECLINED):
            return "skipped:canceled"
        if status not in ACCEPTED and not (paid and status in ACCEPTED_IF_PAID):
            return "skipped:not_accepted"
    if not Decimal(order["total_inc_tax"]):
        return "skipped:zero_total"
    return "posted" if order["billing_address"]["email"] else "held:no_email"


def _no_sale(shop: Shop, order: Row) -> str:
    if order["external_source"] == "M-MIG":
        return "migrated"
    if any(one["value"] == "invoice payment" for one in shop.of("metafields", order)):
        return "invoice_payment"
    return "test_order" if order["payment_method"] == "Test Payment Gateway" else ""


def _booked(shop: Shop, order: Row) -> Row:
    return {
        "expected_total": _text(order["total_inc_tax"], order),
        "expected_tax": _text(order["total_tax"], order),
        "expected_payments": _payments(shop, order),
        "expected_tenders": _tenders(order),
        "expected_refunds": _refunds(shop, order),
        "expected_findings": _findings(shop, order),
    }


def _not_booked() -> dict[str, Any]:
    empty: dict[str, Any] = {"expected_total": None, "expected_tax": None}
    return empty | {
        name: [] for name in ("expected_payments", "expected_tenders", "expected_refunds", "expected_findings")
    }


def _payments(shop: Shop, order: Row) -> list[Row]:
    """An offline payment has no date but the order's."""
    found = [
        {
            "amount": _text(row["amount"], order),
            "date": _date(row["date_created"]),
            "transaction_id": row["gateway_transaction_id"],
        }
        for row in taken(shop, order)
        if row["amount"] and not row["test"]
    ]
    offline = order["payment_status"] in ("paid", "partially refunded", "refunded") and due(order) > 0
    if found or order["payment_provider_id"] or not offline:
        return found
    return [{"amount": _text(due(order), order), "date": _date(order["date_created"]), "transaction_id": ""}]


def _tenders(order: Row) -> list[Row]:
    return [
        {"kind": kind, "amount": _text(order[field], order)} for kind, field in TENDERS.items() if Decimal(order[field])
    ]


def _refunds(shop: Shop, order: Row) -> list[Row]:
    """The oldest first, until as much has gone back as was sold."""
    left, found = Decimal(order["total_inc_tax"]), []
    for one in standing(shop, order):
        total = min(left, Decimal(str(one["total_amount"])))
        left -= total
        if total:
            found.append({"creditmemo": str(one["id"]), "total": _text(total, order), "date": _date(one["created"])})
    return found


def _findings(shop: Shop, order: Row) -> list[Row]:
    back = given_back(shop, order)
    paid = sum((Decimal(one["amount"]) for one in _payments(shop, order)), ZERO)
    says_so = order["status_id"] == statuses.REFUNDED or order["payment_status"] == "refunded"
    surplus = {
        "refund_too_large": back - Decimal(order["total_inc_tax"]),
        "refund_missing": paid - back if says_so else ZERO,
    }
    return [{"reason": reason, "amount": _text(amount, order)} for reason, amount in surplus.items() if amount > 0]


def _date(written: str) -> str:
    return instant(written).astimezone(ZoneInfo(TIMEZONE)).date().isoformat()


def _text(amount: Any, order: Row) -> str:
    return str(to_places(Decimal(str(amount)), max(2, PLACES.get(order["default_currency_code"], 2))))
