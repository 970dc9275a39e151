"""A second invoice of the same order in the books, which a person wants taken back: a credit note over its very lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from connectors.documents import Invoice
from hub.accounting.as_booked import as_booked
from hub.accounting.dates import Calendar
from hub.accounting.wanted import WantedCredit
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.models import Posting

CREDIT = "credit_note"
PART = "duplicate-"
"""Head of the credit note's part; the duplicate's id follows."""
OF_DUPLICATES = Q(resource=CREDIT, part__startswith=PART)
"""Postings that are such credit notes."""


def follow(run: Run) -> None:
    """What the order wants includes the credit notes of its duplicates; those that are posted want nothing more."""
    decided: list[dict[str, Any]] = run.record.decision.get("duplicates", [])
    if decided and run.wanted:
        credits = tuple(_credits(run, decided))
        run.wanted = run.wanted.model_copy(update={"corrections": (*run.wanted.corrections, *credits)})


def _credits(run: Run, decided: list[dict[str, Any]]) -> Iterator[WantedCredit]:
    for place, one in enumerate(decided, 1):
        posting = run.posting_of(CREDIT, PART + one["id"])
        if posting is None or posting.state != Posting.State.DONE:
            yield _credit(run, _read(run, one["id"]), one, place)


def _read(run: Run, id: str) -> Invoice:
    resource = run.target.resource(run.flow.target_resource)
    with calling(run.flow.target):
        raw = resource.fetch(id)
    found: Invoice = resource.parse(raw)
    return found


def _credit(run: Run, duplicate: Invoice, decided: dict[str, Any], place: int) -> WantedCredit:
    assert run.wanted
    number = f"{run.wanted.invoice.number}-D{place}"
    date, late = Calendar(run.flow.target.lock_date).open(dt.date.fromisoformat(decided["date"]))
    return WantedCredit(
        key=number,
        part=PART + decided["id"],
        of=run.wanted.invoice.part,
        title="Second copy",
        number=number,
        refund_number=number,
        date=date,
        currency=duplicate.currency,
        lines=as_booked(duplicate).lines,
        total=duplicate.total,
        notes=" ".join(
            filter(None, (f"The books held the invoice twice: {duplicate.number} was entered again.", late))
        ),
    )
