"""Do the books agree? Per pair and currency: received = posted + held + skipped + failed + pending, and
posted = booked, by count and by money.

The three sides come from three places: `received` from the events, `posted` and the other states from what the source
said of each record, `booked` from what the books answered for our documents. So the equation can fail.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, Exists, F, Min, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from hub.models import Event, Flow, Posting, SyncRecord, WebhookRequest

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
class Agreement:
    start: dt.date
    end: dt.date
    pairs: list[Pair]

    @property
    def agree(self) -> bool:
        return all(pair.agrees for pair in self.pairs)

    def told(self) -> dict[str, Any]:
        return {"agree": self.agree, "pairs": [pair.told() for pair in self.pairs]}


def agreement(start: dt.date, end: dt.date) -> Agreement:
    """Over inclusive business dates; a handful of queries per flow, whatever the volume."""
    return Agreement(start, end, [pair for flow in money_flows() for _, pair in pairs(flow, start, end)])


def money_flows() -> list[Flow]:
    """Flows whose primary document carries money; the others are not part of the books."""
    flows = Flow.objects.select_related("source", "target")
    return [flow for flow in flows if "total" in _primary(flow).model_fields]


def _primary(flow: Flow) -> Any:
    return flow.target.connector_class.resources[flow.target_resource].document


def pairs(flow: Flow, start: dt.date, end: dt.date, *, daily: bool = False) -> list[tuple[dt.date | None, Pair]]:
    """One for each currency, under no day; `daily`: one for each day and currency. In that order."""
    found: dict[tuple[dt.date | None, str], Pair] = {}

    def pair(day: dt.date | None, currency: str) -> Pair:
        key = (day if daily else None, currency)
        return found.setdefault(key, Pair(flow.name, flow.source.name, flow.target.name, currency))

    records = SyncRecord.objects.filter(flow=flow, date__range=(start, end)).annotate(day=F("date"))
    for row in _sums(records.filter(Exists(_events(flow).filter(source_id=OuterRef("source_id")))), "total", daily):
        pair(row.day, row.currency).received.add(row.count, row.sum)
    for name, states in SIDES.items():
        for row in _sums(records.filter(state__in=states), "total", daily):
            getattr(pair(row.day, row.currency), name).add(row.count, row.sum)
    for day, count in _unread(flow, start, end).items():
        pair(day, "").received.add(count, None)
    for day, count in (_unresolved(flow, start, end) + _unheard(flow, start, end)).items():
        pair(day, "").received.add(count, None)
        pair(day, "").pending.add(count, None)
    postings = Posting.objects.filter(record__in=records).annotate(day=F("record__date"))
    booked = postings.filter(state=Posting.State.DONE, record__state__in=BOOKED_WHILE)
    for row in _booked(flow, booked, daily):
        pair(row.day, row.currency).booked.add(row.count, row.sum)
    for row in _sums(postings.filter(state=Posting.State.SENT, total__isnull=False), "total", daily):
        pair(row.day, row.currency).in_doubt += row.count
    for row in _sums(postings.filter(state=Posting.State.CREATED, record__state=State.POSTED), "total", daily):
        pair(row.day, row.currency).unfinished += row.count
    return [(key[0], found[key]) for key in sorted(found, key=lambda key: (key[0] or start, key[1]))]


def signed(flow: Flow) -> Case:
    """What an edit invoiced counts for the books, what it credited counts against them. A refund does neither: the
    order is worth what it was."""
    invoiced = When(resource=flow.target_resource, then=F("booked"))
    return Case(invoiced, default=-F("booked"), output_field=DecimalField())


@dataclass(frozen=True)
class _Sum:
    currency: str
    day: dt.date | None
    count: int
    sum: Decimal | None


def _booked(flow: Flow, postings: QuerySet[Posting], daily: bool) -> Iterable[_Sum]:
    """Records by their invoices, of which edits make several."""
    invoices = Q(resource=flow.target_resource)
    counted = Count("record", distinct=True, filter=invoices)
    return _sums(postings.filter(invoices | Q(edit__gt=0)), signed(flow), daily, counted)


def _sums(rows: QuerySet[Any, Any], money: str | Case, daily: bool, counted: Count | None = None) -> Iterable[_Sum]:
    by = ("currency", "day") if daily else ("currency",)
    grouped = rows.order_by().values(*by).annotate(count=counted or Count("pk"), sum=Sum(money))
    return (_Sum(row["currency"], row.get("day"), row["count"], row["sum"]) for row in grouped)


def _events(flow: Flow) -> QuerySet[Event]:
    told = Q(flow=None) | Q(flow=flow)
    return Event.objects.filter(told, connection=flow.source, resource=flow.source_resource)


def _unread(flow: Flow, start: dt.date, end: dt.date) -> Counter[dt.date]:
    """Source records that were heard of, and that no record accounts for. Anything but 0 is a fault of ours."""
    known = SyncRecord.objects.filter(flow=flow, source_id=OuterRef("source_id"))
    heard = _events(flow).filter(received_at__date__range=(start, end), received_at__gte=flow.created_at)
    return _first_days(heard.exclude(source_id="").filter(~Exists(known)), "source_id")


def _unresolved(flow: Flow, start: dt.date, end: dt.date) -> Counter[dt.date]:
    """Notices whose record the source has not named yet."""
    waiting = _events(flow).filter(source_id="", resolve_at__isnull=False, received_at__date__range=(start, end))
    return _first_days(waiting, "lookup")


def _first_days(events: QuerySet[Event], key: str) -> Counter[dt.date]:
    """How many were heard of for the first time on each day: once each, however often they were told."""
    firsts = events.order_by().values_list(key).annotate(Min("received_at"))
    return Counter(timezone.localtime(first).date() for _, first in firsts.iterator())


def _unheard(flow: Flow, start: dt.date, end: dt.date) -> Counter[dt.date]:
    """Genuine webhooks that nobody has read yet: any of them may tell of a sale."""
    stored = WebhookRequest.objects.filter(connection=flow.source, state=WebhookRequest.State.STORED, verified=True)
    found = stored.filter(received_at__date__range=(start, end)).annotate(day=TruncDate("received_at"))
    return Counter(dict(found.order_by().values_list("day").annotate(Count("pk"))))
