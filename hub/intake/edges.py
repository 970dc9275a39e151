"""How far off the days may be for which a source lists a record."""

from __future__ import annotations

import datetime as dt

DAY = dt.timedelta(days=1)
EDGE = 2 * DAY
"""A source that knows only the instant lists a record also for the days around its own: no zone is further off."""
