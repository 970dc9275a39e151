"""What a source lists for a day, and neither a webhook nor a poll has told."""

from __future__ import annotations

import datetime as dt

from hub import queue
from hub.engine.calling import calling
from hub.intake.completeness.counted import Counted
from hub.intake.polling import read


class OutOfTime(Exception):
    """Nothing is known yet; the same is asked again in the next step."""


def untold(counted: Counted, day: dt.date, until: float) -> list[str]:
    """A poll is made before anything is called lost: what it tells was only not told yet. Raises ConnectorError and
    OutOfTime."""
    with calling(counted.connection):
        listed = list(counted.resource.list_ids(day, day))
    suspects = counted.unknown(listed, day)
    if not suspects:
        return []
    read(counted.connection, counted.name, counted.resource, until)
    if queue.is_over(until):
        raise OutOfTime
    return counted.unknown(suspects, day)
