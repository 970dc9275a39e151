"""An order that was canceled in its store after it was invoiced, or that came back from that. Nobody is asked: its one
draft is taken back, anything else is credited; who comes back is invoiced anew.

What follows is written down with the record before anything is done about it, as if a person had decided it.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction

from connectors.base import Remote
from connectors.documents import ZERO, Order
from hub.accounting.dates import Calendar
from hub.accounting.deltas import Stand
from hub.accounting.edits import GONE, Edit
from hub.engine import clock, journal, lock_date
from hub.engine.calling import calling
from hub.engine.choices import LINKED
from hub.engine.claim import LeaseLost
from hub.engine.context import Run
from hub.engine.journal import worth
from hub.engine.still_there import still_there
from hub.errors import Held, Skipped
from hub.models import Posting, SyncRecord


def follow(run: Run, order: Order, edits: list[Edit]) -> list[Edit]:
    """The edits in effect, and what follows from a cancellation. Raises Skipped where nothing of the order is left in
    the books."""
    edits = _taken_back(run, edits)
    gone = bool(edits) and edits[-1].how in GONE
    by_hand = run.record.decision.get("accepted_edit") == worth(run)
    if order.called_off and not gone and not by_hand:
        edits = _taken_back(run, written(run, [*edits, _undoing(run, order)]))
    elif gone and not order.called_off:
        edits = written(run, [*edits, _edit(run, "revive", order)])
    if edits and edits[-1].how == "void":
        raise Skipped("canceled", f"Order {order.number} was canceled; its draft in the books was taken back")
    return edits


def _undoing(run: Run, order: Order) -> Edit:
    if _draft(run):
        return _edit(run, "void", order)
    credits = any(step.each == "refunds" for step in run.steps)
    if not credits or run.policy.refunds == "hold":
        raise Held(
            "changed_after_posting",
            f"Order {order.number} was canceled in its store, but it is in the books already as "
            f"{run.invoices_standing()[0].natural_key}, and this flow leaves credit notes to a person",
            digest=worth(run),
            remedy="Credit it by hand in the books, then accept the difference here with a reason.",
        )
    return _edit(run, "cancel", order)


def _edit(run: Run, how: str, order: Order) -> Edit:
    """`was` is what it was worth, for the currency; a revived order is worth what it is now."""
    assert run.wanted
    now = Stand.of(run.wanted.invoice)
    nothing = Stand(currency=now.currency, total=ZERO, lines=())
    was, now = (nothing, now) if how == "revive" else (now, nothing)
    return Edit.model_validate({"how": how, "digest": worth(run), "date": changed_on(order), "was": was, "now": now})


def changed_on(order: Order) -> dt.date:
    """The day of the change in the store's own zone; where the source does not say, today there."""
    return (order.updated_at or clock.now()).astimezone(ZoneInfo(order.timezone)).date()


def written(run: Run, edits: list[Edit]) -> list[Edit]:
    """Beside what people decide meanwhile. Raises LeaseLost."""
    told = [edit.model_dump(mode="json") for edit in edits]
    with transaction.atomic():
        ours = SyncRecord.objects.filter(pk=run.record.pk, owner=run.claim.owner)
        decided = ours.select_for_update().values_list("decision", flat=True).first()
        if decided is None:
            raise LeaseLost(str(run.record))
        run.record.decision = {**decided, "edits": told}
        ours.update(decision=run.record.decision)
    return edits


# --- drafts ---


def _taken_back(run: Run, edits: list[Edit]) -> list[Edit]:
    """A draft that is to go is gone, unless somebody was quicker and made it final: then it is credited."""
    if not edits or edits[-1].how != "void" or not run.invoices_standing():
        return edits
    draft = _draft(run)
    if not draft:
        return written(run, [*edits[:-1], edits[-1].model_copy(update={"how": "cancel"})])
    with journal.owned(draft, run):
        _delete(draft, run)
        journal.voided(draft, run)
    return edits


def _draft(run: Run) -> Posting | None:
    """The one invoice of the order, where it is a draft that we made, unpaid, of an open period."""
    standing, effects = run.invoices_standing(), ("payment", "credit_note")
    others = any(one.resource in effects and one.state != Posting.State.INTENDED for one in run.postings)
    if len(standing) != 1 or others or standing[0].note == LINKED or standing[0].date is None:
        return None
    if not run.target.resource(standing[0].resource).offers("void"):
        return None
    if not Calendar(run.flow.target.lock_date).is_open(standing[0].date):
        return None
    remote = still_there(standing[0], run)
    return standing[0] if remote is None or _is_unsent(remote) else None


def _delete(draft: Posting, run: Run) -> None:
    """A worker that died may have done it already. Raises NotYet where its day was closed meanwhile."""
    if still_there(draft, run):
        run.claim.renew()
        lock_date.require_open(draft.date, str(draft), run)
        with calling(run.flow.target), lock_date.watched(draft.date, str(draft), run):
            run.target.resource(draft.resource).void(draft.remote_id)


def _is_unsent(remote: Remote) -> bool:
    return remote.status == "draft" and remote.outstanding in (None, remote.total)
