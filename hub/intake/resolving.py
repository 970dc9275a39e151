"""Notices that name their record otherwise ("increment_id=…"): ask the source for its id, then go on as usual."""

from __future__ import annotations

import datetime as dt
import logging
import time

from django.db import transaction
from django.db.models import QuerySet

from connectors.errors import ConnectorError, Gone, NeedsLogin, OutcomeUnknown, RateLimited, RetryLater
from connectors.models import Connection
from connectors.vault import connect
from hub.engine import clock
from hub.engine.calling import calling
from hub.intake.pacing import age, next_try
from hub.intake.waking import listening, make_due
from hub.models import Event

logger = logging.getLogger(__name__)

ROUND_SECONDS = 5.0
"""For each drain: records are waiting too."""
CLAIMED = 60.0
NOT_YET = 300.0
"""Seconds in which a record that is not there may still come: a store may announce it before its own commit."""
SOONEST, LATEST = 2.0, 3600.0
AT_THE_DOOR = 60.0
"""Seconds until a connection that needs login is looked at again."""


def unresolved_due() -> QuerySet[Event]:
    return Event.objects.filter(resolve_at__lte=clock.now()).order_by("resolve_at", "pk")


def resolve_due(seconds: float = ROUND_SECONDS) -> int:
    """Asks until nothing is due or the time is up; what is left stays due. Returns about how many it asked."""
    deadline = time.monotonic() + seconds
    count = 0
    while time.monotonic() < deadline and (event := _claimed()):
        if Connection.objects.answering(clock.now()).filter(pk=event.connection_id).exists():
            _resolve(event)
            count += 1
        else:
            _leave_alone(event)
    return count


def _claimed() -> Event | None:
    """An event is claimed by moving its time; a worker that dies with it leaves it to be tried again."""
    for event in unresolved_due().select_related("connection")[:10]:
        if unresolved_due().filter(pk=event.pk).update(resolve_at=_in(CLAIMED)):
            return event
    return None


def _resolve(event: Event) -> None:
    try:
        with calling(event.connection):
            source_id = connect(event.connection).resource(event.resource).resolve(event.lookup)
    except NeedsLogin as error:
        _put_off(event, _in(AT_THE_DOOR), str(error))
    except RateLimited as error:
        _put_off(event, _in(error.wait), str(error))
    except (RetryLater, OutcomeUnknown) as error:
        _put_off(event, _later(event), str(error))
    except ConnectorError as error:
        _refused(event, error)
    except Exception as error:
        logger.exception("%s of %s could not be looked up", event, event.connection)
        _save(event, resolve_at=_later(event), problem=f"Countinghouse itself failed: {type(error).__name__}: {error}")
    else:
        _resolved(event, source_id)


def _resolved(event: Event, source_id: str) -> None:
    """With every other notice that named the record alike: the source is asked once."""
    alike = Event.objects.filter(
        connection=event.connection, resource=event.resource, lookup=event.lookup, resolve_at__isnull=False
    )
    with transaction.atomic():
        alike.update(source_id=source_id, resolve_at=None, problem="")
        make_due(listening(event.connection, event.resource), source_id)


def _refused(event: Event, error: ConnectorError) -> None:
    """A record that is not there may still come; anything else is closed, with its problem for a person to see."""
    again = isinstance(error, Gone) and age(event.received_at) < NOT_YET
    _save(event, resolve_at=_later(event) if again else None, problem=str(error))


def _leave_alone(event: Event) -> None:
    """Until the pause is over, or somebody may have logged in."""
    pause = event.connection.paused_until
    _put_off(event, pause if pause and pause > clock.now() else _in(AT_THE_DOOR), event.problem)


def _put_off(event: Event, until: dt.datetime, problem: str) -> None:
    """With everything else that this connection would be asked: it does not answer, and each call costs its time."""
    unresolved_due().filter(connection=event.connection).update(resolve_at=until)
    _save(event, resolve_at=until, problem=problem)


def _in(seconds: float) -> dt.datetime:
    return clock.now() + dt.timedelta(seconds=seconds)


def _later(event: Event) -> dt.datetime:
    return next_try(event.received_at, soonest=SOONEST, latest=LATEST)


def _save(event: Event, *, problem: str, **values: object) -> None:
    Event.objects.filter(pk=event.pk).update(problem=problem[:300], **values)
