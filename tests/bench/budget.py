"""How much of what the books' vendor allows is used under a backlog, and how many calls are refused.

Real workers against the simulator at its documented limits; only the window is shorter, unless BENCH_WINDOW=60.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from hub.supervisor.child import Child
from hub.supervisor.household import MANAGE
from tests.bench.figures import Aim, Figure
from tests.bench.trade import Trade, open_trade
from tests.running.installation import until

LIMITS = {"rate_limit_read": 600, "rate_limit_write": 250}
LIMIT = LIMITS["rate_limit_write"]
WINDOW = float(os.environ.get("BENCH_WINDOW", "20"))
WINDOWS = 3
WORKERS = 2
ORDERS = LIMIT * (WINDOWS + 1) // 2
"""At least two POSTs each: an invoice and its payment."""
OURS = "Countinghouse"
Call = dict[str, Any]


def measure() -> list[Figure]:
    with open_trade() as trade:
        trade.books.ask("switches", {**LIMITS, "rate_window": WINDOW})  # before the first call opens a window
        trade.warm_up()
        return [*_measured(trade, "alone", 0.0), *_measured(trade, "beside another app that takes half", 0.5)]


def _measured(trade: Trade, how: str, others: float) -> list[Figure]:
    trade.place(ORDERS)
    trade.poll()
    time.sleep(WINDOW)  # so that the first window that is counted begins with the first call
    trade.forget_calls()
    with _workers(), _another_app(trade, others):
        calls = _until_enough(trade)
    ours = [call for call in calls if OURS in call["headers"]["User-Agent"]]
    refused = sum(call["status"] == 429 for call in ours)
    used, left = _used(calls)
    return [
        Figure(
            f"POSTs, {how}, {WINDOWS} windows of {WINDOW:.0f} s", used, "", left, "allowed", Aim(0.95, "ratio", "least")
        ),
        Figure(f"calls refused, {how}", 100 * refused / len(ours), "%", len(ours), "calls", Aim(0.5)),
    ]


@contextmanager
def _workers() -> Iterator[None]:
    command = [*MANAGE, "worker", "--grace", "5"]
    env = {"COUNTINGHOUSE_WORKERS": "2"}
    workers = [Child(command, env=env, stdout=subprocess.DEVNULL) for _ in range(WORKERS)]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()


@contextmanager
def _another_app(trade: Trade, share: float) -> Iterator[None]:
    """Somebody else with the same account, who keeps to his part of the limit."""
    over = threading.Event()

    def post() -> None:
        url = f"{trade.books.url}/accounting/account/{trade.books.settings['account_id']}/users/clients"
        headers = {"Authorization": f"Bearer {trade.books.settings['access_token']}"}
        while not over.wait(WINDOW / (LIMIT * share)):
            body = json.dumps({"client": {"email": "else@example.org"}}).encode()
            with suppress(OSError):
                urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=5).close()

    other = threading.Thread(target=post)
    if share:
        other.start()
    try:
        yield
    finally:
        over.set()
        if share:
            other.join()


def _until_enough(trade: Trade) -> list[Call]:
    """The calls to the books, until one window more has begun than are counted."""
    calls: list[Call] = []

    def enough() -> bool:
        calls.extend(trade.books.calls())
        return len(_windows(calls)) > WINDOWS

    until(enough, (WINDOWS + 2) * WINDOW + 60, "the last window")
    return calls


def _used(calls: list[Call]) -> tuple[int, float]:
    """POSTs of ours that were served in the windows that are over, and those that were there for us in that time."""
    windows = _windows(calls)
    began, ended = windows[0][0]["began"], windows[WINDOWS][0]["began"]
    served = [call for window in windows[:WINDOWS] for call in window if call["status"] != 429]
    ours = sum(OURS in call["headers"]["User-Agent"] for call in served)
    return ours, LIMIT * (ended - began) / WINDOW - (len(served) - ours)


def _windows(calls: list[Call]) -> list[list[Call]]:
    """As the vendor opens them: with the first POST after the last one's end."""
    windows: list[list[Call]] = []
    posts = [call for call in calls if call["method"] == "POST" and call["path"].startswith("/accounting/")]
    for call in sorted(posts, key=lambda call: float(call["began"])):
        if not windows or call["began"] >= windows[-1][0]["began"] + WINDOW:
            windows.append([])
        windows[-1].append(call)
    return windows
