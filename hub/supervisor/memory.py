"""How much memory a cluster's processes hold, read from /proc; where there is none, nothing is known or limited."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

GROUP, RESIDENT = 2, 21
"""Fields of /proc/PID/stat, counted from the one behind the name."""


def largest(group: int) -> float:
    """Megabytes that the largest process of this process group holds."""
    return max(_resident(group), default=0) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _resident(group: int) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = process.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[GROUP]) == group:
            yield int(fields[RESIDENT])
