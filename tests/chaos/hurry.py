"""A world ten times faster: every time limit is a tenth of what it is, so that all still fit together. Leases run out
for real, doubts are waited for, calls are given up; a month of trade takes seconds."""

from __future__ import annotations

from typing import Any

TIMES = 10
LONGEST_PAUSE = 1.0
"""Seconds from one try to the next: nobody waits for an hour here."""
ENVIRONMENT = {
    "COUNTINGHOUSE_LEASE": "6",
    "COUNTINGHOUSE_DOUBT_DELAY": "3",
    "COUNTINGHOUSE_THREADS": "2",
    "COUNTINGHOUSE_WORKERS": "1",
}


def hurry() -> None:
    from connectors import clock, http, kept, models, vault
    from hub.engine import claim, missing, outcomes
    from hub.intake import resolving, stored, verifying

    limits = http.Http.__init__.__kwdefaults__
    limits["time_limit"] /= TIMES
    _faster(kept, "CONNECT_LIMIT", "IDLE_LIMIT")
    _faster(models, "SHORTEST_ABSENCE", "LONGEST_ABSENCE", "PROBE")
    _faster(vault, "LEASE", "PATIENCE")
    _faster(claim, "CALL", "EFFECT_RESERVE")
    _faster(clock, "AGREED_FOR")
    _faster(missing, "SOONEST")
    _faster(outcomes, "FIRST_DELAY")
    _faster(resolving, "CLAIMED", "SOONEST")
    _faster(stored, "LEASE", "SOONEST")
    _faster(verifying, "SOONEST")
    for module, name in ((outcomes, "LONGEST_DELAY"), (missing, "LATEST"), (resolving, "LATEST"), (stored, "LATEST")):
        setattr(module, name, LONGEST_PAUSE)


def _faster(module: Any, *names: str) -> None:
    for name in names:
        setattr(module, name, getattr(module, name) / TIMES)
