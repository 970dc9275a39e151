"""What the source wants in the books today, worked out by the same accounting that posts it. No call is made, and nothing
is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from connectors.documents import ZERO, Document, Order
from connectors.errors import ConnectorError
from hub.accounting.wanted import WantedCredit, WantedInvoice, WantedPayment
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.facts import Expected, Says
from hub.engine import applying, choices, edits, rests, withdrawals
from hub.engine.build import condition, elements
from hub.engine.claim import Claim
from hub.engine.context import Run
from hub.engine.deciding import decide
from hub.engine.fixes import with_fixes
from hub.engine.identity import facts_of
from hub.engine.steps import GUARDS, require_passed
from hub.errors import Held, HubError, Skipped
from hub.models import Attempt, Posting, SyncRecord
from mappings.engine.errors import MappingError

MONEY = (WantedInvoice, WantedPayment, WantedCredit)


def said(desk: Desk, source_id: str, document: Document, record: SyncRecord | None, postings: list[Posting]) -> Says:
    """`record` and `postings` are what the hub knows of it: decisions, fixes, and which numbers it bears already."""
    run = _dry(desk, record or SyncRecord(flow=desk.flow, source_id=source_id), postings)
    run.document = with_fixes(document, run.record.fixes)
    about = _about(run, source_id)
    try:
        run.require_wanted()
        decide(run)
        stands = edits.stands(run)
        rests.split(run)
        applying.follow(run)
        documents = tuple(_documents(run, edited=not stands))
    except Skipped as error:
        return Says(outcome="skipped", message=str(error), **about)
    except (Held, HubError, MappingError, ConnectorError) as error:
        return Says(outcome="held", message=str(error), **about)
    if not stands and isinstance(document, Order) and document.called_off:
        message = f"Order {document.number} was canceled in its store, and the hub has not heard of it yet"
        return Says(outcome="skipped", message=message, **about)
    return Says(
        outcome="wanted",
        stands=stands,
        waived=edits.accepted(run),
        payments=_books_payments(run),
        documents=documents,
        withdrawn=frozenset(posting.pk for posting in withdrawals.standing(run)),
        **about,
    )


def unreadable(source_id: str, error: Exception, day: dt.date | None) -> Says:
    """`day` is that for which it was listed."""
    return Says(outcome="unreadable", source_id=source_id, message=str(error) or type(error).__name__, date=day)


def unless_left_out(says: Says, record: SyncRecord | None) -> Says:
    """A person may have said that it is not to be booked, whether or not it can be read."""
    why = record.decision.get("skip") if record and says.outcome == "unreadable" else ""
    return says.model_copy(update={"outcome": "skipped", "message": why}) if why else says


def gone(source_id: str) -> Says:
    return Says(outcome="gone", source_id=source_id)


def _dry(desk: Desk, record: SyncRecord, postings: list[Posting]) -> Run:
    record.flow = desk.flow
    claim = Claim(record, Attempt(record=record), "", None)  # type: ignore[arg-type]
    run = Run(claim, desk.source, desk.target, desk.policy, desk.steps, desk.lookups)
    run.postings = postings
    return run


def _about(run: Run, source_id: str) -> dict[str, Any]:
    facts = facts_of(run.document)
    order = run.document
    return {
        "source_id": source_id,
        "email": order.email.strip().lower() if isinstance(order, Order) else "",
        "customer_id": order.customer_id if isinstance(order, Order) else "",
        "changed_at": (order.updated_at or order.placed_at) if isinstance(order, Order) else None,
        **{name: facts[name] for name in ("number", "who", "date", "currency", "total") if name in facts},
    }


def _documents(run: Run, *, edited: bool) -> Iterator[Expected]:
    """Step by step, as they are posted, without what a person left out. Guards hold and skip here, too."""
    for step in run.steps:
        run.step = step.name
        if step.on == "source" or not condition(step, run):
            continue
        if step.do in GUARDS:
            require_passed(step, choices.decided(run.record))
            continue
        for element in elements(step, run):
            left_out = choices.chosen(run.record, choices.key_of(step.resource, element.part)) == choices.LEAVE_OUT
            if isinstance(element.wanted, MONEY) and not left_out:
                yield _expected(step.resource, element.wanted, edited)


def _expected(resource: str, wanted: WantedInvoice | WantedPayment | WantedCredit, edited: bool) -> Expected:
    shared = {"resource": resource, "part": wanted.part, "key": wanted.key, "date": wanted.date}
    if isinstance(wanted, WantedPayment):
        return Expected(
            **shared,
            of=wanted.of,
            currency=wanted.currency,
            total=wanted.amount,
            marker=wanted.marker,
            reference=wanted.transaction_id,
        )
    return Expected(
        **shared,
        of=wanted.of if isinstance(wanted, WantedCredit) else "",
        currency=wanted.currency,
        total=wanted.total,
        edited=edited and isinstance(wanted, WantedInvoice),
        tax=sum((line.tax for line in wanted.lines), ZERO),
    )


def _books_payments(run: Run) -> bool:
    return run.policy.payments != "off" and any(step.each == "payments" for step in run.steps)
