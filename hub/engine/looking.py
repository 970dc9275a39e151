"""When the books are looked at before something is made in them, and how long others are waited for."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from connectors.documents import BooksPayment, Client, Document, Invoice, Item, Order
from hub.engine import clock, epoch
from hub.engine.context import Run
from hub.errors import NotYet
from hub.models import Posting


def must_look(posting: Posting, document: Document, run: Run) -> bool:
    """Wherever somebody else may have been first: clients and items are kept by people, too; an earlier attempt may
    have come further than we know; a person may have said so; whoever made the invoice, if not we just now, may have made
    what belongs to it; and an order from before `look_before` may have been booked already."""
    told = run.flow.look_first or bool(run.record.decision.get("look_first"))
    if isinstance(document, Client | Item) or told or posting.pk in run.looked_over:
        return True
    invoice = run.invoice()
    if invoice is not None and invoice.pk not in run.fresh:
        return True
    if invoice is not None and not isinstance(document, Invoice):
        return False
    return isinstance(document, BooksPayment) or epoch.gives_way() or _may_be_booked(run)


def let_others_finish(posting: Posting, run: Run) -> None:
    """Raises NotYet where another hub may be at the same document right now: then it is looked for once more, when
    what the other has begun must be there. That is so for what belongs to an invoice which was just found to be in the
    books, and for everything as long as a second hub is suspected."""
    if _found_just_now(run):
        since = clock.now()
    elif epoch.gives_way():
        since = posting.created_at
    else:
        return
    wait = (since + dt.timedelta(seconds=settings.DOUBT_DELAY) - clock.now()).total_seconds()
    if wait > 0:
        raise NotYet("others_first", f"Somebody else may be making {posting} right now; we look once more", after=wait)


def _found_just_now(run: Run) -> bool:
    invoice = run.invoice()
    return invoice is not None and invoice.pk in run.found


def _may_be_booked(run: Run) -> bool:
    """By an earlier life of this hub, or by a person. Without an instant to go by, it may. A store's stamps may run ahead
    of our clock: then it counts when we heard of it."""
    before = run.flow.look_before
    if run.record.backfill_id:
        return True
    if before is None:
        return False
    return not isinstance(run.document, Order) or min(run.document.placed_at, run.record.created_at) < before
