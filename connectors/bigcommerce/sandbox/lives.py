"""What can become of an order after it was placed: the steps of a life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from connectors.bigcommerce.sandbox import statuses
from connectors.bigcommerce.sandbox.baskets import fewer
from connectors.bigcommerce.sandbox.paying import authorize as authorize_money
from connectors.bigcommerce.sandbox.paying import due, pay
from connectors.bigcommerce.sandbox.paying import void as void_money
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.placing import amend_order
from connectors.bigcommerce.sandbox.refunding import everything, item
from connectors.bigcommerce.sandbox.refunding import refund as give_back
from connectors.bigcommerce.sandbox.shop import Shop

Step = Callable[[Shop, Row], None]
NOT_ACCEPTED = (statuses.INCOMPLETE, statuses.PENDING, statuses.AWAITING_PAYMENT)


def capture(shop: Shop, order: Row) -> None:
    pay(shop, order)
    accepted = statuses.AWAITING_FULFILLMENT if order["status_id"] in NOT_ACCEPTED else None
    shop.touch(order, status=accepted)


def capture_some(shop: Shop, order: Row) -> None:
    """About a third of it."""
    pay(shop, order, (due(order) / 3).quantize(Decimal(1)))
    shop.touch(order, status=statuses.AWAITING_FULFILLMENT)


def authorize(shop: Shop, order: Row) -> None:
    """The money is reserved, not taken; the order waits for its payment."""
    authorize_money(shop, order)
    shop.touch(order, status=statuses.AWAITING_PAYMENT)


def ship(shop: Shop, order: Row) -> None:
    order["items_shipped"] = order["items_total"]
    shop.touch(order, status=statuses.COMPLETED if order["order_is_digital"] else statuses.SHIPPED)


def hold(shop: Shop, order: Row) -> None:
    shop.touch(order, status=statuses.VERIFICATION)


def unhold(shop: Shop, order: Row) -> None:
    shop.touch(order, status=statuses.AWAITING_FULFILLMENT)


def cancel(shop: Shop, order: Row) -> None:
    shop.before_cancel[order["id"]] = order["status_id"]
    shop.touch(order, status=statuses.CANCELED)


def revive(shop: Shop, order: Row) -> None:
    """As it was before. Raises KeyError for one that was not canceled."""
    shop.touch(order, status=shop.before_cancel[order["id"]])


def decline(shop: Shop, order: Row) -> None:
    order["payment_status"] = "declined"
    shop.touch(order, status=statuses.DECLINED)


def archive(shop: Shop, order: Row) -> None:
    order["is_deleted"] = True
    shop.touch(order)
    shop.announce("order/archived", {"type": "order", "id": order["id"]})


def amend(shop: Shop, order: Row) -> None:
    """Changed in place, under its own number: there is no other edit here."""
    amend_order(shop, order, fewer(shop.baskets[order["id"]]))


def void(shop: Shop, order: Row) -> None:
    void_money(shop, order)
    shop.touch(order)


def refund(shop: Shop, order: Row) -> None:
    give_back(shop, order, everything(shop, order), reason="All of it")


def refund_some(shop: Shop, order: Row) -> None:
    """One piece of the first line, without shipping."""
    first = shop.of("products", order)[0]
    give_back(shop, order, [item("PRODUCT", first["id"], quantity=1)], reason="Damaged")


def refund_adjustment(shop: Shop, order: Row) -> None:
    """Money only, without tax."""
    give_back(shop, order, [item("ORDER", order["id"], amount=Decimal("4.75"))])


def refund_shipping(shop: Shop, order: Row) -> None:
    amount = Decimal(order["shipping_cost_inc_tax"])
    give_back(shop, order, [item("SHIPPING", shop.of("shipping_addresses", order)[0]["id"], amount=amount)])


def refund_with_fee(shop: Shop, order: Row) -> None:
    """One piece of the first line; the shop keeps something for its trouble."""
    first = shop.of("products", order)[0]
    give_back(shop, order, [item("PRODUCT", first["id"], quantity=1, fee=Decimal("0.50"))])


def refund_too_much(shop: Shop, order: Row) -> None:
    """All that was paid, whatever went back before."""
    amount = Decimal(order["total_inc_tax"])
    give_back(shop, order, [item("ORDER", order["id"], amount=amount)], limited=False)


def call_refunded(shop: Shop, order: Row) -> None:
    """By hand: no money moves, and no refund is made."""
    shop.touch(order, status=statuses.REFUNDED)


STEPS: Mapping[str, Step] = {
    step.__name__: step
    for step in (
        capture, capture_some, authorize, ship, hold, unhold, cancel, revive, decline, archive, amend, void,
        refund, refund_some, refund_adjustment, refund_shipping, refund_with_fee, refund_too_much,
        call_refunded,
    )
} | {"edit": amend}  # fmt: skip
