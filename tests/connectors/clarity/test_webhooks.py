"""What an envelope says, in the usual words and in others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.base import Notice, Webhook
from tests.connectors.clarity.sites import built


def told(envelope: Any, **settings: Any) -> list[Notice]:
    return [*built(**settings).read_notices(Webhook(json.dumps(envelope).encode(), {}))]


@pytest.mark.parametrize(
    ("event", "resource"),
    [("order.created", "order"), ("order.updated", "order"), ("order.cancelled", "order"),
     ("customer.created", "customer"), ("customer.updated", "customer"), ("product.updated", "product")],
)  # fmt: skip
def test_each_event_names_its_record(event: str, resource: str) -> None:
    assert told({"id": "e1", "type": event, "data": {"id": 77}}) == [Notice(resource, id="77", delivery_id="e1")]


def test_a_payment_is_its_orders_affair() -> None:
    full = {"id": "e1", "type": "payment.captured", "data": {"id": "p1", "orderId": "o1"}}
    thin = {"id": "e2", "type": "payment.refunded", "data": {"id": "p1"}}
    assert told(full) == [Notice("order", id="o1", delivery_id="e1")]
    assert told(thin) == [Notice("order", lookup="payment=p1", delivery_id="e2")]


def test_names_of_events_can_be_mapped_and_unknown_ones_are_acknowledged() -> None:
    placed = {"id": "e1", "type": "SalesOrderPlaced", "data": {"id": "o1"}}
    assert told(placed) == []
    assert told(placed, events={"SalesOrderPlaced": "order.created"}) == [Notice("order", id="o1", delivery_id="e1")]
    assert told({"id": "e1", "type": "cart.updated", "data": {"id": "c1"}}) == []


def test_without_an_id_of_its_own_event_record_and_change_time_make_one() -> None:
    changed = {"type": "order.updated", "data": {"id": "o1", "updatedAt": "2026-03-01T10:00:00Z"}}
    [first], [same] = told(changed), told(changed)
    [later] = told({**changed, "data": {"id": "o1", "updatedAt": "2026-03-01T10:00:01Z"}})
    assert first.delivery_id == same.delivery_id != later.delivery_id
    [nameless] = told({"type": "order.updated", "data": {"id": "o1"}})
    assert nameless.delivery_id == ""


def test_an_envelope_may_use_names_of_its_own() -> None:
    envelope = {"EventId": "e1", "EventName": "order.created", "Payload": {"Order": "o1"}}
    fields = {"event.id": "EventId", "event.type": "EventName", "event.data": "Payload", "order.id": "Order"}
    assert told(envelope, fields=fields) == [Notice("order", id="o1", delivery_id="e1")]


def test_data_may_be_the_id_alone_and_several_events_may_come_together() -> None:
    many = [{"id": f"e{number}", "type": "order.created", "data": f"o{number}"} for number in (1, 2)]
    assert [notice.id for notice in told(many)] == ["o1", "o2"]
