"""Findings become discrepancies: each thing once, however often it is found. Told again, it is as it was; no longer
found, it closes by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from hub.books.reconciliation.facts import Finding
from hub.engine import clock
from hub.intake.portions import portions
from hub.models import Discrepancy, Flow, Reconciliation

State = Discrepancy.State
Key = tuple[str, str, str]
SIDES = ("source", "hub", "books")
CHANGEABLE = (
    "record", "source_id", "number", "who", "date", "currency", "amount", "fields", "sides", "sentence", "digest",
    "state", "reason", "decided_by", "decided_at", "history", "last_run", "closed_at",
)  # fmt: skip
JUDGED = {
    "source": ("total", "currency", "date"),
    "hub": ("remote_id", "booked"),
    "books": ("id", "number", "total", "currency", "date", "state"),
}
"""What a person who accepts a discrepancy has accepted. All else that a side tells may come and go: how much of an invoice
is paid, what its client is called, and what only lists tell."""
WHERE_NAMED = {"tax": "tax", "client": "client_id"}
"""Field that differs → the fact that is judged then, too."""


def keep(flow: Flow, run: Reconciliation | None, findings: Sequence[Finding]) -> None:
    """Belongs into a transaction. What a person has accepted stays so while its facts are the same."""
    for some in portions(findings, 200):
        known = {_key_of(row): row for row in _rows(flow, some)}
        new = [_made(flow, run, finding) for finding in some if _key(finding) not in known]
        Discrepancy.objects.bulk_create(new)
        again = [_again(known[_key(finding)], run, finding) for finding in some if _key(finding) in known]
        Discrepancy.objects.bulk_update(again, CHANGEABLE)


def leave(run: Reconciliation, source_ids: Iterable[str]) -> None:
    """What was not judged this time stays as it is."""
    for some in portions(list(source_ids)):
        _unclosed(run.flow).filter(source_id__in=some).update(last_run=run)


def close_unfound(run: Reconciliation) -> int:
    """Of these days, what this run has not found any more."""
    of_these_days = _unclosed(run.flow).filter(date__range=(run.start, run.end))
    return of_these_days.filter(~Q(last_run=run) | Q(last_run=None)).update(state=State.CLOSED, closed_at=clock.now())


def shown(run: Reconciliation) -> set[tuple[str, str]]:
    """Documents of the books that a finding of this run is about, by resource and id."""
    found = Discrepancy.objects.filter(last_run=run, sides__has_key="books").order_by()
    told = (sides["books"] for sides in found.values_list("sides", flat=True).iterator())
    return {(books["resource"], books["id"]) for books in told}


def close(rows: QuerySet[Discrepancy]) -> int:
    return rows.exclude(state=State.CLOSED).update(state=State.CLOSED, closed_at=clock.now())


def _unclosed(flow: Flow) -> QuerySet[Discrepancy]:
    return Discrepancy.objects.filter(flow=flow).exclude(state=State.CLOSED)


def _rows(flow: Flow, findings: Sequence[Finding]) -> QuerySet[Discrepancy]:
    keys = {finding.key[:300] for finding in findings}
    return Discrepancy.objects.filter(flow=flow, natural_key__in=keys).order_by()


def _key(finding: Finding) -> Key:
    return finding.kind, finding.resource, finding.key[:300]


def _key_of(row: Discrepancy) -> Key:
    return row.kind, row.resource, row.natural_key


def _made(flow: Flow, run: Reconciliation | None, finding: Finding) -> Discrepancy:
    kind, resource, key = _key(finding)
    return Discrepancy(
        flow=flow, kind=kind, resource=resource, natural_key=key, first_run=run, last_run=run, **_content(finding)
    )


def _again(row: Discrepancy, run: Reconciliation | None, finding: Finding) -> Discrepancy:
    content = _content(finding)
    stays_accepted = row.state == State.ACCEPTED and row.digest == content["digest"]
    if row.state != State.OPEN and not stays_accepted:
        _reopen(row)
    for name, value in content.items():
        setattr(row, name, value)
    row.last_run = run or row.last_run
    return row


def _reopen(row: Discrepancy) -> None:
    """What was said of it stays to be read."""
    if row.reason:
        at = row.decided_at.isoformat() if row.decided_at else ""
        row.history = [*row.history, {"reason": row.reason, "by": row.decided_by, "at": at}]
    row.state, row.reason, row.decided_by, row.decided_at, row.closed_at = State.OPEN, "", "", None, None


def _content(finding: Finding) -> dict[str, Any]:
    told = finding.model_dump(mode="json", exclude_defaults=True)
    names = (*SIDES, "candidates", "confidence", "reasons")
    sides = {name: told[name] for name in names if told.get(name)}
    return {
        "record_id": finding.record,
        "source_id": finding.source_id,
        "number": finding.number[:100],
        "who": finding.who[:200],
        "date": finding.date,
        "currency": finding.currency,
        "amount": finding.amount,
        "fields": list(finding.fields),
        "sides": sides,
        "sentence": finding.sentence,
        "digest": hashlib.sha256(json.dumps(_judged(finding), sort_keys=True).encode()).hexdigest(),
    }


def _judged(finding: Finding) -> list[Any]:
    sides = {"source": finding.source, "hub": finding.hub, "books": finding.books}
    named = [fact for field, fact in WHERE_NAMED.items() if field in finding.fields]
    facts = {
        name: {fact: _text(getattr(side, fact, "")) for fact in (*JUDGED[name], *named)}
        for name, side in sides.items()
        if side
    }
    who = finding.who if "client" in finding.fields and finding.source else ""
    return [finding.kind, list(finding.fields), _text(finding.amount), finding.currency, who, facts]


def _text(value: object) -> str:
    """The same amount reads the same, however many zeros it has."""
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)
