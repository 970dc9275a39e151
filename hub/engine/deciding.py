"""What an order wants in the books, by the flow's terms and by what of it is in the books already."""

from __future__ import annotations

from decimal import Decimal

from connectors.documents import ZERO, Order
from hub.accounting.dates import Calendar
from hub.accounting.parts import APPLIED, undivided
from hub.accounting.rates import Booked
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import Conversion
from hub.engine import choices, duplicates
from hub.engine.context import Run
from hub.engine.tables import load_quotes, load_tax_table, tax_names
from hub.models import Posting


def decide(run: Run) -> None:
    """Sets `run.wanted`, or raises Skipped or Held. Other documents want just what their mapping says."""
    run.step = "decide"
    if isinstance(run.document, Order):
        run.wanted = want(run.document, _terms(run.document, run))


def _terms(order: Order, run: Run) -> Terms:
    return Terms(
        policy=run.policy,
        capabilities=run.target.capabilities(),
        calendar=Calendar(run.flow.target.lock_date),
        tax_table=load_tax_table(tax_names(order), run.flow.pk, run.lookups),
        quotes=load_quotes(order, run.policy),
        booked=_booked(run),
        number=_number(run),
        invoiced=bool(run.invoices_standing()),
        credited=_credited(run),
        recorded=_recorded(run),
        decided=choices.decided(run.record),
        kept=frozenset(undivided(one.part) for one in run.postings if choices.is_kept(one, run.record)),
    )


def _booked(run: Run) -> Booked | None:
    invoice = run.invoice()
    if invoice is None:
        return None
    return Booked(invoice.currency, Conversion.model_validate(invoice.rate) if invoice.rate else None)


def _recorded(run: Run) -> dict[str, Decimal]:
    """Portions of one payment count together. Nobody was paid by credit."""
    found: dict[str, Decimal] = {}
    for one in run.postings:
        there = one.state in (Posting.State.CREATED, Posting.State.DONE) and not one.part.startswith(APPLIED)
        if one.resource == "payment" and there and one.total is not None:
            part = undivided(one.part)
            found[part] = found.get(part, ZERO) + one.total
    return found


def _number(run: Run) -> str:
    """What is in the books keeps its number, whatever the flow says today."""
    invoice = run.invoice()
    return invoice.natural_key if invoice else run.record.decision.get("number", "")


def _credited(run: Run) -> dict[str, Decimal]:
    """What went out already, by the refunds that it was for. It is over what it is over, whatever came to light since."""
    unsent = (Posting.State.INTENDED, Posting.State.VOIDED)
    gone = (one for one in run.postings if one.resource == "credit_note" and one.state not in unsent)
    return {one.part: one.total for one in gone if one.total is not None and _is_of_refund(one)}


def _is_of_refund(credit: Posting) -> bool:
    return not credit.edit and not credit.part.startswith(duplicates.PART)
