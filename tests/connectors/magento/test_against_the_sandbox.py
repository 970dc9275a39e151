"""The whole connector over real sockets, against a simulator that was written from the sheet alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.base import Connector
from connectors.documents import Address, Customer, Order, OrderUpdate
from connectors.errors import Gone, NeedsLogin, OutcomeUnknown, RetryLater
from connectors.http import NoBudget
from connectors.magento import connector as magento
from connectors.magento.connector import MagentoSettings
from connectors.magento.sandbox import sandbox
from connectors.sandbox import Fault, Sandbox
from tests.connectors.vaults import MemoryVault


@pytest.fixture
def shop() -> Iterator[Sandbox]:
    found = sandbox()
    found.serve()
    yield found
    found.close()


def connected(shop: Sandbox, **more: str) -> Connector:
    given = {**shop.connection_settings(), **more}
    form = MagentoSettings(given)
    assert form.is_valid(), form.errors
    return magento(
        given, MemoryVault(**{name: value for name, value in given.items() if name != "base_url"}), NoBudget()
    )


def polled(connector: Connector, cursor: Any = None) -> tuple[set[str], Any]:
    ids = set()
    cursor = cursor or {"since": "2000-01-01T00:00:00Z"}
    for notice, after in connector.resource("order").changed_since(cursor):
        ids.add(notice.id)
        cursor = after
    return ids, cursor


def read(connector: Connector, id: str) -> Order:
    orders = connector.resource("order")
    found = orders.parse(orders.fetch(id))
    assert isinstance(found, Order)
    return found


@pytest.mark.parametrize("id", ["1", "5"])
def test_an_address_that_is_changed_is_read_back_and_no_other_is_left_behind(shop: Sandbox, id: str) -> None:
    customers = connected(shop).resource("customer")
    for street in ("5 Harbour Lane", "7 Harbour Lane"):
        customers.amend(id, {"billing": Address(street=street, city="Bath", postcode="BA1 1AA", country="GB")})
        raw = customers.fetch(id)
        found = customers.parse(raw)
        assert isinstance(found, Customer) and found.billing is not None and found.shipping is not None
        assert (found.billing.street, found.billing.city) == (street, "Bath")
        assert found.shipping.city != "Bath" and len(raw["customer"]["addresses"]) == 2


def test_the_check_names_the_shop(shop: Sandbox) -> None:
    assert connected(shop).check().startswith("127.0.0.1")


@pytest.mark.parametrize(
    "switches",
    [
        {"version": "2.3", "page_past_end": "repeat"},
        {"version": "2.4.6", "bearer": "off"},
        {"version": "2.4.8", "input_limit": True},
        {"row_total": "net"},
        {"row_total": "display_incl_tax"},
        {"invoice_touches_order": False, "clock_skew": -3600},
    ],
    ids=str,
)
def test_a_days_trade_adds_up_and_none_of_it_is_left_out(shop: Sandbox, switches: dict[str, Any]) -> None:
    shop.switch.update(switches)
    shop.trade(orders=40, seed=3, day="2026-03-01")
    connector = connected(shop)
    ids, _ = polled(connector)
    assert ids == {str(row["entity_id"]) for row in shop.state()["orders"]}
    for id in ids:
        order = read(connector, id)
        assert order.residual == 0 and order.lines_total == order.total, order.number
        assert all(refund.lines_total == refund.total for refund in order.refunds), order.number
        assert not [line for line in order.lines if line.kind == "adjustment"], order.number


@pytest.mark.parametrize("fault", ["status", "reset"])
def test_the_trade_can_be_read_again_after_a_failure(shop: Sandbox, fault: str) -> None:
    shop.trade(orders=5, seed=3, day="2026-03-01")
    shop.faults.append(Fault(fault, status=503, body=b"<html>Service Unavailable</html>"))
    with pytest.raises(RetryLater):
        polled(connected(shop))
    assert len(polled(connected(shop))[0]) == len(shop.state()["orders"])


@pytest.mark.parametrize("missing", ["actions_view", "sales_invoice", "sales_creditmemo", "transactions_fetch"])
def test_a_check_names_any_permission_that_reading_an_order_takes(shop: Sandbox, missing: str) -> None:
    shop.switch["denied"] = [f"Magento_Sales::{missing}"]
    with pytest.raises(NeedsLogin, match=missing):
        connected(shop).check()


def test_a_wrong_token_is_a_login_that_is_needed(shop: Sandbox) -> None:
    with pytest.raises(NeedsLogin):
        connected(shop, access_token="wrong" * 6 + "no").check()


def test_what_is_not_there_is_gone(shop: Sandbox) -> None:
    with pytest.raises(Gone):
        connected(shop).resource("order").fetch("99999")
    with pytest.raises(Gone):
        connected(shop).resource("order").resolve("increment_id=nope")


@pytest.mark.parametrize("version", ["2.3", "2.4.6", "2.4.8"])
def test_a_comment_reaches_the_order_once_though_the_answer_was_lost(shop: Sandbox, version: str) -> None:
    shop.switch["version"] = version
    placed = shop.place({})
    orders = connected(shop).resource("order")
    shop.faults.append(Fault("lost", path="comments", method="POST"))
    change = OrderUpdate(comment="Invoiced as N-1", external_id="N-1", attributes={"books_number": "N-1"})
    with pytest.raises(OutcomeUnknown):
        orders.update(str(placed["entity_id"]), change)
    orders.update(str(placed["entity_id"]), change)
    again = orders.fetch(str(placed["entity_id"]))["order"]
    assert [row["comment"] for row in again["status_histories"]].count("Invoiced as N-1") == 1
    assert (again["ext_order_id"], again["status"]) == ("N-1", placed["status"])


def test_customers_and_products_are_read_too(shop: Sandbox) -> None:
    shop.trade(orders=10, seed=3, day="2026-03-01")
    connector = connected(shop)
    for name in ("customer", "product"):
        resource = connector.resource(name)
        notices = [notice for notice, _ in resource.changed_since({"since": "2000-01-01T00:00:00Z"})]
        assert notices
        assert resource.parse(resource.fetch(notices[0].id)).id == notices[0].id
