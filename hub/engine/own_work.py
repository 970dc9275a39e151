"""What comes round again: a document of the books that the hub itself has made is no news."""

from __future__ import annotations

from connectors.documents import BooksPayment, marker_of
from connectors.models import Connection
from hub.engine.context import Run
from hub.errors import Skipped
from hub.models import Posting
from hub.models.postings import SHARED

CHANGED_BY_PEOPLE = (*SHARED, "invoice")
"""An invoice tells by its content whether it is as we left it."""


def is_ours(connection: Connection, resource: str, id: str) -> bool:
    """Clients, items and invoices are changed by people, too, whoever made them. Nothing is made in a store."""
    if connection.role != "books" or resource in CHANGED_BY_PEOPLE or not id:
        return False
    return Posting.objects.filter(target=connection, resource=resource, remote_id=id).exists()


def require_foreign(run: Run) -> None:
    """Before any call. Raises Skipped."""
    if is_ours(run.flow.source, run.flow.source_resource, run.record.source_id):
        raise ours(run)


def require_unmarked(run: Run, payment: BooksPayment, number: str) -> None:
    """By our own mark, which begins with its invoice's number: whose answer was lost or is on its way, and whom a restored
    backup has forgotten, is not known by its id. Raises Skipped."""
    if marker_of(payment.note).startswith(f"{number}/"):
        raise ours(run)


def ours(run: Run) -> Skipped:
    return Skipped("own_work", f"Countinghouse itself has made this {run.flow.source_resource}")
