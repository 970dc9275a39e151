"""An order that changed in its store after it was invoiced: a draft follows it, anything else is shown to a person."""

from __future__ import annotations

from connectors.documents import Order
from hub.engine.context import Run
from hub.engine.journal import worth
from hub.errors import Held
from hub.models import Posting


def require_unchanged(run: Run) -> None:
    """Raises Held if what a posted order is worth differs from what was posted, unless a person accepted just that."""
    invoice = run.invoice()
    if invoice is None or invoice.state != Posting.State.DONE or not isinstance(run.document, Order):
        return
    if worth(run) not in (invoice.worth, run.record.decision.get("accepted_edit")):
        raise edited(run, invoice)


def edited(run: Run, invoice: Posting) -> Held:
    return Held(
        "edited_after_posting",
        f"Order {run.record.number} was edited in its store after it was posted",
        posted=f"{invoice.total} {invoice.currency}",
        now=f"{run.record.total} {run.record.currency}",
        digest=worth(run),
        remedy="Book the difference by hand in the books, then accept the edit here with a reason.",
    )


def accepted(run: Run) -> bool:
    """Whether a person said that what stands in the books is right for the order as it is now."""
    return bool(run.document) and run.record.decision.get("accepted_edit") == worth(run)
