"""The crossing: a BigCommerce order, with its products, transactions and refunds, in our words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.bigcommerce.billing import Bill, bill, prices_include_tax
from connectors.bigcommerce.captures import is_test, paid_in_all, payments
from connectors.bigcommerce.lines import method
from connectors.bigcommerce.people import PURCHASE_ORDER, customer_note, customer_of, named_field
from connectors.bigcommerce.reading import id_of, instant, record, rows, text
from connectors.bigcommerce.refunds import claimed, refunds
from connectors.bigcommerce.statuses import no_sale, stage
from connectors.bigcommerce.tenders import tenders
from connectors.documents import ZERO, Line, Order, Raw
from connectors.errors import Rejected


def order_from(raw: Raw) -> Order:
    """All amounts in the currency of the sale, as the customer owed them."""
    order, zone = raw["order"], zone_of(raw)
    currency = currency_of(order)
    placed_at = instant(order.get("date_created"))
    billed, used = bill(raw, currency), tenders(order, currency)
    due = billed.total - sum((one.amount for one in used), ZERO)
    paid = payments(raw, due, currency, zone)
    given_back = refunds(raw, billed.lines, currency, zone)
    addresses = rows(raw.get("shipping_addresses"))
    return Order(
        id=id_of(order.get("id")),
        number=id_of(order.get("id")),
        store_id=id_of(order.get("channel_id")),
        stage=stage(
            order, text(record(raw.get("hub")).get("accepted_statuses")), paid=bool(paid or used or given_back)
        ),
        status=text(order.get("custom_status")) or text(order.get("status")),
        placed_at=placed_at,
        updated_at=instant(order["date_modified"]) if order.get("date_modified") else None,
        date=placed_at.astimezone(zone).date(),
        timezone=zone.key,
        currency=currency,
        tenders=used,
        payments=paid,
        paid=paid_in_all(raw, paid, due, currency, zone),
        refunds=given_back,
        refunded=claimed(order, paid),
        prices_include_tax=prices_include_tax(order),
        skip_reason=no_sale(raw, test=is_test(raw)),
        **_sums(billed),
        **_base(order, currency),
        **customer_of(order, addresses[0] if addresses else {}),
        **_terms(raw, addresses),
    )


def currency_of(order: Raw) -> str:
    """`default_currency_code` is the currency of every amount, whatever its name says; `currency_code` is only what the
    shopper was shown."""
    found = (text(order.get("default_currency_code")) or text(order.get("currency_code"))).upper()
    if not re.fullmatch("[A-Z]{3}", found):
        message = f"BigCommerce names no currency for order {id_of(order.get('id'))}, only {found!r}"
        raise Rejected(message, code="no_currency", field="default_currency_code", value=found)
    return found


def zone_of(raw: Raw) -> ZoneInfo:
    """The connection's own setting wins over the store's."""
    store = record(record(raw.get("store")).get("timezone"))
    name = text(record(raw.get("hub")).get("timezone")) or text(store.get("name")) or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"the store's time zone is {name!r}, which is unknown here; choose one in the connection"
        raise Rejected(message, code="bad_timezone", field="timezone", value=name) from None


def _sums(billed: Bill) -> dict[str, Any]:
    return {
        "lines": billed.lines,
        "total": billed.total,
        "residual": billed.residual,
        "tax_total": _sum(billed.lines, "tax"),
        "discount_total": _sum(billed.lines, "discount"),
    }


def _sum(lines: Sequence[Line], part: str) -> Decimal:
    return sum((getattr(line, part) for line in lines), ZERO)


def _base(order: Raw, currency: str) -> dict[str, Any]:
    """The sheet leaves open whether the store's rate multiplies or divides, so only that of one currency is taken."""
    base = text(order.get("store_default_currency_code")).upper()
    return {"base_currency": base or None, "base_rate": Decimal(1) if base == currency else None}


def _terms(raw: Raw, addresses: Sequence[Raw]) -> dict[str, Any]:
    order = raw["order"]
    return {
        "discount_names": discount_names(raw),
        "payment_method": text(order.get("payment_method")),
        "payment_method_name": text(order.get("payment_method")),
        "purchase_order": named_field(record(order.get("billing_address")), PURCHASE_ORDER),
        "shipping_method": next(filter(None, map(method, addresses)), ""),
        "customer_note": customer_note(order, addresses),
        "external_id": text(order.get("external_order_id")),
    }


def discount_names(raw: Raw) -> tuple[str, ...]:
    """Of the discounts on the lines, and the codes of coupons."""
    applied = [one for row in rows(raw.get("products")) for one in rows(row.get("applied_discounts"))]
    names = [text(one.get("name")) or text(one.get("code")) for one in applied]
    codes = [text(one.get("code")) for one in rows(raw.get("coupons"))]
    return tuple(dict.fromkeys(filter(None, (*names, *codes))))
