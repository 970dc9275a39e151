"""Transforms of dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mappings.engine import functions, values
from mappings.engine.transforms.catalogue import Argument, transform


@transform("Date", "The day of an instant, or of text such as 2026-11-30")
def date(value: Any) -> dt.date:
    return values.date(value)


@transform("Days later", "So many days later, or earlier with a minus", Argument("days", "whole"))
def add_days(value: Any, days: int) -> dt.date:
    return functions.add_days(value, days)


@transform("Written date", "Writes a date, such as DD.MM.YYYY", Argument("pattern", default="YYYY-MM-DD"))
def format_date(value: Any, pattern: str) -> str:
    return functions.to_text(value, pattern)
