"""What the books say of an order's invoice, told to the store: a comment, a status."""

from __future__ import annotations

from connectors.base import Remote
from connectors.documents import ZERO, BooksPayment, Invoice
from connectors.errors import Gone
from hub.accounting.amounts import rounded
from hub.engine import own_work, write_back
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.errors import Skipped
from hub.models import Posting


def require_of_an_order(run: Run) -> None:
    """Before any call: an invoice that was made of no order is not even read. Raises Skipped."""
    if run.flow.source.role == "books" and run.flow.source_resource == "invoice":
        _posted(run, run.record.source_id)


def look(run: Run) -> None:
    """Before the steps of a flow that reads payments or invoices: the invoice as it is now, which the mapping sees as
    `posted.invoice`. Raises Skipped where there is nothing to tell."""
    match run.document:
        case BooksPayment():
            _look_at_payment(run, run.document)
        case Invoice() if run.flow.source.role == "books":
            _look_at_invoice(run, run.document)


def tell(built: Built, run: Run) -> None:
    """Once for each payment as it is, whatever becomes of its invoice later: that is the news of another payment. Of an
    invoice, once for each way in which it was changed."""
    document = run.document
    paid = document if isinstance(document, BooksPayment) else None
    order = _posted(run, paid.invoice_id if paid else run.record.source_id).record
    assert order
    write_back.send(built, run, run.flow.target, run.target, order.source_id, news=paid)


def _look_at_payment(run: Run, payment: BooksPayment) -> None:
    """Raises Skipped where it was deleted, is our own, or its invoice is none of ours."""
    if _read(run, run.flow.source_resource, run.record.source_id).state != "active":
        raise Skipped("deleted_in_source", "This payment was deleted in the books")
    try:
        invoice = _read(run, "invoice", payment.invoice_id)
    except Gone as error:
        raise Skipped("not_ours", f"{error}") from error
    own_work.require_unmarked(run, payment, invoice.number)
    _posted(run, payment.invoice_id)
    run.posted["payment"] = {"id": run.record.source_id}
    run.posted["invoice"] = _told(invoice)


def _look_at_invoice(run: Run, document: Invoice) -> None:
    """Raises Skipped where it stands as we booked it, and nothing else was told before."""
    posting, invoice = _posted(run, run.record.source_id), _read(run, "invoice", run.record.source_id)
    if posting.state != Posting.State.DONE:
        raise own_work.ours(run)
    now, booked = (document.number, document.total, document.date), _booked(posting)
    if invoice.state != "deleted" and now == booked and not run.record.steps.exists():
        raise own_work.ours(run)
    run.posted["invoice"] = _told(invoice)
    run.posted["booked"] = dict(zip(("number", "total", "date"), map(str, booked), strict=True))


def _booked(posting: Posting) -> tuple[object, object, object]:
    total = posting.booked or posting.total or ZERO
    return posting.remote_number or posting.natural_key, rounded(total, posting.currency), posting.date


def _told(invoice: Remote) -> dict[str, str]:
    return {"id": invoice.id, "number": invoice.number, "status": invoice.status, "state": invoice.state}


def _read(run: Run, resource: str, id: str) -> Remote:
    with calling(run.flow.source):
        return run.source.resource(resource).read(id)


def _posted(run: Run, invoice_id: str) -> Posting:
    """What was made of an order of the store that is told. Raises Skipped."""
    orders = {
        "record__flow__source": run.flow.target,
        "record__flow__source_resource": run.flow.target_resource,
    }
    posted = Posting.objects.filter(target=run.flow.source, resource="invoice", remote_id=invoice_id, **orders)
    found = posted.select_related("record").first()
    if found is None:
        raise Skipped("not_ours", f"This invoice was not made of an order of {run.flow.target}")
    return found
