"""A finding about an order, with the order's own facts. Pure."""

from __future__ import annotations

from connectors.documents import Document
from hub.books.reconciliation.facts import Case, Finding


def found(kind: str, case: Case, resource: str, key: str, sentence: str, **more: object) -> Finding:
    sides: dict[str, Document | object] = {**about(case), **more}
    return Finding.model_validate(
        {"kind": kind, "resource": resource, "key": key, "date": case.date, "sentence": sentence, **sides}
    )


def about(case: Case) -> dict[str, object]:
    """Which order a finding is about."""
    return {
        "record": case.record.id if case.record else None,
        "source_id": case.says.source_id,
        "number": case.says.number,
        "who": case.says.who or (case.record.who if case.record else ""),
    }
