"""An invoice that a person wants as its order says: it is credited as it stands in the books, and the order is invoiced
anew. Somebody changed it there, or it was posted on another date or to another client than its order has by now. Nothing
of anybody's is overwritten."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from connectors.base import Remote
from connectors.documents import Invoice, Order
from hub.accounting.as_booked import as_booked
from hub.accounting.deltas import Stand
from hub.accounting.edits import Edit
from hub.engine import cancellations, clock, journal
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.edits import first_stand
from hub.models import Posting

CHANGED = "It was changed in the books after it was posted"
MISPLACED = {
    ("date",): "It was posted on another date than its order has",
    ("client",): "It was posted to another client than its order has",
    ("date", "client"): "It was posted on another date and to another client than its order has",
}
"""Why, as a credit note says it."""


def follow(run: Run) -> None:
    """The record gets an edit that leads back, and the journal what stands there, both with one commit. An order that
    was itself edited meanwhile is asked about like any other."""
    invoice = run.invoice()
    if invoice is None or not _is_decided(invoice, run) or invoice.worth != journal.worth(run):
        return
    remote, stands = _read(invoice, run)
    if remote.state == "deleted":
        return
    changed = (remote.total, remote.number) != (invoice.booked, invoice.remote_number)
    if not run.record.decision.get("misplaced") and changed:
        with journal.owned(invoice, run), transaction.atomic():
            _take_over(invoice, stands, run)
            cancellations.written(run, [_changed_back(as_booked(stands), run)])
    elif not changed and _is_where_it_was(invoice, stands) and _misplaced(invoice, run):
        cancellations.written(run, [_moved(invoice, run)])


def _is_decided(invoice: Posting, run: Run) -> bool:
    """For this very document, of which nothing else came yet."""
    decided = run.record.decision
    this = decided.get("put_back") == invoice.remote_id and invoice.state == Posting.State.DONE
    return bool(this and run.wanted and not decided.get("edits"))


def _read(invoice: Posting, run: Run) -> tuple[Remote, Invoice]:
    resource = run.target.resource(invoice.resource)
    with calling(run.flow.target):
        remote: Remote = resource.read(invoice.remote_id)
        raw = resource.fetch(invoice.remote_id)
    found: Invoice = resource.parse(raw)
    return remote, found


# --- changed in the books ---


def _take_over(invoice: Posting, stands: Invoice, run: Run) -> None:
    """Which of its lines are gift cards, the books do not tell: those that were sold count with the new invoice."""
    basis = as_booked(stands).model_dump(mode="json", exclude_defaults=True)
    content = {**journal.content(stands), "remote_number": stands.number, "basis": basis, "gift_cards": None}
    journal.corrected(invoice, run, booked=stands.total, **content)


def _changed_back(stands: Stand, run: Run) -> Edit:
    """Dated today, where the store is."""
    assert run.wanted and isinstance(run.document, Order)
    today = clock.now().astimezone(ZoneInfo(run.document.timezone)).date()
    now = Stand.of(run.wanted.invoice)
    return Edit(how="reinvoice", digest=journal.worth(run), date=today, was=stands, now=now, why=CHANGED)


# --- posted on another date, or to another client ---


def _is_where_it_was(invoice: Posting, stands: Invoice) -> bool:
    return (stands.date, stands.client_id) == (invoice.date, invoice.document.get("client_id"))


def _misplaced(invoice: Posting, run: Run) -> tuple[str, ...]:
    """What the person saw, of that what still holds."""
    assert isinstance(run.document, Order)
    decided: list[str] = run.record.decision.get("misplaced", [])
    in_place = run.document.date in (invoice.date, invoice.business_date)
    return tuple(one for one in ("date", "client") if one in decided and not (one == "date" and in_place))


def _moved(invoice: Posting, run: Run) -> Edit:
    """Each of its documents on its own day, so that no period shows more or less than it should."""
    assert run.wanted and isinstance(run.document, Order)
    misplaced = _misplaced(invoice, run)
    return Edit(
        how="reinvoice",
        digest=journal.worth(run),
        date=run.document.date,
        was=first_stand(invoice),
        now=Stand.of(run.wanted.invoice),
        credited=invoice.date,
        client_id=invoice.document["client_id"] if "client" in misplaced else "",
        why=MISPLACED[misplaced],
    )
