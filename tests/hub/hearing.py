"""A store's webhooks, held back by its simulator and let in by a test: in any order, twice, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from connectors import http
from connectors.base import Webhook
from hub.intake.inbox import receive, take_up_stored
from hub.models import WebhookRequest
from tests.hub.world import World


def hold_back(world: World) -> None:
    """From now on the store's webhooks wait in its outbox."""
    world.store.hook = {"url": "http://127.0.0.1/", "hold": True}


def at_the_door(world: World, queued: tuple[str, bytes, dict[str, str]], times: int = 1) -> None:
    """Stored, as they are when the vendor gets its answer."""
    _, body, headers = queued
    lowered = {name.lower(): value for name, value in headers.items()}
    for _ in range(times):
        assert receive(world.source, Webhook(body, lowered)).state != WebhookRequest.State.REJECTED


def let_in(world: World, queued: tuple[str, bytes, dict[str, str]], times: int = 1) -> None:
    """Stored and read."""
    at_the_door(world, queued, times)
    take_up_stored()


@contextmanager
def during_the_first_call(base_url: str, happen: Callable[[], None]) -> Iterator[None]:
    """Something happens while an attempt is under way: just before its first call to this address."""
    left = [happen]

    def hook(method: str, url: str, *_: Any) -> None:
        if left and url.startswith(base_url):
            left.pop()()

    http.before_send.append(hook)
    try:
        yield
    finally:
        http.before_send.remove(hook)
