"""The typed values that cross the border. Source side: Order, Customer, Product and what belongs to an order.
Books' side: Client, Item, Invoice, BooksPayment, CreditNote, Expense.

Money is Decimal in the document's one `currency`; a document cannot hold two currencies. Percentages are percent
(20 means 20 %). Instants are aware datetimes; business dates are plain dates in the store's own zone.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, model_validator


def _plain(value: Decimal) -> str:
    return format(value, "f")


Money = Annotated[Decimal, PlainSerializer(_plain, return_type=str, when_used="json")]
"""An amount in the document's currency. JSON carries it as text, so that no float ever touches it."""
Percent = Annotated[Decimal, PlainSerializer(_plain, return_type=str, when_used="json")]
Quantity = Annotated[Decimal, PlainSerializer(_plain, return_type=str, when_used="json")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")]
ZERO = Decimal(0)


class Document(BaseModel):
    """A value: frozen, closed, compared by content."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Address(Document):
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    region: str = Field("", description="State or province, as the source names it")
    region_code: str = ""
    postcode: str = ""
    country: str = Field("", description="ISO 3166 two-letter code")
    phone: str = ""


# --- The source's side ------------------------------------------------------------------------------------------


class Tax(Document):
    """One tax on one line. `amount` is the truth; `rate` is what the source claims, and may not reproduce it."""

    name: str
    rate: Percent | None = None
    amount: Money


class Line(Document):
    """One amount of an order or refund, counted once. `net` is after discounts and before tax."""

    id: str
    kind: Literal["product", "shipping", "fee", "gift_card", "adjustment"] = "product"
    sku: str = ""
    name: str
    description: str = Field("", description="Chosen options, in words")
    quantity: Quantity = Decimal(1)
    unit_price: Money = Field(ZERO, description="Before discounts and tax, as shown by the source")
    discount: Money = Field(ZERO, description="Positive; already taken off `net`. 0 where it does not apply")
    net: Money
    taxes: tuple[Tax, ...] = ()

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


class Payment(Document):
    """One captured amount. Authorised money is not a payment. `id` is the capture document's own, never reused."""

    id: str
    transaction_id: str = ""
    order_id: str
    method: str = Field("", description="The source's code, such as checkmo")
    method_name: str = ""
    amount: Money
    currency: Currency
    paid_at: AwareDatetime
    date: dt.date
    claimed: bool = Field(
        False,
        exclude_if=lambda claimed: not claimed,
        description="Known by a status alone, which says no amount: it is over what was due, and no edit makes it more",
    )


class Tender(Document):
    """Value used instead of money: it pays the invoice, it does not reduce it."""

    kind: Literal["gift_card", "store_credit", "reward_points"]
    name: str = ""
    amount: Money


class Refund(Document):
    """One refund with the lines it gives back, all positive. `total` = lines with their taxes."""

    id: str
    number: str
    order_id: str
    pending: bool = Field(False, description="Announced by the source, money not yet returned")
    in_all: bool = Field(
        False, description="The source only says how much went back in all: this grows with each refund"
    )
    currency: Currency
    date: dt.date
    refunded_at: AwareDatetime
    lines: tuple[Line, ...]
    total: Money
    residual: Money = Field(ZERO, description="What of `total` the source cannot explain: more than rounding")
    tenders: tuple[Tender, ...] = Field((), description="What of it went back to these, and not as money")
    reason: str = ""

    @property
    def lines_total(self) -> Decimal:
        return sum((line.gross for line in self.lines), ZERO)


class Doubt(Document):
    """Why a person must look at a record before it is booked: a slug, a sentence, and what would settle it."""

    reason: str
    message: str
    field: str = ""
    value: str = ""
    remedy: str = ""


class Order(Document):
    """A sale as its source tells it. `total` is what the customer owed before tenders; `Σ lines = total` holds in
    every order that a connector can explain, and `residual` is what is left where it does not."""

    id: str
    number: str
    store_id: str = ""
    store_name: str = ""
    stage: Literal["placed", "accepted", "canceled"]
    status: str = Field("", description="The source's own word, for people")
    placed_at: AwareDatetime
    updated_at: AwareDatetime | None = None
    date: dt.date = Field(description="Business date: `placed_at` in the store's zone")
    timezone: str
    currency: Currency
    base_currency: Currency | None = None
    base_rate: Decimal | None = Field(None, description="order amount = base amount × rate, as the source applied it")
    customer_id: str = ""
    guest: bool = False
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    vat_number: str = ""
    billing: Address = Address()
    shipping: Address = Address()
    lines: tuple[Line, ...]
    total: Money
    tax_total: Money = ZERO
    discount_total: Money = Field(ZERO, description="Positive")
    discount_names: tuple[str, ...] = ()
    residual: Money = Field(ZERO, description="total − Σ lines; anything but 0 means the source does not add up")
    prices_include_tax: bool = False
    tenders: tuple[Tender, ...] = ()
    payments: tuple[Payment, ...] = ()
    paid: Payment | None = Field(
        None,
        description="What the source itself says was paid in all, by one id for good. Among `payments`, by that id, is "
        "what it says nothing else of. None: it does not say",
    )
    refunds: tuple[Refund, ...] = ()
    refunded: Money | None = Field(
        None, description="What the source itself says was refunded in all. None: it does not say"
    )
    payment_method: str = ""
    payment_method_name: str = ""
    payment_terms: str = ""
    purchase_order: str = ""
    shipping_method: str = ""
    customer_note: str = ""
    external_id: str = Field("", description="The source's field for another system's number, as it stands")
    replaces: str = Field("", description="Number of the order that this one is an edit of")
    replaced_by: str = ""
    skip_reason: str = Field("", description="Set where the source's own rules say that this is no sale: a reason slug")
    doubt: Doubt | None = Field(
        None, description="Set where the source cannot be read safely: a person must look first"
    )

    @property
    def lines_total(self) -> Decimal:
        return sum((line.gross for line in self.lines), ZERO)

    @property
    def captured(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), ZERO)

    @property
    def tendered(self) -> Decimal:
        return sum((tender.amount for tender in self.tenders), ZERO)

    @property
    def called_off(self) -> bool:
        """Canceled before any money moved: nothing of it is owed any more."""
        return self.stage == "canceled" and not self.captured and not self.refunds

    @model_validator(mode="after")
    def _one_currency(self) -> Order:
        held = {payment.currency for payment in self.payments} | {refund.currency for refund in self.refunds}
        foreign = held - {self.currency}
        if foreign:
            raise ValueError(f"order {self.number} is in {self.currency} but holds amounts in {', '.join(foreign)}")
        return self


class OrderUpdate(Document):
    """What goes back to the source about an order. Empty fields are left alone; repeating it changes nothing."""

    comment: str = Field(
        "", description="A note for the shop's staff, never e-mailed. Posted once: its text is its key"
    )
    status: str = ""
    external_id: str = ""
    attributes: dict[str, str] = {}


class Customer(Document):
    id: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str = ""
    vat_number: str = ""
    currency: Currency | None = None
    active: bool = True
    billing: Address = Address()
    shipping: Address = Address()
    updated_at: AwareDatetime | None = None


class CustomerUpdate(Document):
    """What goes back to the source about a customer: the fields of `Customer` that another system may have changed."""

    email: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str = ""
    vat_number: str = ""
    billing: Address = Address()
    shipping: Address = Address()


class Product(Document):
    id: str
    sku: str
    name: str
    description: str = ""
    price: Money | None = None
    currency: Currency | None = None
    active: bool = True
    inventory: Quantity | None = None
    updated_at: AwareDatetime | None = None


# --- The books' side --------------------------------------------------------------------------------------------


class Client(Document):
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    organization: str = ""
    phone: str = ""
    currency: Currency | None = None
    language: str = ""
    vat_number: str = ""
    address: Address = Address()
    shipping: Address = Address()
    note: str = ""
    active: bool = Field(True, description="Neither archived nor deleted. Only read, never written")

    @model_validator(mode="after")
    def _somebody(self) -> Client:
        if not (self.email or self.first_name or self.last_name or self.organization):
            raise ValueError("a client needs an e-mail address, a name or an organization")
        return self


class Item(Document):
    """A catalogue entry of the books: a template. Invoice lines never point at it."""

    sku: str = Field(min_length=1)
    name: str = Field(min_length=1)
    description: str = ""
    unit_price: Money = ZERO
    currency: Currency
    inventory: Quantity | None = None


class LineTax(Document):
    """A tax as the books take it: a name and a percent. `amount` is what the source charged, for the proof."""

    name: str = Field(min_length=1)
    percent: Percent
    amount: Money
    compound: bool = Field(
        False, exclude_if=lambda given: not given, description="Charged on the tax before it on the line, too"
    )


class BooksLine(Document):
    name: str = Field(min_length=1)
    description: str = ""
    quantity: Quantity = Decimal(1)
    unit_price: Money
    taxes: tuple[LineTax, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Net: quantity × unit price, without tax."""
        return self.quantity * self.unit_price

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), ZERO)


class Invoice(Document):
    """`total` is the source's; the proof compares it with the lines and with what the books answer."""

    number: str = Field("", description="Empty: the books assign one")
    po_number: str = ""
    client_id: str = Field(min_length=1)
    date: dt.date
    due_days: int = Field(0, ge=0)
    currency: Currency
    lines: tuple[BooksLine, ...] = Field(min_length=1)
    total: Money
    notes: str = ""
    terms: str = ""
    language: str = ""


class BooksPayment(Document):
    """`marker` ends the note, so that the payment is recognised again: `[<invoice number>/<transaction id or n>]`."""

    invoice_id: str = Field(min_length=1)
    amount: Money = Field(gt=0)
    currency: Currency
    date: dt.date
    type: str = "Other"
    credit_id: str = Field("", description="The credit note that it is taken from; empty where money was paid")
    note: str = ""


class CreditNote(Document):
    number: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    date: dt.date
    currency: Currency
    lines: tuple[BooksLine, ...] = Field(min_length=1)
    total: Money
    notes: str = ""
    language: str = ""


class Expense(Document):
    """Money that the merchant has spent and no order accounts for, such as a payment gateway's fees. `marker` ends the
    note, so that the expense is recognised again: `[<gateway>/<payout>/<currency>]`."""

    amount: Money = Field(gt=0)
    currency: Currency
    date: dt.date
    vendor: str = ""
    note: str = ""


def marker_of(note: str) -> str:
    """By which a payment or an expense is recognised again, the last bracketed part: `… [INV-7/txn_9]` → `INV-7/txn_9`."""
    note = note.rstrip()
    return note.rpartition("[")[2].rstrip("]") if note.endswith("]") and "[" in note else ""


Raw = dict[str, Any]
"""The vendor's answer, as JSON read with Decimal numbers."""
