"""Documents for any books: the shared ones with all that they need, and of a vendor's own whatever is required."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from connectors.base import Connector
from connectors.documents import (
    Address,
    BooksLine,
    BooksPayment,
    Client,
    CreditNote,
    Document,
    Expense,
    Invoice,
    Item,
    LineTax,
)

DAY = dt.date(2026, 3, 1)
TAX = LineTax(name="State Tax", percent=Decimal(10), amount=Decimal("7.35"))
LINES = (
    BooksLine(name="Desk lamp", quantity=Decimal(3), unit_price=Decimal("24.50"), taxes=(TAX,)),
    BooksLine(name="Shipping", unit_price=Decimal(5)),
)
TOTAL = Decimal("85.85")
USUAL: Mapping[Any, Any] = {str: "Sample", Decimal: Decimal(5), int: 1, bool: False, dt.date: DAY}


def client(_: Connector) -> Client:
    return Client(email="ada@example.org", first_name="Ada", currency="USD", address=Address(city="Boston"))


def item(_: Connector) -> Item:
    return Item(sku="LAMP-1", name="Desk lamp", unit_price=Decimal("24.50"), currency="USD")


def invoice(books: Connector) -> Invoice:
    billed = books.resource("client").create(client(books)).id
    return Invoice(number="C-42", po_number="42", client_id=billed, date=DAY, currency="USD", lines=LINES, total=TOTAL)


def payment(books: Connector) -> BooksPayment:
    paid = books.resource("invoice").create(invoice(books)).id
    return BooksPayment(invoice_id=paid, amount=Decimal("40.00"), currency="USD", date=DAY, note="[C-42/1]")


def credit_note(books: Connector) -> CreditNote:
    credited = books.resource("client").create(client(books)).id
    return CreditNote(number="C-CM1", client_id=credited, date=DAY, currency="USD", lines=LINES, total=TOTAL)


def expense(_: Connector) -> Expense:
    fees = {"amount": Decimal("6.95"), "currency": "USD", "date": DAY, "vendor": "gateway"}
    return Expense(**fees, note="Fees of payout po_1. [gateway/po_1/USD]")


MADE: Mapping[type[Document], Callable[[Connector], Document]] = {
    Client: client,
    Item: item,
    Invoice: invoice,
    BooksPayment: payment,
    CreditNote: credit_note,
    Expense: expense,
}


def sample(books: Connector, name: str) -> Document:
    """A document for this resource; what it refers to is made in the books first."""
    model = books.resources[name].document
    return MADE[model](books) if model in MADE else least(model)


def least(model: type[Document]) -> Document:
    required = {name: field for name, field in model.model_fields.items() if field.is_required()}
    return model.model_validate({name: USUAL[field.annotation] for name, field in required.items()})


def elsewhere(document: Document) -> Document:
    """The same under a natural key that nobody uses; where it has no key of its own, itself."""
    shared = {
        Client: {"email": "nobody@example.org"},
        Item: {"sku": "NONE-1"},
        BooksPayment: {},
        Expense: {"note": "[gateway/none/USD]"},
    }
    numbered = {"number": "NONE-1"} if type(document) in MADE else {"name": "None such"}
    return document.model_copy(update=shared.get(type(document), numbered))
