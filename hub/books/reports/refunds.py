"""Refunds with their credit notes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models.fields.json import KT

from hub.books.reports.columns import Row, date, money, text
from hub.books.reports.documents import CREDIT_NOTE, answered
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.engine.duplicates import OF_DUPLICATES
from hub.models import Posting

FIELDS = (
    "pk", "date", "record", "natural_key", "remote_number", "remote_id", "currency", "total", "booked", "state", "note",
    "record__flow__name", "record__number", "record__who",
)  # fmt: skip
TOLD = {"refund": KT("origin__refund"), "refunded": KT("origin__refunded"), "of": KT("origin__of")}


def read(scope: Scope) -> Iterator[Row]:
    """What an edit took away is no refund, nor is what takes back a second invoice of the same order."""
    for target in scope.targets():
        credits = scope.postings(target, resource=CREDIT_NOTE, edit=0).exclude(OF_DUPLICATES).annotate(**TOLD)
        for page in pages(credits.values(*FIELDS, *TOLD)):
            numbers = _invoice_numbers([one["record"] for one in page if one["record"]])
            for one in page:
                yield _row(target.name, one, numbers.get((one["record"], one["of"] or ""), ""))


def _invoice_numbers(records: list[int]) -> dict[tuple[int, str], str]:
    """Record and part of it → the invoice's number."""
    invoices = Posting.objects.filter(record__in=records, resource="invoice")
    return {(record, part): number for record, part, number in invoices.values_list("record", "part", "natural_key")}


def _row(books: str, one: dict[str, Any], invoice: str) -> Row:
    refunded = Decimal(one["refunded"]) if one["refunded"] else None
    left = None if refunded is None or one["total"] is None else refunded - one["total"]
    return (
        one["date"],
        books,
        one["record__flow__name"],
        one["refund"],
        one["natural_key"],
        one["remote_number"],
        invoice,
        one["record__number"],
        one["record__who"],
        one["currency"],
        refunded,
        one["total"],
        answered(one),
        "" if left is None else "yes" if left else "no",
        left,
        one["state"],
        one["remote_id"],
    )


REPORT = Report(
    slug="refunds",
    title="Refunds",
    sentence="Every refund that was credited, with its credit note and invoice. A refund for which nothing was left of "
    "its invoice has no credit note: it is among the findings.",
    columns=(
        date("date", "The credit note's date in the books."),
        text("books", "The connection of the books."),
        text("flow", "The flow that made it."),
        text("refund", "The refund's number in its store."),
        text("credit_note", "The number we gave the credit note.", "Credit note"),
        text("books_number", "The number that the books show.", "Number in the books"),
        text("invoice", "The number of the invoice that it is about."),
        text("order", "The order's number in its store."),
        text("customer", "Name and e-mail address, as the store has them."),
        text("currency", "Of the amounts in this row; ISO 4217."),
        money("refunded", "What the store gave back, with tax."),
        money("credited", "What the credit note is over: never more than was left of the invoice."),
        money("booked", "What the books answered; empty until they did."),
        text("capped", "yes: the store gave back more than was left of the invoice."),
        money("not_credited", "refunded − credited."),
        text("state", "intended, sent (no answer yet), created (not finished) or done."),
        text("books_id", "The credit note's id in the books; empty until they answered.", "Id in the books"),
    ),
    read=read,
)
