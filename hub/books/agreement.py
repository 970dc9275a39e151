"""Do the books agree? Per pair and currency: received = posted + held + skipped + failed + pending, and
posted = booked, by count and by money.

The three sides come from three places: `received` from the events, `posted` and the other states from what the source
said of each record, `booked` from what the books answered for our documents. So the equation can fail.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, Exists, F, Min, OuterRef, Q, QuerySet, Sum, When
from django.utils import timezone

from connectors.models import Connection
from hub.books import unread
from hub.models import Flow, Posting, SyncRecord

Row = dict[str, Any]
PLACES = Decimal("0.0001")
"""Of the columns. SQLite sums in floating point, whose dust begins far behind."""
State = SyncRecord.State
SIDES = {
    "posted": (State.POSTED,),
    "held": (State.HELD,),
    "skipped": (State.SKIPPED,),
    "failed": (State.FAILED,),
    "pending": SyncRecord.UNSETTLED,
}
BOOKED_WHILE = (State.POSTED, State.SKIPPED)
"""A held or unfinished record's documents are counted on neither side; a skipped one must have none."""

COUNTED = {
    "booked": Q(state=Posting.State.DONE, record__state__in=BOOKED_WHILE)
    & (Q(resource=F("record__flow__target_resource"), edit=0) | Q(edit__gt=0)),
    "in_doubt": Q(state=Posting.State.SENT, total__isnull=False),
    "unfinished": Q(state=Posting.State.CREATED, record__state=State.POSTED),
}
"""Which postings count as what. Booked is an order's first invoice, with what its edits made of it."""


@dataclass
class Side:
    """A count of records and their worth in the pair's currency."""

    count: int = 0
    total: Decimal = Decimal(0)

    def add(self, count: int, total: Decimal | None) -> None:
        self.count += count
        self.total += (total or Decimal(0)).quantize(PLACES)

    def told(self) -> dict[str, Any]:
        return {"count": self.count, "total": f"{self.total:.2f}"}


@dataclass
class Pair:
    """One flow in one currency; records never read stand under ""."""

    flow: str
    source: str
    target: str
    currency: str
    received: Side = field(default_factory=Side)
    posted: Side = field(default_factory=Side)
    held: Side = field(default_factory=Side)
    skipped: Side = field(default_factory=Side)
    failed: Side = field(default_factory=Side)
    pending: Side = field(default_factory=Side)
    booked: Side = field(default_factory=Side)
    unfinished: int = 0
    in_doubt: int = 0
    without_record: int = 0
    """Of what was received: notices that no record stands for."""
    not_read: int = 0
    """Of what was received: webhooks that nobody has read yet."""

    @property
    def accounted(self) -> Side:
        """Everything that was received, by where it is now."""
        sides = [getattr(self, name) for name in SIDES]
        return Side(sum(side.count for side in sides), sum((side.total for side in sides), Decimal(0)))

    @property
    def agrees(self) -> bool:
        at_rest = not (self.failed.count or self.pending.count or self.unfinished or self.in_doubt)
        return self.received == self.accounted and self.posted == self.booked and at_rest

    def told(self) -> dict[str, Any]:
        names = {name: getattr(self, name) for name in ("flow", "source", "target", "currency")}
        sides = {name: getattr(self, name).told() for name in ("received", *SIDES, "booked")}
        return {**names, **sides, "unfinished": self.unfinished, "in_doubt": self.in_doubt}


@dataclass(frozen=True)
class DayPair:
    """One pair on one day."""

    day: dt.date
    pair: Pair


@dataclass(frozen=True)
class Agreement:
    start: dt.date
    end: dt.date
    pairs: list[Pair]

    @property
    def agree(self) -> bool:
        return all(pair.agrees for pair in self.pairs)

    def told(self) -> dict[str, Any]:
        return {"agree": self.agree, "pairs": [pair.told() for pair in self.pairs]}


def agreement(start: dt.date, end: dt.date, *, books: Connection | None = None) -> Agreement:
    """Over inclusive business dates, of all pairs or of those into these books; a handful of queries per flow, whatever
    the volume."""
    return Agreement(start, end, [pair for _, pair in _all_pairs(start, end, books, by_day=False)])


def daily(start: dt.date, end: dt.date, *, books: Connection | None = None) -> list[DayPair]:
    """The same for each of the days that had any trade, with as many queries as for all of them together."""
    pairs = (DayPair(day, pair) for day, pair in _all_pairs(start, end, books, by_day=True))
    return sorted(pairs, key=lambda one: one.day)


def money_flows(books: Connection | None = None) -> list[Flow]:
    """Flows whose primary document carries money; the others are not part of the books."""
    flows = Flow.objects.select_related("source", "target", "version")
    into = flows.filter(target=books) if books else flows
    return [flow for flow in into if flow.target.role == "books" and "total" in _primary(flow).model_fields]


def _primary(flow: Flow) -> Any:
    return flow.target.connector_class.resources[flow.target_resource].document


def _all_pairs(
    start: dt.date, end: dt.date, books: Connection | None, *, by_day: bool
) -> Iterator[tuple[dt.date, Pair]]:
    for flow in money_flows(books):
        yield from pairs(flow, start, end, by_day=by_day)


def pairs(flow: Flow, start: dt.date, end: dt.date, *, by_day: bool = False) -> Iterator[tuple[dt.date, Pair]]:
    """One for each currency, under the first of the days; `by_day`: one for each day and currency. In that order."""
    return _Pairs(flow, start, end, by_day).found()


class _Pairs:
    """Those of one flow: one for each currency; by day, one for each day and currency."""

    def __init__(self, flow: Flow, start: dt.date, end: dt.date, by_day: bool) -> None:
        self.flow, self.start, self.end, self.by_day = flow, start, end, by_day
        self.pairs: dict[tuple[dt.date, str], Pair] = {}

    def found(self) -> Iterator[tuple[dt.date, Pair]]:
        records = SyncRecord.objects.filter(flow=self.flow, date__range=(self.start, self.end))
        self._count_records(records)
        self._count_what_is_not_read()
        self._count_postings(Posting.objects.filter(record__in=records))
        for day, currency in sorted(self.pairs):
            yield day, self.pairs[day, currency]

    def _pair(self, row: Row) -> Pair:
        key = row.get("day") or self.start, row.get("currency", "")
        flow = self.flow
        return self.pairs.setdefault(key, Pair(flow.name, flow.source.name, flow.target.name, key[1]))

    def _count_records(self, records: QuerySet[SyncRecord]) -> None:
        heard = unread.events(self.flow).filter(source_id=OuterRef("source_id"))
        for row in self._sums(records.filter(Exists(heard)), "total"):
            self._pair(row).received.add(row["count"], row["sum"])
        for name, states in SIDES.items():
            for row in self._sums(records.filter(state__in=states), "total"):
                getattr(self._pair(row), name).add(row["count"], row["sum"])

    def _count_what_is_not_read(self) -> None:
        these_days = Q(received_at__date__range=(self.start, self.end))
        for row in self._counts(unread.without_record(self.flow).filter(these_days), "source_id"):
            self._pair(row).received.add(row["count"], None)
            self._pair(row).without_record += row["count"]
        for row in self._counts(unread.unresolved(self.flow).filter(these_days), "lookup"):
            self._count_as_pending(row)
            self._pair(row).without_record += row["count"]
        for row in self._counts(unread.unheard(self.flow).filter(these_days), "pk"):
            self._count_as_pending(row)
            self._pair(row).not_read += row["count"]

    def _count_as_pending(self, row: Row) -> None:
        self._pair(row).received.add(row["count"], None)
        self._pair(row).pending.add(row["count"], None)

    def _count_postings(self, postings: QuerySet[Posting]) -> None:
        orders = Count("record", distinct=True, filter=Q(resource=self.flow.target_resource))
        for row in self._sums(postings.filter(COUNTED["booked"]), signed(self.flow), "record__date", orders):
            self._pair(row).booked.add(row["count"], row["sum"])
        for row in self._sums(postings.filter(COUNTED["in_doubt"]), "total", "record__date"):
            self._pair(row).in_doubt += row["count"]
        for row in self._sums(postings.filter(COUNTED["unfinished"]), "total", "record__date"):
            self._pair(row).unfinished += row["count"]

    def _sums(
        self, rows: QuerySet[Any, Any], money: str | Case, day: str = "date", counted: Count | None = None
    ) -> Iterable[Row]:
        named = {"day": F(day)} if self.by_day else {}
        grouped = rows.order_by().values("currency", **named)
        summed: Iterable[Row] = grouped.annotate(count=counted or Count("pk"), sum=Sum(money))
        return summed

    def _counts(self, rows: QuerySet[Any, Any], of: str) -> list[Row]:
        """Of what has no currency and no business date yet; by the day on which it was first received, once each,
        however often it was told."""
        firsts = rows.order_by().values_list(of).annotate(Min("received_at"))
        if not self.by_day:
            return [{"count": count}] if (count := firsts.count()) else []
        days = Counter(timezone.localtime(first).date() for _, first in firsts.iterator())
        return [{"day": day, "count": count} for day, count in days.items()]


def signed(flow: Flow) -> Case:
    """What an edit invoiced counts for the books, what it credited counts against them. A refund does neither: the
    order is worth what it was."""
    invoiced = When(resource=flow.target_resource, then=F("booked"))
    return Case(invoiced, default=-F("booked"), output_field=DecimalField())
