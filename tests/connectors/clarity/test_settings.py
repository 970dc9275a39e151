"""A setting that cannot be meant is refused beside its field, with what is wrong and what to write instead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.clarity.settings_form import ClaritySettings
from tests.connectors.clarity.sites import settings_of


def complaint(name: str, value: Any, **more: Any) -> str:
    written = json.dumps(value) if isinstance(value, dict | list) else value
    form = ClaritySettings({"base_url": "https://shop.example.com/api", name: written, **more})
    return " ".join(form.errors.get(name, []))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("timezone", "Texas", ("no time zone Texas", "America/Chicago")),
        ("currency", "dollars", ("DOLLARS is no currency", "USD")),
        ("token_url", "oauth/token", ("Begin with a slash",)),
        ("auth", "kerberos", ("kerberos",)),
        ("auth_header", "Authorization Bearer", ("no header", "{token}")),
        ("retry_on", "sometimes", ("sometimes are no statuses", "408, 425")),
        ("success_flag_path", "was it fine?", ("$.error.code",)),
        ("timeout_s", "60", ("less than or equal to 20",)),
        ("paths", '{"orders.list": "/orders"', ("no JSON", "line 1")),
        ("paths", ["/orders"], ("['/orders']", "braces")),
        ("paths", {"orders.lists": "/o"}, ("orders.lists", "no such call", "orders.list")),
        ("paths", {"orders.list": None}, ("orders.list cannot be switched off",)),
        ("paths", {"orders.list": "orders"}, ("orders.list leads to “orders”", "slash")),
        ("paths", {"orders.list": "FETCH /orders"}, ("FETCH", "GET, POST")),
        ("paths", {"orders.list": {"pages": 3}}, ("has no pages", "page_style")),
        ("paths", {"orders.list": {"page_style": "scroll"}}, ("'scroll'", "link_header")),
        ("paths", {"orders.list": {"start": 7}}, ("7 as start", "from 0 to 1")),
        ("paths", {"orders.list": "/orders?since={when}"}, ("{when}", "{iso}")),
        ("paths", {"*": {"headers": "X-A: 1"}}, ("headers", "X-Name")),
        ("fields", {"orderDat": "placed"}, ("orderDat is no field", "order.orderDate")),
        ("fields", {"order.skew": "x"}, ("order.skew is no field",)),
        ("fields", {"orderDate": 7}, ("orderDate is 7", "createdDate")),
        ("status_map", {"Confirmed": "opened"}, ("“Confirmed” is mapped to 'opened'", "partially_paid")),
        ("payment_status_map", {"Settled": "paid"}, ("“Settled”", "captured")),
        ("events", {"Placed": "order"}, ("“Placed”", "order.created")),
        ("extra_params", {"audience": []}, ("“audience”", "text or a number")),
        ("allowed_ips", "here", ("'here'", "203.0.113.7")),
    ],
)  # fmt: skip
def test_the_complaint_names_the_value_and_the_remedy(name: str, value: Any, said: tuple[str, ...]) -> None:
    told = complaint(name, value)
    assert told and all(part in told for part in said), told


def test_unsigned_webhooks_need_known_addresses_and_a_secret() -> None:
    assert "addresses" in complaint("allowed_ips", "", signature="none")
    assert "secret" in complaint("webhook_secret", "", signature="none", allowed_ips="203.0.113.7")


def test_what_is_accepted_is_kept_as_it_was_written() -> None:
    paths = {"orders": {"list": "/sales"}, "refunds.list": None, "*": {"page_style": "page_number(start 0)"}}
    fields = {
        "orderDate": ["placedOn", "createdDate"],
        "lineItems": {"sku": "Product.Code"},
        "lineItems[].name": "Title",
    }
    stored = settings_of(base_url="https://shop.example.com/api", paths=paths, fields=fields)
    assert (stored["paths"], stored["fields"]) == (paths, fields)
