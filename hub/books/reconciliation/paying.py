"""The payments of one order on its invoices in the books: which is which, and what is left over on either side. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from connectors.documents import ZERO
from hub.books.reconciliation.differences import from_posting, money, named, told
from hub.books.reconciliation.facts import Case, Expected, Finding, Posted, Seen
from hub.books.reconciliation.findings import about

PAYMENT, CREDIT = "payment", "credit_note"


@dataclass
class Paid:
    """`unpaid` and `extra` are left over on the two sides: perhaps the one explains the other."""

    findings: list[Finding] = field(default_factory=list)
    unpaid: list[Expected] = field(default_factory=list)
    extra: list[Seen] = field(default_factory=list)


def paid(case: Case) -> Paid:
    """Each payment of the source is known in the books by the hub's memory, else by its mark."""
    found = Paid()
    wanted = [one for one in case.says.documents if one.resource == PAYMENT]
    there = _on_invoices(case)
    for expected in wanted:
        posted = case.posting(PAYMENT, expected.part)
        if not case.books_read:
            found.unpaid += [] if posted else [expected]
            continue
        seen = _located(expected, posted, there)
        if seen is None:
            found.unpaid.append(expected)
            continue
        there.remove(seen)
        found.findings += _one(expected, posted, seen, case)
    found.extra = there if case.says.payments else []
    return found


def marker(note: str) -> str:
    """The last bracketed part of a note, by which the hub knows its payments."""
    note = note.rstrip()
    return f"[{note.rpartition('[')[2]}" if note.endswith("]") and "[" in note else ""


def spelled(seen: Seen) -> str:
    """By what a person finds it in the books."""
    return f"{money(seen.total, seen.currency)} of {seen.date} (id {seen.id})"


def _on_invoices(case: Case) -> list[Seen]:
    invoices = {one.remote_id for one in case.posted if one.resource not in (PAYMENT, CREDIT)}
    return [one for one in case.seen if one.resource == PAYMENT and one.stands and one.invoice_id in invoices]


def _located(expected: Expected, posted: Posted | None, there: list[Seen]) -> Seen | None:
    known = (one for one in there if posted and one.id == posted.remote_id)
    marked = (one for one in there if marker(one.note) == expected.marker)
    return next(known, None) or next(marked, None)


def _one(expected: Expected, posted: Posted | None, seen: Seen, case: Case) -> list[Finding]:
    """A payment that is there: is it all of it, and is it as it was posted?"""
    total = seen.total or ZERO
    if total != expected.total:
        kind = "payment_partial" if total < expected.total else "payment_over"
        sentence = (
            f"{named(PAYMENT, expected.key)}: the source says {money(expected.total, expected.currency)}, "
            f"the books hold {spelled(seen)}"
        )
        return [_finding(kind, expected, posted, seen, case, abs(total - expected.total), ("amount",), sentence)]
    fields = from_posting(posted, seen) if posted else {}
    if fields:
        sentence = f"{named(PAYMENT, expected.key)} was changed in the books: {told(fields)}"
        return [_finding("drift", expected, posted, seen, case, expected.total, tuple(fields), sentence)]
    if posted is None:
        sentence = f"The books hold {named(PAYMENT, expected.key).lower()}, and the hub does not know it"
        return [_finding("missing_in_hub", expected, posted, seen, case, expected.total, (), sentence)]
    return []


def _finding(
    kind: str,
    expected: Expected,
    posted: Posted | None,
    seen: Seen,
    case: Case,
    amount: Decimal,
    fields: tuple[str, ...],
    sentence: str,
) -> Finding:
    return Finding(
        kind=kind,
        resource=PAYMENT,
        key=expected.key,
        date=case.date,
        currency=expected.currency,
        amount=amount,
        fields=fields,
        sentence=sentence,
        **about(case),
        source=expected,
        hub=posted,
        books=seen,
    )
