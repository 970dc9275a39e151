"""Every record of a period with its state: the source's total beside what the books hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from hub.books.agreement import BOOKED_WHILE, PLACES, signed
from hub.books.reports.columns import Row, date, moment, money, text
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import Flow, Posting, SyncRecord

FIELDS = (
    "pk", "date", "number", "source_id", "who", "state", "reason", "message", "currency", "total", "settled_at",
)  # fmt: skip


def read(scope: Scope) -> Iterator[Row]:
    for flow in scope.flows():
        records = SyncRecord.objects.filter(flow=flow, date__range=scope.days)
        for page in pages(records.values(*FIELDS)):
            booked = in_books(flow, [one["pk"] for one in page])
            for one in page:
                yield _row(flow, one, booked.get(one["pk"]))


def in_books(flow: Flow, records: list[int]) -> dict[int, Decimal]:
    """Record → what the books hold for it, as the agreement counts it."""
    done = Posting.objects.filter(record__in=records, state=Posting.State.DONE, booked__isnull=False)
    worth = done.filter(Q(resource=flow.target_resource) | Q(edit__gt=0))
    sums = worth.order_by().values("record").annotate(sum=Sum(signed(flow))).values_list("record", "sum")
    return {record: total.quantize(PLACES) for record, total in sums}


def _row(flow: Flow, one: dict[str, Any], booked: Decimal | None) -> Row:
    read = bool(one["currency"])
    counted = one["state"] in BOOKED_WHILE
    owed = one["total"] if one["state"] == SyncRecord.State.POSTED else Decimal(0)
    return (
        one["date"],
        flow.name,
        flow.source.name,
        flow.target.name,
        one["number"],
        one["source_id"],
        one["who"],
        one["state"],
        one["reason"],
        one["currency"],
        one["total"] if read else None,
        booked,
        (booked or Decimal(0)) - owed if counted and read else None,
        one["settled_at"] and timezone.localtime(one["settled_at"]),
        one["message"],
    )


REPORT = Report(
    slug="records",
    title="Records",
    sentence="Every order with what became of it: its total in the store, what the books hold for it, and the reason "
    "where it is not booked.",
    columns=(
        date("date", "Business date in the store's time zone; until it was read, the day on which it was received."),
        text("flow", "The flow that works on it."),
        text("source", "The connection of the store."),
        text("books", "The connection of the books."),
        text("number", "Its number in the store."),
        text("source_id", "Its id in the store.", "Id in the store"),
        text("customer", "Name and e-mail address, as the store has them."),
        text("state", "posted, held, skipped, failed, pending, working or waiting."),
        text("reason", "Why it is not posted, as a short name that never changes, such as not_accepted."),
        text("currency", "Of the amounts in this row; ISO 4217. Empty until it was read."),
        money("total", "What the store says that it is worth, with tax; empty until it was read."),
        money("booked", "What the books hold for it, with the documents of its edits and without refunds."),
        money("difference", "booked − total of what is posted, booked of what is skipped. Anything but 0 is wrong."),
        moment("settled_at", "When it last came to rest.", "Settled"),
        text("message", "The reason as a sentence."),
    ),
    read=read,
)
