"""What an order wants in the books. Money is decided here; the mapping only chooses the words around it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from connectors.documents import BooksLine, Currency, Document, Money


class WantedLine(BooksLine):
    """A books line as accounting makes it. `sku`, `kind` and `source_id` are there for the mapping to use."""

    sku: str = ""
    kind: str = "product"
    source_id: str = ""


class WantedClient(Document):
    """`key` is the natural key: the lower-cased e-mail, or what the policy puts in its place."""

    key: str
    customer_id: str = ""
    email: str = ""
    currency: Currency


class WantedItem(Document):
    key: str
    sku: str
    name: str
    unit_price: Money
    currency: Currency


class WantedInvoice(Document):
    key: str
    number: str
    po_number: str
    date: dt.date
    due_days: int
    currency: Currency
    lines: tuple[WantedLine, ...]
    total: Money
    notes: str = ""
    """What accounting must say on the document: a late arrival's true date, a conversion's rate."""


class WantedPayment(Document):
    """`marker` must end the note. `part` says which capture or tender it is, and never changes."""

    key: str
    part: str
    marker: str
    amount: Money
    currency: Currency
    date: dt.date
    type: str
    method: str = ""
    method_name: str = ""
    transaction_id: str = ""
    notes: str = ""


class WantedCredit(Document):
    """A credit note for one refund. `part` says which, and never changes."""

    key: str
    part: str
    number: str
    refund_number: str
    date: dt.date
    currency: Currency
    lines: tuple[WantedLine, ...]
    total: Money
    notes: str = ""


class Wanted(Document):
    """Everything one order wants, in the order in which it is posted."""

    client: WantedClient
    items: tuple[WantedItem, ...] = ()
    invoice: WantedInvoice
    payments: tuple[WantedPayment, ...] = ()
    credits: tuple[WantedCredit, ...] = ()
    waiting_for: str = ""
    """A sentence, where something announced has not happened yet (a pending refund)."""

    @property
    def total(self) -> Decimal:
        return self.invoice.total
