"""The rows of a checked file are kept, some at a time; what is there already stays as it is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from django.db.models import F

from hub.books.payouts.checking import PORTION, OutOfTime, lines
from hub.books.payouts.entries import Entry, identity
from hub.books.payouts.layout import Layout
from hub.books.payouts.reading import Reader
from hub.intake.turns import Turn
from hub.models import DepositRow, DepositSighting, PayoutFile

Named = tuple[str, Entry]
"""Its identity, and what it says."""


def take_in(turn: Turn[PayoutFile], layout: Layout, deadline: float) -> None:
    """Goes on behind the last line that was kept. Raises OutOfTime, TurnLost."""
    entries = _entries(turn.row, layout)
    while some := list(islice(entries, PORTION)):
        left = [(name, entry) for name, entry in some if entry.line > turn.row.reached]
        if not left:
            turn.keep()
            continue
        _keep(turn, layout, left)
        if time.monotonic() > deadline:
            raise OutOfTime


def _entries(file: PayoutFile, layout: Layout) -> Iterator[Named]:
    """From the first line on, since a row without an id is told from its doubles by how many stood before it."""
    reader, earlier = Reader(layout), Counter[str]()
    for line, cells in lines(file, layout):
        if line <= file.reached and "id" in layout.columns:
            continue
        read = reader.read(line, cells)
        if isinstance(read, Entry):
            yield identity(read.content, 0 if read.id else earlier[read.content]), read
            if not read.id:
                earlier[read.content] += 1


def _keep(turn: Turn[PayoutFile], layout: Layout, some: Sequence[Named]) -> None:
    file = turn.row
    there = DepositRow.objects.filter(books=file.books, gateway=file.gateway, identity__in=[name for name, _ in some])
    with turn.writing(reached=some[-1][1].line):
        known = {row.identity: row for row in there.select_for_update(of=("self",))}
        new = [_row(file, layout, name, entry) for name, entry in some if name not in known]
        DepositRow.objects.bulk_create(new)
        paid = {
            known[name]: entry
            for name, entry in some
            if name in known and not known[name].payout and _payout(layout, file, entry)
        }
        DepositSighting.objects.bulk_create(_sightings(file, some, known, paid), ignore_conflicts=True)
        now_paid = [_paid(row, file, layout, entry) for row, entry in paid.items()]
        DepositRow.objects.bulk_update(now_paid, ["payout", "paid_on", "deposit", "file", "line"])
        PayoutFile.objects.filter(pk=file.pk).update(new=F("new") + len(new))


def _sightings(
    file: PayoutFile, some: Sequence[Named], known: dict[str, DepositRow], paid: Collection[DepositRow]
) -> list[DepositSighting]:
    """Of rows that two files hold: a row is the file's that says when it was paid out, else that of the first."""
    seen = [(known[name], entry) for name, entry in some if name in known and known[name].file_id != file.pk]
    return [
        DepositSighting(row=row, file_id=row.file_id, line=row.line)
        if row in paid
        else DepositSighting(row=row, file=file, line=entry.line)
        for row, entry in seen
    ]


def _row(file: PayoutFile, layout: Layout, name: str, entry: Entry) -> DepositRow:
    copied = (
        "line", "kind", "word", "order", "who", "description", "moment", "date", "currency", "gross", "fee", "net",
        "shown", "shown_currency", "paid_on",
    )  # fmt: skip
    return DepositRow(
        books=file.books,
        gateway=file.gateway,
        identity=name,
        file=file,
        references=list(entry.references),
        payout=_payout(layout, file, entry),
        **{field: getattr(entry, field) for field in copied},
    )


def _paid(row: DepositRow, file: PayoutFile, layout: Layout, entry: Entry) -> DepositRow:
    """An earlier file held it before it was paid out."""
    row.payout, row.paid_on = _payout(layout, file, entry), entry.paid_on
    row.deposit, row.file, row.line = None, file, entry.line
    return row


def _payout(layout: Layout, file: PayoutFile, entry: Entry) -> str:
    """Which deposit it belongs to; "" where that shows later, or it was not paid out yet."""
    match layout.grouping:
        case "day":
            return f"of {entry.date}"
        case "file":
            return file.name.rpartition(".")[0] or file.name
        case "column":
            return entry.payout or (f"of {entry.paid_on}" if entry.paid_on else "")
    return ""
