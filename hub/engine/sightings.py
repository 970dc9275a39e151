"""What this machine remembers of a database from outside of it: the greatest epoch and tick that it has seen there.

A restored database has forgotten what it was; this small file in VAR has not. Where VAR cannot be written, or does not
outlive the process, only a changed place gives a restored database away.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

log = logging.getLogger(__name__)
Sight = tuple[int, int]
"""Epoch and tick: the greater, the later."""
NEVER: Sight = (0, 0)


def greatest(lineage: UUID) -> Sight:
    """NEVER where this machine has not seen that database."""
    try:
        epoch, tick = json.loads(_file(lineage).read_text())
        return int(epoch), int(tick)
    except (OSError, ValueError, TypeError):
        return NEVER


def remember(lineage: UUID, seen: Sight) -> None:
    """Replaced whole, so that a kill leaves the old one. Two processes may write at once; being one tick behind does
    no harm."""
    if seen <= greatest(lineage):
        return
    draft = _file(lineage).with_suffix(f".{os.getpid()}")
    try:
        draft.write_text(json.dumps(seen))
        draft.replace(_file(lineage))
    except OSError as error:
        log.warning("%s cannot be written, so a restored backup may not be noticed: %s", _file(lineage), error)
        with suppress(OSError):
            draft.unlink()


def _file(lineage: UUID) -> Path:
    return Path(settings.VAR) / f"seen-{lineage}.json"
