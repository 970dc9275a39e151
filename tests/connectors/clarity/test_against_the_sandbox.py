"""The whole connector over real sockets, against a simulator that was written from the sheet alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import OrderUpdate
from connectors.errors import Gone, NeedsLogin, Rejected, RetryLater
from connectors.sandbox import Fault, Sandbox
from tests.connectors.clarity.sites import connected, polled, read

DAY = "2026-03-01"
PASCAL = {"casing": "pascal", "numbers": "number", "nulls": "omit"}


def agrees(connector: Any, told: dict[str, Any]) -> None:
    """What is read is what the trade says."""
    order = read(connector, told["entity_id"])
    assert order.number == told["increment_id"]
    assert order.residual == 0 and order.lines_total == order.total == Decimal(told["total"]), order.number
    assert order.date.isoformat() == told["date"]
    if told["expected"] == "posted":
        assert sorted(payment.amount for payment in order.payments) == sorted(
            Decimal(one["amount"]) for one in told["expected_payments"]
        )
        assert order.tax_total == Decimal(told["expected_tax"])


@pytest.mark.parametrize(
    ("switches", "settings"),
    [
        ({}, {}),
        ({"totals": False, "past_end": "repeat", "page_limit": 7}, {}),
        ({"page_start": 0}, {"paths": {"*": {"page_style": "page_number(start 0)"}}}),
        ({"page_style": "offset", "totals": False}, {"paths": {"*": {"page_style": "offset", "size": 9}}}),
        ({"page_style": "cursor"}, {"paths": {"*": {"page_style": "cursor", "size": 9}}}),
        ({"page_style": "link_header"}, {"paths": {"*": {"page_style": "link_header", "size": 9}}}),
        (PASCAL, {}),
        ({"dates": "ms"}, {}),
        ({"dates": "naive"}, {}),
        ({"dates": "epoch_s"}, {"dates": "epoch_s"}),
        ({"dates": "epoch_ms"}, {"dates": "auto"}),
        ({"envelope": ""}, {}),
        ({"envelope": "results"}, {"paths": {"*": {"items_path": "$.results"}}}),
        ({"failures": "flag"}, {"success_flag_path": "$.success"}),
        ({"payment_stamps": True, "clock_skew": -7200}, {}),
    ],
    ids=str,
)
def test_a_days_trade_is_read_as_it_was_made(site: Sandbox, switches: Any, settings: Any) -> None:
    site.switch.update(switches)
    told = site.trade(orders=40, seed=3, day=DAY)
    connector = connected(site, **settings)
    assert set(polled(connector)[0]) == {row["entity_id"] for row in told}
    for row in told:
        agrees(connector, row)


@pytest.mark.parametrize("fault", ["status", "reset"])
def test_the_trade_can_be_read_again_after_a_failure(site: Sandbox, fault: str) -> None:
    site.trade(orders=5, seed=3, day=DAY)
    connector = connected(site)
    connector.check()
    site.faults.append(Fault(fault, status=503, body=b"<html>Service Unavailable</html>"))
    with pytest.raises(RetryLater):
        polled(connector)
    assert len(set(polled(connector)[0])) == 5


def test_what_is_not_there_is_gone(site: Sandbox) -> None:
    for failures in ("status", "flag"):
        site.switch["failures"] = failures
        connector = connected(site, success_flag_path="$.success")
        with pytest.raises(Gone):
            connector.resource("order").fetch("ord_9")
        with pytest.raises(Gone):
            connector.resource("order").resolve("payment=pay_9")


def test_a_payments_order_is_asked_for(site: Sandbox) -> None:
    site.place({"kind": "simple"})
    assert connected(site).resource("order").resolve("payment=pay_1") == "ord_1001"


def test_the_number_of_the_invoice_stands_beside_other_systems_own(site: Sandbox) -> None:
    placed = site.place({"kind": "simple"})
    site.place({"order": {**placed, "externalIds": {"warehouse": "W-7"}}})
    orders = connected(site).resource("order")
    for _ in range(2):
        orders.update(placed["id"], OrderUpdate(external_id="N-1"))
    [stored] = site.state()["orders"]
    assert stored["externalIds"] == {"warehouse": "W-7", "accounting": "N-1"}
    assert orders.parse(orders.fetch(placed["id"])).external_id == "N-1"
    assert sum(method == "PATCH" for method, _, _ in site.log) == 1


def test_a_site_that_takes_no_changes_is_left_alone(site: Sandbox) -> None:
    placed = site.place({"kind": "simple"})
    orders = connected(site, paths={"orders.patch": None}).resource("order")
    assert orders.update(placed["id"], OrderUpdate(external_id="N-1")).id == placed["id"]
    assert not [method for method, _, _ in site.log if method == "PATCH"]


def test_a_note_and_a_status_are_written_once_and_keep_the_customers_words(site: Sandbox) -> None:
    placed = site.place({"kind": "simple"})
    site.place({"order": {**placed, "notes": "Ring twice"}})
    orders = connected(site).resource("order")
    for _ in range(2):
        orders.update(placed["id"], OrderUpdate(comment="Booked as N-1", status="completed"))
    [stored] = site.state()["orders"]
    assert (stored["notes"], stored["status"]) == ("Ring twice\nBooked as N-1", "completed")


def test_refunds_that_the_site_does_not_list_are_those_of_its_payments(site: Sandbox) -> None:
    site.switch["lacking"] = ["refunds"]
    placed = site.place({"kind": "partial_refund", "seed": 1})
    [refund] = read(connected(site), placed["id"]).refunds
    [payment] = site.state()["payments"]
    assert refund.in_all and refund.total == Decimal(payment["refundedAmount"]) > 0


def test_payments_of_an_order_are_found_in_the_list_of_all_where_they_stand_nowhere_else(site: Sandbox) -> None:
    site.trade(orders=12, seed=5, day=DAY)
    placed = site.place({"kind": "simple", "seed": 1})
    connector = connected(site, paths={"orders.payments": None})
    [payment] = read(connector, placed["id"]).payments
    assert payment.order_id == placed["id"]


def test_customers_and_products_are_read_too(site: Sandbox) -> None:
    connector = connected(site)
    for name in ("customer", "product"):
        ids, _ = polled(connector, name)
        resource = connector.resource(name)
        assert len(ids) == len(set(ids)) > 3
        assert {resource.parse(resource.fetch(id)).id for id in ids} == set(ids)


def test_a_site_without_products_tells_of_none(site: Sandbox) -> None:
    site.switch["lacking"] = ["products", "refunds"]
    assert polled(connected(site), "product")[0] == []


def test_a_wrong_secret_is_a_login_that_is_needed(site: Sandbox) -> None:
    with pytest.raises(NeedsLogin, match="client id"):
        connected(site, client_secret="wrong").check()


@pytest.mark.parametrize("filters", ["on", "ignore"])
def test_a_refund_that_moves_nothing_else_is_read_with_its_order(site: Sandbox, filters: str) -> None:
    site.switch["filters"] = filters
    placed, other = (site.place({"kind": "simple", "lines": {"a": "10.00"}}) for _ in range(2))
    for id, order in (("r1", placed), ("r2", other)):
        row = {"id": id, "orderId": order["id"], "amount": "4.00", "refundedAt": placed["orderDate"]}
        site.place({"order": order, "refunds": [row]})
    assert [(refund.id, refund.total) for refund in read(connected(site), placed["id"]).refunds] == [("r1", 4)]


def test_a_payment_that_nobody_has_linked_yet_is_no_orders(site: Sandbox) -> None:
    """Of a site that lists all payments only, and lets nobody ask for one order's."""
    site.switch["filters"] = "ignore"
    placed = site.place({"kind": "simple", "lines": {"a": "10.00"}})
    [own] = [one for one in site.state()["payments"] if one["orderId"] == placed["id"]]
    stray = {**own, "id": "pay_99", "transactionId": "t99", "orderId": None, "amount": "40.00"}
    site.place({"order": placed, "payments": [stray]})
    order = read(connected(site, paths={"orders.payments": None}), placed["id"])
    assert [payment.amount for payment in order.payments] == [10]


def test_a_payment_that_is_older_than_its_order_is_found_in_the_list_of_all(site: Sandbox) -> None:
    site.switch["payment_stamps"] = True
    placed = site.place({"kind": "simple", "lines": {"a": "10.00"}})
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    site.place({"order": {**placed, "orderDate": later}})
    assert read(connected(site, paths={"orders.payments": None}), placed["id"]).captured == 10


@pytest.mark.parametrize("within", [[], ["pay_1"]], ids=str)
def test_a_list_within_the_order_that_was_not_loaded_is_asked_for(site: Sandbox, within: list[Any]) -> None:
    placed = site.place({"kind": "full_refund", "lines": {"a": "10.00"}})
    site.place({"order": {**placed, "payments": within, "refunds": within}})
    order = read(connected(site), placed["id"])
    assert order.captured == 10 and [refund.total for refund in order.refunds] == [10]


@pytest.mark.parametrize("failures", ["status", "flag"])
def test_what_our_login_may_not_do_is_refused_and_closes_nothing(site: Sandbox, failures: str) -> None:
    site.switch |= {"failures": failures, "denied": ["PATCH orders"]}
    placed = site.place({"kind": "simple"})
    connector = connected(site, success_flag_path="$.success")
    with pytest.raises(Rejected, match=r"switch orders\.patch off") as refused:
        connector.resource("order").update(placed["id"], OrderUpdate(external_id="INV-1"))
    assert refused.value.code == "not_permitted"


@pytest.mark.parametrize("failures", ["status", "flag"])
def test_a_login_that_may_not_read_orders_is_asked_for_anew(site: Sandbox, failures: str) -> None:
    site.switch |= {"failures": failures, "denied": ["orders"]}
    connector = connected(site, success_flag_path="$.success")
    for call in (connector.check, lambda: connector.resource("order").fetch("ord_1001"), lambda: polled(connector)):
        with pytest.raises(NeedsLogin, match="does not let our login read its orders"):
            call()


def test_refunds_that_our_login_may_not_read_are_known_by_their_payments(site: Sandbox) -> None:
    site.switch["denied"] = ["refunds"]
    placed = site.place({"kind": "full_refund", "lines": {"a": "10.00"}})
    connector = connected(site)
    assert [refund.total for refund in read(connector, placed["id"]).refunds] == [10]
    assert set(polled(connector)[0]) == {placed["id"]}


def test_payments_that_our_login_may_not_read_are_not_taken_for_none(site: Sandbox) -> None:
    site.switch["denied"] = ["payments"]
    placed = site.place({"kind": "simple", "lines": {"a": "10.00"}})
    with pytest.raises(Rejected, match="does not let our login do this"):
        read(connected(site, paths={"orders.payments": None}), placed["id"])
