"""Orders, read together with their payments and refunds, and written back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from connectors.base import Notice, Remote, Resource
from connectors.clarity import pasted, writeback
from connectors.clarity.cursor import Feed, changed
from connectors.clarity.listing import dated_between
from connectors.clarity.paging import every
from connectors.clarity.reading import rows
from connectors.clarity.record import Record
from connectors.clarity.refusals import offers_nothing, offers_us_nothing
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
BEFORE = dt.timedelta(days=7)
"""A payment may be that much older than its order; it only bounds what a list is read for that cannot be asked for one
order's rows."""
BEYOND_THE_USUAL = ("refunds.list",)
"""A login's usual permissions (sheet, 4.1) hold none for it: then what each payment says counts. That payments may not be
read is no answer, for then the order's own word would count as money."""
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
        return {**raw, "payments": self._payments(order), "refunds": self._refunds(order)}

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
        if within := rows(order.get("payments")):
            return within
        found = self._offered("orders.payments", id=order.id())
        if found is None:
            found = self._of_order("payments.list", "payment", order, ("orderId",))
        return _empty_within(order, "payments") if found is None else found

    def _refunds(self, order: Record) -> list[Raw] | None:
        """Asked for with every order: a refund need not show in the order or in its payments."""
        if within := rows(order.get("refunds")):
            return within
        found = self._of_order("refunds.list", "refund", order, ("orderId", "paymentId"))
        return _empty_within(order, "refunds") if found is None else found

    def _of_order(self, name: str, kind: str, order: Record, owners: Sequence[str]) -> list[Raw] | None:
        """Should the site ignore for whose we ask, what names no owner might be anybody's."""
        placed_at = order.instant("orderDate")
        found = self._offered(name, since=placed_at and placed_at - BEFORE, only={"order_id": order.id()})
        return found and [row for row in found if any(Record(kind, row, order.terms).id(one) for one in owners)]

    def _offered(self, name: str, **asked: Any) -> list[Raw] | None:
        """None where the site has no such list."""
        if self.connector.site.offers(name) is None:
            return None
        try:
            return every(self.connector.client, name, **asked)
        except Rejected as error:
            offers = offers_us_nothing if name in BEYOND_THE_USUAL else offers_nothing
            if not offers(error):
                raise
            return None


def _empty_within(order: Record, name: str) -> list[Raw] | None:
    """An empty list within the order is believed where nothing else can be asked: it may not have been loaded."""
    return [] if isinstance(order.get(name), list) else None
