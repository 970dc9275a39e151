"""What a flow's source has told and nobody has read yet: it may be a sale of any day before it was received."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.models import Event, Flow, SyncRecord, WebhookRequest

State = SyncRecord.State


def events(flow: Flow) -> QuerySet[Event]:
    told = Q(flow=None) | Q(flow=flow)
    return Event.objects.filter(told, connection=flow.source, resource=flow.source_resource)


def without_record(flow: Flow) -> QuerySet[Event]:
    """Source records that were heard of, and that no record accounts for. Anything but 0 is a fault of ours."""
    known = SyncRecord.objects.filter(flow=flow, source_id=OuterRef("source_id"))
    heard = events(flow).filter(received_at__gte=flow.created_at).exclude(source_id="")
    return heard.filter(~Exists(known))


def unresolved(flow: Flow) -> QuerySet[Event]:
    """Notices whose record the source has not named yet."""
    return events(flow).filter(source_id="", resolve_at__isnull=False)


def unheard(flow: Flow) -> QuerySet[WebhookRequest]:
    """Genuine webhooks that nobody has read yet: any of them may tell of a sale."""
    return WebhookRequest.objects.filter(connection=flow.source, state=WebhookRequest.State.STORED, verified=True)


@dataclass(frozen=True)
class Unread:
    """How many there are: `coming` will be read by themselves, `stuck` wait for a person."""

    coming: int
    stuck: int


def unread(flow: Flow, since: dt.datetime, until: dt.datetime) -> Unread:
    """Received from one instant to just before the other."""
    received = Q(received_at__gte=since, received_at__lt=until)
    days = since.date(), until.date() + dt.timedelta(days=1)
    never_read = SyncRecord.objects.filter(
        flow=flow, currency="", date__range=days, created_at__gte=since, created_at__lt=until
    )
    told = (
        without_record(flow).filter(received).order_by().values("source_id").distinct(),
        unresolved(flow).filter(received).order_by().values("lookup").distinct(),
        unheard(flow).filter(received),
        never_read.filter(state__in=SyncRecord.UNSETTLED),
    )
    stuck = never_read.filter(state__in=(State.FAILED, State.HELD))
    return Unread(coming=sum(rows.count() for rows in told), stuck=stuck.count())
