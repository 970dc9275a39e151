"""From what somebody typed to what a report is asked about."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable

from connectors.models import Connection
from hub.books.agreement import money_flows
from hub.books.reports.catalogue import REPORTS, find
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import Flow


class AskingError(ValueError):
    """`field` is what is wrong, `remedy` a sentence on what to do about it."""

    def __init__(self, field: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.field, self.remedy = field, remedy


def all_books() -> list[Connection]:
    return [one for one in Connection.objects.all() if one.role == "books"]


def report(slug: str) -> Report:
    found = find(slug)
    if found is None:
        raise _unknown("report", slug, (one.slug for one in REPORTS))
    return found


def scope(start: dt.date, end: dt.date, books: str = "", flow: str = "") -> Scope:
    """Books and flow by their names; "" for all of them. Raises AskingError."""
    if end < start:
        raise AskingError("end", f"{end} is before {start}", "Swap the two days.")
    chosen, only = _books(books) if books else None, _flow(flow) if flow else None
    if chosen and only and only.target != chosen:
        raise AskingError(
            "flow", f"The flow {only} posts into {only.target}, not into {chosen}", "Choose one of the two."
        )
    return Scope(start, end, chosen, only)


def month(books: str, day: dt.date) -> Scope:
    """The whole month of this day, for a pack: that is always about one books connection. Raises AskingError."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Scope(day.replace(day=1), day.replace(day=last), _books(books))


def _books(name: str) -> Connection:
    known = all_books()
    for one in known:
        if one.name == name:
            return one
    raise _unknown("books", name, (one.name for one in known), what="books connection")


def _flow(name: str) -> Flow:
    known = money_flows()
    for one in known:
        if one.name == name:
            return one
    raise _unknown("flow", name, (one.name for one in known), what="flow with amounts")


def _unknown(field: str, value: str, known: Iterable[str], what: str = "") -> AskingError:
    names = ", ".join(known) or "none yet"
    return AskingError(field, f"There is no {what or field} named {value!r}", f"There are: {names}.")
