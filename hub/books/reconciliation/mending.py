"""What a person does about a discrepancy. Each goes through the engine's own decisions: nothing here touches the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from hub.accounting.parts import undivided
from hub.books.reconciliation.kinds import ACCEPT, ADOPT, BRING_IN, CREDIT, KINDS, POST, PUT_BACK, READ_AGAIN, REST
from hub.books.reconciliation.paying import PAYMENT
from hub.books.reconciliation.taking_in import take_in
from hub.engine import choices, clock, decisions
from hub.engine.terms import steps_of
from hub.models import Discrepancy, Flow, Posting, SyncRecord

State = Discrepancy.State
DID = {
    POST: "posted what is missing",
    BRING_IN: "brought in",
    READ_AGAIN: "read again",
    CREDIT: "credited the duplicate",
    ADOPT: "adopted what the books hold",
    REST: "posted the missing part",
    PUT_BACK: "credited as it stands and invoiced anew",
}
"""How it was mended, for whoever asks later."""
MISPLACED = ("date", "client")
"""Kinds, and what then differs: it says what its order says, and stands in another place."""


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
        case "rest":
            books = discrepancy.sides["books"]
            decisions.post_rest(record, _part(discrepancy), books["id"], books["total"], by)
        case "put_back" if posting is not None:
            misplaced = discrepancy.fields if discrepancy.kind in MISPLACED else ()
            decisions.put_back(record, posting, by, misplaced)
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
        case "rest":
            return _has_a_rest(discrepancy)
        case "put_back":
            return _can_be_put_back(discrepancy)
        case "read_again":
            return known and _helps_to_read(discrepancy)
    return known


def _helps_to_read(discrepancy: Discrepancy) -> bool:
    """Only where the order says something that the hub has not heard of. A payment that was never posted is one, and of
    what the books hold too much, what its order took back."""
    sides, record = discrepancy.sides, discrepancy.record
    match discrepancy.kind:
        case "extra_in_books":
            return "hub" in sides and record is not None and record.state != SyncRecord.State.FAILED
        case "payment_partial":
            return "hub" not in sides
    return bool(sides.get("source", {}).get("edited"))


def _can_be_credited(discrepancy: Discrepancy) -> bool:
    """An invoice of the same client, by a flow that posts credit notes."""
    hub, books = discrepancy.sides.get("hub", {}), discrepancy.sides.get("books", {})
    flow = discrepancy.flow
    same = hub.get("client_id") == books.get("client_id") and hub.get("currency") == books.get("currency")
    return _credits(flow) and same and discrepancy.resource == flow.target_resource


def _credits(flow: Flow) -> bool:
    """Whether it posts credit notes at all."""
    return any(step.each == "refunds" for step in steps_of(flow))


def _has_a_rest(discrepancy: Discrepancy) -> bool:
    """One payment of the books stands for it: the hub's own, or one typed in by hand. A rest has none of its own."""
    sides = discrepancy.sides
    hub, books = sides.get("hub"), sides.get("books", {})
    alone = hub is None and len(sides.get("candidates", ())) == 1
    ours = hub is not None and hub["remote_id"] == books.get("id")
    whole = undivided(_part(discrepancy)) == _part(discrepancy)
    return discrepancy.record_id is not None and whole and (alone or ours)


def _can_be_put_back(discrepancy: Discrepancy) -> bool:
    """A final invoice, the order's first and only one, that is over something else or bears another number now; or that
    was posted on another date, or to another client."""
    hub, books = discrepancy.sides.get("hub", {}), discrepancy.sides.get("books", {})
    record, flow = discrepancy.record, discrepancy.flow
    if record is None or record.decision.get("edits") or not _credits(flow):
        return False
    first = discrepancy.resource == flow.target_resource and not hub.get("part") and not hub.get("linked")
    if not first or not books or books.get("status") == "draft":
        return False
    if discrepancy.kind in MISPLACED:
        return _is_only_misplaced(discrepancy)
    return set(discrepancy.fields) - {"tax"} in ({"amount"}, {"number"}, {"amount", "number"})


def _is_only_misplaced(discrepancy: Discrepancy) -> bool:
    """It stands as it was posted. What was paid on it, or credited of it, stays with its client: so it may go to another
    one only where there is nothing of the kind."""
    record, fields = discrepancy.record, set(discrepancy.fields)
    source, hub, books = (discrepancy.sides.get(name, {}) for name in ("source", "hub", "books"))
    alike = all(hub.get(name) == books.get(name) for name in ("date", "client_id", "currency"))
    if not alike or Decimal(hub.get("booked", 0)) != Decimal(books.get("total", 0)):
        return False
    if not fields <= set(MISPLACED) or source.get("edited") or record is None:
        return False
    settling = record.postings.filter(resource__in=(PAYMENT, "credit_note")).exclude(state=Posting.State.INTENDED)
    return "client" not in fields or not settling.exists()


def _posting(discrepancy: Discrepancy) -> Posting | None:
    id = discrepancy.sides.get("hub", {}).get("id")
    return Posting.objects.filter(pk=id).first() if id else None


def _key(discrepancy: Discrepancy) -> str:
    return choices.key_of(PAYMENT, _part(discrepancy))


def _part(discrepancy: Discrepancy) -> str:
    part: str = discrepancy.sides.get("source", {}).get("part", "")
    return part
