"""From what was read to cases: so many orders at a time, with what the hub knows of them and what the books hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hub.books.reconciliation import sightings
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.facts import Case, Says, Seen
from hub.books.reconciliation.known import THERE, clients_of, known, posted, postings_of, records_of
from hub.books.reconciliation.paying import PAYMENT
from hub.intake.portions import portions
from hub.models import Posting, Reconciliation, SyncRecord

BATCH = 100


@dataclass(frozen=True)
class Batch:
    """`sightings` are the rows that it is made of; `cases`, by these, those of the days that were asked for."""

    sightings: Sequence[int]
    cases: Mapping[int, Case]


def batches(run: Reconciliation, desk: Desk) -> Iterator[Batch]:
    """From where the run is. Memory holds one batch, however long the period is."""
    rows, after = sightings.of_orders(run), run.after
    while some := list(rows.filter(pk__gt=after)[:BATCH]):
        after = some[-1].pk
        built = _built(run, desk, [(sightings.says_of(one), one.seen_at) for one in some])
        dated = {one.pk: case for one, case in zip(some, built, strict=True) if run.start <= case.date <= run.end}
        yield Batch([one.pk for one in some], dated)


def assembled(
    desk: Desk, says: Says, seen_at: dt.datetime, record: SyncRecord | None, postings: Sequence[Posting], *, books: bool
) -> Case:
    """Without what the books hold."""
    there = tuple(posted(one, desk.policy.rounding_tolerance) for one in postings if one.state in THERE)
    return Case(
        says=says,
        record=known(record, postings, seen_at) if record else None,
        posted=there,
        books_read=books,
        earlier=says.is_from_before(desk.began),
    )


def _built(run: Reconciliation, desk: Desk, told: list[tuple[Says, dt.datetime]]) -> list[Case]:
    records = records_of(desk, [says.source_id for says, _ in told])
    postings = postings_of(records.values())
    clients = clients_of(desk, [says for says, _ in told])
    books = not desk.unlisted
    bare = []
    for says, seen_at in told:
        record = records.get(says.source_id)
        case = assembled(desk, says, seen_at, record, postings.get(record.pk, ()) if record else (), books=books)
        bare.append(case.model_copy(update={"clients": clients[says.source_id]}))
    return _with_books(run, desk, bare) if books else bare


def _with_books(run: Reconciliation, desk: Desk, bare: list[Case]) -> list[Case]:
    """By the ids that the hub knows, by the numbers that it should have, and the payments by their invoices."""
    others = [name for name in desk.listed if name != PAYMENT]
    ids = [one.remote_id for case in bare for one in case.posted]
    numbers = [one.key for case in bare for one in case.says.documents if case.posting(one.resource, one.part) is None]
    seen = _Index(
        [
            *sightings.seen_where(run, "remote_id", ids, desk.listed),
            *sightings.seen_where(run, "number", numbers, others),
            *sightings.seen_where(run, "owner", ids, [PAYMENT]),
        ]
    )
    free = seen.free(desk)
    return [case.model_copy(update={"seen": tuple(seen.of(case, free))}) for case in bare]


class _Index:
    """Documents of the books by what leads to them."""

    def __init__(self, seen: list[Seen]) -> None:
        self.by_id = {(one.resource, one.id): one for one in seen}
        self.by_number: dict[tuple[str, str], list[Seen]] = {}
        self.by_owner: dict[str, list[Seen]] = {}
        for one in self.by_id.values():
            if one.number:
                self.by_number.setdefault((one.resource, one.number), []).append(one)
            if one.invoice_id:
                self.by_owner.setdefault(one.invoice_id, []).append(one)

    def free(self, desk: Desk) -> set[tuple[str, str]]:
        """Those that no posting holds, whosever."""
        return set(self.by_id) - held(desk, list(self.by_id.values()))

    def of(self, case: Case, free: set[tuple[str, str]]) -> Iterator[Seen]:
        ours = [(one.resource, one.remote_id) for one in case.posted]
        keys = dict.fromkeys(key for key in ours if key in self.by_id)
        for expected in case.says.documents:
            numbered = self.by_number.get((expected.resource, expected.key), ())
            keys |= dict.fromkeys((one.resource, one.id) for one in numbered if (one.resource, one.id) in free)
        for posting in case.posted:
            paid = self.by_owner.get(posting.remote_id, ()) if posting.resource != PAYMENT else ()
            keys |= dict.fromkeys((one.resource, one.id) for one in paid)
        return (self.by_id[key] for key in keys)


def held(desk: Desk, seen: Sequence[Seen]) -> set[tuple[str, str]]:
    """Which of these documents some posting holds: resource and id."""
    found: set[tuple[str, str]] = set()
    for some in portions(sorted({one.id for one in seen})):
        rows = Posting.objects.filter(target=desk.flow.target, resource__in=desk.resources, remote_id__in=some)
        found |= set(rows.order_by().values_list("resource", "remote_id"))
    return found
