"""Every line of a file is read before any row of it is kept: a file is taken in whole, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from hub.books.payouts import opening
from hub.books.payouts.arriving import AGAIN, blocks
from hub.books.payouts.entries import Entry
from hub.books.payouts.faults import IN_SETTINGS, Unreadable
from hub.books.payouts.kinds import Kind
from hub.books.payouts.layout import Layout
from hub.books.payouts.reading import LeftOut, Reader, Total
from hub.intake.portions import portions
from hub.intake.turns import Turn
from hub.models import DepositRow, PayoutFile

PORTION = 500
MOST_ROWS = 1_000_000
MOST_FAULTS = 20
"""So many are told at once; a file with more of them is not what it was taken for."""
Read = Entry | LeftOut | Total


@dataclass
class Checked:
    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[Unreadable] = field(default_factory=list)


def lines(file: PayoutFile, layout: Layout) -> Iterator[opening.Row]:
    """Those behind the heads."""
    for line, cells in opening.rows(blocks(file), file.encoding, layout.delimiter):
        if line > layout.head_line:
            yield line, cells


def check(turn: Turn[PayoutFile], layout: Layout) -> Checked:
    """Raises Unclear. Faults are collected, so that a person mends them all at once."""
    found, sums, seen = Checked(), _Sums(), _Seen(turn.row)
    for read in _each(turn.row, layout, found.faults):
        if isinstance(read, LeftOut):
            found.left_out[read.status] += 1
        elif isinstance(read, Total):
            found.faults += sums.against(read)
        else:
            found.rows += 1
            sums.add(read)
            found.faults += seen.add(read)
            if found.rows % PORTION == 0:
                turn.keep()
        if len(found.faults) >= MOST_FAULTS or found.rows > MOST_ROWS:
            break
    found.faults += [*seen.compared(), *_of_the_whole(found)]
    return found


def _each(file: PayoutFile, layout: Layout, faults: list[Unreadable]) -> Iterator[Read]:
    reader = Reader(layout)
    for line, cells in lines(file, layout):
        try:
            yield reader.read(line, cells)
        except Unreadable as error:
            faults.append(error)
            if len(faults) >= MOST_FAULTS:
                return


def _of_the_whole(found: Checked) -> Iterator[Unreadable]:
    if found.rows > MOST_ROWS:
        yield Unreadable(f"It has more than {MOST_ROWS:,} rows", "Download fewer days at a time.")
    if not found.rows and not found.faults:
        yield Unreadable("No row of it counts", AGAIN)


class _Sums:
    """What the rows came to so far, by currency: a line of totals must say the same."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, set[Decimal]]] = {}
        self.sums: dict[str, list[Decimal]] = {}

    def add(self, entry: Entry) -> None:
        gross = entry.net if entry.kind is Kind.FEE else entry.gross
        paid = entry.kind is Kind.PAYOUT
        all_gross, all_net, gross_but_payouts, net_but_payouts = self.sums.setdefault(entry.currency, [Decimal(0)] * 4)
        self.sums[entry.currency] = [
            all_gross + gross,
            all_net + entry.net,
            gross_but_payouts + (Decimal(0) if paid else gross),
            net_but_payouts + (Decimal(0) if paid else entry.net),
        ]

    def against(self, total: Total) -> Iterator[Unreadable]:
        """With or without the payouts themselves. Of several currencies nobody can say what it sums up."""
        if len(self.sums) != 1:
            return
        [(gross, net, gross_but_payouts, net_but_payouts)] = self.sums.values()
        for name, says, sums in (
            ("gross", total.gross, (gross, gross_but_payouts)),
            ("net", total.net, (net, net_but_payouts)),
        ):
            if says is not None and says not in sums:
                yield Unreadable(
                    f"The line of totals says {says} {name}, and the rows above it come to {sums[0]}",
                    f"Lines are missing or doubled. {AGAIN}",
                    line=total.line,
                    column=name,
                    value=str(says),
                )


class _Seen:
    """Rows with an id of their own: two of one id must say the same, in this file and in earlier ones."""

    def __init__(self, file: PayoutFile) -> None:
        self.file = file
        self.earlier: dict[str, tuple[int, int]] = {}
        self.waiting: list[Entry] = []

    def add(self, entry: Entry) -> Iterator[Unreadable]:
        if not entry.id:
            return
        says = hash((entry.currency, entry.gross, entry.fee))
        line, said = self.earlier.setdefault(entry.content[:16], (entry.line, says))
        if line != entry.line:
            again = "once more" if said == says else "with other amounts"
            yield _doubled(entry, f"Row {entry.id} stands in line {line} already, and here {again}")
        self.waiting.append(entry)
        if len(self.waiting) >= PORTION:
            yield from self.compared()

    def compared(self) -> Iterator[Unreadable]:
        """With what earlier files have said."""
        waiting, self.waiting = self.waiting, []
        of = DepositRow.objects.filter(books=self.file.books, gateway=self.file.gateway).select_related("file")
        for some in portions(waiting):
            known = {row.identity: row for row in of.filter(identity__in=[entry.content for entry in some])}
            for entry in some:
                row = known.get(entry.content)
                if row and (row.currency, row.gross, row.fee) != (entry.currency, entry.gross, entry.fee):
                    yield _doubled(
                        entry,
                        f"Row {entry.id} was taken in from {row.file} over {row.gross}, and is {entry.gross} here",
                    )


def _doubled(entry: Entry, message: str) -> Unreadable:
    remedy = f"Take one of the two out; or, if this is not the row's own id, {IN_SETTINGS}"
    return Unreadable(message, remedy, line=entry.line, column="id", value=entry.id)
