"""What an order bills: the reading of its amounts by which the lines make up its total.

Fields came and went over the years, and the sheet leaves open whether wrapping and fees stand inside the subtotal, and
where a coupon for shipping shows. The order's own total decides: of the readings that the documentation allows, the first
that closes to the cent (or to a cent for each line, which is rounding) is taken. Where none does, the order is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from connectors.bigcommerce.lines import (
    Basis,
    fee_lines,
    handling_lines,
    product_lines,
    rounding_line,
    shipping_lines,
    wrapping_lines,
)
from connectors.bigcommerce.reading import amount, apportioned, id_of, rounded, rows, stated, total
from connectors.bigcommerce.taxes import NamedTaxes
from connectors.bigcommerce.tenders import tendered
from connectors.documents import ZERO, Line, Raw

CENT = Decimal("0.01")
SHIPPING_COUPONS = ("3", "4", "shipping_discount", "free_shipping")
"""Types of coupons, by number or by name: off the shipping, and free shipping."""


@dataclass(frozen=True)
class Bill:
    """`total` is what the customer owed before tenders; `residual` what the lines leave unexplained."""

    lines: tuple[Line, ...]
    total: Decimal

    @property
    def residual(self) -> Decimal:
        return self.total - sum((line.gross for line in self.lines), ZERO)

    @property
    def closes(self) -> bool:
        return abs(self.residual) <= CENT * len(self.lines)


def bill(raw: Raw, currency: str) -> Bill:
    """The first reading that closes exactly, else the first that leaves only rounding, else the first."""
    chosen = min(_readings(raw, currency), key=lambda one: (one.residual != 0, not one.closes))
    rest = rounding_line(chosen.lines, chosen.total) if chosen.closes else ()
    return Bill((*chosen.lines, *rest), chosen.total)


def prices_include_tax(order: Raw) -> bool:
    """Older captures do not say; then the sums tell which totals the discounts were taken from."""
    if stated(order, "is_tax_inclusive_pricing"):
        return bool(order["is_tax_inclusive_pricing"])
    parts = ("subtotal_inc_tax", "shipping_cost_inc_tax", "handling_cost_inc_tax", "wrapping_cost_inc_tax")
    whole = sum((amount(order, part) for part in parts), ZERO)
    return whole - discounts(order) == amount(order, "total_inc_tax")


def discounts(order: Raw) -> Decimal:
    return amount(order, "discount_amount") + amount(order, "coupon_discount")


def _readings(raw: Raw, currency: str) -> Iterator[Bill]:
    order = raw["order"]
    taxes = NamedTaxes(rows(raw.get("taxes")), currency)
    owed = rounded(amount(order, "total_inc_tax"), currency)
    addresses = rows(raw.get("shipping_addresses"))
    shipped = [shipping_lines(order, addresses, taxes)]
    if off := shipping_coupons(raw, currency):
        shipped.append(shipping_lines(order, addresses, taxes, less=off))
    wrapped, fees = wrapping_lines(order, taxes), fee_lines(rows(raw.get("fees")), taxes)
    extras = [[*wrapped, *fees], wrapped, fees, []]
    sold = [product_lines(_discounted(raw, basis, currency), basis, taxes) for basis in _bases(order)]
    for whole, shipping, extra, lines in product(_totals(owed, order, currency), shipped, extras, sold):
        yield Bill((*lines, *shipping, *handling_lines(order, taxes), *extra), whole)


def _discounted(raw: Raw, basis: Basis, currency: str) -> list[Raw]:
    """Where no line says what was taken off it, the order's discount is spread by price, as the documentation does it."""
    products, off = rows(raw.get("products")), discounts(raw["order"]) - shipping_coupons(raw, currency)
    told = any(stated(row, "discounted_total_inc_tax") or row.get("applied_discounts") for row in products)
    weights = [amount(row, "total_ex_tax" if basis == "exclusive" else "total_inc_tax") for row in products]
    if told or off <= 0 or sum(weights, ZERO) <= 0:
        return products
    shares = apportioned(off, weights, currency)
    return [{**row, "applied_discounts": [{"amount": one}]} for row, one in zip(products, shares, strict=True)]


def shipping_coupons(raw: Raw, currency: str) -> Decimal:
    """What coupons took off the shipping, where that is not already off its cost."""
    coupons = [one for one in rows(raw.get("coupons")) if id_of(one.get("type")) in SHIPPING_COUPONS]
    off = rounded(total(coupons, "discount"), currency)
    return min(off, rounded(amount(raw["order"], "shipping_cost_inc_tax"), currency))


def _bases(order: Raw) -> Sequence[Basis]:
    return ("stated", "inclusive", "exclusive") if prices_include_tax(order) else ("stated", "exclusive", "inclusive")


def _totals(owed: Decimal, order: Raw, currency: str) -> Sequence[Decimal]:
    """Store credit and gift certificates pay, and do not lower the total; no capture shows it, so the lines may say
    that they were taken off all the same."""
    used = tendered(order, currency)
    return (owed, owed + used) if used else (owed,)
