"""Documents that may change after they were made: clients and items. What carries money never changes this way."""

from __future__ import annotations

from connectors.documents import Client, Item
from hub.engine import journal
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.keys import digest
from hub.models import Posting


def bring_up_to_date(posting: Posting, built: Built, run: Run) -> None:
    """One update where the content differs from what was sent last."""
    if not isinstance(built.document, Client | Item) or posting.digest == digest(built.document):
        return
    with journal.owned(posting, run):
        run.claim.renew()
        with calling(run.flow.target):
            run.target.resource(posting.resource).update(posting.remote_id, built.document)
        run.effect(posting.step, did="update", document=posting.natural_key, id=posting.remote_id)
        journal.corrected(posting, run, booked=posting.booked, **journal.content(built.document))
