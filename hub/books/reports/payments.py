"""Payments recorded in the books: one by one, and summed by day, method and type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.fields.json import KT

from hub.books.reports.columns import Row, count, date, money, text
from hub.books.reports.documents import answered
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.models import Posting

HOW = {"type": KT("document__type"), "method": KT("origin__method"), "method_name": KT("origin__method_name")}
FIELDS = (
    "pk", "date", "record", "natural_key", "remote_id", "currency", "total", "booked", "state", "adopted",
    "record__flow__name", "record__number", "record__who",
)  # fmt: skip


def read(scope: Scope) -> Iterator[Row]:
    for target in scope.targets():
        payments = scope.postings(target, resource="payment").annotate(
            **HOW, transaction=KT("origin__transaction"), invoice=KT("document__invoice_id")
        )
        for page in pages(payments.values(*FIELDS, *HOW, "transaction", "invoice")):
            numbers = _invoice_numbers({one["record"] for one in page})
            for one in page:
                yield _row(target.name, one, numbers.get((one["record"], one["invoice"]), ""))


def _invoice_numbers(records: Iterable[int | None]) -> dict[tuple[int | None, str], str]:
    """Record and id in the books → number."""
    invoices = Posting.objects.filter(record__in=[one for one in records if one], resource="invoice")
    return {(record, id): number for record, id, number in invoices.values_list("record", "remote_id", "natural_key")}


def _row(books: str, one: dict[str, Any], invoice: str) -> Row:
    return (
        one["date"],
        books,
        one["record__flow__name"],
        invoice,
        one["record__number"],
        one["record__who"],
        one["method"],
        one["method_name"],
        one["type"],
        one["transaction"],
        one["currency"],
        one["total"],
        answered(one),
        one["state"],
        "yes" if one["adopted"] else "no",
        one["natural_key"],
        one["remote_id"],
    )


def read_sums(scope: Scope) -> Iterator[Row]:
    for target in scope.targets():
        payments = scope.postings(target, resource="payment", state=Posting.State.DONE)
        by = ("date", "flow", "method", "method_name", "type", "currency")
        grouped = payments.annotate(**HOW, flow=F("record__flow__name")).order_by(*by).values(*by)
        for one in grouped.annotate(n=Count("pk"), amount=Sum("total"), answered=Sum("booked")).iterator():
            yield (
                one["date"],
                target.name,
                one["flow"],
                one["method"],
                one["method_name"],
                one["type"],
                one["currency"],
                one["n"],
                one["amount"],
                one["answered"],
            )


DATE = date("date", "The payment's date in the books.")
BOOKS = text("books", "The connection of the books.")
FLOW = text("flow", "The flow that recorded it.")
METHOD = text(
    "method",
    "The store's short name of how it was paid, such as checkmo; gift_card, store_credit or reward_points; credit_note "
    "where a credit note was applied.",
)
METHOD_NAME = text("method_name", "The same as the store shows it to customers.", "Method's name")
TYPE = text("type", "The payment type in the books.")
CURRENCY = text("currency", "Of the amounts in this row; ISO 4217.")
BOOKED = "What the books answered."

REPORT = Report(
    slug="payments",
    title="Payments",
    sentence="Every payment that was recorded in the books, with its invoice and how it was paid.",
    columns=(
        DATE,
        BOOKS,
        FLOW,
        text("invoice", "The number of the invoice that it pays."),
        text("order", "The order's number in its store."),
        text("customer", "Name and e-mail address, as the store has them."),
        METHOD,
        METHOD_NAME,
        TYPE,
        text("transaction", "The payment provider's id, where the store knows it."),
        CURRENCY,
        money("amount", "What we recorded."),
        money("booked", BOOKED),
        text("state", "intended, sent (no answer yet) or done."),
        text("adopted", "yes: it was in the books already, and is ours."),
        text("reference", "The hub's own key of the payment: invoice and capture."),
        text("books_id", "Its id in the books; empty until they answered.", "Id in the books"),
    ),
    read=read,
)

BY_METHOD = Report(
    slug="payments-by-method",
    title="Payments by method and date",
    sentence="What was paid on each day, by the store's payment method and the payment type in the books.",
    columns=(
        DATE,
        BOOKS,
        FLOW,
        METHOD,
        METHOD_NAME,
        TYPE,
        CURRENCY,
        count("payments", "How many payments."),
        money("amount", "What we recorded."),
        money("booked", BOOKED),
    ),
    read=read_sums,
)
