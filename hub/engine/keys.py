"""The natural key of each document: what makes two postings the same posting."""

from __future__ import annotations

import hashlib
import json

from connectors.documents import (
    BooksPayment,
    Client,
    CreditNote,
    Customer,
    CustomerUpdate,
    Document,
    Expense,
    Invoice,
    Item,
    Order,
    OrderUpdate,
    marker_of,
)


def natural_key(document: Document) -> str:
    match document:
        case Client():
            return document.email.strip().lower() or f"{document.organization} {document.last_name}".strip().lower()
        case Item():
            return document.sku
        case CustomerUpdate() | Customer():
            return document.email.strip().lower()
        case Invoice() | CreditNote():
            return document.number
        case BooksPayment() | Expense():
            return marker_of(document.note)
        case OrderUpdate():
            return ""  # nothing is made
    raise TypeError(f"{type(document).__name__} has no natural key")


def digest(document: Document) -> str:
    """Of the content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(document.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def money_digest(order: Order) -> str:
    """Of what an order is worth, line by line: nothing, where it was called off. Refunds and payments are not part of
    it: they come later by nature."""
    if order.called_off:
        return hashlib.sha256(b"called off").hexdigest()
    lines = sorted((line.id, _number(line.net), _number(line.tax)) for line in order.lines)
    return hashlib.sha256(json.dumps([order.currency, _number(order.total), lines]).encode()).hexdigest()


def _number(amount: object) -> str:
    return format(amount.normalize(), "f") if hasattr(amount, "normalize") else str(amount)
