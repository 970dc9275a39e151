"""Orders, read together with their payments and refunds, and written back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from connectors.base import Notice, Remote, Resource
from connectors.clarity import pasted, writeback
from connectors.clarity.captures import speaks_of_refunds
from connectors.clarity.cursor import Feed, changed
from connectors.clarity.listing import dated_between
from connectors.clarity.paging import every
from connectors.clarity.reading import rows
from connectors.clarity.record import Record
from connectors.clarity.refusals import offers_nothing
from connectors.clarity.sale import order_from
from connectors.documents import Order, OrderUpdate, Raw
from connectors.errors import Gone, Rejected

if TYPE_CHECKING:
    from connectors.clarity.connector import ClarityConnector

FEEDS = (
    Feed("orders.list", "order", names="id"),
    Feed("payments.list", "payment", names="orderId", optional=True),
    Feed("refunds.list", "refund", names="orderId", optional=True),
)
"""A payment or a refund need not touch its order, so all three are followed."""
LOOKUPS = {"payment": "payments.get", "refund": "refunds.get"}


class Orders(Resource[Order]):
    name = "order"
    label = "Order"
    document = Order
    change = OrderUpdate
    pieces: ClassVar[Mapping[str, str]] = {
        "order": "The order, as the site answers",
        "payments": "Its payments, one or a list",
        "refunds": "Its refunds, where the site lists them",
    }
    connector: ClarityConnector

    def fetch(self, id: str) -> Raw:
        raw = {"order": self.connector.client.record("orders.get", id), "hub": self.connector.site.kept}
        order = Record("order", raw["order"], self.connector.site.terms)
        if order.id() != id:
            raise Rejected(
                f"asked for order {id}, the site answered with {order.called or 'something else'}",
                code="other_record",
                field="order.id",
                value=order.id(),
            )
        payments = self._payments(order)
        return {**raw, "payments": payments, "refunds": self._refunds(order, payments)}

    def parse(self, raw: Raw) -> Order:
        return order_from(raw)

    def assemble(self, pieces: Mapping[str, Any]) -> Raw:
        site = self.connector.site
        order = pasted.record(pieces["order"], site, "orders.get")
        within = Record("order", order, site.terms)
        payments = pieces.get("payments") or within.get("payments")
        refunds = pieces.get("refunds") or within.get("refunds")
        return {
            "order": order,
            "payments": pasted.records(payments, site, "orders.payments"),
            "refunds": pasted.records(refunds, site, "refunds.list") if refunds else None,
            "hub": site.kept,
        }

    def resolve(self, lookup: str) -> str:
        """From "payment=…" or "refund=…"."""
        kind, _, id = lookup.partition("=")
        if kind not in LOOKUPS:
            raise Rejected(f"an order cannot be looked up by {kind}", code="bad_lookup")
        found = Record(kind, self.connector.client.record(LOOKUPS[kind], id), self.connector.site.terms)
        if not found.id("orderId"):
            raise Gone(f"{found.called} belongs to no order yet", code="no_order_yet")
        return found.id("orderId")

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        return changed(self.connector.client, self.connector.site.terms, self.name, FEEDS, cursor)

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return dated_between(self.connector, "orders.list", "order", ("orderDate",), start, end)

    def read(self, id: str) -> Remote:
        return writeback.remote(
            Record("order", self.connector.client.record("orders.get", id), self.connector.site.terms)
        )

    def update(self, id: str, document: OrderUpdate) -> Remote:
        return writeback.write(self.connector.client, self.connector.site.terms, id, document)

    def _payments(self, order: Record) -> list[Raw] | None:
        """Within the order, under the order, or in the list of all payments: whichever the site offers first."""
        within = order.get("payments")
        if isinstance(within, list):
            return rows(within)
        found = self._offered("orders.payments", id=order.id())
        return self._of_order("payments.list", order) if found is None else found

    def _refunds(self, order: Record, payments: list[Raw] | None) -> list[Raw] | None:
        """Only asked for where something speaks of them: most orders have none, and not every site lists them."""
        within = order.get("refunds")
        if isinstance(within, list):
            return rows(within)
        spoken = any(speaks_of_refunds(Record("payment", one, order.terms)) for one in payments or ())
        told = "refund" in f"{order.text('status')} {order.text('paymentStatus')}".lower()
        return self._of_order("refunds.list", order) if spoken or told or order.amount("refundedTotal") else []

    def _of_order(self, name: str, order: Record) -> list[Raw] | None:
        """Nothing of it is older than the order itself, should the site ignore for whose we ask."""
        return self._offered(name, since=order.instant("orderDate"), only={"order_id": order.id()})

    def _offered(self, name: str, **asked: Any) -> list[Raw] | None:
        """None where the site has no such list."""
        if self.connector.site.offers(name) is None:
            return None
        try:
            return every(self.connector.client, name, **asked)
        except Rejected as error:
            if not offers_nothing(error):
                raise
            return None
