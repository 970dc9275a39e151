"""The sums of an order as the columns of its header."""

from __future__ import annotations

from connectors.magento.sandbox.pricing import Sums
from connectors.magento.sandbox.tables import Row


def header_amounts(sums: Sums, base: str) -> Row:
    """One currency set: `base` is the columns' prefix, empty or "base_"."""
    amnt = "amnt" if base else "amount"  # the base column's name is one letter too long for the database
    ship = sums.shipping
    amounts = {
        "subtotal": sums.subtotal,
        "subtotal_incl_tax": sums.subtotal_incl_tax,
        "discount_amount": -sums.discount,
        "discount_tax_compensation_amount": sums.compensation,
        "shipping_amount": ship.row_total,
        "shipping_discount_amount": ship.discount,
        f"shipping_discount_tax_compensation_{amnt}": ship.compensation,
        "shipping_incl_tax": ship.row_total_incl_tax,
        "shipping_tax_amount": ship.tax,
        "tax_amount": sums.tax,
        "grand_total": sums.grand_total,
        "total_due": sums.grand_total,
    }
    return {base + name: amount for name, amount in amounts.items()}
