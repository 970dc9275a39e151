"""One document on two sides: which fields differ, and how that is said. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from connectors.documents import ZERO
from hub.accounting.amounts import plain
from hub.books.reconciliation.facts import Case, Expected, Posted, Seen

ORDER = ("currency", "amount", "tax", "date", "client")
"""A document that differs in several fields is named after the first of these."""
NAMES = {"invoice": "Invoice", "payment": "Payment", "credit_note": "Credit note"}


def named(resource: str, key: str) -> str:
    """`Credit note N-CM7`."""
    return f"{NAMES.get(resource, resource.replace('_', ' ').capitalize())} {key}"


def money(amount: Decimal | None, currency: str) -> str:
    return f"{plain(amount or ZERO)} {currency}".strip()


def from_source(expected: Expected, posted: Posted, case: Case) -> tuple[str, ...]:
    """What of a posted document is not what the source says today. What a person linked is that person's word."""
    if posted.linked:
        return ()
    found = {
        "currency": expected.currency != posted.currency,
        "amount": expected.total != posted.total and not case.says.waived,
        "tax": abs(expected.tax - posted.tax) > posted.slack and not case.says.waived,
        "date": not _same_day(expected.date, posted),
        "client": posted.resource == "invoice" and _another_client(posted, case),
    }
    return tuple(field for field in ORDER if found[field])


def from_posting(posted: Posted, seen: Seen) -> dict[str, tuple[str, str]]:
    """Field → what was posted and what the books hold now."""
    if not seen.stands:
        return {"deleted": ("no", "yes")}
    pairs: dict[str, tuple[object, object]] = {"amount": (posted.booked, seen.total)}
    if not posted.linked:
        pairs |= {
            "number": (posted.number or seen.number, seen.number),
            "currency": (posted.currency, seen.currency),
            "date": (posted.date, seen.date),
            "client": (posted.client_id or seen.client_id, seen.client_id),
        }
        if seen.tax is not None and abs(seen.tax - posted.tax) > posted.slack:
            pairs["tax"] = (posted.tax, seen.tax)
    return {field: (_text(was), _text(now)) for field, (was, now) in pairs.items() if was != now}


def told(fields: dict[str, tuple[str, str]]) -> str:
    """`amount was 120.00, is 90.00`."""
    if "deleted" in fields:
        return "it was deleted there"
    return ", ".join(f"{field} was {was}, is {now}" for field, (was, now) in fields.items())


def compared(expected: Expected, posted: Posted, fields: tuple[str, ...], case: Case) -> str:
    """`the source says 120.00 USD, 100.00 USD was posted`."""
    return "; ".join(_said(field, expected, posted, case) for field in fields)


def _said(field: str, expected: Expected, posted: Posted, case: Case) -> str:
    match field:
        case "currency":
            return f"the source says {expected.currency}, {posted.currency} was posted"
        case "amount":
            said, was = money(expected.total, expected.currency), money(posted.total, posted.currency)
            return f"the source says {said}, {was} was posted"
        case "tax":
            return f"the source says {plain(expected.tax)} of it is tax, {plain(posted.tax)} was posted"
        case "date":
            return f"the source says {expected.date}, {posted.date} was posted"
    return f"the source says {case.says.email or case.says.who}, it was posted to another client"


def worth(fields: Iterator[str] | tuple[str, ...], expected: Expected, posted: Posted) -> Decimal:
    """What a difference is worth: itself where it is one of amounts, else the document."""
    names = tuple(fields)
    if names[:1] == ("amount",):
        return abs(expected.total - (posted.total or ZERO))
    if names[:1] == ("tax",):
        return abs(expected.tax - posted.tax)
    return expected.total


def _same_day(date: dt.date, posted: Posted) -> bool:
    """The source's own; or a later one, where that day was closed when it was posted: the journal knows both."""
    if posted.date is None or posted.date == date:
        return True
    return posted.date > date == posted.business_date


def _another_client(posted: Posted, case: Case) -> bool:
    """The customer's address is no longer the one that the hub has read, and the books know the new one otherwise."""
    known = case.record.who.lower() if case.record else ""
    return bool(case.says.email) and case.says.email not in known and posted.client_id not in case.clients


def _text(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
