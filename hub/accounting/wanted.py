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
    """`part` says which of an order's invoices, where edits made several: "" is the first, and never changes. `edit`
    counts the edits: which of them it came of, 0 for none."""

    key: str
    part: str = ""
    edit: int = 0
    number: str
    po_number: str
    date: dt.date
    business_date: dt.date | None = None
    """The source's own, where `date` may be later because that day is closed."""
    due_days: int
    currency: Currency
    lines: tuple[WantedLine, ...]
    total: Money
    notes: str = ""
    """What accounting must say on the document: a late arrival's true date, a conversion's rate."""
    conversion: str = ""
    """The sentence about that rate alone."""


class WantedPayment(Document):
    """`marker` must end the note. `part` says which capture or tender it is, and never changes; `of` is the part of the
    invoice that it pays."""

    key: str
    part: str
    of: str = ""
    marker: str
    amount: Money
    currency: Currency
    date: dt.date
    business_date: dt.date | None = None
    type: str
    method: str = ""
    method_name: str = ""
    transaction_id: str = ""
    notes: str = ""


class WantedCredit(Document):
    """A credit note for one refund, or for what an edit took away. `part` says which, and never changes; `of` is the
    part of the invoice that it is about; `title` names it where it is no refund."""

    key: str
    part: str
    edit: int = 0
    of: str = ""
    title: str = ""
    number: str
    refund_number: str
    date: dt.date
    business_date: dt.date | None = None
    currency: Currency
    lines: tuple[WantedLine, ...]
    total: Money
    notes: str = ""


class Finding(Document):
    """Something odd about the order that does not keep it from the books. `reason` is a slug, `message` a sentence with
    amounts, `amount` what it is worth."""

    reason: str
    message: str
    amount: Money
    currency: Currency


class Wanted(Document):
    """Everything one order wants, in the order in which it is posted. `invoice` is the one that it has now; edits may
    have made others beside or before it, and corrections, which are credit notes that are no refunds."""

    client: WantedClient
    items: tuple[WantedItem, ...] = ()
    others: tuple[WantedInvoice, ...] = ()
    invoice: WantedInvoice
    corrections: tuple[WantedCredit, ...] = ()
    payments: tuple[WantedPayment, ...] = ()
    credits: tuple[WantedCredit, ...] = ()
    waiting_for: str = ""
    """A sentence, where something announced has not happened yet (a pending refund)."""
    findings: tuple[Finding, ...] = ()

    standing: Money | None = None
    """What the order is worth in the books, where that is more than its one invoice."""

    @property
    def total(self) -> Decimal:
        return self.invoice.total if self.standing is None else self.standing
