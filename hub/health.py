"""/healthz: this process answers. /readyz: the database answers, work is done in time, a worker is alive."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse

from hub.engine import clock
from hub.engine.claim import due
from hub.queue import last_beat

PATIENCE = dt.timedelta(minutes=5)


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """503 with what is wrong, else 200. `oldest_due_seconds` is how late the latest work is."""
    try:
        problems, oldest = _problems()
    except (DatabaseError, InterfaceError):
        problems, oldest = ["the database does not answer"], None
    body = {"status": "ok" if not problems else "not ready", "problems": problems, "oldest_due_seconds": oldest}
    return JsonResponse(body, status=503 if problems else 200)


def _problems() -> tuple[list[str], int | None]:
    now = clock.now()
    waiting_since = due(now).values_list("due_at", flat=True).order_by("due_at").first()
    oldest = int((now - waiting_since).total_seconds()) if waiting_since else 0
    beat = last_beat()
    problems = []
    if oldest > PATIENCE.total_seconds():
        problems.append(f"a record has been due for {oldest} seconds")
    if beat is None or now - beat > PATIENCE:
        problems.append("no worker has reported for five minutes")
    return problems, oldest
