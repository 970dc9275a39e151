"""The sheet's three events, thin and with the whole record, from the site to the books. Whatever a webhook holds, the site
is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from hub.configuration import apply
from hub.models import SyncRecord
from tests.hub.hearing import hold_back, let_in
from tests.hub.world import World, kinds, open_world


@pytest.fixture(params=["thin", "full"])
def world(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[World]:
    made = open_world("clarity", kinds("books")[0])
    flow = {"name": "people", "preset": "clarity-customer-to-client", "source": "store", "target": "books"}
    apply(json.dumps({"version": 1, "flows": [{**flow, "enabled": True}]}), environment={})
    made.store.switch["payload"] = request.param
    hold_back(made)
    yield made
    made.store.close()
    made.books.close()


def heard(world: World, *events: str) -> None:
    """Just these, the newest first; all others were lost."""
    queued, world.store.outbox = world.store.outbox, []
    chosen = [one for one in reversed(queued) if json.loads(one[1])["type"] in events]
    assert chosen, f"nothing was sent but {[json.loads(one[1])['type'] for one in queued]}"
    for one in chosen:
        let_in(world, one)
    world.work()


def test_an_order_a_payment_and_a_customer_arrive_by_webhook_alone(world: World) -> None:
    order = world.place(kind="approved", lines={"a": "12.00"})
    heard(world, "order.created")
    assert [Decimal(one["amount"]["amount"]) for one in world.invoices] == [12] and not world.payments
    world.place(capture=world.number(order))
    heard(world, "payment.captured")
    assert [Decimal(one["amount"]["amount"]) for one in world.payments] == [12]
    world.store.person({"id": "cus_79", "first_name": "Josefina"})
    heard(world, "customer.updated")
    assert SyncRecord.objects.get(flow__name="people").state == "posted"
    assert "Josefina" in {one["fname"] for one in world.clients}


def test_an_old_order_in_a_late_webhook_is_not_believed(world: World) -> None:
    order = world.place(kind="approved", lines={"a": "12.00"})
    late, world.store.outbox = world.store.outbox, []
    world.place(amend=world.number(order), lines={"a": "15.00"})
    heard(world, "order.updated")
    for one in (*late, *late):
        let_in(world, one)
    world.work()
    [invoice] = world.invoices
    assert Decimal(invoice["amount"]["amount"]) == 15 and SyncRecord.objects.get(flow__name="orders").state == "posted"
