"""Documents that stand in the books and that no posting holds: a second one for what is booked, or one that only looks
like ours. What others keep in their books is not our business."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.documents import ZERO
from hub.books.reconciliation import sightings
from hub.books.reconciliation.cases import held
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.differences import money, named
from hub.books.reconciliation.facts import Finding, Seen
from hub.books.reconciliation.known import THERE, posted
from hub.books.reconciliation.paying import PAYMENT
from hub.engine.duplicates import PART
from hub.intake.portions import PORTION
from hub.models import Posting, Reconciliation, SyncRecord

Key = tuple[str, str]
NOT_JUDGED = (*SyncRecord.UNSETTLED, SyncRecord.State.HELD)


def strays(run: Reconciliation, desk: Desk, explained: set[Key]) -> Iterator[tuple[int, list[Finding]]]:
    """Of the days that were asked for, but for those that are part of another finding; some at a time, from where the
    run is, each with the last row that was looked at."""
    others = [name for name in desk.listed if name != PAYMENT]
    rows, after = sightings.books_of(run, resource__in=others), run.after
    while some := list(rows.filter(pk__gt=after)[:PORTION]):
        after = some[-1].pk
        seen = [Seen.model_validate(one.facts) for one in some]
        standing = [one for one in seen if one.stands and one.date and run.start <= one.date <= run.end]
        yield after, judged(desk, [one for one in standing if (one.resource, one.id) not in explained])


def judged(desk: Desk, standing: Sequence[Seen]) -> list[Finding]:
    ours = held(desk, standing)
    free = [one for one in standing if (one.resource, one.id) not in ours]
    book = _Book.of(desk, free)
    return [finding for one in free if (finding := _finding(desk, one, book))]


@dataclass(frozen=True)
class _Book:
    """What the hub knows about the numbers of some documents."""

    postings: dict[Key, Posting]
    """By resource and number."""
    records: dict[str, SyncRecord]
    """By the order's number."""
    invoices: dict[int, Posting]
    """By record: its first invoice."""
    credited: set[str]
    """Parts of the credit notes that took back a second document."""

    @classmethod
    def of(cls, desk: Desk, free: Sequence[Seen]) -> _Book:
        flow, numbers = desk.flow, [one.number for one in free if one.number]
        postings = Posting.objects.filter(target=flow.target, resource__in=desk.resources, state__in=THERE)
        by_number = postings.filter(natural_key__in=numbers).select_related("record").order_by()
        orders = {_order_number(desk, one) for one in free}
        records = {one.number: one for one in SyncRecord.objects.filter(flow=flow, number__in=orders).order_by("-pk")}
        invoices = postings.filter(record__in=records.values(), resource=flow.target_resource, part="").order_by()
        parts = [PART + one.id for one in free]
        return cls(
            postings={(one.resource, one.natural_key): one for one in by_number},
            records=records,
            invoices={one.record_id or 0: one for one in invoices.select_related("record")},
            credited=set(postings.filter(part__in=parts).values_list("part", flat=True)),
        )


def _finding(desk: Desk, seen: Seen, book: _Book) -> Finding | None:
    if PART + seen.id in book.credited:
        return None
    record = book.records.get(_order_number(desk, seen))
    original = book.postings.get((seen.resource, seen.number)) or _same_order(desk, seen, record, book)
    if original:
        mine = original.record is not None and original.record.flow_id == desk.flow.pk
        return _duplicate(desk, seen, original) if mine else None
    if not looks_like_ours(desk, seen) or (record and record.state in NOT_JUDGED):
        return None
    return _extra(seen, record)


def looks_like_ours(desk: Desk, seen: Seen) -> bool:
    """By the flow's prefix; without one, by an order number that is its own reference too, as only we write it."""
    prefix = desk.policy.invoice_prefix
    if prefix:
        return seen.number.startswith(prefix)
    return bool(seen.reference) and seen.number.startswith(seen.reference)


def _same_order(desk: Desk, seen: Seen, record: SyncRecord | None, book: _Book) -> Posting | None:
    """Another number, and the same order on it, for the same client over the same amount."""
    original = book.invoices.get(record.pk) if record else None
    if original is None or seen.resource != desk.flow.target_resource:
        return None
    same = (original.booked, original.currency, original.document.get("client_id"))
    return original if same == (seen.total, seen.currency, seen.client_id) else None


def _order_number(desk: Desk, seen: Seen) -> str:
    return seen.reference or seen.number.removeprefix(desk.policy.invoice_prefix)


def _duplicate(desk: Desk, seen: Seen, original: Posting) -> Finding:
    record = original.record
    assert record
    return Finding(
        kind="duplicate",
        resource=seen.resource,
        key=f"{seen.number or seen.reference} ({seen.id})",
        date=seen.date or record.date,
        currency=seen.currency,
        amount=seen.total or ZERO,
        sentence=f"{named(seen.resource, original.natural_key)} is in the books twice: a second one over "
        f"{money(seen.total, seen.currency)} of {seen.date}",
        record=record.pk,
        source_id=record.source_id,
        number=record.number,
        who=record.who,
        hub=posted(original, desk.policy.rounding_tolerance),
        books=seen,
    )


def _extra(seen: Seen, record: SyncRecord | None) -> Finding:
    assert seen.date
    why = "the hub did not make it, and its order is not to be booked" if record else "neither source nor hub knows it"
    return Finding(
        kind="extra_in_books",
        resource=seen.resource,
        key=f"{seen.number or seen.reference} ({seen.id})",
        date=seen.date,
        currency=seen.currency,
        amount=seen.total or ZERO,
        sentence=f"{named(seen.resource, seen.number)} over {money(seen.total, seen.currency)} looks like ours, and {why}",
        record=record.pk if record else None,
        source_id=record.source_id if record else "",
        number=record.number if record else "",
        who=record.who if record else seen.client,
        books=seen,
    )
