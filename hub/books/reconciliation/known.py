"""What the hub knows of some orders: their records, what it has posted for them, and who their customers are in the
books. So many queries for each batch, however large it is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from connectors.documents import ZERO, BooksLine
from hub.accounting.amounts import BOOKS_UNIT, minor_unit
from hub.accounting.percents import computed
from hub.accounting.policy import RoundingTolerance
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.facts import Known, Posted, Says
from hub.engine.choices import LINKED
from hub.models import Flow, Link, Posting, SyncRecord
from hub.models.postings import SHARED

DONE = Posting.State.DONE
THERE = (Posting.State.CREATED, DONE)
"""States in which the books have answered."""


def records_of(desk: Desk, source_ids: Iterable[str]) -> dict[str, SyncRecord]:
    found = SyncRecord.objects.filter(flow=desk.flow, source_id__in=list(source_ids)).order_by()
    return {record.source_id: record for record in found}


def postings_of(records: Iterable[SyncRecord]) -> dict[int, list[Posting]]:
    """By record, in the order in which they were made."""
    found: dict[int, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(record__in=[record.pk for record in records]).order_by("pk")
    for posting in rows.exclude(resource__in=SHARED):
        found[posting.record_id or 0].append(posting)
    return found


def known(record: SyncRecord, postings: Iterable[Posting], seen_at: dt.datetime) -> Known:
    """What was worked on since its source was read is not judged: the two were never true at the same time. Nor is what
    is in doubt."""
    moved = record.settled_at is not None and record.settled_at > seen_at
    in_doubt = any(posting.state == Posting.State.SENT for posting in postings)
    return Known(
        id=record.pk,
        state=record.state,
        message=record.message,
        who=record.who,
        date=record.date,
        read=bool(record.number),
        unsettled=moved or in_doubt or record.state in SyncRecord.UNSETTLED,
    )


def moved_since(seen_at: Mapping[str, dt.datetime], flow: Flow) -> set[str]:
    """Source id → when it was read. Returns those whose record is being worked on, or was since."""
    records = SyncRecord.objects.filter(flow=flow, source_id__in=seen_at).order_by()
    return {one.source_id for one in records if known(one, (), seen_at[one.source_id]).unsettled}


def posted(posting: Posting, tolerance: RoundingTolerance) -> Posted:
    document: dict[str, Any] = posting.document
    lines: list[dict[str, Any]] = document.get("lines") or []
    return Posted(
        id=posting.pk,
        resource=posting.resource,
        part=posting.part,
        key=posting.natural_key,
        number=document.get("number") or "",
        remote_id=posting.remote_id,
        date=posting.date,
        business_date=posting.business_date,
        currency=posting.currency,
        total=posting.total,
        booked=posting.booked if posting.booked is not None else posting.total,
        tax=_tax(lines),
        slack=_slack(len(lines), posting.currency, tolerance) + _unsaid(lines),
        client_id=document.get("client_id") or "",
        invoice_id=document.get("invoice_id") or "",
        linked=posting.note == LINKED,
    )


def clients_of(desk: Desk, says: Sequence[Says]) -> dict[str, frozenset[str]]:
    """Source id → the ids under which the hub knows the order's customer in the books: by e-mail, and by link."""
    by_email: dict[str, set[str]] = defaultdict(set)
    emails = {one.email for one in says if one.email}
    rows = Posting.objects.filter(target=desk.flow.target, resource="client", natural_key__in=emails, state=DONE)
    for email, id in rows.order_by().values_list("natural_key", "remote_id"):
        by_email[email].add(id)
    customers = {one.customer_id for one in says if one.customer_id}
    links = Link.objects.filter(source=desk.flow.source, source_resource="customer", target=desk.flow.target)
    by_link = dict(links.filter(source_record__in=customers).values_list("source_record", "target_record"))
    return {
        one.source_id: frozenset({*by_email.get(one.email, ()), *filter(None, [by_link.get(one.customer_id)])})
        for one in says
    }


def _tax(lines: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(str(tax["amount"])) for line in lines for tax in line.get("taxes") or ()), ZERO)


def _slack(lines: int, currency: str, tolerance: RoundingTolerance) -> Decimal:
    """By how much rounding may put the tax off, where one line made good for it."""
    if not currency:
        return ZERO
    return max(minor_unit(currency), BOOKS_UNIT) * min(tolerance.line * lines, tolerance.document)


def _unsaid(lines: list[dict[str, Any]]) -> Decimal:
    """By how much the percents that were posted miss the amounts, which have more to say than three decimals."""
    made = (amount for line in lines for amount in computed(BooksLine.model_validate(line)))
    return abs(_tax(lines) - sum(made, ZERO))
