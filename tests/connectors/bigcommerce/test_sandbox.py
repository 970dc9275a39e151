"""The simulated store keeps the vendor's ways: two versions, two kinds of nothing, webhooks that are tried again and given
up, sums that are the vendor's own."""

from __future__ import annotations

import json
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from connectors.bigcommerce.sandbox import sandbox
from connectors.bigcommerce.sandbox.kinds import KINDS, RARE
from connectors.bigcommerce.sandbox.scenes import place
from tests.connectors.bigcommerce.store import ask, got, store

__all__ = ["store"]
CHARGES = ("shipping_cost", "handling_cost", "wrapping_cost")


def test_nothing_is_no_content_in_v2_and_an_empty_list_in_v3(store: sandbox) -> None:
    assert ask(store, "GET", "/v2/orders").status == 204
    assert got(store, "/v3/hooks")["data"] == []
    id = store.place({"kind": "unpaid"})["id"]
    assert ask(store, "GET", f"/v3/orders/{id}/transactions").status == 204


def test_pages_hold_fifty_unless_asked_and_never_more_than_250(store: sandbox) -> None:
    id = store.place({"kind": "many_lines"})["id"]
    path = f"/v2/orders/{id}/products"
    assert [len(got(store, path, query)) for query in ("", "page=2", "limit=999")] == [50, 10, 60]


def test_orders_are_found_by_change_in_either_form_of_a_date(store: sandbox) -> None:
    store.place({})
    stamp = got(store, "/v2/orders")[0]["date_modified"]
    assert len(got(store, "/v2/orders", "min_date_modified=" + stamp.replace(" ", "%20").replace("+", "%2B"))) == 1
    assert len(got(store, "/v2/orders", "min_date_modified=2020-01-01T00:00:00%2B00:00")) == 1
    assert ask(store, "GET", "/v2/orders", query="min_date_modified=2090-01-01T00:00:00Z").status == 204


@pytest.mark.parametrize("kind", sorted({**KINDS, **RARE}))
def test_the_header_keeps_the_vendors_identities(store: sandbox, kind: str) -> None:
    """A and B of the sheet; C for prices without tax."""
    store.place({"kind": kind, "seed": 9})
    order: dict[str, Any] = store.state()["orders"][0]
    sums = {name: Decimal(value) for name, value in order.items() if name.endswith(("_tax", "_amount", "_discount"))}
    side = "inc_tax" if order["is_tax_inclusive_pricing"] else "ex_tax"
    before = sums[f"subtotal_{side}"] + sum(sums[f"{charge}_{side}"] for charge in CHARGES)
    assert sums["total_ex_tax"] + sums["total_tax"] == sums["total_inc_tax"]
    assert before - sums["discount_amount"] - sums["coupon_discount"] == sums[f"total_{side}"]
    assert order["refunded_amount"] == "0.0000"


def test_a_field_that_cannot_be_written_is_refused_and_nothing_changes(store: sandbox) -> None:
    order = store.place({})
    refused = ask(store, "PUT", f"/v2/orders/{order['id']}", {"staff_notes": "x", "refunded_amount": "1"})
    assert refused.status == 400 and "'refunded_amount' cannot be written to" in refused.body[0]["message"]
    assert store.state()["orders"][0]["staff_notes"] == ""


def test_a_refund_is_quoted_made_and_seen_in_three_places(store: sandbox) -> None:
    order = store.place({"kind": "simple", "seed": 4})
    product = got(store, f"/v2/orders/{order['id']}/products")[0]
    wanted = {"items": [{"item_type": "PRODUCT", "item_id": product["id"], "quantity": 1}]}
    path = f"/v3/orders/{order['id']}/payment_actions"
    quoted = ask(store, "POST", f"{path}/refund_quotes", wanted).body["data"]
    made = ask(store, "POST", f"{path}/refunds", wanted).body["data"]
    assert Decimal(str(made["total_amount"])) == quoted["total_refund_amount"]
    after = got(store, f"/v2/orders/{order['id']}")
    assert after["payment_status"] == "partially refunded" and after["status_id"] in (4, 14)
    assert [row["id"] for row in got(store, "/v3/orders/payment_actions/refunds")["data"]] == [made["id"]]
    too_much = {"items": [{"item_type": "ORDER", "item_id": order["id"], "amount": "99999"}]}
    assert ask(store, "POST", f"{path}/refunds", too_much).status == 422


def test_a_metafield_of_the_same_name_is_a_conflict(store: sandbox) -> None:
    path = f"/v3/orders/{store.place({})['id']}/metafields"
    body = {"permission_set": "app_only", "namespace": "n", "key": "k", "value": "v"}
    assert [ask(store, "POST", path, body).status for _ in range(2)] == [200, 409]


@pytest.mark.parametrize("token", ["", "other"])
def test_a_wrong_token_is_refused_in_the_words_of_each_version(store: sandbox, token: str) -> None:
    v2, v3 = (ask(store, "GET", path, headers={"X-Auth-Token": token}) for path in ("/v2/store", "/v3/hooks"))
    assert (v2.status, v3.status) == (401, 401)
    assert isinstance(v2.body, list) and "valid combination" in v3.body["title"]


def test_a_scene_that_there_is_not_is_said(store: sandbox) -> None:
    with pytest.raises(KeyError):
        place(store.shop, {"kind": "no_such_kind"}, store.dice)


class Receiver:
    """Answers each delivery as the test says."""

    def __init__(self) -> None:
        self.status, self.bodies, self.headers = 200, list[dict[str, Any]](), list[Any]()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.headers.append(self.headers)
                outer.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook/"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


@pytest.fixture
def hooked(store: sandbox) -> Any:
    receiver = Receiver()
    store.switch.update(https_only=False, retry_scale=0.0)
    body = {"scope": "store/order/*", "destination": receiver.url, "headers": {"X-Webhook-Secret": "s"}}
    assert ask(store, "POST", "/v3/hooks", body).status == 200
    yield receiver
    receiver.server.shutdown()


def test_a_hook_brings_a_thin_body_with_the_headers_it_was_given(store: sandbox, hooked: Receiver) -> None:
    id = store.place({"kind": "unpaid"})["id"]
    store.deliver()
    [body] = hooked.bodies
    assert (body["scope"], body["data"]) == ("store/order/created", {"type": "order", "id": id})
    assert hooked.headers[0]["X-Webhook-Secret"] == "s" and hooked.headers[0]["webhook-signature"] is None


def test_a_signed_hook_bears_the_three_headers_of_standard_webhooks(store: sandbox, hooked: Receiver) -> None:
    store.switch["signed"] = True
    store.place({"kind": "unpaid"})
    store.deliver()
    assert all(hooked.headers[0][f"webhook-{name}"] for name in ("id", "timestamp", "signature"))


def test_what_fails_eleven_times_more_switches_the_hook_off(store: sandbox, hooked: Receiver) -> None:
    hooked.status = 500
    store.place({"kind": "unpaid"})
    for _ in range(20):
        store.deliver()
    assert len(hooked.bodies) == 12
    assert not store.state()["hooks"][0]["is_active"]
    store.place({"kind": "unpaid"})
    assert store.deliver()["queued"] == 0


def test_a_wildcard_covers_its_own_level_only(store: sandbox, hooked: Receiver) -> None:
    store.place({"kind": "simple", "seed": 4})
    store.deliver()
    assert not [body for body in hooked.bodies if body["scope"].count("/") > 2]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"scope": "store/order/*"}, 422),
        ({"scope": "store/orders", "destination": "https://a.example.com/"}, 400),
        ({"scope": "store/order/*", "destination": "http://a.example.com/"}, 422),
        ({"scope": "store/order/*", "destination": "https://a.example.com/"}, 200),
    ],
)
def test_a_hook_must_be_sound(store: sandbox, body: dict[str, str], status: int) -> None:
    assert ask(store, "POST", "/v3/hooks", body).status == status
