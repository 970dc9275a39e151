"""What a person asks of a reconciliation: its start, and its end before its time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from connectors.documents import Order
from hub import queue
from hub.engine import clock
from hub.intake.edges import DAY
from hub.models import Flow, Reconciliation

State = Reconciliation.State
LONGEST = 3660 * DAY


class ReconciliationError(ValueError):
    """What was asked cannot be done; `field` names the argument, `remedy` says what can."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.field = field
        self.remedy = remedy


def ask(flow: Flow, start: dt.date, end: dt.date, *, by: Any = "") -> tuple[Reconciliation, bool]:
    """A new one, and True; or the one of these very days that has not come to its end, and False: it goes on where it
    was left. Raises ReconciliationError."""
    require_possible(flow, start, end)
    try:
        with transaction.atomic():
            made = Reconciliation.objects.create(
                flow=flow, start=start, end=end, reached=start, asked_by=str(by)[:150], next_at=clock.now()
            )
            queue.ring()
    except IntegrityError:
        return Reconciliation.objects.get(flow=flow, start=start, end=end, state=State.RUNNING), False
    return made, True


def is_possible(flow: Flow) -> bool:
    """Whatever the days are."""
    try:
        _require_orders(flow)
    except ReconciliationError:
        return False
    return True


def require_possible(flow: Flow, start: dt.date, end: dt.date) -> None:
    """Raises ReconciliationError."""
    _require_orders(flow)
    if start > end:
        raise ReconciliationError(
            "start", f"The first day, {start}, is after the last, {end}", "Exchange the two days."
        )
    if end - start > LONGEST:
        raise ReconciliationError("end", f"{start} to {end} is more than ten years", "Ask for fewer days at a time.")


def _require_orders(flow: Flow) -> None:
    resource = flow.source.connector_class.resources[flow.source_resource]
    primary = flow.target.connector_class.resources[flow.target_resource].document
    if resource.document is not Order or "total" not in primary.model_fields:
        what = (
            f"{flow} makes {flow.target_resource}s of {flow.source_resource}s, and only what is sold can be reconciled"
        )
        raise ReconciliationError("flow", what, "Choose a flow that makes invoices of orders.")
    if not resource.offers("list_ids"):
        what = f"{flow.source} cannot list its {flow.source_resource}s by date"
        raise ReconciliationError("flow", what, "Its connector has to offer list_ids.")


def stop(run: Reconciliation) -> None:
    """What it has found so far stays; nothing is closed. Raises ReconciliationError."""
    running = Reconciliation.objects.filter(pk=run.pk, state=State.RUNNING)
    if not running.update(state=State.STOPPED, ended_at=clock.now()):
        run.refresh_from_db()
        what = f"This reconciliation is {run.get_state_display()}"
        raise ReconciliationError("state", what, "Look again: somebody may have been quicker.")
    run.sightings.all().delete()
    run.refresh_from_db()
