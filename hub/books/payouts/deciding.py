"""What a person says about a row that nothing explains by itself, and about a deposit as a whole."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from hub.books.payouts.grouping import reckon
from hub.books.payouts.known import left_of
from hub.books.payouts.matching import PORTION, match_rows, open_rows, sought
from hub.intake.portions import portions
from hub.models import Deposit, DepositMatch, DepositRow, Posting


class Undecidable(ValueError):
    """The sentence says why, and what to do instead."""


def accept(match: DepositMatch, by: Any) -> DepositRow:
    """The document is what the row is about, and explains as much of it as it is over. Raises Undecidable."""
    with transaction.atomic():
        row = _locked(match.row)
        posting = Posting.objects.select_for_update(of=("self",)).get(pk=match.posting_id)
        left = left_of([posting])[posting.pk]
        if match.accepted or row.explained == row.gross:
            raise Undecidable("This row is explained already. Look at it again.")
        if left <= 0:
            raise Undecidable(f"{posting} explains another row already. Choose another document, or say why not.")
        wanted = sought(row).in_currency(posting.currency)
        match.amount = left if wanted is None else min(left, wanted)
        match.accepted, match.decided_by = True, str(by)[:150]
        match.save()
        sign = 1 if row.gross >= 0 else -1
        covers = wanted is None or match.amount == wanted
        same = posting.currency == row.currency
        row.explained = row.gross if covers or not same else row.explained + sign * match.amount
        row.record, row.decided_by = row.record or posting.record, match.decided_by
        row.save()
    _reckon(row)
    return row


def explain(row: DepositRow, reason: str, by: Any) -> None:
    """It has no document of ours, and a person knows what it is. Raises Undecidable."""
    if not reason.strip():
        raise Undecidable("Say what this row is: whoever looks at the deposit later will ask.")
    with transaction.atomic():
        row = _locked(row)
        if row.explained == row.gross:
            raise Undecidable("This row is explained already. Look at it again.")
        row.explained, row.reason, row.decided_by = row.gross, reason.strip()[:300], str(by)[:150]
        row.save()
    _reckon(row)


def undo(row: DepositRow) -> None:
    """As if nobody had decided, and nothing had been found: it is looked for again."""
    with transaction.atomic():
        row = _locked(row)
        row.matches.all().delete()
        row.explained, row.reason, row.decided_by, row.record = row.gross * 0, "", "", None
        row.save()
    _reckon(row)


def look_again(deposit: Deposit) -> int:
    """For the documents behind its open rows: orders may have been posted since. Returns how many rows are explained
    now that were not."""
    rows = list(open_rows(DepositRow.objects.filter(deposit=deposit)).order_by("pk").values_list("pk", flat=True))
    for some in portions(rows, PORTION):
        with transaction.atomic():
            locked = DepositRow.objects.select_for_update(of=("self",)).filter(pk__in=some).order_by("pk")
            match_rows(deposit.books, list(open_rows(locked)))
    reckon([deposit.pk])
    return len(rows) - open_rows(DepositRow.objects.filter(pk__in=rows)).count() if rows else 0


def _locked(row: DepositRow) -> DepositRow:
    return DepositRow.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _reckon(row: DepositRow) -> None:
    if row.deposit_id:
        reckon([row.deposit_id])
