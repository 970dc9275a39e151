"""The hub's web server, for the stores' webhooks: killed as a whole, its workers at any point, and started again."""

from __future__ import annotations

import random
from collections.abc import Mapping

from connectors.sandbox import Sandbox
from hub.supervisor.child import Child
from hub.supervisor.household import answers, free_port, web_server
from tests.chaos.fleet import settings
from tests.chaos.troubles import Trouble, requests
from tests.running.installation import until

CARELESS = {"duplicate": 0.3, "drop": 0.15, "shuffle": True, "hold": True}
LONGEST_LIFE = 200
"""Points; a webhook takes a handful."""


class Door(Trouble):
    """`killed`: also its death is part of the trouble."""

    def __init__(self, dice: random.Random, *, killed: bool, clock: str = "") -> None:
        super().__init__(dice, requests, 10, 50)
        self.port = free_port(0)
        self._killed = killed
        self._env = settings(**({"CHAOS_POINTS": str(LONGEST_LIFE)} if killed else {}), **_given(CHAOS_CLOCK=clock))

    def begin(self) -> None:
        self._open()
        until(lambda: answers(self.port), 30, "an open door")
        if self._killed:
            super().begin()

    def end(self) -> None:
        if self._killed:
            super().end()
        self._server.kill()

    def happen(self) -> None:
        self._server.kill()
        self._open()
        self.count += 1

    def announce(self, stores: Mapping[str, Sandbox]) -> None:
        """From now on the stores tell it of every change; what they tell waits until it is delivered."""
        for name, store in stores.items():
            secret = store.connection_settings().get("webhook_secret", "")
            store.hook = {"url": f"http://127.0.0.1:{self.port}/webhooks/{name}/", "secret": secret, **CARELESS}

    def _open(self) -> None:
        self._server = Child(web_server(self.port), env=self._env)


def _given(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
