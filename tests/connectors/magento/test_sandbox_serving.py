"""The shop over a real socket: its clock in the Date header, its control paths, and its size."""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from connectors.magento.sandbox import sandbox
from tests.connectors.magento.calling import BEARER, criteria, got


@pytest.fixture
def shop() -> Iterator[sandbox]:
    served = sandbox()
    served.serve()
    yield served
    served.close()


def call(shop: sandbox, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(shop.url + path, data=data, headers=BEARER)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer, json.loads(answer.read())


def test_the_date_header_is_the_servers_clock(shop: sandbox) -> None:
    call(shop, "/_sandbox/switches", {"clock_skew": -7200})
    answer, configs = call(shop, "/rest/V1/store/storeConfigs")
    assert len(answer.headers.get_all("Date")) == 1
    behind = dt.datetime.now(dt.UTC) - parsedate_to_datetime(answer.headers["Date"])
    assert dt.timedelta(minutes=119) < behind < dt.timedelta(minutes=121)
    assert configs[0]["base_url"] == f"{shop.url}/"


def test_the_control_paths_place_and_tell(shop: sandbox) -> None:
    placed = call(shop, "/_sandbox/place", {"kind": "partial_refund", "seed": 1})[1]
    told = call(shop, "/_sandbox/trade", {"orders": 2, "seed": 1, "day": "2026-03-01", "bad": True})[1]
    state = call(shop, "/_sandbox/state")[1]
    assert {placed["entity_id"]} | {row["entity_id"] for row in told} == {
        order["entity_id"] for order in state["orders"]
    }
    assert len(state["creditmemos"]) >= 1
    with urllib.request.urlopen(f"{shop.url}/_sandbox/", timeout=10) as page:
        assert placed["increment_id"] in page.read().decode()


@pytest.mark.parametrize("wanted", [{"kind": "unheard_of"}, {"cancel": "000009999"}, {"capture": "000009999"}])
def test_what_cannot_be_placed_is_said(shop: sandbox, wanted: dict[str, str]) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(shop, "/_sandbox/place", wanted)
    assert refused.value.code == 400
    refused.value.close()


def test_reset_forgets_everything(shop: sandbox) -> None:
    call(shop, "/_sandbox/place", {})
    call(shop, "/_sandbox/reset", {})
    assert call(shop, "/_sandbox/state")[1]["orders"] == []
    assert call(shop, "/_sandbox/place", {"kind": "simple"})[1]["entity_id"] == 1


def test_five_thousand_orders_are_searched_quickly() -> None:
    shop = sandbox()
    shop.trade(orders=5000, seed=1, day="2026-03-01")
    started = time.perf_counter()
    query = criteria(
        ("updated_at", "gteq", "2026-03-01 12:00:00"), sort="updated_at ASC,entity_id ASC", page_size=50, page=1
    )
    assert len(got(shop, "orders", query=query)["items"]) == 50
    assert time.perf_counter() - started < 30
