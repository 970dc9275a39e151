"""What goes back to an order: once, without harm to what is there."""

from __future__ import annotations

import pytest

from connectors.documents import OrderUpdate
from connectors.errors import OutcomeUnknown, Rejected
from tests.connectors.magento.order_desk import OrderDesk

NOTE = OrderUpdate(comment="Invoiced in the books as N-15")


def write(desk: OrderDesk, change: OrderUpdate) -> None:
    desk.connector().resource("order").update("12", change)


def test_a_comment_keeps_the_status_and_notifies_nobody() -> None:
    desk = OrderDesk()
    write(desk, NOTE)
    assert desk.comments == [
        {
            "comment": NOTE.comment,
            "status": "packing",
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
            "parent_id": 12,
            "entity_name": "order",
        }
    ]


@pytest.mark.parametrize("histories_shown", [True, False])
def test_a_comment_is_posted_once_even_if_its_answer_was_lost(histories_shown: bool) -> None:
    desk = OrderDesk(histories_shown=histories_shown)
    desk.answers_to_lose = 1
    with pytest.raises(OutcomeUnknown):
        write(desk, NOTE)
    write(desk, NOTE)
    write(desk, NOTE)
    assert len(desk.comments) == 1


def test_another_comment_is_another_comment() -> None:
    desk = OrderDesk()
    write(desk, NOTE)
    write(desk, OrderUpdate(comment="Invoiced in the books as N-15-R1"))
    assert len(desk.comments) == 2


def test_a_wanted_status_goes_with_the_comment() -> None:
    desk = OrderDesk()
    write(desk, OrderUpdate(comment="Booked", status="invoiced"))
    assert desk.order["status"] == "invoiced"


def test_a_status_that_the_shop_refuses_does_not_cost_the_comment() -> None:
    desk = OrderDesk(foreign_status=False)
    write(desk, OrderUpdate(comment="Booked", status="invoiced"))
    assert [(one["comment"], one["status"]) for one in desk.comments] == [("Booked", "packing")]


def test_a_status_alone_is_set_once() -> None:
    desk = OrderDesk()
    for _ in range(2):
        write(desk, OrderUpdate(status="invoiced"))
    assert [(one["comment"], one["status"]) for one in desk.comments] == [("", "invoiced")]


def test_a_status_alone_takes_no_order_back_that_has_moved_on() -> None:
    desk = OrderDesk()
    write(desk, OrderUpdate(status="invoiced"))
    desk.order["status"] = "shipped"
    write(desk, OrderUpdate(status="invoiced"))
    assert desk.order["status"] == "shipped"


def test_a_lost_status_is_replaced_by_the_usual_one_of_its_state() -> None:
    desk = OrderDesk()
    desk.order["status"] = None
    write(desk, NOTE)
    assert desk.order["status"] == "processing"


def test_the_external_id_is_saved_alone_and_once() -> None:
    desk = OrderDesk()
    for _ in range(2):
        write(desk, OrderUpdate(external_id="N-15"))
    assert desk.saved == [{"entity_id": 12, "increment_id": "000000015", "ext_order_id": "N-15"}]


def test_an_attribute_is_saved_by_its_code() -> None:
    desk = OrderDesk()
    write(desk, OrderUpdate(attributes={"books_number": "N-15"}))
    assert desk.saved[0]["custom_attributes"] == [{"attribute_code": "books_number", "value": "N-15"}]


def test_an_external_id_that_would_be_cut_is_refused() -> None:
    with pytest.raises(Rejected, match="32"):
        write(OrderDesk(), OrderUpdate(external_id="N" * 33))


def test_an_empty_update_writes_nothing() -> None:
    desk = OrderDesk()
    write(desk, OrderUpdate())
    assert (desk.comments, desk.saved) == ([], [])
