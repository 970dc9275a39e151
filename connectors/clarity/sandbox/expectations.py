"""What the books should say about an order: read from the site's own tables, for an oracle."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.clarity.sandbox.catalogue import ZONE
from connectors.clarity.sandbox.clock import instant
from connectors.clarity.sandbox.money import ZERO, total
from connectors.clarity.sandbox.paying import TAKEN
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row

ACCEPTED = ("processing", "shipped", "completed", "refunded")
"""Statuses of orders that the site has taken on."""
WAITING = ("pending", "on hold", "awaiting payment")


def expected(shop: Shop, kind: str, outcome: str, order_id: str) -> Row:
    """
    {"increment_id": "SO-1001", "entity_id": "ord_1001", "kind": "partial_refund", "currency": "USD",
     "date": "2026-03-01", "customer_email": "ada@example.com",
     "expected": "posted" | "skipped:<reason>" | "held:<reason>",
     "total": "49.20",                   what the customer owed, surcharges included, whatever the outcome
     "expected_total": "49.20" | None,   the same where an invoice should stand in the books
     "expected_tax": "3.35" | None,
     "expected_payments": [{"invoice": "pay_3", "amount": "49.20", "date": "2026-03-01", "transaction_id": "txn_000003"}],
     "expected_tenders": [],
     "expected_refunds": [{"creditmemo": "RF-00001", "total": "21.60", "date": "2026-03-01"}],
     "expected_findings": [{"reason": "refund_too_large" | "refund_missing", "amount": "5.00"}]}

    Amounts are text, in the order's currency; dates are in the site's zone.
    """
    order = shop.order(order_id)
    return {
        "increment_id": order["orderNumber"],
        "entity_id": order_id,
        "kind": kind,
        "currency": order["currency"],
        "date": _date(order["orderDate"]),
        "customer_email": order["customerEmail"] or "",
        "expected": outcome,
        "total": str(_owed(shop, order)),
        **(_booked(shop, order) if outcome == "posted" else _not_booked()),
    }


def as_it_stands(shop: Shop, order_id: str) -> Row:
    """The same for an order whose life has not been foreseen."""
    return expected(shop, "order", _outcome(shop, shop.order(order_id)), order_id)


def _outcome(shop: Shop, order: Row) -> str:
    if order["status"] not in (*ACCEPTED, *WAITING, "cancelled"):
        return "held:unknown_status"
    taken = any(True for _ in _captures(shop, order))
    if order["status"] == "cancelled" and not taken:
        return "skipped:canceled"
    if order["status"] in WAITING and not taken:
        return "skipped:not_accepted"
    if not order["total"]:
        return "skipped:zero_total"
    return "posted" if order["customerEmail"] else "held:no_email"


def _booked(shop: Shop, order: Row) -> Row:
    return {
        "expected_total": str(_owed(shop, order)),
        "expected_tax": str(order["taxTotal"]),
        "expected_payments": [_payment(one) for one in _captures(shop, order)],
        "expected_tenders": [],
        "expected_refunds": _refunds(shop, order),
        "expected_findings": _findings(shop, order),
    }


def _not_booked() -> Row:
    empty: Row = {
        name: [] for name in ("expected_payments", "expected_tenders", "expected_refunds", "expected_findings")
    }
    return {"expected_total": None, "expected_tax": None, **empty}


def _owed(shop: Shop, order: Row) -> Decimal:
    owed: Decimal = order["total"] + total(one["surchargeAmount"] for one in _captures(shop, order))
    return owed


def _captures(shop: Shop, order: Row) -> list[Row]:
    """The same capture listed twice is one."""
    taken = (one for one in shop.payments_of(order) if one["status"] in TAKEN and one["amount"] > 0)
    once: dict[str, Row] = {}
    for one in taken:
        once.setdefault(one["transactionId"], one)
    return list(once.values())


def _payment(payment: Row) -> Row:
    return {
        "invoice": payment["id"],
        "amount": str(payment["amount"]),
        "date": _date(payment["capturedAt"]),
        "transaction_id": payment["transactionId"],
    }


def _refunds(shop: Shop, order: Row) -> list[Row]:
    """The oldest first, until as much has gone back as was sold."""
    left, given_back = _owed(shop, order), []
    for refund in sorted(shop.refunds_of(order), key=lambda one: (one["refundedAt"], one["id"])):
        share = min(left, refund["amount"])
        left -= share
        if share:
            number, day = refund["refundNumber"], _date(refund["refundedAt"])
            given_back.append({"creditmemo": number, "total": str(share), "date": day})
    return given_back


def _findings(shop: Shop, order: Row) -> list[Row]:
    listed = total(one["amount"] for one in shop.refunds_of(order))
    told = total(one["refundedAmount"] for one in _captures(shop, order))
    surplus = {"refund_too_large": listed - _owed(shop, order), "refund_missing": told - listed}
    return [{"reason": reason, "amount": str(amount)} for reason, amount in surplus.items() if amount > ZERO]


def _date(stamped: str) -> str:
    return instant(stamped).astimezone(ZoneInfo(ZONE)).date().isoformat()
