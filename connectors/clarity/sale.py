"""The crossing: an order, with its payments and refunds, in our words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from connectors.clarity.captures import captures, payment_records, payments, surcharges, unclear
from connectors.clarity.claims import paid_in_all, refunded_in_all, told_by_nothing_else
from connectors.clarity.people import buyer
from connectors.clarity.record import Record, Terms
from connectors.clarity.refunds import refunds
from connectors.clarity.statuses import GENERIC_ORDERS, ORDERS, Stage, meaning
from connectors.clarity.sums import CENT, bill
from connectors.documents import ZERO, Doubt, Line, Order, Raw


def order_from(raw: Raw) -> Order:
    """All amounts in the order's own currency. `raw` holds order, payments, refunds and the hub's settings."""
    order = Record("order", raw["order"], Terms(raw["hub"]))
    currency = currency_of(order)
    billed = bill(order, currency)
    listed = payment_records(raw, order)
    captured = captures(listed, currency)
    lines = (*billed.lines, *surcharges(captured, billed.total))
    total = billed.total + sum((line.gross for line in lines[len(billed.lines) :]), ZERO)
    placed_at = order.when("orderDate")
    paid = paid_in_all(order, billed.total, currency)
    untold = (paid,) if paid and not listed and told_by_nothing_else(raw, order) else ()
    stage = stage_of(order)
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
        refunds=refunds(raw, order, listed, lines, currency),
        refunded=refunded_in_all(raw, order, listed, billed.total, currency),
        doubt=(None if stage else unknown_status(order))
        or unclear(listed)
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


def stage_of(order: Record) -> Stage | None:
    """None where nobody has said what the status means."""
    return ORDERS.get(meaning(order.text("status"), GENERIC_ORDERS, order.terms.table("status_map")))


def unknown_status(order: Record) -> Doubt:
    status = order.text("status")
    return Doubt(
        reason="unknown_status",
        message=f"Order {order.text('orderNumber')} has the status “{status}”, which nobody has explained yet",
        field="status_map",
        value=status,
        remedy=f"Add “{status}” to the connection's order statuses, as one of {', '.join(ORDERS)}; then retry.",
    )


def inconsistent(order: Record, residual: Decimal, *, booked: bool) -> Doubt | None:
    """The sheet's tolerance is a cent for the whole order. Until it is to be booked, it may still be worked on."""
    if abs(residual) <= CENT or not booked:
        return None
    return Doubt(
        reason="does_not_add_up",
        message=f"The lines, charges, taxes and discounts of order {order.text('orderNumber')} leave "
        f"{residual:f} of its total of {order.text('total')} unexplained",
        field="order.total",
        value=order.text("total"),
        remedy="Look at the order in the store, and at the connection's fields: an amount may stand under another name. "
        "Paste the order on the page “Try on a record”, which shows what the settings make of it.",
    )


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
