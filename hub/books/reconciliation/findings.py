"""A finding about an order, with the order's own facts. Pure."""

from __future__ import annotations

from connectors.documents import ZERO, Document
from hub.books.reconciliation.facts import Case, Finding, Posted


def found(kind: str, case: Case, resource: str, key: str, sentence: str, **more: object) -> Finding:
    sides: dict[str, Document | object] = {**about(case), **more}
    return Finding.model_validate(
        {"kind": kind, "resource": resource, "key": key, "date": case.date, "sentence": sentence, **sides}
    )


def of_posted(kind: str, posted: Posted, sentence: str, case: Case, **more: object) -> Finding:
    """About what the hub has posted, and worth what that is over, unless `more` says otherwise."""
    told = {"amount": posted.booked or ZERO, "currency": posted.currency, "hub": posted}
    return found(kind, case, posted.resource, posted.key, sentence, **{**told, **more})


def about(case: Case) -> dict[str, object]:
    """Which order a finding is about."""
    return {
        "record": case.record.id if case.record else None,
        "source_id": case.says.source_id,
        "number": case.says.number,
        "who": case.says.who or (case.record.who if case.record else ""),
    }
