"""What an order wants in the books, by the flow's terms and by what of it is in the books already."""

from __future__ import annotations

from decimal import Decimal

from connectors.documents import Order
from hub.accounting.dates import Calendar
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.engine.context import Run
from hub.models import Posting


def decide(run: Run) -> None:
    """Sets `run.wanted`, or raises Skipped or Held. Other documents want just what their mapping says."""
    run.step = "decide"
    if isinstance(run.document, Order):
        run.wanted = want(run.document, _terms(run))


def _terms(run: Run) -> Terms:
    return Terms(
        policy=run.policy,
        capabilities=run.target.capabilities(),
        calendar=Calendar(run.flow.target.lock_date),
        tax_table=run.lookups.get("taxes", {}),
        number=_number(run),
        invoiced=bool(run.invoices_standing()),
        credited=_credited(run),
        recorded=[one.part for one in run.postings if one.resource == "payment" and one.state == Posting.State.DONE],
    )


def _number(run: Run) -> str:
    """What is in the books keeps its number, whatever the flow says today."""
    invoice = run.invoice()
    return invoice.natural_key if invoice else run.record.decision.get("number", "")


def _credited(run: Run) -> dict[str, Decimal]:
    """What went out already, by the parts that it was for. It is over what it is over, whatever came to light since."""
    gone = (one for one in run.postings if one.resource == "credit_note" and one.state != Posting.State.INTENDED)
    return {one.part: one.total for one in gone if one.total is not None}
