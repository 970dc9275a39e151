"""One discrepancy checked again: its order is read on all sides, a few calls, and what agrees is closed."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction

from connectors.documents import BooksPayment
from connectors.errors import Gone
from hub.books.reconciliation import storing, strays
from hub.books.reconciliation.cases import assembled
from hub.books.reconciliation.comparing import judged
from hub.books.reconciliation.desk import Desk, opened
from hub.books.reconciliation.explaining import Open, explained
from hub.books.reconciliation.facts import Case, Finding, Seen
from hub.books.reconciliation.known import clients_of, postings_of, records_of
from hub.books.reconciliation.mending import record_of
from hub.books.reconciliation.paying import PAYMENT
from hub.books.reconciliation.reading import say
from hub.books.reconciliation.sightings import seen_as
from hub.books.reconciliation.taking_in import wake
from hub.engine import clock
from hub.engine.calling import calling
from hub.models import Discrepancy, SyncRecord


class NotNow(Exception):
    """Its record is being worked on: what would be read now is over in a moment. Or it has failed."""


def check(discrepancy: Discrepancy) -> Discrepancy:
    """As it stands now. Raises NotNow, and what the other sides raise."""
    desk = opened(discrepancy.flow)
    findings = _strays(discrepancy, desk) if _is_stray(discrepancy) else _of_order(discrepancy, desk)
    about = Discrepancy.objects.filter(flow=discrepancy.flow)
    found = {(one.kind, one.resource, one.key) for one in findings}
    with transaction.atomic():
        storing.keep(discrepancy.flow, None, findings)
        for row in [discrepancy] if _is_stray(discrepancy) else _of_same_order(discrepancy):
            if (row.kind, row.resource, row.natural_key) not in found:
                storing.close(about.filter(pk=row.pk))
    discrepancy.refresh_from_db()
    return discrepancy


def _is_stray(discrepancy: Discrepancy) -> bool:
    """It is about a document that no posting holds."""
    extra = discrepancy.kind == "extra_in_books" and "hub" not in discrepancy.sides
    return extra or discrepancy.kind == "duplicate"


def _of_same_order(discrepancy: Discrepancy) -> list[Discrepancy]:
    rows = Discrepancy.objects.filter(flow=discrepancy.flow, source_id=discrepancy.source_id)
    return [row for row in rows.exclude(state=Discrepancy.State.CLOSED) if not _is_stray(row)]


def _strays(discrepancy: Discrepancy, desk: Desk) -> list[Finding]:
    record = record_of(discrepancy)
    if record and (record.state in record.UNSETTLED):
        raise NotNow(f"{record} is being worked on; check again in a moment")
    seen = _read(desk, discrepancy.resource, discrepancy.sides["books"]["id"])
    return strays.judged(desk, [seen]) if seen and seen.stands else []


def _of_order(discrepancy: Discrepancy, desk: Desk) -> list[Finding]:
    case = _case(discrepancy, desk)
    verdict = judged(case)
    if verdict.wakes:
        wake(discrepancy.flow, discrepancy.source_id)
    if verdict.outcome == "unsettled":
        raise NotNow(_why_not(case, record_of(discrepancy)))
    left = explained([Open.of(case, verdict)], [], settings.PAYMENT_MATCH_CONFIDENCE)
    return [*verdict.findings, *left.findings]


def _why_not(case: Case, record: SyncRecord | None) -> str:
    if case.record and case.record.state == SyncRecord.State.FAILED:
        return f"{record} has failed ({case.record.message.rstrip('.')}); mend that first, then check again"
    return f"{record} is being worked on; check again in a moment"


def _case(discrepancy: Discrepancy, desk: Desk) -> Case:
    seen_at = clock.now()
    [says] = say(desk, desk.source.resource(desk.flow.source_resource), [discrepancy.source_id], discrepancy.date)
    records = records_of(desk, [discrepancy.source_id])
    record = records.get(discrepancy.source_id)
    postings = postings_of(records.values()).get(record.pk, []) if record else []
    case = assembled(desk, says, seen_at, record, postings, books=not desk.unlisted)
    seen = {
        (one.resource, one.id): one
        for one in (*_posted(case, desk, discrepancy), *_payments(case, desk), *_shown(discrepancy, desk))
    }
    clients = clients_of(desk, [says])[says.source_id]
    return case.model_copy(update={"clients": clients, "seen": tuple(seen.values())})


def _posted(case: Case, desk: Desk, discrepancy: Discrepancy) -> Iterator[Seen]:
    """With their tax where there was some, or somebody put some there."""
    taxed = any("tax" in row.fields for row in _of_same_order(discrepancy))
    for posted in case.posted:
        seen = _read(desk, posted.resource, posted.remote_id)
        if seen:
            yield _with_tax(seen, desk) if posted.tax or (taxed and posted.resource != PAYMENT) else seen


def _payments(case: Case, desk: Desk) -> Iterator[Seen]:
    """All that stand on the order's invoices."""
    for posted in case.posted:
        if posted.resource == desk.flow.target_resource and PAYMENT in desk.listed:
            some = BooksPayment(
                invoice_id=posted.remote_id, amount=1, currency=posted.currency, date=case.date, note=posted.key
            )
            with calling(desk.flow.target):
                found = desk.target.resource(PAYMENT).find(some)
            yield from (seen_as(PAYMENT, one) for one in found)


def _shown(discrepancy: Discrepancy, desk: Desk) -> Iterator[Seen]:
    """What the books held when it was found, if that was nobody's."""
    books = discrepancy.sides.get("books")
    if books and "hub" not in discrepancy.sides:
        seen = _read(desk, books["resource"], books["id"])
        if seen:
            yield seen


def _read(desk: Desk, resource: str, id: str) -> Seen | None:
    try:
        with calling(desk.flow.target):
            return seen_as(resource, desk.target.resource(resource).read(id))
    except Gone:
        return None


def _with_tax(seen: Seen, desk: Desk) -> Seen:
    """Only a list tells the tax; that of its day is short."""
    if seen.tax is not None or seen.date is None or seen.resource not in desk.listed:
        return seen
    with calling(desk.flow.target):
        listed = desk.target.resource(seen.resource).list_dated(seen.date, seen.date)
        return next((seen_as(seen.resource, one) for one in listed if one.id == seen.id), seen)
