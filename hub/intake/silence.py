"""The silence alarm: a source of which nothing is heard for unusually long, or whose webhooks only do not come any more.

What is heard is news: a poll that reads what changed long ago, as the first one does, says nothing about now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from connectors.models import Connection
from hub.alerts import end_alert, raise_alert, seen_to
from hub.engine import clock
from hub.intake.rhythm import HOUR, LEAST, WEEK, Heard, Silence, unusual
from hub.models import Alert, Event

SILENCE = Alert.Kind.SILENCE
Door = Event.Door
WEBHOOKS = (Door.WEBHOOK,)
DOORS = (Door.WEBHOOK, Door.POLL, Door.STREAM)
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
REMEMBERED = 4 * WEEK
NEWS = dt.timedelta(hours=1)
"""What changed longer ago than this when it was heard is no news."""
FOUND = 3
"""Records that only polling has heard of, before webhooks are called silent."""
SILENT = (
    "{name} has been silent for {lasted}; at this time of the week it is usually heard from at least every {usual}.",
    "Look whether the store still sells. If it does, test the connection and set up its webhooks anew; what was missed "
    "comes in by itself.",
)
DEAF = (
    "No webhook of {name} has come for {lasted}, though polling finds news; at this time of the week one usually comes at "
    "least every {usual}.",
    "Polling still finds everything, only later. Look in the vendor's screens whether the webhook still exists and is "
    "switched on: some vendors switch it off after a few failed deliveries. The page of the connection says how it is "
    "set up.",
)
"""What is said, and what to do."""


def hear_silence() -> None:
    """Every few minutes, for every source that an enabled flow reads."""
    if not settings.SILENCE_ALARM:
        return
    now = clock.now()
    for connection in Connection.objects.answering(now).filter(flows_out__enabled=True).distinct():
        if _hears(connection, now):
            listen(connection, timezone.localtime(now))


def listen(connection: Connection, now: dt.datetime) -> None:
    """An alert ends by itself with the next news. While all is silent, webhooks are no case of their own."""
    silence = silence_of(connection, DOORS, now)
    _tell(connection.name, connection, silence, SILENT)
    if silence is None:
        deaf = _only_polled(connection, silence_of(connection, WEBHOOKS, now))
        _tell(f"{connection.name} webhooks", connection, deaf, DEAF)


def silence_of(connection: Connection, doors: Sequence[str], now: dt.datetime) -> Silence | None:
    """Whoever was heard within the hour costs a look at an index for each door; only a silence is compared with the
    weeks before."""
    last = max(filter(None, (_last(connection, door, now) for door in doors)), default=None)
    return unusual(_by_the_hour(connection, doors, now), now) if last and now - last >= LEAST else None


def _hears(connection: Connection, now: dt.datetime) -> bool:
    """Whoever has not polled for a while, as after a night without power, cannot tell that there is nothing to hear."""
    offered = connection.connector_class.resources
    names = connection.flows_out.filter(enabled=True).values_list("source_resource", flat=True)
    if not any(offered[name].offers("changed_since") for name in names if name in offered):
        return True
    patience = max(LEAST / 2, 3 * dt.timedelta(seconds=settings.POLL_SECONDS))
    return connection.last_ok_at is not None and now - connection.last_ok_at < patience


def _only_polled(connection: Connection, silence: Silence | None) -> Silence | None:
    if silence is None:
        return None
    polled = _news(connection, silence.since).filter(door=Door.POLL, received_at__gt=silence.since)
    return silence if polled.values("source_id").distinct()[:FOUND].count() >= FOUND else None


def _tell(key: str, connection: Connection, silence: Silence | None, words: tuple[str, str]) -> None:
    """Not again where a person has seen to this very silence."""
    if silence is None:
        end_alert(SILENCE, key)
    elif not seen_to(SILENCE, key).filter(raised_at__gt=silence.since).exists():
        lasted, usual = duration(silence.lasted), duration(silence.usual)
        message, remedy = words
        raise_alert(SILENCE, key, message.format(name=connection, lasted=lasted, usual=usual), remedy)


def duration(time: dt.timedelta) -> str:
    """`40 minutes`, `9 hours`, `3 days`."""
    if time >= 2 * DAY:
        return f"{time // DAY} days"
    if time >= 2 * HOUR:
        return f"{time // HOUR} hours"
    minutes = max(round(time / MINUTE), 1)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _last(connection: Connection, door: str, now: dt.datetime) -> dt.datetime | None:
    heard = _news(connection, now - REMEMBERED).filter(door=door).order_by("-received_at")
    return heard.values_list("received_at", flat=True).first()


def _by_the_hour(connection: Connection, doors: Sequence[str], now: dt.datetime) -> list[Heard]:
    heard = _news(connection, now - REMEMBERED).filter(door__in=doors).order_by()
    hours = heard.annotate(hour=TruncHour("received_at", tzinfo=dt.UTC)).values("hour").order_by("hour")
    found = hours.annotate(first=Min("received_at"), last=Max("received_at"), times=Count("pk"))
    here = timezone.localtime
    return [Heard(here(row["first"]), here(row["last"]), row["times"]) for row in found]


def _news(connection: Connection, since: dt.datetime) -> QuerySet[Event]:
    fresh = Q(changed_at__isnull=True) | Q(changed_at__gte=F("received_at") - NEWS)
    return Event.objects.filter(fresh, connection=connection, received_at__gte=since)
