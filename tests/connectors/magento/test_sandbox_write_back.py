"""Comments, saves and cancellations: what a write does in which version."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.magento.sandbox import sandbox
from connectors.sandbox import Call
from tests.connectors.magento.calling import BEARER, ask, got


def commented(version: str, **history: Any) -> tuple[Any, dict[str, Any]]:
    """The answer to a comment on a processing order, and the order afterwards."""
    shop = sandbox()
    shop.switch |= {"version": version, "statuses": {"processing": ["invoiced_fb"]}}
    id = shop.place({"kind": "authorised"})["entity_id"]
    given = {"comment": "Invoiced", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": id, **history}
    return ask(shop, "POST", f"orders/{id}/comments", {"statusHistory": given}), got(shop, f"orders/{id}")


@pytest.mark.parametrize("version", ["2.3", "2.4.6"])
def test_up_to_2_4_6_a_comment_without_a_status_wipes_it(version: str) -> None:
    reply, order = commented(version)
    assert reply.encoded() == b"true"
    assert order.get("status") is None
    assert order["state"] == "processing"


@pytest.mark.parametrize("version", ["2.4.7", "2.4.8"])
def test_later_versions_keep_it(version: str) -> None:
    assert commented(version)[1]["status"] == "processing"


@pytest.mark.parametrize(
    ("version", "status", "stored"),
    [
        ("2.3", "nonsense", "nonsense"),
        ("2.4.6", "nonsense", "nonsense"),
        ("2.4.7", "fraud", None),
        ("2.4.7", "processing", "processing"),
        ("2.4.8", "fraud", "fraud"),
        ("2.4.8", "invoiced_fb", "invoiced_fb"),
        ("2.4.8", "complete", None),
    ],
)
def test_a_foreign_status(version: str, status: str, stored: str | None) -> None:
    reply, order = commented(version, status=status)
    assert reply.status == (200 if stored else 400)
    assert order["status"] == (stored or "processing")
    if not stored:
        assert (
            reply.body["message"] == 'Unable to add comment: The status "%1" is not part of the order status history.'
        )
        assert reply.body["parameters"] == [status]


def test_comments_are_listed_newest_first_and_move_the_order() -> None:
    shop = sandbox()
    order = shop.place({"kind": "simple"})
    path = f"orders/{order['entity_id']}/comments"
    shop.switch["clock_skew"] = 3600
    for text in ("one", "two"):
        ask(shop, "POST", path, {"statusHistory": {"comment": text, "status": "complete"}})
    assert [comment["comment"] for comment in got(shop, path)["items"]] == ["two", "one"]
    after = got(shop, f"orders/{order['entity_id']}")
    assert [comment["comment"] for comment in after["status_histories"]] == ["two", "one"]
    assert after["updated_at"] > order["updated_at"]


def test_a_save_changes_what_was_sent_and_answers_only_that() -> None:
    shop = sandbox()
    order = shop.place({"kind": "simple"})
    entity = {"entity_id": order["entity_id"], "increment_id": order["increment_id"], "ext_order_id": "INV-88"}
    answer = ask(shop, "POST", "orders", {"entity": entity}).body
    assert answer["grand_total"] is None
    assert answer["ext_order_id"] == "INV-88"
    after = got(shop, f"orders/{order['entity_id']}")
    assert after["ext_order_id"] == "INV-88"
    assert after["grand_total"] == order["grand_total"]


def test_custom_attributes_need_their_module() -> None:
    shop = sandbox()
    id = shop.place({"kind": "simple"})["entity_id"]
    body = {"entity": {"entity_id": id, "custom_attributes": [{"attribute_code": "invoiced", "value": "yes"}]}}
    assert ask(shop, "POST", "orders", body).status == 200
    assert got(shop, f"orders/{id}")["custom_attributes"] == [{"attribute_code": "invoiced", "value": "yes"}]
    shop.switch["custom_attributes"] = False
    assert ask(shop, "POST", "orders", body).status == 400


def test_cancel_is_false_when_it_cannot() -> None:
    shop = sandbox()
    unpaid, paid = shop.place({"kind": "unpaid"}), shop.place({"kind": "simple"})
    assert ask(shop, "POST", f"orders/{unpaid['entity_id']}/cancel").body is True
    assert ask(shop, "POST", f"orders/{paid['entity_id']}/cancel").body is False
    canceled = got(shop, f"orders/{unpaid['entity_id']}")
    assert canceled["state"] == "canceled"
    assert canceled["total_due"] == canceled["grand_total"] == canceled["total_canceled"]


def test_canceling_what_is_left_of_a_partly_invoiced_order_keeps_what_was_invoiced() -> None:
    shop = sandbox()
    order = shop.place({"kind": "partial_capture", "seed": 1})
    other = shop.place({"kind": "unpaid", "seed": 3})
    first = other["items"][0]
    shop.place({"capture": other["increment_id"], "items": [{"order_item_id": first["item_id"], "qty": 1}]})
    assert ask(shop, "POST", f"orders/{other['entity_id']}/cancel").body is True
    after = got(shop, f"orders/{other['entity_id']}")
    assert after["state"] == "processing"
    assert after["total_paid"] > 0
    assert any(item["qty_canceled"] for item in after["items"])
    assert ask(shop, "POST", f"orders/{order['entity_id']}/cancel").body is False


def test_hold_and_unhold() -> None:
    shop = sandbox()
    id = shop.place({"kind": "authorised"})["entity_id"]
    assert ask(shop, "POST", f"orders/{id}/hold").body is True
    assert got(shop, f"orders/{id}/statuses") == "holded"
    assert ask(shop, "POST", f"orders/{id}/unhold").body is True
    assert got(shop, f"orders/{id}")["state"] == "processing"


def test_a_broken_body_is_said_to_be_one() -> None:
    reply = sandbox().answer(Call("POST", "/rest/V1/orders", (), BEARER, b"{not json"))
    assert (reply.status, reply.body) == (400, {"message": "Decoding error: Syntax error"})
