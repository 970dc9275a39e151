"""Instants in every way in which sites of this platform write them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from connectors.clarity.reading import number

Style = Literal["text", "epoch_s", "epoch_ms", "auto"]
"""What a bare number means. `text`: nothing, so it is refused; `auto`: milliseconds where seconds would lie millennia
ahead."""
MS_DATE = re.compile(r"\\?/Date\((-?\d+)([+-]\d{4})?\)\\?/")
"""Microsoft's old JSON date: milliseconds since 1970, in UTC whatever offset stands behind them."""
LONG_AGO = 1900
""".NET writes a date that was never set as the first day of the year 1, databases as the first of 1753."""
LARGEST_SECONDS = Decimal(10) ** 11


def instant(value: Any, zone: ZoneInfo, style: Style) -> dt.datetime | None:
    """Aware, in UTC; None where no date was set. A time without a zone is one in `zone`. Raises ValueError."""
    found = _read(value, style)
    if found is None or found.year < LONG_AGO:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(dt.UTC)


def stamp(moment: dt.datetime) -> str:
    """As it is asked for: whole seconds, UTC."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(value: Any, style: Style) -> dt.datetime | None:
    if value in (None, ""):
        return None
    if isinstance(value, str):
        written = MS_DATE.fullmatch(value.strip())
        if written:
            return _since_1970(Decimal(written[1]) / 1000)
        if not re.fullmatch(r"-?\d+(\.\d+)?", value.strip()):
            return dt.datetime.fromisoformat(value.strip())
    if style == "text":
        raise ValueError("a number, and what it counts is not set")
    count = number(value)
    in_ms = style == "epoch_ms" or (style == "auto" and abs(count) >= LARGEST_SECONDS)
    return _since_1970(count / 1000 if in_ms else count)


def _since_1970(seconds: Decimal) -> dt.datetime:
    try:
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        raise ValueError("a date out of all bounds") from None
