"""From a basket to the amounts of an order, in the words of the generic profile. Amounts are Decimal throughout."""

from __future__ import annotations

from decimal import Decimal

from connectors.clarity.sandbox.baskets import Basket, CartLine
from connectors.clarity.sandbox.money import ZERO, rounded, total
from connectors.clarity.sandbox.tables import Row


def amounts(basket: Basket) -> Row:
    """Lines, and the sums that head them. What is taken off the whole lowers no line's tax."""
    lines = [_line(basket, line, number) for number, line in enumerate(basket.lines, 1)]
    shipping_tax = rounded(basket.shipping * basket.tax_on_shipping / 100, basket.currency)
    sums = {
        "subtotal": total(line["quantity"] * line["unitPrice"] for line in lines),
        "discountTotal": total(line["discountAmount"] for line in lines) + basket.off_all,
        "shippingTotal": basket.shipping,
        "shippingTaxTotal": shipping_tax,
        "handlingTotal": basket.handling,
        "feeTotal": basket.fee,
        "taxTotal": total(line["taxAmount"] for line in lines) + shipping_tax,
    }
    sums = {name: rounded(amount, basket.currency) for name, amount in sums.items()}
    owed = total(line["total"] for line in lines) - basket.off_all + basket.shipping + basket.handling + basket.fee
    sums["total"] = rounded(owed, basket.currency) + sums["taxTotal"]
    if not basket.tax_on_lines:
        lines = [{**line, "taxAmount": None} for line in lines]
    return {"lineItems": lines, **sums}


def _line(basket: Basket, line: CartLine, number: int) -> Row:
    price = line.product.price if line.price is None else line.price
    full = rounded(price * line.quantity, basket.currency)
    discount = rounded(full * line.percent_off / 100, basket.currency)
    net = full - discount
    tax = rounded(net * line.product.rate / 100, basket.currency) if line.tax is None else line.tax
    return {
        "id": f"li_{line.product.sku.strip() or number}",
        "sku": line.product.sku,
        "name": line.product.name,
        "description": None,
        "quantity": line.quantity,
        "unitPrice": price,
        "discountAmount": discount,
        "taxAmount": tax,
        "taxCode": "P0000000" if tax else "NT",
        **({"taxName": line.tax_name} if line.tax_name else {}),
        **({} if line.rate is None else {"taxRate": line.rate}),
        "total": net,
    }


def piece(line: Row, currency: str) -> Row:
    """One of it, as it was sold: for a refund. The last one would take what rounding left; nobody gives back the last."""
    part = Decimal(1) / line["quantity"]
    shared = {name: rounded((line[name] or ZERO) * part, currency) for name in ("total", "taxAmount", "discountAmount")}
    return {**line, "quantity": Decimal(1), **shared}
