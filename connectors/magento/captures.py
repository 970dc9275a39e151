"""Money that was really taken: Magento's paid invoices. What is only authorised is no payment."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.documents import Payment, Raw
from connectors.magento.reading import amount, extension, id_of, instant, rounded, rows, text

PAID = "2"
CANCELED = "3"


def payments(raw: Raw, currency: str, zone: ZoneInfo) -> tuple[Payment, ...]:
    """One for each paid invoice, dated by its capture where a transaction tells, else by the invoice."""
    captured = captured_at(raw)
    paid = [invoice for invoice in invoices(raw) if id_of(invoice.get("state")) == PAID]
    found = [
        _payment(
            raw["order"],
            id=id_of(invoice.get("entity_id")),
            transaction_id=text(invoice.get("transaction_id")),
            whole=rounded(amount(invoice, "grand_total"), currency),
            when=captured.get(text(invoice.get("transaction_id"))) or invoice.get("created_at"),
            currency=currency,
            zone=zone,
        )
        for invoice in paid
        if amount(invoice, "grand_total") > 0
    ]
    return tuple(found) or _without_invoices(raw, currency, zone)


def paid_in_all(raw: Raw, currency: str, zone: ZoneInfo) -> Payment | None:
    """The order's own sum. Only its date is known."""
    order = raw["order"]
    whole = rounded(amount(order, "total_paid"), currency)
    id = f"order-{id_of(order.get('entity_id'))}"
    when = order.get("created_at")
    found = _payment(order, id=id, transaction_id="", whole=whole, when=when, currency=currency, zone=zone)
    return found if whole > 0 else None


def invoices(raw: Raw) -> list[Raw]:
    return sorted(rows(raw.get("invoices")), key=lambda invoice: int(id_of(invoice.get("entity_id")) or 0))


def captured_at(raw: Raw) -> Mapping[str, Any]:
    """Gateway's transaction id → when it was captured. Children repeat inside their parents and are not read there."""
    captures = [one for one in rows(raw.get("transactions")) if one.get("txn_type") == "capture"]
    return {text(one.get("txn_id")): one.get("created_at") for one in captures}


def method_name(order: Raw) -> str:
    """The method as the customer saw it. `additional_information` has lost its keys: its first value is the name where
    the money was taken offline, and may be anything of the gateway's where it was not."""
    keyed = {row.get("key"): text(row.get("value")) for row in rows(extension(order).get("payment_additional_info"))}
    given = order.get("payment") or {}
    values = given.get("additional_information") or [""]
    first = values[0] if isinstance(values, list) else values
    unnamed = given.get("last_trans_id") or str(first or "").startswith(("{", "["))
    return keyed.get("method_title") or ("" if unnamed else text(first))


def _without_invoices(raw: Raw, currency: str, zone: ZoneInfo) -> tuple[Payment, ...]:
    """Some modules take money without an invoice document; only the order's own sum is known then."""
    paid = None if invoices(raw) else paid_in_all(raw, currency, zone)
    return (paid,) if paid else ()


def _payment(
    order: Raw, *, id: str, transaction_id: str, whole: Decimal, when: Any, currency: str, zone: ZoneInfo
) -> Payment:
    paid_at = instant(when)
    return Payment(
        id=id,
        transaction_id=transaction_id,
        order_id=id_of(order.get("entity_id")),
        method=text((order.get("payment") or {}).get("method")),
        method_name=method_name(order),
        amount=whole,
        currency=currency,
        paid_at=paid_at,
        date=paid_at.astimezone(zone).date(),
    )
