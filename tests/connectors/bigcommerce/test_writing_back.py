"""What the store is told of its order: once, beside what stands there, and never over somebody else's."""

from __future__ import annotations

import pytest

from connectors.bigcommerce.sandbox import sandbox
from connectors.documents import OrderUpdate
from connectors.errors import Rejected, RetryLater
from connectors.sandbox import Fault
from tests.connectors.bigcommerce.store import connected, store

__all__ = ["store"]
BOOKED = OrderUpdate(comment="Booked as invoice N-100")


def writes(store: sandbox) -> list[str]:
    return [method for method, _, status in store.log if method != "GET" and status == 200]


def test_a_note_is_added_to_what_staff_have_written(store: sandbox) -> None:
    id = str(store.place({})["id"])
    store.shop.orders[int(id)]["staff_notes"] = "Call before delivery"
    orders = connected(store).resource("order")
    before = store.shop.orders[int(id)]["total_inc_tax"]
    for _ in range(2):
        orders.update(id, BOOKED)
    assert store.told()[id] == ["Call before delivery", "Booked as invoice N-100"]
    assert (writes(store), store.shop.orders[int(id)]["total_inc_tax"]) == (["PUT"], before)


@pytest.mark.parametrize("notes", [None, ""])
def test_notes_may_be_null(store: sandbox, notes: str | None) -> None:
    id = str(store.place({})["id"])
    store.shop.orders[int(id)]["staff_notes"] = notes
    connected(store).resource("order").update(id, BOOKED)
    assert store.told()[id] == ["Booked as invoice N-100"]


def test_one_invoice_number_within_another_is_not_taken_for_it(store: sandbox) -> None:
    id = str(store.place({})["id"])
    orders = connected(store).resource("order")
    orders.update(id, OrderUpdate(comment="Booked as invoice N-1001"))
    orders.update(id, BOOKED)
    assert len(store.told()[id]) == 2


def test_everything_goes_in_one_call(store: sandbox) -> None:
    id = str(store.place({"kind": "simple"})["id"])
    found = (
        connected(store)
        .resource("order")
        .update(id, OrderUpdate(comment="Booked", external_id="N-100", status="Completed"))
    )
    assert (writes(store), found.facts) == (["PUT"], {"external_id": "N-100", "status_id": 10})


def test_an_external_id_of_somebody_elses_stays(store: sandbox) -> None:
    id = str(store.place({})["id"])
    store.shop.orders[int(id)]["external_order_id"] = "AMZ-7"
    with pytest.raises(Rejected, match="already has the external order id 'AMZ-7'") as refused:
        connected(store).resource("order").update(id, OrderUpdate(external_id="N-100"))
    assert refused.value.field == "external_id" and writes(store) == []


def test_the_number_of_an_invoice_that_was_credited_gives_way_to_that_of_the_next(store: sandbox) -> None:
    id = str(store.place({})["id"])
    orders = connected(store).resource("order")
    for number in ("N-100", "N-100-R1", "N-100-R2"):
        orders.update(id, OrderUpdate(external_id=number))
    assert store.shop.orders[int(id)]["external_order_id"] == "N-100-R2"
    for stranger in ("N-100", "N-101-R1"):
        with pytest.raises(Rejected, match="already has the external order id"):
            orders.update(id, OrderUpdate(external_id=stranger))


def test_a_status_that_there_is_not_is_refused_with_those_that_there_are(store: sandbox) -> None:
    id = str(store.place({})["id"])
    with pytest.raises(Rejected, match=r"no order status 'Booked'.*10 \(Completed\)"):
        connected(store).resource("order").update(id, OrderUpdate(status="Booked"))


def test_a_metafield_is_made_once_and_then_changed(store: sandbox) -> None:
    id = str(store.place({})["id"])
    orders = connected(store).resource("order")
    for value in ("N-100", "N-100", "N-101"):
        orders.update(id, OrderUpdate(attributes={"invoice": value}))
    [field] = store.shop.parts["metafields"][int(id)]
    assert (field["namespace"], field["key"], field["value"]) == ("countinghouse", "invoice", "N-101")
    assert writes(store) == ["POST", "PUT"]


def test_a_locked_order_is_written_to_later(store: sandbox) -> None:
    id = str(store.place({})["id"])
    body = [{"status": 423, "message": "The order is locked"}]
    store.faults = [Fault("status", method="PUT", status=423, body=body)]
    with pytest.raises(RetryLater, match="The order is locked"):
        connected(store).resource("order").update(id, BOOKED)
