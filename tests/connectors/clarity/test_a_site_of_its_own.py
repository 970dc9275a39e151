"""A site with other paths, other names, /Date()/ dates and failures called 200 is connected by a file alone, and its
orders reach the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors import registry
from connectors.base import Webhook
from connectors.clarity.sandbox import sandbox
from connectors.errors import RetryLater
from connectors.models import Connection
from connectors.sandbox import Fault, Sandbox
from hub.configuration import apply
from hub.intake.inbox import receive, take_up_stored
from hub.models import Flow
from tests.hub.world import World, kinds
from tests.oracle import hearsay, violations

NAMES = {
    "id": "recordId",
    "orderNumber": "reference",
    "status": "state",
    "orderDate": "placedOn",
    "updatedAt": "modifiedOn",
    "customerEmail": "contactEmail",
    "lineItems": "lines",
    "sku": "productCode",
    "quantity": "units",
    "total": "amountDue",
    "taxTotal": "salesTax",
    "orderId": "orderRef",
    "capturedAt": "settledOn",
    "amount": "value",
}
"""Generic name → what this site calls it, in Pascal case on top."""
SETTINGS: dict[str, Any] = {
    "paths": {
        "*": {"page_style": "offset", "items_path": "$.Data", "size": 20},
        "ping": "/WhoAmI",
        "orders.list": "/SalesOrders",
        "orders.get": "/SalesOrders/{id}",
        "orders.patch": "/SalesOrders/{id}",
        "orders.payments": "/SalesOrders/{id}/Receipts",
        "payments": {"list": "/Receipts", "get": "GET /Receipts/{id}"},
        "refunds.list": "/Returns",
    },
    "fields": {name: [f"{theirs[:1].upper()}{theirs[1:]}"] for name, theirs in NAMES.items()},
    "status_map": {"Backordered at vendor": "open"},
    "success_flag_path": "$.Success",
    "error_code_path": "$.Error.Code",
    "error_message_path": "$.Error.Message",
    "client_auth": "body",
    "signature": "hmac_hex",
    "events": {"SalesOrderPlaced": "order.created"},
}


def foreign() -> Sandbox:
    site: Sandbox = sandbox()
    site.switch |= {
        "routes": "own",
        "casing": "pascal",
        "names": NAMES,
        "dates": "ms",
        "nulls": "omit",
        "numbers": "number",
        "failures": "flag",
        "page_style": "offset",
        "totals": False,
        "page_limit": 15,
        "client_auth": "body",
        "signature": "hmac_hex",
        "event_names": {"order.created": "SalesOrderPlaced"},
    }
    return site


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """Connected by the file that an operator would write."""
    store, books = foreign(), registry.module(kinds("books")[0], "sandbox").sandbox()
    for one in (store, books):
        one.serve()
    content = {
        "version": 1,
        "connections": [
            {
                "name": "store",
                "kind": "clarity",
                "poll_from": "2020-01-01",
                "settings": {**store.connection_settings(), **SETTINGS},
            },
            {"name": "books", "kind": kinds("books")[0], "settings": books.connection_settings()},
        ],
        "flows": [
            {
                "name": "orders",
                "preset": "clarity-order-to-invoice",
                "source": "store",
                "target": "books",
                "enabled": True,
            }
        ],
    }
    apply(json.dumps(content), environment={})
    named = {one.name: one for one in Connection.objects.all()}
    yield World(store, books, named["store"], named["books"], Flow.objects.get())
    for one in (store, books):
        one.close()


def test_a_day_of_its_trade_is_in_the_books_to_the_cent(world: World) -> None:
    world.store.trade(orders=36, seed=11, day="2026-03-01")
    failure = {"Success": False, "Error": {"Code": "E17", "Message": "Try later"}}
    world.store.faults = [Fault("status", path="SalesOrders", status=200, body=failure)]
    with pytest.raises(RetryLater, match="failed, though it answered: Try later"):
        world.poll()
    world.poll()
    world.store.faults = [Fault("status", path="SalesOrders", status=200, body=failure, times=3, probability=0.3)]
    world.work(patience=10)
    expected = world.store.expectations()
    assert violations(expected, world.books.state()) == []
    assert list(hearsay(expected, world.store.told())) == []


def test_its_webhooks_are_understood(world: World) -> None:
    world.store.hook = {"url": "http://127.0.0.1:9/", "hold": True}
    placed = world.place(kind="simple")
    for _, body, headers in world.store.outbox:
        webhook = Webhook(body, {name.lower(): value for name, value in headers.items()})
        assert receive(world.source, webhook).verified
    take_up_stored()
    world.work()
    assert world.record().source_id == placed["id"] and world.record().state == "posted"
