"""After a backup was put back: what a person may do, and what must hold then."""

from __future__ import annotations

import datetime as dt
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from hub.models import Alert, SyncRecord
from tests.hub.world import World
from tests.oracle import violations


def recover(since: dt.datetime | str) -> str:
    output = StringIO()
    call_command("recover", since=str(since), stdout=output)
    return output.getvalue()


def by_hand() -> None:
    recover(timezone.now() - dt.timedelta(minutes=1))


def by_itself() -> None:
    """Nobody does anything."""


def open_alerts() -> list[str]:
    return list(Alert.objects.filter(kind=Alert.Kind.RESTORED, ended_at=None).values_list("key", flat=True))


def assert_whole(world: World) -> None:
    assert violations(world.store.expectations(), world.books.state()) == []
    emails = [client["email"].lower() for client in world.clients]
    assert len(emails) == len(set(emails))
    unsettled = SyncRecord.objects.exclude(state__in=["posted", "skipped"])
    assert list(unsettled.values_list("state", "message")) == []


def writes(world: World) -> list[tuple[str, str]]:
    """Logging in is none; and what a side has refused changed nothing there."""
    asked = [
        one for side in (world.store, world.books) for one in side.log if one[0] != "GET" and "token" not in one[1]
    ]
    return [(method, path) for method, path, status in asked if not 400 <= status < 500]
