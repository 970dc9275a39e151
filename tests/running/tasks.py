"""What a real worker is given to do where the queue's own tasks would be too well behaved."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from hub import queue


def leave_a_mark(path: str, seconds: float) -> None:
    """Begun and finished, each to be seen in a file."""
    Path(path).write_text("begun")
    time.sleep(seconds)
    Path(path).write_text("finished")


def work_until_the_stop(path: str, seconds: float) -> None:
    """As a drain does, which looks before it claims more."""
    Path(path).write_text("begun")
    until = time.monotonic() + seconds
    while time.monotonic() < until and not queue.is_stopping():
        time.sleep(0.05)
    Path(path).write_text("told" if queue.is_stopping() else "not told")


def never_end(path: str) -> None:
    """Beyond its time limit, deaf to the alarm that tells so."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM})
    leave_a_mark(path, 3600)


def stand_still(path: str) -> None:
    """Stopped as by SIGSTOP: no signal but SIGKILL ends it."""
    Path(path).write_text("begun")
    os.kill(os.getpid(), signal.SIGSTOP)


def swell(path: str, megabytes: int, seconds: float) -> None:
    """Holds that much memory for a while."""
    held = bytearray(os.urandom(1)) * (megabytes * 2**20)
    leave_a_mark(path, seconds if held else 0)
