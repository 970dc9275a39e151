"""The crossing: a Magento order, with its invoices and credit memos, in our words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from connectors.documents import ZERO, Line, Order, Raw
from connectors.errors import Rejected
from connectors.magento.billing import Bill, bill
from connectors.magento.captures import method_name, paid_in_all, payments
from connectors.magento.counted import counted_items
from connectors.magento.people import address, shipping_assignment
from connectors.magento.reading import amount, id_of, instant, money, rows, text
from connectors.magento.refunds import claimed, refunds
from connectors.magento.shops import other_store, zone_of

Stage = Literal["placed", "accepted", "canceled"]
STAGES: Mapping[str, Stage] = {
    "processing": "accepted",
    "complete": "accepted",
    "closed": "accepted",
    "canceled": "canceled",
}
"""By `state`, whose words are fixed; `status` is the merchant's own. Every other state is not accepted yet."""


def order_from(raw: Raw) -> Order:
    """All amounts in the order's own currency, as the customer owed them."""
    order, zone = raw["order"], zone_of(raw)
    currency = text(order.get("order_currency_code")) or text(order.get("base_currency_code"))
    placed_at = instant(order.get("created_at"))
    _require_one_currency(raw, currency)
    billed = bill(raw, currency)
    return Order(
        id=id_of(order.get("entity_id")),
        number=text(order.get("increment_id")),
        store_id=id_of(order.get("store_id")),
        store_name=" / ".join(filter(None, map(str.strip, text(order.get("store_name")).splitlines()))),
        stage=stage(order),
        status=text(order.get("status")) or text(order.get("state")),
        placed_at=placed_at,
        updated_at=instant(order["updated_at"]) if order.get("updated_at") else None,
        date=placed_at.astimezone(zone).date(),
        timezone=zone.key,
        currency=currency,
        base_currency=text(order.get("base_currency_code")) or None,
        base_rate=money(order.get("base_to_order_rate")) or None,
        payments=payments(raw, currency, zone),
        paid=paid_in_all(raw, currency, zone),
        refunds=refunds(raw, currency, zone),
        refunded=claimed(order, currency),
        prices_include_tax=prices_include_tax(order),
        discount_names=discount_names(order),
        skip_reason="other_store" if other_store(raw) else "",
        **_sums(billed),
        **_customer(order),
        **_terms(order),
    )


def _require_one_currency(raw: Raw, currency: str) -> None:
    """An invoice or a credit memo repeats its order's currency; amounts in another would be taken for the order's."""
    for kind, name in (("invoices", "Invoice"), ("creditmemos", "Credit memo")):
        for document in rows(raw.get(kind)):
            told = text(document.get("order_currency_code")) or currency
            if told != currency:
                number = text(document.get("increment_id")) or id_of(document.get("entity_id"))
                raise Rejected(
                    f"{name} {number} is in {told}, but its order in {currency}",
                    code="mixed_currencies",
                    field="order_currency_code",
                    value=told,
                )


def stage(order: Raw) -> Stage:
    """An order on hold is where it was before."""
    state = text(order.get("state"))
    if state == "holded":
        state = text(order.get("hold_before_state"))
    return STAGES.get(state or text(order.get("status")), "placed")


def prices_include_tax(order: Raw) -> bool:
    """The setting is not in REST, but it shows: the catalogue's price is the one with tax, or tax was compensated."""
    return any(
        amount(item, "discount_tax_compensation_amount")
        or amount(item, "original_price") == amount(item, "price_incl_tax") > amount(item, "price")
        for item in counted_items(order)
    )


def discount_names(order: Raw) -> tuple[str, ...]:
    names = (text(order.get("discount_description")), text(order.get("coupon_code")))
    return tuple(dict.fromkeys(filter(None, names)))


def _sums(billed: Bill) -> dict[str, Any]:
    return {
        "lines": billed.lines,
        "total": billed.total,
        "residual": billed.residual,
        "tenders": billed.tenders,
        "tax_total": _sum(billed.lines, "tax"),
        "discount_total": _sum(billed.lines, "discount"),
    }


def _sum(lines: Sequence[Line], part: str) -> Decimal:
    return sum((getattr(line, part) for line in lines), ZERO)


def _customer(order: Raw) -> dict[str, Any]:
    """A guest's name may stand only in the billing address, and a deleted customer leaves no id."""
    billing = address(order.get("billing_address"))
    return {
        "customer_id": id_of(order.get("customer_id")),
        "guest": not id_of(order.get("customer_id")),
        "email": text(order.get("customer_email")),
        "first_name": text(order.get("customer_firstname")) or billing.first_name,
        "last_name": text(order.get("customer_lastname")) or billing.last_name,
        "company": billing.company,
        "vat_number": text(order.get("customer_taxvat")) or text((order.get("billing_address") or {}).get("vat_id")),
        "billing": billing,
        "shipping": address(shipping_assignment(order).get("address")),
    }


def _terms(order: Raw) -> dict[str, Any]:
    payment = order.get("payment") or {}
    return {
        "payment_method": text(payment.get("method")),
        "payment_method_name": method_name(order),
        "purchase_order": text(payment.get("po_number")),
        "shipping_method": text(shipping_assignment(order).get("method")),
        "customer_note": text(order.get("customer_note")),
        "external_id": text(order.get("ext_order_id")),
        "replaces": replaced_number(order),
        "replaced_by": text(order.get("relation_child_real_id")),
    }


def replaced_number(order: Raw) -> str:
    """Editing cancels the old order and makes a new one; the second edit replaces the first, not the original."""
    earlier = text(order.get("relation_parent_real_id")) or text(order.get("original_increment_id"))
    return "" if earlier == text(order.get("increment_id")) else earlier
