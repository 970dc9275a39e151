"""Waiting until the hub has nothing left to do."""

from __future__ import annotations

import time

from hub.engine.schedule import seconds_until_due
from hub.supervisor.household import Household

PATIENCE = 300.0


class NotAtRest(Exception):
    """Something the demo relies on has ended, or takes far too long."""


def until_at_rest(household: Household) -> None:
    """Raises NotAtRest."""
    began = time.monotonic()
    while seconds_until_due() is not None:
        if gone := household.gone():
            raise NotAtRest(f"The {' and the '.join(gone)} ended unexpectedly.")
        if time.monotonic() - began > PATIENCE:
            raise NotAtRest(f"The hub was still busy after {PATIENCE:.0f} seconds.")
        time.sleep(0.2)
