"""What the books hold now against what the hub has posted there. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.documents import ZERO
from hub.books.reconciliation.differences import from_posting, money, named, told
from hub.books.reconciliation.facts import Case, Finding, Posted, Seen
from hub.books.reconciliation.findings import of_posted
from hub.books.reconciliation.paying import CREDIT, PAYMENT


def drifted(case: Case) -> Iterator[Finding]:
    """What was posted against what stands there now. Payments are told apart by what they pay."""
    for posted in case.posted if case.books_read else ():
        if posted.resource == PAYMENT:
            continue
        seen = case.find(posted.resource, posted.remote_id)
        if seen is None:
            yield _gone(posted, case)
        elif fields := from_posting(posted, seen):
            yield _changed(posted, seen, fields, case)


def _gone(posted: Posted, case: Case) -> Finding:
    kind = "refund_missing" if posted.resource == CREDIT else "missing_in_books"
    what = f"{named(posted.resource, posted.key)} over {money(posted.booked, posted.currency)}"
    return of_posted(kind, posted, f"{what} was posted, and the books do not hold it any more", case)


def _changed(posted: Posted, seen: Seen, fields: dict[str, tuple[str, str]], case: Case) -> Finding:
    booked = posted.booked or ZERO
    apart = abs(booked - (seen.total or ZERO)) if "amount" in fields and "currency" not in fields else booked
    sentence = f"{named(posted.resource, posted.key)} was changed in the books after it was posted: {told(fields)}"
    return of_posted("drift", posted, sentence, case, amount=apart, fields=tuple(fields), books=seen)
