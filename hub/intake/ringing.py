"""The bell for what the door has stored: rung at once for the first, and then a few times a second for all that follow."""

from __future__ import annotations

import atexit
import logging
import time

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from hub import queue
from hub.intake.attendant import Attendant

logger = logging.getLogger(__name__)

EVERY = 0.05
"""Seconds from one bell of this process to the next."""
AGAIN = 1.0
"""Seconds until a bell that could not be rung is tried again."""


class Ringer:
    """Of one process. A bell that it owes when the process is killed is made up for by the sweep."""

    def __init__(self) -> None:
        self._attendant = Attendant("ringer", self._ring)
        self._rung = -EVERY

    def ring_soon(self) -> None:
        """Call it after the commit. It takes no time and never fails."""
        self._attendant.call()

    def dismiss(self) -> None:
        self._attendant.dismiss()

    def _ring(self) -> None:
        time.sleep(max(0.0, self._rung + EVERY - time.monotonic()))
        self._rung = time.monotonic()
        try:
            close_old_connections()
            queue.ring()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The bell could not be rung and is tried again: %s", error)
            connection.close()
            time.sleep(AGAIN)
            self._attendant.call()


ringer = Ringer()
atexit.register(ringer.dismiss)
