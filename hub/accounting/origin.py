"""What the source says of a document and the document itself cannot say: kept beside it, for the reports."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.documents import ZERO
from hub.accounting.wanted import WantedCredit, WantedInvoice, WantedLine, WantedPayment


def origin(wanted: Any) -> dict[str, Any]:
    """As JSON. Of a payment how it was paid, of a credit note which refund it is for and what that was over; of both
    invoice and credit note the taxes that are lines of their own, by name."""
    told: dict[str, Any] = {}
    match wanted:
        case WantedPayment():
            told = {"method": wanted.method, "method_name": wanted.method_name, "transaction": wanted.transaction_id}
        case WantedCredit():
            refund = {"refund": wanted.refund_number, "refunded": _text(wanted.refunded)} if wanted.refunded else {}
            told = {"of": wanted.of, **refund, "taxes": _tax_lines(wanted.lines)}
        case WantedInvoice():
            told = {"taxes": _tax_lines(wanted.lines)}
    return {name: value for name, value in told.items() if value}


def gift_cards(wanted: Any) -> Decimal | None:
    """What it adds to the gift cards that are outstanding; None where it is not about gift cards."""
    match wanted:
        case WantedPayment(method="gift_card"):
            return -wanted.amount
        case WantedInvoice():
            return _sold(wanted.lines)
        case WantedCredit():
            sold = _sold(wanted.lines)
            return None if sold is None else -sold
    return None


def _sold(lines: tuple[WantedLine, ...]) -> Decimal | None:
    """Net: a gift card is taxed when it is used."""
    sold = [line.amount for line in lines if line.kind == "gift_card"]
    return sum(sold, ZERO) if sold else None


def _tax_lines(lines: tuple[WantedLine, ...]) -> dict[str, str]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line.kind == "tax":
            sums[line.name] = sums.get(line.name, ZERO) + line.amount
    return {name: _text(amount) for name, amount in sums.items()}


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"
