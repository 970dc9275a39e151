"""An order's lines and charges, before anything is spread over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
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

    @property
    def gross(self) -> Decimal:
        return self.net + (self.tax or ZERO)

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
    """Of an order or a refund."""
    return [*products(record, currency), *charges(record, currency)]


def products(record: Record, currency: str) -> list[Draft]:
    return [
        _product(item, position, record.text("taxName"), currency)
        for position, item in enumerate(record.children("lineItems", "lineItem"), 1)
    ]


def charges(record: Record, currency: str) -> Iterator[Draft]:
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
    discount = rounded(abs(item.amount("discountAmount")), currency)
    net = _net(item, quantity * item.amount("unitPrice") - discount, tax or ZERO, currency)
    sku = item.text("sku")
    return Draft(
        id=item.id() or str(position),
        kind="product",
        name=item.text("name") or sku or "Item",
        net=net,
        unit_price=item.amount("unitPrice"),
        discount=discount,
        tax=None if tax is None else rounded(tax, currency),
        tax_name=item.text("taxName") or tax_name or "Tax",
        tax_rate=item.stated("taxRate"),
        sku=sku,
        description=item.text("description"),
        quantity=quantity,
    )


def _net(item: Record, computed: Decimal, tax: Decimal, currency: str) -> Decimal:
    """The line's own total is the truth. Whether it holds the tax, the setting says, or else quantity × price."""
    stated = item.stated("total")
    computed = rounded(computed, currency)
    if item.terms.kept.get("prices_include_tax"):
        return (computed if stated is None else rounded(stated, currency)) - rounded(tax, currency)
    if stated is None:
        return computed
    net = rounded(stated, currency)
    return computed if tax and net != computed and net - rounded(tax, currency) == computed else net
