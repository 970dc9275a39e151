"""The crossing: an order, with its payments and refunds, in our words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.clarity.captures import captures, payment_records, payments, surcharges
from connectors.clarity.claims import paid_in_all, refunded_in_all, told_by_nothing_else
from connectors.clarity.doubts import inconsistent, unexplained, untold_refund
from connectors.clarity.people import buyer
from connectors.clarity.record import Record, Terms
from connectors.clarity.refunds import refund_records, refunds
from connectors.clarity.statuses import stage_of
from connectors.clarity.sums import bill
from connectors.documents import ZERO, Line, Order, Raw


def order_from(raw: Raw) -> Order:
    """All amounts in the order's own currency. `raw` holds order, payments, refunds and the hub's settings."""
    order = Record("order", raw["order"], Terms(raw["hub"]))
    currency = currency_of(order)
    billed = bill(order, currency)
    listed = payment_records(raw, order)
    captured = captures(listed, currency)
    lines = (*billed.lines, *surcharges(captured, order, billed.total))
    total = billed.total + sum((line.gross for line in lines[len(billed.lines) :]), ZERO)
    placed_at = order.when("orderDate")
    paid = paid_in_all(order, billed.total, currency)
    untold = (paid,) if paid and not listed and told_by_nothing_else(raw, order) else ()
    stage = stage_of(order)
    told = refund_records(raw, order, listed)
    given_back = refunds(raw, order, told, captured, lines, currency)
    return Order(
        id=order.required("id"),
        number=order.required("orderNumber"),
        stage=stage or "placed",
        status=order.text("status"),
        placed_at=placed_at,
        updated_at=order.instant("updatedAt"),
        date=placed_at.astimezone(order.terms.zone).date(),
        timezone=order.terms.zone.key,
        currency=currency,
        lines=lines,
        total=total,
        residual=billed.residual,
        tax_total=_sum(lines, "tax"),
        discount_total=_sum(lines, "discount"),
        discount_names=_coupons(order),
        prices_include_tax=bool(order.terms.kept.get("prices_include_tax")),
        payments=payments(captured, order, currency) or untold,
        paid=paid,
        refunds=given_back,
        refunded=refunded_in_all(raw, order, captured, billed.total, currency),
        doubt=unexplained(order, listed, told)
        or (None if told and given_back else untold_refund(captured))
        or inconsistent(order, billed.residual, booked=bool(captured or untold) or stage == "accepted"),
        **buyer(order),
        **_terms(order),
    )


def currency_of(order: Record) -> str:
    found = (order.text("currency") or order.terms.text("currency")).upper()
    if not found:
        raise order.missing("currency")
    if len(found) != 3 or not found.isalpha():
        raise order.wrong("currency", "a code of three letters such as USD")
    return found


def _sum(lines: Sequence[Line], part: str) -> Decimal:
    return sum((getattr(line, part) for line in lines), ZERO)


def _coupons(order: Record) -> tuple[str, ...]:
    found = order.get("couponCodes")
    codes = found if isinstance(found, list) else [found]
    named = (code.get("code") or code.get("name") if isinstance(code, dict) else code for code in codes)
    return tuple(dict.fromkeys(str(name).strip() for name in named if name))


def _terms(order: Record) -> dict[str, Any]:
    external = order.get("externalIds")
    return {
        "payment_method": order.text("paymentMethod"),
        "payment_method_name": order.text("paymentMethod"),
        "payment_terms": order.text("paymentTerms"),
        "purchase_order": order.text("purchaseOrderNumber"),
        "shipping_method": order.text("shippingMethod"),
        "customer_note": order.text("notes"),
        "external_id": str(external.get("accounting") or "") if isinstance(external, dict) else "",
    }
