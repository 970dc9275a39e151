"""An invoice that somebody changed in the books, and that a person wants as its order says: it is credited as it stands
there, and the order is invoiced anew. Nothing of anybody's is overwritten."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from connectors.documents import Invoice, Order
from hub.accounting.as_booked import as_booked
from hub.accounting.deltas import Stand
from hub.accounting.edits import Edit
from hub.engine import cancellations, clock, journal
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.models import Posting


def follow(run: Run) -> None:
    """The journal takes over what stands there, and the record an edit that leads back, both with one commit. An order
    that was itself edited meanwhile is asked about like any other."""
    invoice = run.invoice()
    if invoice is None or not _is_decided(invoice, run) or invoice.worth != journal.worth(run):
        return
    stands = _read(invoice, run)
    if stands is not None:
        with journal.owned(invoice, run), transaction.atomic():
            _take_over(invoice, stands, run)
            cancellations.written(run, [_back(as_booked(stands), run)])


def _is_decided(invoice: Posting, run: Run) -> bool:
    """For this very document, of which nothing else came yet."""
    decided = run.record.decision
    this = decided.get("put_back") == invoice.remote_id and invoice.state == Posting.State.DONE
    return bool(this and run.wanted and not decided.get("edits"))


def _read(invoice: Posting, run: Run) -> Invoice | None:
    """None where it is as it was posted, or was deleted since."""
    resource = run.target.resource(invoice.resource)
    with calling(run.flow.target):
        remote = resource.read(invoice.remote_id)
        raw = resource.fetch(invoice.remote_id)
    found: Invoice = resource.parse(raw)
    same = (remote.total, remote.number) == (invoice.booked, invoice.remote_number)
    return None if remote.state == "deleted" or same else found


def _take_over(invoice: Posting, stands: Invoice, run: Run) -> None:
    basis = as_booked(stands).model_dump(mode="json", exclude_defaults=True)
    content = {**journal.content(stands), "remote_number": stands.number, "basis": basis}
    journal.corrected(invoice, run, booked=stands.total, **content)


def _back(stands: Stand, run: Run) -> Edit:
    """Dated today, where the store is."""
    assert run.wanted and isinstance(run.document, Order)
    today = clock.now().astimezone(ZoneInfo(run.document.timezone)).date()
    now = Stand.of(run.wanted.invoice)
    return Edit(how="reinvoice", digest=journal.worth(run), date=today, was=stands, now=now)
