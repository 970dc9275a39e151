"""A report as CSV, as it goes: RFC 4180, in UTF-8 with the mark by which Excel knows it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from hub.books.reports.columns import Column, Kind, Row

BLOCK = 500
"""Rows that are sent at once."""
MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's own code page, and names lose their accents."""
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins like this is a formula to a spreadsheet (OWASP, "CSV Injection")."""


def written(columns: tuple[Column, ...], rows: Iterable[Row]) -> Iterator[bytes]:
    """The file, block by block; never more than one block is in memory."""
    says = [_FORMATS[column.kind] for column in columns]
    yield _block([[column.name for column in columns]], MARK)
    block: list[list[str]] = []
    for row in rows:
        block.append(["" if cell is None else say(cell) for say, cell in zip(says, row, strict=True)])
        if len(block) == BLOCK:
            yield _block(block)
            block = []
    if block:
        yield _block(block)


def _block(rows: list[list[str]], mark: str = "") -> bytes:
    written = io.StringIO(newline="")
    written.write(mark)
    csv.writer(written).writerows(rows)
    return written.getvalue().encode(errors="replace")


def harmless(text: str) -> str:
    """An apostrophe in front of what would be a formula, and of what already has one; the rest as it is."""
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text


def taken_back(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(RISKY) else text


def _number(number: Decimal | int) -> str:
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def _moment(instant: dt.datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}"


_FORMATS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: harmless,
    Kind.MONEY: _number,
    Kind.PERCENT: _number,
    Kind.COUNT: _number,
    Kind.DATE: dt.date.isoformat,
    Kind.MOMENT: _moment,
}
