"""A flow's accounting choices, each with its default. Design, section 4."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from babel.core import get_global
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

Side = Literal["source", "target", "ask"]
"""Whose value stands where both sides have changed a field; or a person is asked."""


EVERYTHING = "all"


class RoundingTolerance(BaseModel):
    """In minor units of the currency: per line, and for the whole document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int = Field(1, ge=0, le=100)
    document: int = Field(5, ge=0, le=1000)


class WriteBack(BaseModel):
    """What goes back to the source once the order is posted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    comment: bool = True
    status: str = Field("", description="A status of the source, set with the comment. Empty: unchanged")
    external_id: bool = False
    attribute: str = Field("", description="Name of a custom attribute that takes the invoice number")


class DueFrom(BaseModel):
    """Due days read from a field of the order, such as its payment terms."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    path: str = Field(alias="from")


class FixedRate(BaseModel):
    """One unit of `currency` in the currency that is converted to, as a person typed it in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    currency: str = Field(pattern="^[A-Z]{3}$")
    rate: Decimal = Field(gt=0)
    source: str = "fixed by hand"
    date: dt.date | None = None


class Policy(BaseModel):
    """Field titles and descriptions are what the admin shows; the first choice of each is the default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    invoice_when: Literal["accepted", "placed", "paid"] = Field("accepted", title="Invoice an order when it is")
    invoice_status: Literal["sent", "draft"] = Field("sent", title="Leave the invoice as")
    invoice_prefix: str = Field(
        "",
        max_length=10,
        title="Invoice number prefix",
        description="Keeps numbers unique over all flows into the same books",
    )
    zero_total: Literal["skip", "invoice"] = Field("skip", title="An order over nothing")
    tax_style: Literal["percent", "lines"] = Field(
        "percent",
        title="Tax",
        description="`lines` posts each tax as an untaxed line: exact, but the books' own tax report stays empty",
    )
    unmapped_tax: Literal["pass", "hold"] = Field("pass", title="A tax that is not in the tax table")
    rounding_tolerance: RoundingTolerance = Field(RoundingTolerance(), title="Rounding corrected without asking")
    discounts: Literal["net", "line"] = Field(
        "net",
        title="Discounts",
        description="`net` takes them off the lines and names them there; `line` posts a negative line",
    )
    shipping: str = Field("line", title="Shipping", description="`line`, or the name of the item it is posted as")
    fees: str = Field("line", title="Fees", description="`line`, or the name of the item they are posted as")
    gift_cards: str = Field(
        "Gift cards (liability)",
        min_length=1,
        title="Sold gift cards",
        description="The liability they are posted as, or `line` for their own name; they are no revenue",
    )
    payments: Literal["captured", "off"] = Field("captured", title="Payments", description="Authorised is not paid")
    tenders: Literal["payment", "hold"] = Field("payment", title="Gift cards, store credit and reward points")
    refunds: Literal["credit_note", "hold"] = Field(
        "credit_note",
        title="Refunds",
        description="A credit note lowers what the customer owes; the money itself is returned in the store",
    )
    apply_credits: Literal["off", "on"] = Field(
        "off",
        title="Credit notes on unpaid invoices",
        description="`on` pays what is owed on an order's invoices from its credit notes; try it on one order first",
    )
    payment_types: dict[str, str] = Field({}, title="Payment method → type in the books")
    unmapped_payment: Literal["Other", "hold"] = Field("Other", title="A payment method that is not in the table")
    due_days: int | DueFrom = Field(0, title="Due after days")
    currency: Literal["transaction", "base", "convert"] = Field(
        "transaction",
        title="Currency of the invoice",
        description="`base` converts by the store's own rate, `convert` by a fixed one or the rate table's; both print it",
    )
    convert_to: str = Field(
        "", title="Convert to", pattern="^([A-Z]{3})?$", description="ISO 4217 code", validate_default=True
    )
    rates: tuple[FixedRate, ...] = Field((), title="Fixed exchange rates")
    rate_days: int = Field(
        7,
        ge=0,
        le=366,
        title="Days a rate may be old",
        description="The rate table's newest rate of the order's day or of so many days before it",
    )
    items: Literal["ensure", "ignore"] = Field("ensure", title="Items in the books")
    client_match: Literal["email", "company", "guest_client"] = Field("email", title="Find the client by")
    no_email: Literal["hold", "guest_client"] = Field("hold", title="An order without an e-mail address")
    guest_client: str = Field("guest@example.invalid", title="E-mail of the client for guests")
    cut_over: dt.date | None = Field(None, title="Skip orders before")
    write_back: WriteBack = Field(WriteBack(), title="Tell the store")
    owns: tuple[str, ...] = Field(
        (EVERYTHING,),
        title="Fields that this flow keeps up to date",
        description="Names of the target's fields, or `all` that its mapping fills; none: it only makes records and links "
        "them",
    )
    both_changed: Side = Field("source", title="A field that both sides have changed takes")
    owners: dict[str, Side] = Field({}, title="Fields that go by a rule of their own")

    def keeps(self, field: str) -> bool:
        return field in self.owns or EVERYTHING in self.owns

    def owner(self, field: str) -> Side:
        return self.owners.get(field, self.both_changed)

    @field_validator("convert_to")
    @classmethod
    def _into_something(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("currency") == "convert" and not value:
            raise ValueError("say into which currency, such as USD")
        if value and value not in get_global("all_currencies"):
            raise ValueError(f"{value} is no currency; write its three letters, such as USD")
        return value

    @field_validator("payments", "apply_credits", mode="before")
    @classmethod
    def _off(cls, value: Any) -> Any:
        """YAML reads a bare `off` as false, and a bare `on` as true."""
        return {False: "off", True: "on"}[value] if isinstance(value, bool) else value

    @field_validator("write_back", mode="before")
    @classmethod
    def _write_back_off(cls, value: Any) -> Any:
        return {"comment": False} if value in (False, "off") else value


def policy_from(values: dict[str, Any]) -> Policy:
    """Raises pydantic's ValidationError, whose message names the key."""
    return Policy.model_validate(values)
