"""Which connections may be called now: one that is paused or needs login is left alone."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from connectors.models import Connection
from hub.engine import clock


def answering() -> QuerySet[Connection]:
    open_now = Q(paused_until__isnull=True) | Q(paused_until__lte=clock.now())
    return Connection.objects.filter(open_now).exclude(state=Connection.State.NEEDS_LOGIN)
