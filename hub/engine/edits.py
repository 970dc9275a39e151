"""An order that changed in its store after it was invoiced: never overwritten, always shown."""

from __future__ import annotations

from connectors.documents import Order
from hub.engine.context import Run
from hub.engine.keys import money_digest
from hub.errors import Held

STEP = "money"
"""The step result that remembers what the order was worth when it was posted."""


def require_unchanged(run: Run) -> None:
    """Raises Held if what a posted order is worth differs from what was posted, unless a person accepted just that."""
    before = run.result_of(STEP)
    if not before or not isinstance(run.document, Order):
        return
    now = money_digest(run.document)
    if now not in (before.digest, run.record.decision.get("accepted_edit")):
        invoice = run.invoice()
        raise Held(
            "edited_after_posting",
            f"Order {run.document.number} was edited in its store after it was posted",
            posted=f"{invoice.total} {invoice.currency}" if invoice else "",
            now=f"{run.document.total} {run.document.currency}",
            digest=now,
            remedy="Book the difference by hand in the books, then accept the edit here with a reason.",
        )


def remember(run: Run) -> None:
    if isinstance(run.document, Order):
        run.done_as(STEP, digest=money_digest(run.document))
