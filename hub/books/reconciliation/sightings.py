"""What the two outer sides said, written down as it was read and read back as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from connectors.base import Remote
from connectors.documents import Document
from hub.books.reconciliation.facts import Says, Seen
from hub.engine import clock
from hub.intake.portions import portions
from hub.models import Reconciliation, Sighting

SOURCE, BOOKS = Sighting.Side.SOURCE, Sighting.Side.BOOKS


def of_source(run: Reconciliation, says: Says, seen_at: dt.datetime) -> Sighting:
    return Sighting(
        reconciliation=run,
        side=SOURCE,
        resource=run.flow.source_resource,
        remote_id=says.source_id,
        number=says.number[:100],
        facts=says.model_dump(mode="json", exclude_defaults=True),
        seen_at=seen_at,
    )


def of_books(run: Reconciliation, resource: str, remote: Remote) -> Sighting:
    seen = seen_as(resource, remote)
    return Sighting(
        reconciliation=run,
        side=BOOKS,
        resource=resource,
        remote_id=seen.id,
        number=seen.number[:100],
        reference=seen.reference[:100],
        owner=seen.invoice_id[:100],
        facts=seen.model_dump(mode="json", exclude_defaults=True),
        seen_at=clock.now(),
    )


def seen_as(resource: str, remote: Remote) -> Seen:
    facts = remote.facts
    return Seen(
        resource=resource,
        id=remote.id,
        number=remote.number or str(facts.get("number") or ""),
        reference=str(facts.get("po_number") or ""),
        client_id=str(facts.get("client_id") or ""),
        client=str(facts.get("client") or ""),
        date=facts.get("date"),
        currency=remote.currency,
        total=remote.total,
        tax=facts.get("tax"),
        state=remote.state,
        status=remote.status,
        invoice_id=str(facts.get("invoice_id") or ""),
        note=str(facts.get("note") or facts.get("notes") or ""),
        url=remote.url,
    )


def keep(sightings: Sequence[Sighting]) -> None:
    """What is seen a second time is as it was seen last."""
    Sighting.objects.bulk_create(
        sightings,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["reconciliation", "side", "resource", "remote_id"],
        update_fields=["number", "reference", "owner", "facts", "seen_at"],
    )


def put_aside(rows: Sequence[int], left: Mapping[int, Document]) -> None:
    """What was compared is thrown away; what is left to be explained stays in its place."""
    Sighting.objects.filter(pk__in=set(rows) - set(left)).delete()
    kept = [Sighting(pk=pk, facts=one.model_dump(mode="json", exclude_defaults=True)) for pk, one in left.items()]
    Sighting.objects.bulk_update(kept, ["facts"])


def says_of(sighting: Sighting) -> Says:
    return Says.model_validate(sighting.facts)


def of_orders(run: Reconciliation) -> QuerySet[Sighting]:
    return Sighting.objects.filter(reconciliation=run, side=SOURCE).order_by("pk")


def books_of(run: Reconciliation, **chosen: Any) -> QuerySet[Sighting]:
    return Sighting.objects.filter(reconciliation=run, side=BOOKS, **chosen).order_by("pk")


def seen_where(run: Reconciliation, field: str, values: Iterable[str], resources: Sequence[str]) -> list[Seen]:
    """Documents of the books whose `field` is one of these."""
    chosen = sorted({value for value in values if value})
    return [
        Seen.model_validate(facts)
        for some in portions(chosen)
        for facts in books_of(run, resource__in=resources, **{f"{field}__in": some}).values_list("facts", flat=True)
    ]
