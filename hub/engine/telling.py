"""What the books say of an order's invoice, told to the store: a comment, a status."""

from __future__ import annotations

from connectors.documents import BooksPayment
from connectors.errors import Gone
from hub.engine import own_work, write_back
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.errors import Skipped
from hub.models import Posting


def look(run: Run) -> None:
    """Before the steps of a flow that reads payments: the invoice as it is now, which the mapping sees as
    `posted.invoice`. Raises Skipped where the payment was deleted, is our own, or its invoice is none of ours."""
    if not isinstance(run.document, BooksPayment):
        return
    own_work.require_unmarked(run, run.document)
    books = run.source.resource
    with calling(run.flow.source):
        if books(run.flow.source_resource).read(run.record.source_id).state != "active":
            raise Skipped("deleted_in_source", "This payment was deleted in the books")
        try:
            invoice = books("invoice").read(run.document.invoice_id)
        except Gone as error:
            raise Skipped("not_ours", f"{error}") from error
    _order(run)
    run.posted["payment"] = {"id": run.record.source_id}
    run.posted["invoice"] = {"id": invoice.id, "number": invoice.number, "status": invoice.status}


def tell(built: Built, run: Run) -> None:
    """Once for each payment as it is, whatever becomes of its invoice later: that is the news of another payment."""
    write_back.send(built, run, run.flow.target, run.target, _order(run), news=run.document)


def _order(run: Run) -> str:
    """The store's id of the order that the payment's invoice was made of."""
    assert isinstance(run.document, BooksPayment)
    posted = Posting.objects.filter(
        target=run.flow.source,
        resource="invoice",
        remote_id=run.document.invoice_id,
        record__flow__source=run.flow.target,
        record__flow__source_resource=run.flow.target_resource,
    )
    order = posted.values_list("record__source_id", flat=True).first()
    if order is None:
        raise Skipped("not_ours", f"Its invoice was not made of an order of {run.flow.target}")
    return order
