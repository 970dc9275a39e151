"""A connection that went away is asked once in a while, by one worker, with one harmless call. When it answers again,
everything that waited for it goes on in the order in which it waited."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q

from connectors.errors import ConnectorError, NeedsLogin, OutcomeUnknown, RateLimited, RetryLater
from connectors.http import NoBudget
from connectors.models import Connection
from connectors.vault import connect
from hub import queue
from hub.engine import clock
from hub.models import SyncRecord

log = logging.getLogger(__name__)


def probe_away() -> int:
    """Ask every connection whose pause is over. Returns how many answered again."""
    due = Connection.objects.filter(state=Connection.State.AWAY, paused_until__lte=clock.now())
    return sum(probe(connection) for connection in due if connection.take_probe())


def probe(connection: Connection) -> bool:
    """Whatever it answers, it answers; only silence, trouble and a refused login keep it closed."""
    try:
        connect(connection, budget=NoBudget()).check()
    except NeedsLogin as error:
        connection.ask_for_login(str(error))
        return False
    except RateLimited as error:
        connection.pause(error.wait, str(error))
        return False
    except (RetryLater, OutcomeUnknown) as error:
        connection.stay_away(str(error))
        return False
    except ConnectorError as error:
        log.warning("%s answers again, though not as expected: %s", connection, error)
    come_back(connection)
    return True


def come_back(connection: Connection) -> None:
    """Tries that the outage has spaced out are due at once; the oldest comes first."""
    waiting = SyncRecord.objects.filter(
        Q(flow__source=connection) | Q(flow__target=connection),
        state=SyncRecord.State.WAITING,
        owner="",
        failures__gt=0,
        due_at__gt=clock.now(),
    )
    with transaction.atomic():
        connection.reopen()
        waiting.update(due_at=clock.now(), failures=0)
        queue.ring()
