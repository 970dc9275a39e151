"""A process from which others are forked, so that none has to load Django again: `python -m tests.chaos.zygote`.

Reads a life per line as JSON, `{"id": 1, "do": "work", "points": 70}`, forks it, and tells its beginning and its end:
`{"id": 1, "pid": 4711}`, then `{"id": 1, "signal": 9, "code": 0}`. It ends with its standard input, and everybody with it.
"""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Iterator
from typing import Any

import django

PATIENCE = 0.02


def main() -> None:
    load_all()
    from hub.supervisor.child import forks_die_with_us

    forks_die_with_us()
    running: dict[int, int] = {}
    for life in lives():
        if life:
            pid = born(life)
            running[pid] = life["id"]
            tell(id=life["id"], pid=pid)
        for pid, status in ended(running):
            tell(id=running.pop(pid), signal=status & 0x7F, code=status >> 8)


def load_all() -> None:
    """Once, for all that will be born."""
    django.setup()
    from connectors.registry import connectors
    from tests.chaos import lives  # noqa: F401

    connectors()


def lives() -> Iterator[dict[str, Any] | None]:
    """None each time that nothing was asked for."""
    rest = b""
    while True:
        if not select.select([0], [], [], PATIENCE)[0]:
            yield None
            continue
        read = os.read(0, 65536)
        if not read:
            return
        *lines, rest = (rest + read).split(b"\n")
        yield from map(json.loads, lines)


def born(life: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        from tests.chaos.lives import live

        os._exit(live(**life))
    return child


def ended(running: dict[int, int]) -> Iterator[tuple[int, int]]:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        yield pid, status


def tell(**what: int) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
