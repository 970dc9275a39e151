"""Notices that name their record otherwise ("increment_id=…"): ask the source for its id, then go on as usual."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from connectors.errors import ConnectorError, Gone
from connectors.vault import connect
from hub.engine.outcomes import backoff
from hub.intake.inbox import make_due
from hub.models import Event

CLAIMED = dt.timedelta(seconds=60)


def unresolved_due() -> QuerySet[Event]:
    return Event.objects.filter(resolve_at__lte=timezone.now()).order_by("resolve_at")


def resolve_due(limit: int = 100) -> int:
    """Each event is claimed by moving its time; a worker that dies here leaves it to be tried again."""
    count = 0
    for event in unresolved_due().select_related("connection")[:limit]:
        if unresolved_due().filter(pk=event.pk).update(resolve_at=timezone.now() + CLAIMED):
            _resolve(event)
            count += 1
    return count


def _resolve(event: Event) -> None:
    try:
        source_id = connect(event.connection).resource(event.resource).resolve(event.lookup)
    except Gone as error:
        _save(event, resolve_at=None, problem=str(error)[:300])
        return
    except ConnectorError as error:
        age = (timezone.now() - event.received_at).total_seconds()
        later = timezone.now() + dt.timedelta(seconds=max(backoff(3), age / 4))
        _save(event, resolve_at=later, problem=str(error)[:300])
        return
    with transaction.atomic():
        _save(event, source_id=source_id, resolve_at=None, problem="")
        make_due(event.connection, event.resource, source_id)


def _save(event: Event, **values: object) -> None:
    Event.objects.filter(pk=event.pk).update(**values)
