"""Signs of life: single bytes through a pipe, from every process of the cluster to its supervisor."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable

CODES = {"beats": b".", "asks": b"?", "took": b"+", "started": b"!", "died": b"x"}
"""The sentinel beats; the pusher asks the database and took a task; a worker started one; a worker or the monitor died."""
NAMES = {code[0]: name for name, code in CODES.items()}


def writer(fd: int) -> Callable[[str], None]:
    """What a process of the cluster calls. Never blocks: a full pipe means that there are signs enough. Where nobody
    reads any more, the supervisor is gone: the whole cluster ends then, for nobody would notice when it falls ill."""
    os.set_blocking(fd, False)

    def show(sign: str) -> None:
        try:
            with contextlib.suppress(BlockingIOError):
                os.write(fd, CODES[sign])
        except BrokenPipeError:
            os.killpg(os.getpgrp(), signal.SIGKILL)

    return show


def read(fd: int) -> list[str]:
    """Every sign since the last look; none when all who could give one are gone."""
    return [NAMES[code] for code in os.read(fd, 65536)]
