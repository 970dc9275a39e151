"""What an order wants in the books. Money is decided here; the mapping only chooses the words around it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pydantic import Field, model_validator

from connectors.documents import ZERO, BooksLine, Currency, Document, Money, Percent, Quantity


class Conversion(Document):
    """By what an order's amounts became those of its documents: one unit of `given` is `rate` of `currency`, as `source`
    says of that day."""

    given: Currency
    currency: Currency
    rate: Quantity = Field(gt=0)
    source: str
    date: dt.date | None = None


class UnmappedTax(Document):
    """What an order was charged under a name that is not in the tax table, on how much, in the order's own currency."""

    name: str
    rate: Percent | None = None
    country: str = ""
    tax: Money
    net: Money
    currency: Currency


class WantedLine(BooksLine):
    """A books line as accounting makes it. `sku`, `kind` and `source_id` are there for the mapping to use. `kind` is the
    source line's; `tax` where a tax is a line of its own, `adjustment` for rounding and discounts."""

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
    rate: Conversion | None = None
    """The rate itself: what belongs to this invoice later is converted by it, too."""


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
    credit: str = ""
    """The part of the credit note that it is taken from, where no money moves."""
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
    refunded: Money | None = None
    """What the store gave back, where it is a refund: `total` is no more than that."""
    unexplained: Money = ZERO
    """What of that the store's own lines cannot explain: not to be booked before somebody has looked."""
    date: dt.date
    business_date: dt.date | None = None
    client_id: str = ""
    """Whom the books bill for what it takes back, where that is not the order's own client."""
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


class Withdrawn(Document):
    """A document of the order that is in the books, and that its source does not want there any more. Of a payment on
    several invoices, `part` is that of the whole."""

    resource: str
    part: str


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
    applications: tuple[WantedPayment, ...] = ()
    """What of its credit notes pays its invoices."""
    received: Money = ZERO
    """What was paid for it in its store, whether or not the flow records that."""
    remark: str = ""
    """A sentence, where the order needs one: something announced has not happened yet, or it was canceled."""
    withdrawn: tuple[Withdrawn, ...] = ()
    findings: tuple[Finding, ...] = ()
    unmapped: tuple[UnmappedTax, ...] = ()

    standing: Money | None = None
    """What the order is worth in the books, where that is more than its one invoice."""

    @model_validator(mode="after")
    def _one_currency(self) -> Wanted:
        """What is paid and given back is so in the currency of the invoice."""
        settling = {payment.currency for payment in self.payments} | {credit.currency for credit in self.credits}
        foreign = settling - {self.invoice.currency}
        if foreign:
            told = f"invoice {self.invoice.number} is in {self.invoice.currency}"
            raise ValueError(f"{told} but would be settled in {', '.join(sorted(foreign))}")
        return self

    @property
    def total(self) -> Decimal:
        return self.invoice.total if self.standing is None else self.standing
