"""What an outbound call says about the connection that it went through: it works, is paused, wants a login, or has
gone away. Records only wait."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.budget import USED_UP
from connectors.errors import ConnectorError, NeedsLogin, OutcomeUnknown, RateLimited, RetryLater
from connectors.models import Connection

VENDOR_SAYS = "rate_limited"
"""The code of the vendor's own refusal; our own budget only makes the record wait."""
OUTAGE = 5
"""Calls in a row that came to nothing, without a single answer to this process in between."""
_failed: Counter[tuple[int, int]] = Counter()
"""By process and connection. Lost with the process: then the outage is noticed anew."""


@contextmanager
def calling(connection: Connection) -> Iterator[None]:
    """Around every outbound call: a refused login, a full budget or an outage is the connection's affair, not the
    record's."""
    try:
        yield
    except NeedsLogin as error:
        connection.ask_for_login(str(error))
        raise
    except RateLimited as error:
        _limited(connection, error)
        raise
    except (RetryLater, OutcomeUnknown) as error:
        _came_to_nothing(connection, str(error))
        raise
    except ConnectorError:
        _failed.pop(_key(connection), None)  # a refusal is an answer too
        raise
    else:
        _failed.pop(_key(connection), None)
        connection.mark_ok()


def _limited(connection: Connection, error: RateLimited) -> None:
    if error.code == VENDOR_SAYS:
        connection.pause(error.wait, str(error))
    elif error.code == USED_UP:
        connection.spend(error.wait)


def _came_to_nothing(connection: Connection, reason: str) -> None:
    """One failure may be the call's own; several in a row, of whatever record, are an outage."""
    key = _key(connection)
    _failed[key] += 1
    if _failed[key] >= OUTAGE:
        _failed.pop(key, None)  # another thread may have come as far
        connection.leave(reason)


def _key(connection: Connection) -> tuple[int, int]:
    return os.getpid(), connection.pk
