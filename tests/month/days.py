"""The days of the plot: a month, and so much of the next that every life comes to its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2027, 3, 1), dt.date(2027, 3, 31)
"""The clocks go forward on the 14th in one zone, on the 28th in the other; stores trade around midnight."""
END = dt.date(2027, 4, 13)
"""After the month nothing is sold, but lives go on to their ends."""
CORRECTED_ON = dt.date(2027, 3, 23)
"""On the evening of this day the bank corrects its rates."""
CLOSED_ON, OPEN = dt.date(2027, 4, 2), LAST + DAY
"""The month is closed on this day; the first that is open then."""


def every_day() -> Iterator[dt.date]:
    return (FIRST + DAY * number for number in range((END - FIRST).days + 1))
