"""Orders and their lines as V2 prints them, for tests that need just one of each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.bigcommerce.sale import order_from
from connectors.documents import Order

ZERO = "0.0000"
CHARGES = ("shipping", "handling", "wrapping")


def line(
    id: int, ex: str, inc: str, *, tax: str | None = None, after: str | None = None, **more: Any
) -> dict[str, Any]:
    """`ex` and `inc` are before discounts, `tax` and `after` (with tax) behind them."""
    found: dict[str, Any] = {
        "id": id,
        "type": "physical",
        "sku": f"SKU-{id}",
        "name": f"Thing {id}",
        "quantity": 1,
        "price_ex_tax": ex,
        "price_inc_tax": inc,
        "total_ex_tax": ex,
        "total_inc_tax": inc,
        "total_tax": tax if tax is not None else str(Decimal(inc) - Decimal(ex)),
        "applied_discounts": [],
        "product_options": [],
        **more,
    }
    return found if after is None else {**found, "discounted_total_inc_tax": after}


def off(amount: str, **more: Any) -> dict[str, Any]:
    return {"id": "coupon", "amount": amount, "name": "SPRING", "code": "SPRING", "target": "order", **more}


def order(total: str, tax: str = "0", **more: Any) -> dict[str, Any]:
    charges = {f"{name}_cost_{part}": ZERO for name in CHARGES for part in ("ex_tax", "inc_tax", "tax")}
    return {
        "id": 1042,
        "customer_id": 57,
        "date_created": "Mon, 02 Mar 2026 05:15:00 +0000",
        "date_modified": "Mon, 02 Mar 2026 09:15:09 +0000",
        "is_tax_inclusive_pricing": False,
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        **charges,
        "total_ex_tax": str(Decimal(total) - Decimal(tax)),
        "total_inc_tax": total,
        "total_tax": tax,
        "payment_method": "Credit Card",
        "payment_provider_id": None,
        "payment_status": "",
        "refunded_amount": ZERO,
        "store_credit_amount": ZERO,
        "gift_certificate_amount": ZERO,
        "currency_code": "EUR",
        "default_currency_code": "USD",
        "store_default_currency_code": "USD",
        "discount_amount": ZERO,
        "coupon_discount": ZERO,
        "external_source": None,
        "external_order_id": "",
        "billing_address": {
            "first_name": "Ada",
            "last_name": "Byron",
            "email": "ada@example.com",
            "country_iso2": "us",
        },
        **more,
    }


def taken(amount: str, id: int = 7, **more: Any) -> dict[str, Any]:
    """A transaction by which money came in."""
    return {
        "id": id,
        "order_id": "1042",
        "event": "purchase",
        "method": "credit_card",
        "amount": Decimal(amount),
        "currency": "USD",
        "gateway": "stripe",
        "gateway_transaction_id": f"ch_{id}",
        "date_created": "2026-03-02T05:15:05+00:00",
        "test": False,
        "status": "ok",
        **more,
    }


def parsed(head: dict[str, Any], *lines: dict[str, Any], zone: str = "America/New_York", **parts: Any) -> Order:
    return order_from({"order": head, "products": list(lines), "hub": {"timezone": zone}, **parts})
