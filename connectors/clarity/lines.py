"""An order's lines and charges, before anything is spread over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Literal

from connectors.clarity.reading import rounded
from connectors.clarity.record import Record
from connectors.documents import ZERO, Line, Tax

Kind = Literal["product", "shipping", "fee"]
CHARGES: tuple[tuple[str, str, Kind, str], ...] = (
    ("shippingTotal", "shippingTaxTotal", "shipping", "Shipping"),
    ("handlingTotal", "", "fee", "Handling"),
    ("feeTotal", "", "fee", "Fee"),
)
"""Field, field of its tax, kind, name."""
Rounding = Callable[[Decimal], Decimal]


@dataclass(frozen=True)
class Draft:
    """A line in the making. `tax` is None where its record does not say."""

    id: str
    kind: Kind
    name: str
    net: Decimal
    unit_price: Decimal
    discount: Decimal = ZERO
    tax: Decimal | None = None
    tax_name: str = "Tax"
    tax_rate: Decimal | None = None
    sku: str = ""
    description: str = ""
    quantity: Decimal = Decimal(1)
    holds_tax: bool = False
    """Its record states net and tax as one."""

    @property
    def gross(self) -> Decimal:
        return self.net + (self.tax or ZERO)

    def rounded(self, net: Rounding, tax: Rounding, discount: Rounding) -> Draft:
        own = None if self.tax is None else tax(self.tax)
        whole = net(self.gross) - (own or ZERO) if self.holds_tax else net(self.net)
        return replace(self, net=whole, tax=own, discount=discount(self.discount))

    def less(self, share: Decimal) -> Draft:
        return replace(self, net=self.net - share, discount=self.discount + share)

    def taxed(self, share: Decimal) -> Draft:
        return replace(self, tax=self.tax if not share else (self.tax or ZERO) + share)

    def line(self) -> Line:
        taxes = (Tax(name=self.tax_name, rate=self.tax_rate, amount=self.tax),) if self.tax else ()
        return Line(
            id=self.id,
            kind=self.kind,
            sku=self.sku,
            name=self.name,
            description=self.description,
            quantity=self.quantity,
            unit_price=self.unit_price,
            discount=max(self.discount, ZERO),
            net=self.net,
            taxes=taxes,
        )


def drafts(record: Record, currency: str) -> list[Draft]:
    """Of an order or a refund, each line rounded for itself."""
    alone = partial(rounded, currency=currency)
    return [*(one.rounded(alone, alone, alone) for one in _products(record, currency)), *_charges(record, currency)]


def drafts_together(record: Record, currency: str) -> list[Draft]:
    """Rounded so that they come to the rounded sum: a site may reckon to four places, and round but the whole."""
    net, tax, discount = Running(currency), Running(currency), Running(currency)
    return [*(one.rounded(net, tax, discount) for one in _products(record, currency)), *_charges(record, currency)]


class Running:
    """Rounds each value so that all up to it come to their rounded sum. What needs no rounding stays as it is."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.exact = self.given = ZERO

    def __call__(self, value: Decimal) -> Decimal:
        self.exact += value
        share = rounded(self.exact, self.currency) - self.given
        self.given += share
        return share


def _products(record: Record, currency: str) -> list[Draft]:
    """Exact, with as many places as the site tells."""
    return [
        _product(item, position, record.text("taxName"), currency)
        for position, item in enumerate(record.children("lineItems", "lineItem"), 1)
    ]


def _charges(record: Record, currency: str) -> Iterator[Draft]:
    for field, tax_field, kind, name in CHARGES:
        tax = record.stated(tax_field) if tax_field else None
        net = rounded(record.amount(field), currency)
        if net or tax:
            yield Draft(
                id=field,
                kind=kind,
                name=(record.text("shippingMethod") if kind == "shipping" else "") or name,
                net=net,
                unit_price=net,
                tax=None if tax is None else rounded(tax, currency),
                tax_name=record.text("taxName") or "Tax",
            )


def _product(item: Record, position: int, tax_name: str, currency: str) -> Draft:
    tax = item.stated("taxAmount")
    quantity = item.stated("quantity")
    quantity = Decimal(1) if quantity is None else quantity
    discount = abs(item.amount("discountAmount"))
    net = _net(item, quantity * item.amount("unitPrice") - discount, tax or ZERO, currency)
    sku = item.text("sku")
    return Draft(
        id=item.id() or str(position),
        kind="product",
        name=item.text("name") or sku or "Item",
        net=net,
        unit_price=item.amount("unitPrice"),
        discount=discount,
        tax=tax,
        holds_tax=bool(item.terms.kept.get("prices_include_tax")),
        tax_name=item.text("taxName") or tax_name or "Tax",
        tax_rate=item.stated("taxRate"),
        sku=sku,
        description=item.text("description"),
        quantity=quantity,
    )


def _net(item: Record, computed: Decimal, tax: Decimal, currency: str) -> Decimal:
    """The line's own total is the truth. Whether it holds the tax, the setting says, or else quantity × price."""
    stated = item.stated("total")
    if item.terms.kept.get("prices_include_tax"):
        return (computed if stated is None else stated) - tax
    if stated is None:
        return computed
    net, own = rounded(stated, currency), rounded(computed, currency)
    return computed if tax and net != own and net - rounded(tax, currency) == own else stated
