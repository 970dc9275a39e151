"""/healthz: this process answers. /readyz: the database answers, work is done in time, a worker is alive."""

from __future__ import annotations

import datetime as dt

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse

from hub.engine import clock
from hub.engine.claim import due
from hub.intake.stored import stored_due
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
    record = _seconds(due(now).order_by("due_at").values_list("due_at", flat=True).first(), now)
    webhook = _seconds(stored_due().order_by("retry_at").values_list("retry_at", flat=True).first(), now)
    beat = last_beat()
    problems = []
    if record > PATIENCE.total_seconds():
        problems.append(f"a record has been due for {record} seconds")
    if webhook > PATIENCE.total_seconds():
        problems.append(f"a webhook has been waiting for {webhook} seconds to be read")
    if beat is None or now - beat > PATIENCE:
        problems.append("no worker has reported for five minutes")
    return problems, max(record, webhook)


def _seconds(since: dt.datetime | None, now: dt.datetime) -> int:
    return int((now - since).total_seconds()) if since else 0
