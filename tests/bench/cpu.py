"""CPU seconds of the hub's own process, against a plain script that makes the very same calls to the same simulators,
as empty as they were."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from hub.engine.drain import drain
from tests.bench.figures import Aim, Figure
from tests.bench.trade import Trade, open_trade

ORDERS = 300
LONG = 600.0


def measure() -> list[Figure]:
    with open_trade() as trade:
        trade.warm_up()
        earlier = trade.calls()
        trade.place(ORDERS)
        trade.poll()
        trade.forget_calls()
        ours = _cpu_of(lambda: drain(LONG))
        trade.require_all_posted()
        theirs = _plain(trade, earlier, trade.calls())
    per_thousand = 1000 / ORDERS
    return [
        Figure(
            "CPU of the hub for 1,000 orders",
            ours * per_thousand,
            "s",
            theirs * per_thousand,
            "s of a plain script for the same calls",
            Aim(2, of="ratio"),
        )
    ]


def _cpu_of(work: Callable[[], object]) -> float:
    before = os.times()
    work()
    after = os.times()
    return after.user - before.user + after.system - before.system


def _plain(trade: Trade, earlier: list[dict[str, Any]], calls: list[dict[str, Any]]) -> float:
    """CPU seconds for `calls`, in a world that is again as it was when the hub made them."""
    trade.start_again()
    trade.place(trade.placed)
    _played(earlier)
    return _played(calls)


def _played(calls: list[dict[str, Any]]) -> float:
    command = [sys.executable, "-m", "tests.bench.plain"]
    done = subprocess.run(command, input=json.dumps(calls), stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(done.stdout)["cpu"])
