"""What comes round again: a document of the books that the hub itself has made is no news."""

from __future__ import annotations

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
        raise Skipped("own_work", f"Countinghouse itself has made this {run.flow.source_resource}")
