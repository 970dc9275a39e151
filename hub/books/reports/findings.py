"""Findings: what is odd about a booked order, so that a person should look."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hub.books.reports.columns import Row, date, money, text
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import SyncRecord


def read(scope: Scope) -> Iterator[Row]:
    for flow in scope.flows():
        records = SyncRecord.objects.filter(flow=flow, date__range=scope.days).filter(findings__isnull=False)
        for page in pages(records.values("pk", "date", "number", "who", "state", "findings")):
            for one in page:
                for found in one["findings"]:
                    amount = Decimal(found["amount"])
                    yield (
                        one["date"], flow.name, flow.source.name, flow.target.name, one["number"], one["who"],
                        one["state"], found["reason"], found["message"], found.get("currency", ""), amount,
                    )  # fmt: skip


REPORT = Report(
    slug="findings",
    title="Findings",
    sentence="What is odd about an order without keeping it from the books, such as a refund above the invoice: look at "
    "it in the store.",
    columns=(
        date("date", "Business date of the order."),
        text("flow", "The flow that works on it."),
        text("source", "The connection of the store."),
        text("books", "The connection of the books."),
        text("number", "The order's number in its store."),
        text("customer", "Name and e-mail address, as the store has them."),
        text("state", "posted, held, skipped, failed, pending, working or waiting."),
        text("finding", "What it is, as a short name that never changes, such as refund_too_large."),
        text("message", "The same as a sentence."),
        text("currency", "Of the amount; ISO 4217."),
        money("amount", "What it is about."),
    ),
    read=read,
)
