"""Rows with an id of their own: none stands twice in a file, and none says another thing than in an earlier file."""

from __future__ import annotations

from collections.abc import Iterator

from hub.books.payouts.entries import Entry
from hub.books.payouts.faults import IN_SETTINGS, Unreadable
from hub.intake.portions import PORTION
from hub.models import DepositRow, PayoutFile

TWICE = f"Take one of the two out; or, if this is not the row's own id, {IN_SETTINGS}"
MISREAD = f"If that file was read wrongly, take it back on its page; if this is not the row's own id, {IN_SETTINGS}"


class Doubles:
    """What was seen of one file. Memory holds a number for each row, whatever it says."""

    def __init__(self, file: PayoutFile) -> None:
        self.file = file
        self.lines: dict[int, int] = {}
        self.waiting: list[Entry] = []

    def passed(self, name: tuple[str, str], line: int) -> None:
        """In an earlier round."""
        self.lines[hash(name)] = line

    def add(self, entry: Entry) -> Iterator[Unreadable]:
        if not entry.id:
            return
        line = self.lines.setdefault(hash((entry.id, entry.word)), entry.line)
        if line != entry.line:
            yield _doubled(entry, f"Row {entry.id} stands in line {line} already", TWICE)
        self.waiting.append(entry)
        if len(self.waiting) >= PORTION:
            yield from self.compared()

    def compared(self) -> Iterator[Unreadable]:
        """What came since the last time, with what earlier files have said."""
        waiting, self.waiting = self.waiting, []
        of = DepositRow.objects.filter(books=self.file.books, gateway=self.file.gateway).select_related("file")
        known = {row.identity: row for row in of.filter(identity__in=[entry.content for entry in waiting])}
        for entry in waiting:
            row = known.get(entry.content)
            if row and (row.currency, row.gross, row.fee) != (entry.currency, entry.gross, entry.fee):
                before = f"{row.gross:.2f} {row.currency} less {row.fee:.2f}"
                said = f"was taken in from {row.file} over {before}, and is {entry.gross:.2f} {entry.currency} less"
                yield _doubled(entry, f"Row {entry.id} {said} {entry.fee:.2f} here", MISREAD)


def _doubled(entry: Entry, message: str, remedy: str) -> Unreadable:
    return Unreadable(message, remedy, line=entry.line, column="id", value=entry.id)
