"""The webhook door under a burst: how many requests it answers a second, and how long the slowest of them take, beside a
bare application that does nothing but store them, under the same web server on the same database."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from hub.models import WebhookRequest
from hub.supervisor.child import Child
from hub.supervisor.household import Household, answers, free_port, web_server
from tests.bench import bare
from tests.bench.callers import Run, call, request_of
from tests.bench.catcher import catching
from tests.bench.figures import Aim, Figure
from tests.bench.trade import Trade, open_trade

CALLERS, TIMES, WARM_UP = 16, 6000, 500
SUBJECTS = 50
"""Orders that the webhooks are about, in turn."""
LEAST = {"postgresql": 1000, "sqlite": 500}
SLOWEST = Aim(50)


def measure() -> Iterator[Figure]:
    with open_trade() as trade:
        requests = _webhooks(trade)
        bare.prepare()
        with serving("tests.bench.bare") as port:
            least = run(port, requests)
        with serving("hub.wsgi") as port:
            alone = run(port, requests)
        assert WebhookRequest.objects.filter(verified=True).count() == TIMES + WARM_UP
        with serving("hub.wsgi") as port, open(os.devnull, "wb") as nowhere, Household(nowhere) as household:
            household.manage("worker")
            beside = run(port, requests)
    yield from _figures("", alone, least)
    yield from _figures(", a worker beside", beside, least)


def _figures(where: str, door: Run, least: Run) -> Iterator[Figure]:
    aim = None if where else Aim(LEAST[connection.vendor], at="least")
    told = "of a bare INSERT"
    yield Figure(f"webhooks from {CALLERS} callers{where}", door.rate, "per s", least.rate, told, aim)
    for percent in (50, 99):
        aim = SLOWEST if percent == 99 and not where else None
        figure = door.percentile(percent), "ms", least.percentile(percent)
        yield Figure(f"their answers, {percent}th percentile{where}", *figure, told, aim)


def run(port: int, requests: list[bytes]) -> Run:
    call(port, requests, times=WARM_UP, callers=CALLERS)
    found = call(port, requests, times=TIMES, callers=CALLERS)
    assert found.statuses == {b"202"}, found.statuses
    return found


@contextmanager
def serving(application: str) -> Iterator[int]:
    port = free_port(0)
    child = Child(web_server(port, application))
    try:
        while not answers(port):
            assert child.running, "the web server ended"
            time.sleep(0.05)
        yield port
    finally:
        child.stop(10)


def _webhooks(trade: Trade) -> list[bytes]:
    """As the store sends them, of orders that the books know already."""
    path = f"/webhooks/{trade.source.name}/"
    with catching() as caught:
        trade.store.ask("hooks", {"url": caught.url, "secret": trade.store.settings.get("webhook_secret", "")})
        trade.place(SUBJECTS)
        trade.store.ask("hooks", {})
        while not caught.quiet_for(0.5):
            time.sleep(0.1)
    return [request_of(path, body, headers) for body, headers in caught.webhooks]
