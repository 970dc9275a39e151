"""From the webhook to the payment in the books, on a hub that has nothing else to do: the real web server, the real
worker, one order at a time."""

from __future__ import annotations

import time
import urllib.request
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.db import connection

from hub.supervisor.household import Household, answers, free_port
from tests.bench.catcher import Caught, catching
from tests.bench.figures import Aim, Figure
from tests.bench.trade import Trade, open_trade

ORDERS = 25
IDLE = 0.5
"""Seconds of nothing before each webhook."""
PATIENCE = 30.0
AIMS = {"postgresql": Aim(15), "sqlite": Aim(60)}


def measure() -> list[Figure]:
    log = (settings.VAR / "processes.log").open("wb")
    with open_trade() as trade, log, Household(log) as household, catching() as caught:
        trade.warm_up()
        trade.store.ask("hooks", {"url": caught.url, "secret": trade.store.settings.get("webhook_secret", "")})
        port = free_port(0)
        household.web(port)
        household.manage("worker")
        door = f"http://127.0.0.1:{port}/webhooks/{trade.source.name}/"
        _await(lambda: answers(port))
        timed = [_one_order(trade, door, caught) for _ in range(ORDERS + 1)][1:]
    above = [(whole - api) * 1000 for whole, api in timed]
    api = median(api for _, api in timed) * 1000
    aim = AIMS[connection.vendor]
    return [
        Figure("webhook to payment above the API's time, median", median(above), "ms", api, "ms in the API", aim),
        Figure("the same, 95th percentile", quantiles(above, n=20)[-1], "ms", api, "ms in the API"),
    ]


def _one_order(trade: Trade, door: str, caught: Caught) -> tuple[float, float]:
    """Seconds from the webhook to the arrival of the payment, and those of them that the calls took."""
    trade.place(1)
    _await(lambda: caught.quiet_for(IDLE))
    body, headers = caught.last()
    trade.forget_calls()
    began = time.monotonic()
    request = urllib.request.Request(door, data=body, headers=headers)
    urllib.request.urlopen(request, timeout=20).close()
    _await(lambda: trade.posted() == trade.placed)
    calls = trade.calls()
    arrived = _payment(trade, calls)["began"]
    return arrived - began, sum(call["ended"] - call["began"] for call in calls if call["ended"] <= arrived)


def _payment(trade: Trade, calls: list[dict[str, Any]]) -> dict[str, Any]:
    """The last thing that the books are told of a known client's order."""
    return [call for call in calls if call["url"] == trade.books.url][-1]


def _await(happens: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
