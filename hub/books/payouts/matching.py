"""Rows and the documents behind them: what is sure is taken for true, the rest is suggested, and a person decides."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings
from django.db.models import F, QuerySet

from connectors.models import Connection
from hub.books.payouts.checking import OutOfTime
from hub.books.payouts.kinds import Kind
from hub.books.payouts.known import CREDIT, PAYMENT, Known, known, left_of, near
from hub.books.payouts.pairing import SAME_ORDER, Candidate, Pair, Sought, pairs
from hub.books.reconciliation.likeness import Due, Loose
from hub.books.reconciliation.matching import Match, matches
from hub.intake.turns import Turn
from hub.models import DepositMatch, DepositRow, PayoutFile, Posting

How = DepositMatch.How
PORTION = 200
SOUGHT = (Kind.CHARGE, Kind.REFUND, Kind.CHARGEBACK)
"""An adjustment has no document of ours: a person says what it is."""
BEFORE, AFTER = dt.timedelta(days=31), dt.timedelta(days=7)
"""How far the books' date may be from the row's, where nothing but likeness tells."""
MOST = 2000
"""Documents that are compared with one portion of rows."""
ZERO = Decimal(0)


def match(turn: Turn[PayoutFile], deadline: float) -> None:
    """Every row of the file that is not explained yet. Raises OutOfTime, TurnLost."""
    file = turn.row
    rows = open_rows(DepositRow.objects.filter(file=file))
    while some := list(rows.filter(pk__gt=file.reached).order_by("pk")[:PORTION]):
        with turn.writing(reached=some[-1].pk):
            match_rows(file.books, some)
        if time.monotonic() > deadline:
            raise OutOfTime


def open_rows(rows: QuerySet[DepositRow]) -> QuerySet[DepositRow]:
    """Those that a document may stand behind, and that nothing explains yet."""
    return rows.filter(kind__in=SOUGHT).exclude(explained=F("gross"))


def match_rows(books: Connection, rows: Sequence[DepositRow]) -> None:
    """Belongs into a transaction: the documents are locked, so that no other row takes the same."""
    found = known(books, rows)
    _lock(found.left)
    found.left |= left_of(one for some in found.by_record.values() for one in some)
    DepositMatch.objects.filter(row__in=rows, accepted=False).delete()
    for row in rows:
        _by_name(row, found)
    _by_likeness(books, [row for row in rows if row.explained == ZERO])
    DepositRow.objects.bulk_update(rows, ["explained", "record"])


def keep(row: DepositRow, found: Iterable[Pair], how: str) -> None:
    """`explained` is the row's own amount where the pairs make it up, in whatever currency they are booked."""
    taken = list(found)
    accepted = [one for one in taken if one.confidence >= settings.PAYMENT_MATCH_CONFIDENCE]
    made = [
        DepositMatch(
            row=row,
            posting_id=one.id,
            amount=one.amount,
            how=how,
            confidence=one.confidence,
            reasons=list(one.reasons),
            accepted=one in accepted,
        )
        for one in taken
    ]
    DepositMatch.objects.bulk_create(made, ignore_conflicts=True)  # it may be suggested by its name already
    if accepted:
        row.explained = row.gross


def sought(row: DepositRow) -> Sought:
    return Sought(abs(row.gross), row.currency, row.shown, row.shown_currency)


def _by_name(row: DepositRow, found: Known) -> None:
    """By its transaction, else by its order."""
    record = found.record(row)
    row.record = record or row.record
    paid = found.paid(row) if row.kind == Kind.CHARGE and row.gross > 0 else []
    if paid:
        _take(row, pairs(sought(row), _candidates(paid, found), "the same transaction"), How.TRANSACTION, found)
    elif record and (row.kind != Kind.CHARGE) == (row.gross < 0):
        resource = PAYMENT if row.kind == Kind.CHARGE else CREDIT
        there = _candidates(found.of(record, resource), found)
        _take(row, pairs(sought(row), there, "the same order", sure=SAME_ORDER), How.ORDER, found)


def _candidates(postings: Iterable[Posting], found: Known) -> list[Candidate]:
    return [Candidate(one.pk, found.left[one.pk], one.currency) for one in postings]


def _take(row: DepositRow, taken: Sequence[Pair], how: str, found: Known) -> None:
    keep(row, taken, how)
    if row.explained:
        for one in taken:
            found.left[one.id] -= one.amount


def _by_likeness(books: Connection, rows: Iterable[DepositRow]) -> None:
    """Those that name nothing we know, by amount, date and customer."""
    groups: dict[tuple[str, str], list[DepositRow]] = defaultdict(list)
    for row in rows:
        if row.record is None and row.kind != Kind.CHARGEBACK and (row.kind == Kind.CHARGE) == (row.gross > 0):
            groups[row.kind, row.currency].append(row)
    for (kind, currency), some in groups.items():
        days = min(row.date for row in some) - BEFORE, max(row.date for row in some) + AFTER
        found = near(books, kind, currency, days, MOST)
        _lock(one.pk for one in found)
        left = left_of(found)
        there = {str(one.pk): one for one in found if left[one.pk] == one.total}
        by_id = {str(row.pk): row for row in some}
        for one in matches([_due(posting) for posting in there.values()], [_loose(row) for row in some]):
            _keep_likeness(one, by_id, there)


def _keep_likeness(one: Match, rows: dict[str, DepositRow], there: dict[str, Posting]) -> None:
    for payment in one.payments:
        row = rows[payment.id]
        share = [(due, min(due.amount, payment.amount)) for due in one.dues]
        keep(row, [Pair(int(due.key), amount, one.confidence, one.reasons) for due, amount in share], How.LIKENESS)
        record = there[one.dues[0].key].record
        if row.explained and len(one.dues) == 1:
            row.record = record


def _due(posting: Posting) -> Due:
    assert posting.date and posting.total is not None
    record = posting.record
    return Due(
        key=str(posting.pk),
        amount=posting.total,
        currency=posting.currency,
        date=posting.date,
        who=record.who.partition("<")[0].strip() if record else "",
        references=(record.number,) if record else (),
    )


def _loose(row: DepositRow) -> Loose:
    return Loose(
        id=str(row.pk),
        amount=abs(row.gross),
        currency=row.currency,
        date=row.date,
        client=row.who,
        note=f"{row.description} {row.order}".strip(),
    )


def _lock(postings: Iterable[int]) -> None:
    """One row of a gateway at a time takes a document. SQLite's transaction is the lock."""
    list(Posting.objects.select_for_update().filter(pk__in=sorted(postings)).values_list("pk").order_by("pk"))
