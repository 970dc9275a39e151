"""Money that was really taken: V3's transactions. Neither a status nor what is only authorised is a payment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.bigcommerce.reading import amount, id_of, instant, rounded, rows, text
from connectors.bigcommerce.statuses import INCOMPLETE, status_of
from connectors.bigcommerce.tenders import tender_kind
from connectors.documents import ZERO, Payment, Raw
from connectors.errors import Rejected

TAKEN = ("purchase", "capture")
"""Events by which money comes in. What `settled` means beside `capture` nobody says, so it is not counted twice."""
PAID = ("paid", "captured", "partially refunded", "refunded")
OFFLINE = ("offline", "custom")
"""Methods whose transactions, where there are any, announce a payment and never take one."""
TEST_GATEWAY = ("test payment gateway", "testgateway", "testingthegateway")


def payments(raw: Raw, due: Decimal, currency: str, zone: ZoneInfo) -> tuple[Payment, ...]:
    """`due` is what was to be paid in money."""
    order, voided = raw["order"], _voided(raw)
    taken = [one for one in transactions(raw) if is_money(one) and id_of(one.get("id")) not in voided]
    _require_one_currency(order, taken, currency)
    found = [_payment(order, one, currency, zone) for one in taken if amount(one, "amount") > 0]
    return tuple(found) or _without_transactions(raw, due, currency, zone)


def paid_in_all(raw: Raw, listed: Sequence[Payment], due: Decimal, currency: str, zone: ZoneInfo) -> Payment | None:
    """The sum of what is listed; where nothing is, what a status claims. None where a payment is made of a status alone:
    it stays as it was when the order is edited, so that there is no sum to follow."""
    if any(payment.claimed for payment in listed):
        return None
    whole = sum((payment.amount for payment in listed), ZERO)
    return _in_all(raw["order"], whole, currency, zone) if whole else _by_status(raw, due, currency, zone)


def transactions(raw: Raw) -> list[Raw]:
    return sorted(rows(raw.get("transactions")), key=lambda one: int(id_of(one.get("id")) or 0))


def _voided(raw: Raw) -> set[str]:
    """Transactions that a later one has undone."""
    undone = (one for one in transactions(raw) if text(one.get("event")) == "void" and _ok(one))
    return {id_of(one.get("reference_transaction_id")) for one in undone} - {""}


def is_money(transaction: Raw) -> bool:
    """Really taken, and no gift certificate or store credit."""
    ours = text(transaction.get("event")) in TAKEN and _ok(transaction)
    return ours and not transaction.get("test") and not _tender(transaction)


def _ok(transaction: Raw) -> bool:
    return text(transaction.get("status") or "ok") == "ok"


def is_test(raw: Raw) -> bool:
    """Orders bear no mark of a test; their transactions do, and the name of the test gateway."""
    taken = [one for one in transactions(raw) if text(one.get("event")) not in ("void", "refund")]
    method = text(raw["order"].get("payment_method")).lower().partition(".")[0]
    return method in TEST_GATEWAY or (bool(taken) and all(one.get("test") is True for one in taken))


def _tender(transaction: Raw) -> bool:
    names = (transaction.get(name) for name in ("gateway", "method", "payment_method_id"))
    return tender_kind(*names) is not None


def _payment(order: Raw, transaction: Raw, currency: str, zone: ZoneInfo) -> Payment:
    return _made(
        order,
        id=id_of(transaction.get("id")),
        transaction_id=text(transaction.get("gateway_transaction_id")),
        method=text(transaction.get("gateway")) or text(transaction.get("method")),
        whole=rounded(amount(transaction, "amount"), currency),
        when=transaction.get("date_created"),
        currency=currency,
        zone=zone,
    )


def _without_transactions(raw: Raw, due: Decimal, currency: str, zone: ZoneInfo) -> tuple[Payment, ...]:
    """A cheque or a bank transfer leaves no transaction, or one that stays pending, and a payment status, and no date but
    the order's. A gateway's transaction will come: then its id stands on the order."""
    by_gateway = [one for one in transactions(raw) if not _tender(one) and text(one.get("method")) not in OFFLINE]
    if by_gateway or text(raw["order"].get("payment_provider_id")):
        return ()
    paid = _by_status(raw, due, currency, zone)
    return (paid.model_copy(update={"claimed": True}),) if paid else ()


def _by_status(raw: Raw, due: Decimal, currency: str, zone: ZoneInfo) -> Payment | None:
    """Of an incomplete order no transaction is read, so that none is missed."""
    order = raw["order"]
    says_so = text(order.get("payment_status")).lower() in PAID and status_of(order) != INCOMPLETE
    return _in_all(order, due, currency, zone) if says_so and due > 0 else None


def _in_all(order: Raw, whole: Decimal, currency: str, zone: ZoneInfo) -> Payment:
    """By one id for good, and dated by the order: more is not known of it."""
    return _made(
        order,
        id=f"order-{id_of(order.get('id'))}",
        transaction_id="",
        method=text(order.get("payment_method")),
        whole=whole,
        when=order.get("date_created"),
        currency=currency,
        zone=zone,
    )


def _made(
    order: Raw, *, id: str, transaction_id: str, method: str, whole: Decimal, when: Any, currency: str, zone: ZoneInfo
) -> Payment:
    paid_at = instant(when)
    return Payment(
        id=id,
        transaction_id=transaction_id,
        order_id=id_of(order.get("id")),
        method=method,
        method_name=text(order.get("payment_method")) or method,
        amount=whole,
        currency=currency,
        paid_at=paid_at,
        date=paid_at.astimezone(zone).date(),
    )


def _require_one_currency(order: Raw, taken: Sequence[Raw], currency: str) -> None:
    for one in taken:
        told = text(one.get("currency")) or currency
        if told != currency:
            raise Rejected(
                f"Transaction {id_of(one.get('id'))} is in {told}, but order {id_of(order.get('id'))} in {currency}",
                code="mixed_currencies",
                field="currency",
                value=told,
            )
