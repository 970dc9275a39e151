"""A vault in memory, for connectors without a database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MemoryVault:
    """The contract of `connectors.base.Vault`: one holder of the lease, the others wait for it to end."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = dict(secrets)
        self._lock = threading.Lock()

    def get(self, name: str) -> str:
        return self.secrets.get(name, "")

    def put(self, **secrets: str) -> None:
        self.secrets = {**self.secrets, **secrets}

    @contextmanager
    def lease(self) -> Iterator[bool]:
        mine = self._lock.acquire(blocking=False)
        if not mine:
            with self._lock:
                pass
        try:
            yield mine
        finally:
            if mine:
                self._lock.release()
