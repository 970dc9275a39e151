"""Orders a second when every call takes its time, as a share of what the threads could do if the hub took none."""

from __future__ import annotations

import time

from django.conf import settings

from hub.engine.drain import drain
from tests.bench.figures import Aim, Figure
from tests.bench.trade import open_trade

LATENCY = 0.05
LONG = 600.0
ROUNDS = 20
"""Orders for each thread: beginning and end, when not all of them are busy, should not count."""


def measure() -> list[Figure]:
    orders = ROUNDS * settings.THREADS
    with open_trade() as trade:
        trade.warm_up()
        trade.place(orders)
        trade.poll()
        trade.forget_calls()
        for end in (trade.store, trade.books):
            end.delay(LATENCY)
        began = time.monotonic()
        drain(LONG)
        seconds = time.monotonic() - began
        trade.require_all_posted()
        calls = len(trade.calls()) / orders
    possible = settings.THREADS / (calls * LATENCY)
    return [
        Figure(
            f"orders with {calls:.1f} calls of {LATENCY * 1000:.0f} ms, {settings.THREADS} threads",
            orders / seconds,
            "per s",
            possible,
            "per s if only the calls took time",
            Aim(0.9, of="ratio", at="least"),
        )
    ]
