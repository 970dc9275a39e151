"""An order's amounts as lines: products, shipping, handling, gift wrapping and fees. Gross and tax are the store's; the
net is what is left between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from connectors.bigcommerce.reading import amount, id_of, rounded, rounded_together, rows, stated, text, total
from connectors.bigcommerce.taxes import NamedTaxes
from connectors.documents import ZERO, Line, Raw

Kind = Literal["product", "shipping", "fee", "gift_card", "adjustment"]
Basis = Literal["stated", "inclusive", "exclusive"]
"""How a product's gross is found: as the store states it after all discounts, or by taking its discounts off the price
with tax, or off the price without."""
NO_METHOD = "none"


def product_lines(products: Sequence[Raw], basis: Basis, taxes: NamedTaxes) -> list[Line]:
    """Parts of a bundle stand there with nothing: the bundle bears their price. A store may keep taxes to parts of a cent,
    which only all lines together make whole."""
    sold = [row for row in products if not (row.get("is_bundled_product") and not amount(row, "total_inc_tax"))]
    charged = rounded_together([amount(row, "total_tax") for row in sold], taxes.currency)
    gross = rounded_together([product_gross(row, basis) for row in sold], taxes.currency)
    return [product_line(*known, taxes) for known in zip(sold, gross, charged, strict=True)]


def product_line(row: Raw, gross: Decimal, tax: Decimal, taxes: NamedTaxes) -> Line:
    """Unit prices are rounded to four places and never multiplied; `total_tax` is after discounts, the other totals
    before them (order 519 of the sheet)."""
    net = gross - tax
    return Line(
        id=id_of(row.get("id")),
        kind="gift_card" if row.get("type") == "giftcertificate" else "product",
        sku=text(row.get("sku")),
        name=text(row.get("name")) or text(row.get("sku")) or "Product",
        description=options(row),
        quantity=amount(row, "quantity") or Decimal(1),
        unit_price=amount(row, "price_ex_tax"),
        discount=max(rounded(amount(row, "total_ex_tax"), taxes.currency) - net, ZERO),
        net=net,
        taxes=taxes.split(tax, "item", id_of(row.get("id"))),
    )


def product_gross(row: Raw, basis: Basis) -> Decimal:
    """With tax, after every discount."""
    if basis == "stated" and stated(row, "discounted_total_inc_tax"):
        return amount(row, "discounted_total_inc_tax")
    off = total(rows(row.get("applied_discounts")), "amount")
    if basis == "exclusive":
        return amount(row, "total_ex_tax") - off + amount(row, "total_tax")
    return amount(row, "total_inc_tax") - off


def options(row: Raw) -> str:
    """What the customer chose, in words."""
    chosen = (
        (text(one.get("display_name")), text(one.get("display_value"))) for one in rows(row.get("product_options"))
    )
    return ", ".join(f"{name}: {value}" if name else value for name, value in chosen if value)


def shipping_lines(order: Raw, addresses: Sequence[Raw], taxes: NamedTaxes, *, less: Decimal = ZERO) -> list[Line]:
    """One for each address with a charge, where these make up the order's; `less` is what a coupon for shipping took
    off the whole."""
    charged = [one for one in addresses if amount(one, "cost_inc_tax")]
    if less or total(charged, "cost_inc_tax") != amount(order, "shipping_cost_inc_tax"):
        names = [one for one in map(method, addresses) if one]
        return _charge(
            "shipping", "shipping", "shipping", names[0] if names else "", order, "shipping_cost", taxes, less
        )
    return [line for one in charged for line in _shipped(one, taxes)]


def _shipped(address: Raw, taxes: NamedTaxes) -> list[Line]:
    id = id_of(address.get("id"))
    return _charge(f"shipping-{id}", "shipping", "shipping", method(address), address, "cost", taxes, address_id=id)


def method(address: Raw) -> str:
    """An order made by hand has the method "None"."""
    found = text(address.get("shipping_method"))
    return "" if found.lower() == NO_METHOD else found


def handling_lines(order: Raw, taxes: NamedTaxes) -> list[Line]:
    return _charge("handling", "fee", "handling", "Handling", order, "handling_cost", taxes)


def wrapping_lines(order: Raw, taxes: NamedTaxes) -> list[Line]:
    return _charge("wrapping", "fee", "gift-wrapping", "Gift wrapping", order, "wrapping_cost", taxes)


def fee_lines(fees: Sequence[Raw], taxes: NamedTaxes) -> list[Line]:
    return [line for fee in fees for line in _fee(fee, taxes)]


def rounding_line(lines: Sequence[Line], whole: Decimal) -> Iterator[Line]:
    """What rounding left, as a line of its own."""
    difference = whole - sum((line.gross for line in lines), ZERO)
    if difference:
        yield Line(id="rounding", kind="adjustment", name="Rounding", unit_price=difference, net=difference)


def _fee(fee: Raw, taxes: NamedTaxes) -> list[Line]:
    """Some examples of the documentation spell `cost_exc_tax`."""
    name = text(fee.get("display_name_customer")) or text(fee.get("display_name_merchant")) or "Fee"
    with_tax = {"cost_inc_tax": _fee_gross(fee), "cost_tax": fee.get("cost_tax")}
    return _charge(f"fee-{id_of(fee.get('id'))}", "fee", "fee", name, with_tax, "cost", taxes)


def _fee_gross(fee: Raw) -> Decimal:
    if stated(fee, "cost_inc_tax"):
        return amount(fee, "cost_inc_tax")
    net = amount(fee, "cost_ex_tax") or amount(fee, "cost_exc_tax")
    return (net or amount(fee, "base_cost")) + amount(fee, "cost_tax")


def _charge(
    id: str,
    kind: Kind,
    tax_kind: str,
    name: str,
    raw: Raw,
    field: str,
    taxes: NamedTaxes,
    less: Decimal = ZERO,
    address_id: str = "",
) -> list[Line]:
    """An amount that stands as `<field>_inc_tax` and `<field>_tax`."""
    gross = rounded(amount(raw, f"{field}_inc_tax"), taxes.currency)
    tax = rounded(amount(raw, f"{field}_tax"), taxes.currency)
    if not gross and not tax:
        return []
    full, net = gross - tax, gross - less - tax
    parted = taxes.split(tax, tax_kind, address_id=address_id)
    return [
        Line(id=id, kind=kind, name=name or "Shipping", unit_price=full, discount=full - net, net=net, taxes=parted)
    ]
