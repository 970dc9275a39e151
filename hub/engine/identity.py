"""What lists, searches and sums know of a record: number, customer, business date, amount."""

from __future__ import annotations

from typing import Any

from connectors.documents import BooksPayment, Client, Customer, Document, Invoice, Order, Product
from hub.engine import edits
from hub.engine.claim import Claim, LeaseLost
from hub.engine.context import Run
from hub.models import SyncRecord


def remember(run: Run) -> None:
    _note(run, facts_of(run.document))


def remember_worth(run: Run) -> None:
    """What the order is worth in the books' currency, less what of its edits was booked by hand."""
    invoice = run.invoice()
    followed = run.wanted is not None and run.wanted.standing is not None
    if invoice and invoice.state == invoice.State.DONE and edits.accepted(run) and not followed:
        _note(run, {"currency": invoice.currency, "total": invoice.booked})
    elif run.wanted:
        _note(run, {"currency": run.wanted.invoice.currency, "total": run.wanted.total})
    remember_findings(run)


def remember_findings(run: Run) -> None:
    """Those of the last time that its books were worked out; none where it is not booked at all."""
    found = run.wanted.findings if run.wanted else ()
    told = [finding.model_dump(mode="json") for finding in found] or None
    if told != run.record.findings:
        run.claim.facts["findings"] = told


def _note(run: Run, facts: dict[str, Any]) -> None:
    """Written when the record is settled; at once where its last worker died, for so may this one, and a person must
    know what a record that kills its workers is worth."""
    record = run.record
    changed = {name: value for name, value in facts.items() if getattr(record, name) != value}
    for name, value in changed.items():
        setattr(record, name, value)
    run.claim.facts.update(changed)
    if record.starts > 1 and changed:
        _write(record, changed, run.claim)


def _write(record: SyncRecord, facts: dict[str, Any], claim: Claim) -> None:
    if not SyncRecord.objects.filter(pk=record.pk, owner=claim.owner).update(**facts):
        raise LeaseLost(str(record))


def facts_of(document: Document) -> dict[str, Any]:
    match document:
        case Order():
            return {
                "number": document.number[:100],
                "who": _who(document.email, document.first_name, document.last_name, document.company),
                "date": document.date,
                "currency": document.currency,
                "total": document.total,
            }
        case Customer():
            return {
                "number": document.id,
                "who": _who(document.email, document.first_name, document.last_name, document.company),
            }
        case Client():
            who = _who(document.email, document.first_name, document.last_name, document.organization)
            return {"number": document.email[:100], "who": who}
        case BooksPayment():
            return {"date": document.date, "currency": document.currency, "total": document.amount}
        case Invoice():
            facts = {"date": document.date, "currency": document.currency, "total": document.total}
            return {"number": document.number[:100], **facts}
        case Product():
            return {"number": document.sku[:100], "who": document.name[:200]}
    return {}


def _who(email: str, first: str, last: str, company: str) -> str:
    name = " ".join(filter(None, (first, last))) or company
    return f"{name} <{email}>"[:200] if name and email else (name or email)[:200]
