"""What the hub knows that rows of a gateway may be about: documents in the books by transaction, by order, and by day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Sum

from connectors.models import Connection
from hub.books.agreement import PLACES
from hub.books.payouts.kinds import Kind
from hub.books.reconciliation.known import THERE
from hub.engine.duplicates import OF_DUPLICATES
from hub.intake.portions import portions
from hub.models import DepositMatch, DepositRow, Flow, Posting, SyncRecord

PAYMENT, CREDIT = "payment", "credit_note"
ZERO = Decimal(0)


@dataclass
class Known:
    """Of one batch of rows. `left` is what of each posting no row explains yet; it goes down as rows take it."""

    by_transaction: dict[str, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    by_order: dict[str, list[SyncRecord]] = field(default_factory=lambda: defaultdict(list))
    by_record: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    left: dict[int, Decimal] = field(default_factory=dict)

    def paid(self, row: DepositRow) -> list[Posting]:
        """Payments that bear one of the row's ids."""
        found = {one.pk: one for reference in row.references for one in self.by_transaction.get(reference, ())}
        return list(found.values())

    def record(self, row: DepositRow) -> SyncRecord | None:
        """The order that it is about, where that is but one."""
        found = {one.record.pk: one.record for one in self.paid(row) if one.record}
        found = found or {one.pk: one for one in self.by_order.get(row.order, ())}
        return next(iter(found.values())) if len(found) == 1 else None

    def of(self, record: SyncRecord, resource: str) -> list[Posting]:
        """What of it is in the books and not taken by another row."""
        return [one for one in self.by_record.get(record.pk, ()) if one.resource == resource and self.left[one.pk] > 0]


def known(books: Connection, rows: Sequence[DepositRow]) -> Known:
    """With as many statements for many rows as for one."""
    found = Known()
    references = sorted({one for row in rows for one in row.references})
    for payment in _in_portions(_there(books).filter(resource=PAYMENT), "transaction_id", references):
        found.by_transaction[payment.transaction_id].append(payment)
    orders = sorted({row.order for row in rows if row.order})
    for record in _records(books, orders):
        found.by_order[record.number].append(record)
    paid = {one.record_id for some in found.by_transaction.values() for one in some if one.record_id}
    records = sorted(paid | {one.pk for some in found.by_order.values() for one in some})
    for posting in _in_portions(_there(books).filter(resource__in=(PAYMENT, CREDIT)), "record__in", records):
        found.by_record[posting.record_id or 0].append(posting)
    every = [*(one for some in found.by_transaction.values() for one in some)]
    found.left = left_of([*every, *(one for some in found.by_record.values() for one in some)])
    return found


def left_of(postings: Iterable[Posting]) -> dict[int, Decimal]:
    """What rows have not taken of each."""
    totals = {one.pk: one.total or ZERO for one in postings}
    taken = DepositMatch.objects.filter(accepted=True).order_by().values_list("posting")
    for some in portions(sorted(totals)):
        for pk, amount in taken.filter(posting__in=some).annotate(Sum("amount")):
            totals[pk] -= amount.quantize(PLACES)
    return totals


def near(books: Connection, kind: str, currency: str, days: tuple[dt.date, dt.date], most: int) -> list[Posting]:
    """Documents of these days that no row is about: payments for charges, credit notes for refunds."""
    resource = PAYMENT if kind == Kind.CHARGE else CREDIT
    free = ~Exists(DepositMatch.objects.filter(posting=OuterRef("pk"), accepted=True))
    rows = _there(books).filter(free, resource=resource, currency=currency, date__range=days)
    return list(rows.order_by("date", "pk")[:most])


def _there(books: Connection) -> QuerySet[Posting]:
    """No money went back for what was only in the books twice."""
    there = Posting.objects.filter(target=books, state__in=THERE).exclude(OF_DUPLICATES)
    return there.select_related("record").defer("document", "basis")


def _records(books: Connection, orders: Sequence[str]) -> Iterable[SyncRecord]:
    flows = list(Flow.objects.filter(target=books).values_list("pk", flat=True))
    for some in portions(orders):
        yield from SyncRecord.objects.filter(flow__in=flows, number__in=some).order_by("pk")


def _in_portions(rows: QuerySet[Posting], field: str, values: Sequence[object]) -> Iterable[Posting]:
    name = field if field.endswith("__in") else f"{field}__in"
    for some in portions(values):
        yield from rows.filter(**{name: some}).order_by("pk")
