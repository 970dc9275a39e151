"""A process in a session of its own: a Ctrl-C or a group's signal does not reach it, and it dies with its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
"""Where our modules and manage.py are found, from wherever we were started."""
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Called in the child. Linux only; elsewhere an orphan lives until its group is killed."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def forks_die_with_us() -> None:
    """Every process that this one forks, and theirs, ends when the one that forked it ends."""
    us = [os.getpid()]

    def born() -> None:
        die_with_parent()
        if os.getppid() != us[0]:  # it died before we could ask
            os._exit(1)
        us[0] = os.getpid()

    os.register_at_fork(after_in_child=born)


class Child:
    """One started process and everything it starts. `stop` is polite, `kill` is certain; both leave nothing behind."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
        stdout: IO[bytes] | int | None = None,
        stderr: IO[bytes] | int | None = None,
    ) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            pass_fds=pass_fds,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.pid = self._process.pid
        self.output = self._process.stdout

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def ask_to_stop(self) -> None:
        """SIGTERM to the main process only: django-q2 hangs when its group is signalled."""
        if self.running:
            self._process.terminate()

    def stop(self, grace: float) -> int:
        """Ask, wait up to `grace` seconds, then end whatever is left. Returns the exit code."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        return self.kill()

    def kill(self) -> int:
        """End the whole group, also when its main process is gone already."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self._process.wait()
