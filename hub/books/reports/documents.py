"""Every invoice and credit note of a period: what we asked for beside what the books answered."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import Any

from hub.books.reports.columns import Row, date, money, text
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import Posting

CREDIT_NOTE = "credit_note"
State = Posting.State
ANSWERED = (State.CREATED, State.DONE)
"""States in which the books hold it."""
WORDS = {CREDIT_NOTE: "credit note"}
FIELDS = (
    "pk", "date", "resource", "natural_key", "remote_number", "remote_id", "currency", "total", "booked", "state",
    "adopted", "note", "url", "record__flow__name", "record__flow__source__name", "record__number", "record__who",
)  # fmt: skip


def read(scope: Scope) -> Iterator[Row]:
    for target in scope.targets():
        invoices, credits = (scope.postings(target, resource=one).values(*FIELDS) for one in ("invoice", CREDIT_NOTE))
        for found in merge(_each(invoices), _each(credits), key=lambda one: (one["date"], one["pk"])):
            yield _row(target.name, found)


def answered(found: dict[str, Any]) -> Any:
    """What the books hold of a posting; None where they do not hold it, or not any more."""
    return found["booked"] if found["state"] in ANSWERED else None


def _each(rows: Any) -> Iterator[dict[str, Any]]:
    for page in pages(rows):
        yield from page


def _row(books: str, found: dict[str, Any]) -> Row:
    total, booked = None if found["state"] == State.VOIDED else found["total"], answered(found)
    return (
        found["date"],
        books,
        found["record__flow__name"],
        WORDS.get(found["resource"], found["resource"]),
        found["natural_key"],
        found["remote_number"],
        found["remote_id"],
        found["record__number"],
        found["record__who"],
        found["currency"],
        total,
        booked,
        None if total is None or booked is None else booked - total,
        found["state"],
        "yes" if found["adopted"] else "no",
        found["note"],
        found["url"],
    )


REPORT = Report(
    slug="documents",
    title="Invoices and credit notes",
    sentence="Every invoice and credit note by its date in the books: what we asked for, and what the books answered. A "
    "draft that was taken back is listed for its number, without amounts.",
    columns=(
        date("date", "The document's date in the books."),
        text("books", "The connection of the books."),
        text("flow", "The flow that made it."),
        text("document", "invoice, or credit note."),
        text("number", "The number we gave it."),
        text("books_number", "The number that the books show.", "Number in the books"),
        text("books_id", "Its id in the books; empty until they answered.", "Id in the books"),
        text("order", "The order's number in its store."),
        text("customer", "Name and e-mail address, as the store has them."),
        text("currency", "Of the amounts in this row; ISO 4217."),
        money("total", "What we asked for, with tax; empty where it was taken back."),
        money("booked", "What the books answered, with tax; empty until they did, and where it was taken back."),
        money("difference", "booked − total. Anything but 0 is wrong."),
        text(
            "state",
            "intended, sent (no answer yet), created (not finished), done, or voided: a draft that was taken back, since its "
            "order was canceled.",
        ),
        text("adopted", "yes: it was in the books already, and is ours."),
        text("note", "Such as the rounding line that was needed."),
        text("url", "Its page in the books, where they have one.", "Page"),
    ),
    read=read,
)
