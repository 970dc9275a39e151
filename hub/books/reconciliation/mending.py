"""What a person does about a discrepancy. Each goes through the engine's own decisions: nothing here touches the books."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from hub.books.reconciliation.kinds import ACCEPT, ADOPT, BRING_IN, CREDIT, KINDS, POST, READ_AGAIN
from hub.books.reconciliation.paying import PAYMENT
from hub.books.reconciliation.taking_in import take_in
from hub.engine import choices, clock, decisions
from hub.models import Discrepancy, Posting, SyncRecord

State = Discrepancy.State
DID = {
    POST: "posted what is missing",
    BRING_IN: "brought in",
    READ_AGAIN: "read again",
    CREDIT: "credited the duplicate",
    ADOPT: "adopted what the books hold",
}
"""How it was mended, for whoever asks later."""


class Unmendable(ValueError):
    """It cannot be mended so; the sentence says why."""


def fitting(discrepancy: Discrepancy) -> list[str]:
    """The buttons that help here, the likeliest first; none once it is closed."""
    if discrepancy.state == State.CLOSED:
        return []
    return [what for what in KINDS[discrepancy.kind].mends if _fits(what, discrepancy)]


def mend(discrepancy: Discrepancy, what: str, by: Any, *, reason: str = "") -> None:
    """Raises Unmendable. It is closed when a check finds that the sides agree."""
    if what not in fitting(discrepancy):
        raise Unmendable("This does not help here; look again, somebody may have been quicker")
    if what == ACCEPT:
        _accept(discrepancy, reason, by)
        return
    with transaction.atomic():
        try:
            _do(what, discrepancy, by)
        except decisions.Undecidable as error:
            raise Unmendable(str(error)) from error
        _decided(discrepancy, State.MENDED, DID[what], by)


def _accept(discrepancy: Discrepancy, reason: str, by: Any) -> None:
    if not reason.strip():
        raise Unmendable("Say why it is right as it is")
    _decided(discrepancy, State.ACCEPTED, reason.strip(), by)


def _decided(discrepancy: Discrepancy, state: str, reason: str, by: Any) -> None:
    values = {"state": state, "reason": reason[:300], "decided_by": str(by or "")[:150], "decided_at": clock.now()}
    Discrepancy.objects.filter(pk=discrepancy.pk).exclude(state=State.CLOSED).update(**values)
    discrepancy.refresh_from_db()


def _do(what: str, discrepancy: Discrepancy, by: Any) -> None:
    record = record_of(discrepancy)
    if record is None:
        take_in(discrepancy.flow, discrepancy.source_id)
        return
    posting = _posting(discrepancy)
    match what:
        case "post" if posting is not None:
            decisions.post_again(record, posting, by)
        case "credit":
            decisions.credit_duplicate(record, discrepancy.sides["books"]["id"], by)
        case "adopt":
            decisions.adopt(record, _key(discrepancy), discrepancy.sides["candidates"][0]["id"], by)
        case "read_again":
            decisions.retry(SyncRecord.objects.filter(pk=record.pk), by)
        case _:
            decisions.look_again(record, by)


def record_of(discrepancy: Discrepancy) -> SyncRecord | None:
    """It may have come in since the discrepancy was found."""
    if discrepancy.record:
        return discrepancy.record
    of_order = SyncRecord.objects.filter(flow=discrepancy.flow, source_id=discrepancy.source_id)
    return of_order.select_related("flow").first() if discrepancy.source_id else None


def _fits(what: str, discrepancy: Discrepancy) -> bool:
    sides, kind = discrepancy.sides, discrepancy.kind
    known = bool(discrepancy.source_id)
    match what:
        case "accept":
            return discrepancy.state != State.ACCEPTED
        case "post":
            return known and (kind != "drift" or "deleted" in discrepancy.fields)
        case "credit":
            return known and _can_be_credited(discrepancy)
        case "adopt":
            return "hub" not in sides and len(sides.get("candidates", ())) == 1
    return known and (kind != "extra_in_books" or discrepancy.record_id is not None)


def _can_be_credited(discrepancy: Discrepancy) -> bool:
    """An invoice of the same client, by a flow that posts credit notes."""
    hub, books = discrepancy.sides.get("hub", {}), discrepancy.sides.get("books", {})
    flow = discrepancy.flow
    steps = flow.version.steps if flow.version else flow.steps
    credits = any(step.get("each") == "refunds" for step in steps)
    same = hub.get("client_id") == books.get("client_id") and hub.get("currency") == books.get("currency")
    return credits and same and discrepancy.resource == flow.target_resource


def _posting(discrepancy: Discrepancy) -> Posting | None:
    id = discrepancy.sides.get("hub", {}).get("id")
    return Posting.objects.filter(pk=id).first() if id else None


def _key(discrepancy: Discrepancy) -> str:
    return choices.key_of(PAYMENT, discrepancy.sides["source"].get("part", ""))
