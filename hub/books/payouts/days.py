"""Days and times as gateways write them. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

ORDERS = ("ymd", "dmy", "mdy")
LABELS = {"ymd": "2026-03-31", "dmy": "31.03.2026 or 31/03/2026", "mdy": "03/31/2026"}
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
DATE = re.compile(
    r"^\s*(?P<a>\d{1,4}|[A-Za-z]{3,9})[-/. ]\s*(?P<b>\d{1,2}|[A-Za-z]{3,9}),?[-/. ]\s*(?P<c>\d{4}|\d{1,2})(?!\d)"
)
TIME = re.compile(r"(?P<h>\d{1,2}):(?P<m>\d{2})(:(?P<s>\d{2}))?([.,]\d+)?\s*(?P<half>[AaPp]\.?[Mm])?")


def date(text: str, order: str) -> dt.date | None:
    """None where it is no date in this order. A month that is written as a word says the order by itself."""
    found = DATE.match(text)
    if found is None:
        return None
    parts = [found["a"], found["b"], found["c"]]
    if parts[0].isalpha():
        order = "mdy"
    elif parts[1].isalpha():
        order = "ymd" if len(parts[0]) == 4 else "dmy"
    elif len(parts[0]) > 2:
        order = "ymd"
    elif order == "ymd":
        return None
    said = dict(zip(order, parts, strict=True))
    return _made(said["y"], said["m"], said["d"])


def moment(text: str, day: dt.date) -> str:
    """`2026-03-05T14:03:22`; midnight where no time is told."""
    found = TIME.search(text)
    if found is None:
        return f"{day}T00:00:00"
    hour = int(found["h"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "Pp" else 0)
    return f"{day}T{min(hour, 23):02}:{found['m']}:{found['s'] or '00'}"


def orders(cells: Iterable[str]) -> tuple[set[str], bool]:
    """In which orders all of these can be read, and whether it matters which one is meant."""
    ways, differing = set(ORDERS), list[dict[str, dt.date | None]]()
    for cell in cells:
        read = {way: date(cell, way) for way in ways}
        ways = {way for way in ways if read[way] is not None}
        if len(set(read.values())) > 1:
            differing.append(read)
    return ways, any(len({read[way] for way in ways}) > 1 for read in differing)


def _made(year: str, month: str, day: str) -> dt.date | None:
    number = MONTHS.get(month[:3].lower()) if month.isalpha() else int(month)
    if number is None or not (year.isdecimal() and day.isdecimal()):
        return None
    try:
        return dt.date(int(year) + (2000 if len(year) <= 2 else 0), number, int(day))
    except ValueError:
        return None
