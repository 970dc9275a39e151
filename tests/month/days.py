"""The days of the plot: a month, and so much of the next that every life comes to its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2027, 3, 1), dt.date(2027, 3, 31)
"""The clocks go forward on the 14th in one zone, on the 28th in the other; stores trade around midnight."""
END = dt.date(2027, 4, 13)
"""After the month nothing is sold, but lives go on to their ends."""
FALLS_SILENT = dt.date(2027, 3, 29)
CLOSED_ON = dt.date(2027, 4, 2)
"""One store is not heard of from the one day to the other, on which the month is closed."""
OPEN = LAST + DAY
"""The first day that is open then."""


def every_day() -> Iterator[dt.date]:
    return (FIRST + DAY * number for number in range((END - FIRST).days + 1))
