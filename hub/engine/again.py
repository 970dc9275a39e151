"""What was posted, is gone from the books, and is to be made anew, because a person said so."""

from __future__ import annotations

from connectors.base import Remote
from hub.engine import choices, journal
from hub.engine.context import Run
from hub.engine.still_there import still_there
from hub.models import Posting

State = Posting.State


def forget_gone(run: Run) -> None:
    """Before the steps run: those that a person named and that are really gone are wanted again. Looking in the books
    comes before making, as always. A decision is about one document: what was made anew since is another."""
    decided: dict[str, str] = run.record.decision.get("again", {})
    for posting in run.postings if decided else ():
        named = decided.get(choices.key(posting)) == posting.remote_id
        if named and posting.state == State.DONE and is_gone(posting, run):
            with journal.owned(posting, run):
                journal.forgotten(posting, run)


def is_gone(posting: Posting, run: Run) -> bool:
    """Asks the books."""
    remote = still_there(posting, run)
    return remote is None or _is_left_behind(remote, run)


def _is_left_behind(remote: Remote, run: Run) -> bool:
    """A payment that stands on an invoice which is no longer this order's."""
    invoices = {one.remote_id for one in run.postings if one.resource == run.flow.target_resource}
    return bool(remote.facts.get("invoice_id")) and remote.facts["invoice_id"] not in invoices
