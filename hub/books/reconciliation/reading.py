"""The two outer sides are read again: day by day, a few calls at a time, behind live work. What was read is written down
before the next is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from connectors.base import Resource
from connectors.documents import Document
from connectors.errors import AWAY, ConnectorError, Gone
from hub.books.reconciliation import sightings
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.facts import Says
from hub.books.reconciliation.known import THERE, postings_of, records_of
from hub.books.reconciliation.saying import gone, said, unless_left_out, unreadable
from hub.books.reconciliation.turns import Turn, require_time
from hub.engine import clock
from hub.engine.calling import calling
from hub.intake.edges import DAY
from hub.intake.portions import portions
from hub.models import Posting, Reconciliation, Sighting, SyncRecord

TOGETHER = 50
"""Orders that are read before they are written down."""
SPAN = 7 * DAY
"""Of the books' lists: a kill costs no more than this again."""
GRACE = 14 * DAY
"""So long after the last day documents of its orders are still looked for in the lists; later ones one by one."""
ODD = (ConnectorError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


def read_source(turn: Turn, desk: Desk, deadline: float) -> None:
    """Every order that the source lists for these days, neighbours included: whose day it is, the order itself says."""
    run, resource = turn.row, desk.source.resource(desk.flow.source_resource)
    for day in _days(run.reached, run.end):
        with calling(desk.flow.source):
            listed = list(dict.fromkeys(resource.list_ids(day, day)))
        for ids in portions(_unseen(run, listed), TOGETHER):
            _read_orders(turn, desk, resource, ids, day)
            require_time(deadline)
        turn.note(reached=day + DAY)


def read_unlisted(turn: Turn, desk: Desk, deadline: float) -> None:
    """What the hub knows of these days and the source did not list: it may be of another day by now, or gone."""
    run, resource = turn.row, desk.source.resource(desk.flow.source_resource)
    records = SyncRecord.objects.filter(flow=desk.flow, date__range=(run.start, run.end)).order_by("pk")
    listed = run.sightings.filter(side=sightings.SOURCE, remote_id=OuterRef("source_id"))
    while some := list(records.filter(~Exists(listed), pk__gt=run.after).values_list("pk", "source_id")[:TOGETHER]):
        _read_orders(turn, desk, resource, [id for _, id in some])
        turn.note(after=some[-1][0])
        require_time(deadline)


def read_books(turn: Turn, desk: Desk, deadline: float) -> None:
    """Every document that the books hold of these days, and of a while after them."""
    run, last = turn.row, turn.row.end + GRACE
    while (day := run.reached) <= last:
        for name in desk.listed:
            with calling(desk.flow.target):
                listed = list(desk.target.resource(name).list_dated(day, min(day + SPAN - DAY, last)))
            with turn.writing():
                sightings.keep([sightings.of_books(run, name, remote) for remote in listed])
        turn.note(reached=day + SPAN)
        require_time(deadline)


def read_scattered(turn: Turn, desk: Desk, deadline: float) -> None:
    """What was posted for these orders and was not in the lists: dated much later, moved to another day, or gone."""
    run = turn.row
    while some := list(_scattered(run, desk).filter(pk__gt=run.after)[:TOGETHER]):
        found = [sighting for posting in some if (sighting := _look_up(posting, run, desk))]
        with turn.writing(after=some[-1].pk):
            sightings.keep(found)
        require_time(deadline)


def say(desk: Desk, resource: Resource[Document], ids: Sequence[str], day: dt.date | None = None) -> list[Says]:
    """What the source says of these orders now; `day` is that for which it lists them. Raises what says "later"."""
    read = [(id, _read(desk, resource, id, day)) for id in ids]
    records = records_of(desk, ids)
    postings = postings_of(records.values())
    return [
        unless_left_out(document, records.get(id))
        if isinstance(document, Says)
        else said(desk, id, document, record := records.get(id), postings.get(record.pk, []) if record else [])
        for id, document in read
    ]


def _read(desk: Desk, resource: Resource[Document], id: str, day: dt.date | None) -> Document | Says:
    try:
        with calling(desk.flow.source):
            raw = resource.fetch(id)
        return resource.parse(raw)
    except AWAY:
        raise
    except Gone:
        return gone(id)
    except ODD as error:
        return unreadable(id, error, day)


def _read_orders(
    turn: Turn, desk: Desk, resource: Resource[Document], ids: Sequence[str], day: dt.date | None = None
) -> None:
    seen_at = clock.now()
    read = say(desk, resource, ids, day)
    with turn.writing():
        sightings.keep([sightings.of_source(turn.row, says, seen_at) for says in read])


def _unseen(run: Reconciliation, ids: list[str]) -> list[str]:
    seen: set[str] = set()
    for some in portions(ids):
        rows = Sighting.objects.filter(reconciliation=run, side=sightings.SOURCE, remote_id__in=some)
        seen |= set(rows.values_list("remote_id", flat=True))
    return [id for id in ids if id not in seen]


def _scattered(run: Reconciliation, desk: Desk) -> QuerySet[Posting]:
    sighted = Sighting.objects.filter(reconciliation=run)
    orders = sighted.filter(side=sightings.SOURCE, remote_id=OuterRef("record__source_id"))
    listed = sighted.filter(side=sightings.BOOKS, resource=OuterRef("resource"), remote_id=OuterRef("remote_id"))
    postings = Posting.objects.filter(record__flow=desk.flow, resource__in=desk.listed, state__in=THERE)
    return postings.filter(Exists(orders), ~Exists(listed)).order_by("pk")


def _look_up(posting: Posting, run: Reconciliation, desk: Desk) -> Sighting | None:
    """None where it is gone."""
    try:
        with calling(desk.flow.target):
            remote = desk.target.resource(posting.resource).read(posting.remote_id)
    except Gone:
        return None
    return sightings.of_books(run, posting.resource, remote)


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + number * DAY for number in range((last - first).days + 1))
