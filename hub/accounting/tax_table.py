"""The tax table: what a source calls a tax, and what the books call it. The source's amounts stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.documents import ZERO, Line, Order, Refund, Tax
from hub.accounting.policy import Policy
from hub.accounting.taxes import reproduces
from hub.accounting.wanted import UnmappedTax
from hub.errors import Held

RATE_PLACES = 4
"""What rates are compared to: a store may tell them with any number of decimals."""


@dataclass(frozen=True)
class TaxRow:
    """`to` is the books' name. Empty scopes fit everything; `own` says that the row is for one flow alone. `percent` is
    what the books call the rate, used where it makes the line's cents; None: as charged."""

    name: str
    to: str
    rate: Decimal | None = None
    country: str = ""
    own: bool = False
    percent: Decimal | None = None

    def fits(self, tax: Tax, country: str) -> bool:
        rated = self.rate is None or (tax.rate is not None and round(tax.rate, RATE_PLACES) == self.rate)
        return rated and self.country in ("", country)

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """The most specific row wins: one for the flow alone, then one for the country, then one for the rate."""
        return self.own, bool(self.country), self.rate is not None


@dataclass(frozen=True)
class TaxTable:
    """`names` is a plain list of names, asked only where no row fits."""

    rows: Iterable[TaxRow] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def row(self, tax: Tax, country: str) -> TaxRow | None:
        found = (row for row in self.rows if row.name == tax.name and row.fits(tax, country))
        best = max(found, key=lambda row: row.rank, default=None)
        if best is None and tax.name in self.names:
            return TaxRow(tax.name, self.names[tax.name])
        return best

    def named(self, order: Order) -> Order:
        """The order with its taxes, and those of its refunds, under the books' names."""
        country = country_of(order)
        refunds = tuple(self._refund(refund, country) for refund in order.refunds)
        return order.model_copy(update={"lines": self._lines(order.lines, order.currency, country), "refunds": refunds})

    def unmapped(self, order: Order) -> tuple[UnmappedTax, ...]:
        """What the order was charged under names that are not in the table, and on how much."""
        country = country_of(order)
        found: dict[tuple[str, Decimal | None], tuple[Decimal, Decimal]] = {}
        for net, tax in _charged(order.lines):
            if self.row(tax, country) is None:
                worth, on = found.get((tax.name, tax.rate), (ZERO, ZERO))
                found[tax.name, tax.rate] = worth + tax.amount, on + net
        return tuple(
            UnmappedTax(name=name, rate=rate, country=country, tax=worth, net=on, currency=order.currency)
            for (name, rate), (worth, on) in found.items()
        )

    def _refund(self, refund: Refund, country: str) -> Refund:
        return refund.model_copy(update={"lines": self._lines(refund.lines, refund.currency, country)})

    def _lines(self, lines: Iterable[Line], currency: str, country: str) -> tuple[Line, ...]:
        return tuple(
            line.model_copy(update={"taxes": tuple(self._tax(tax, line.net, currency, country) for tax in line.taxes)})
            for line in lines
        )

    def _tax(self, tax: Tax, net: Decimal, currency: str, country: str) -> Tax:
        row = self.row(tax, country)
        if row is None:
            return tax
        fits = row.percent is not None and reproduces(net, row.percent, tax.amount, currency)
        return tax.model_copy(update={"name": row.to, "rate": row.percent if fits else tax.rate})


def country_of(order: Order) -> str:
    """Where the goods go; of what is not sent anywhere, where the bill goes."""
    return order.shipping.country or order.billing.country


def require_mapped(unmapped: Iterable[UnmappedTax], policy: Policy) -> None:
    """Under `unmapped_tax: hold` a tax that nobody has named in the tax table needs a person."""
    missing = list(unmapped)
    if policy.unmapped_tax == "pass" or not missing:
        return
    names = list(dict.fromkeys(one.name for one in missing))
    said = f"The tax {names[0]} is" if len(names) == 1 else f"The taxes {', '.join(names)} are"
    raise Held(
        "unmapped_tax",
        f"{said} not in the tax table",
        field="tax",
        value=missing[0].name,
        remedy="Say below what it is called in the books. Every order that is held for it is then posted.",
        tax={"missing": [one.model_dump(mode="json") for one in missing]},
    )


def _charged(lines: Iterable[Line]) -> Iterator[tuple[Decimal, Tax]]:
    return ((line.net, tax) for line in lines for tax in line.taxes if tax.amount)
