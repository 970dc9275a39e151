"""What comes round again: a document of the books that the hub itself has made is no news."""

from __future__ import annotations

from django.db.models.fields.json import KT

from connectors.documents import BooksPayment, marker_of
from connectors.models import Connection
from hub.engine.context import Run
from hub.errors import Skipped
from hub.models import Posting
from hub.models.postings import SHARED


def is_ours(connection: Connection, resource: str, id: str) -> bool:
    """Clients and items are kept by people, too, whoever made them. Nothing is made in a store."""
    if connection.role != "books" or resource in SHARED or not id:
        return False
    return Posting.objects.filter(target=connection, resource=resource, remote_id=id).exists()


def require_foreign(run: Run) -> None:
    """Before any call. Raises Skipped."""
    if is_ours(run.flow.source, run.flow.source_resource, run.record.source_id):
        raise _ours(run)


def require_unmarked(run: Run, payment: BooksPayment) -> None:
    """By our own mark, of a payment whose id we do not know yet: its answer was lost, or is on its way. Raises Skipped."""
    ours = Posting.objects.filter(target=run.flow.source)
    orders = ours.filter(resource="invoice", remote_id=payment.invoice_id).values("record")
    notes = ours.filter(resource=run.flow.source_resource, record__in=orders).values_list(
        KT("document__note"), flat=True
    )
    if (mark := marker_of(payment.note)) and any(marker_of(note or "") == mark for note in notes):
        raise _ours(run)


def _ours(run: Run) -> Skipped:
    return Skipped("own_work", f"Countinghouse itself has made this {run.flow.source_resource}")
