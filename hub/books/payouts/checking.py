"""Every line of a file is read before any row of it is kept: a file is taken in whole, or not at all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.books.payouts import opening
from hub.books.payouts.arriving import blocks
from hub.books.payouts.doubles import Doubles
from hub.books.payouts.faults import AGAIN, Unreadable
from hub.books.payouts.layout import Layout
from hub.books.payouts.reading import LeftOut, Reader, Total
from hub.books.payouts.totals import Totals
from hub.intake.turns import Turn
from hub.models import PayoutFile

PORTION = 500
"""Lines between two looks at the clock."""
MOST_ROWS = 1_000_000
MOST_FAULTS = 20
"""So many are told at once; a file with more of them is not what it was taken for."""


class OutOfTime(Exception):
    """The rest is for the next round."""


@dataclass
class Checked:
    """What the lines so far have come to."""

    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    totals: Totals = field(default_factory=lambda: Totals({}))
    faults: list[Unreadable] = field(default_factory=list)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Checked:
        faults = [Unreadable(**one) for one in told.get("faults", ())]
        return cls(told.get("rows", 0), Counter(told.get("left_out", {})), Totals(told.get("totals", {})), faults)

    def told(self) -> dict[str, Any]:
        """As JSON keeps it between two rounds."""
        faults = [one.told() for one in self.faults]
        return {"rows": self.rows, "left_out": self.left_out, "totals": self.totals.told(), "faults": faults}

    @property
    def is_enough(self) -> bool:
        return len(self.faults) >= MOST_FAULTS or self.rows > MOST_ROWS


def lines(file: PayoutFile, layout: Layout) -> Iterator[opening.Row]:
    """Those behind the heads."""
    for line, cells in opening.rows(blocks(file), file.encoding, layout.delimiter):
        if line > layout.head_line:
            yield line, cells


def check(turn: Turn[PayoutFile], layout: Layout, deadline: float) -> Checked:
    """Goes on behind the last line that was checked. Faults are collected, so that a person mends them all at once.
    Raises Unclear, OutOfTime, TurnLost."""
    file, reader = turn.row, Reader(layout)
    found, doubles = Checked.of(file.checked), Doubles(file)
    for number, (line, cells) in enumerate(lines(file, layout), 1):
        if number % PORTION == 0:
            turn.keep()
        if line <= file.reached:
            doubles.passed(reader.name(cells), line)
            continue
        _line(reader, line, cells, found, doubles)
        if found.is_enough:
            break
        if number % PORTION == 0 and time.monotonic() > deadline:
            found.faults += doubles.compared()
            turn.note(reached=line, checked=found.told())
            raise OutOfTime
    found.faults += [*doubles.compared(), *_of_the_whole(found)]
    return found


def _line(reader: Reader, line: int, cells: list[str], found: Checked, doubles: Doubles) -> None:
    try:
        read = reader.read(line, cells)
    except Unreadable as error:
        found.faults.append(error)
        return
    match read:
        case LeftOut():
            found.left_out[read.status] += 1
        case Total():
            found.faults += found.totals.against(read)
        case _:
            found.rows += 1
            found.totals.add(read)
            found.faults += doubles.add(read)


def _of_the_whole(found: Checked) -> Iterator[Unreadable]:
    if found.rows > MOST_ROWS:
        yield Unreadable(f"It has more than {MOST_ROWS:,} rows", "Download fewer days at a time.")
    if not found.rows and not found.faults:
        yield Unreadable("No row of it counts", AGAIN)
