"""The first rows of a gateway's file: as they stand there, and as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from hub.admin.words import day, figure
from hub.books.payouts.checking import lines
from hub.books.payouts.entries import Entry
from hub.books.payouts.faults import Unclear, Unreadable
from hub.books.payouts.layout import Layout
from hub.books.payouts.reading import LeftOut, Reader
from hub.models import PayoutFile

SHOWN = 8
NONE = "XXX"
"""ISO 4217 for no currency: until a person has said which one it is."""


@dataclass(frozen=True)
class Preview:
    line: int
    cells: list[str]
    read: list[str]
    """Kind, date, order, gross, fee, net, currency and payout; or a sentence alone."""


def preview(file: PayoutFile, layout: Layout) -> Iterator[Preview]:
    reader = Reader(layout if layout.currency else layout.model_copy(update={"currency": NONE}))
    for line, cells in islice(lines(file, layout), SHOWN):
        yield Preview(line, cells, _read(reader, line, cells))


def _read(reader: Reader, line: int, cells: list[str]) -> list[str]:
    try:
        found = reader.read(line, cells)
    except (Unreadable, Unclear) as error:
        return [str(error)]
    if isinstance(found, Entry):
        amounts = [figure(one, found.currency) for one in (found.gross, found.fee, found.net)]
        return [
            found.kind.capitalize(),
            day(found.date),
            found.order,
            *amounts,
            found.currency.replace(NONE, ""),
            found.payout,
        ]
    return [f"Left out: {found.status}" if isinstance(found, LeftOut) else "The file's own line of totals"]
