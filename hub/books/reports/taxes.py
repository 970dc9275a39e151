"""Tax by name and rate, from the lines of the documents that were posted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F

from hub.books.reports.columns import Row, money, percent, text
from hub.books.reports.documents import CREDIT_NOTE
from hub.books.reports.paging import pages
from hub.books.reports.report import Report
from hub.books.reports.scope import Scope
from hub.engine.duplicates import OF_DUPLICATES
from hub.models import Posting

ZERO = Decimal(0)


class Key(NamedTuple):
    month: str
    flow: str
    name: str
    percent: Decimal | None
    currency: str


class Charged(NamedTuple):
    """One tax of one line. `net` is unknown where the tax is a line of its own."""

    name: str
    percent: Decimal | None
    net: Decimal | None
    tax: Decimal


@dataclass
class Sums:
    net: Decimal | None = None
    tax: Decimal = field(default=ZERO)

    def add(self, one: Charged) -> None:
        self.tax += one.tax
        if one.net is not None:
            self.net = (self.net or ZERO) + one.net


def read(scope: Scope) -> Iterator[Row]:
    for target in scope.targets():
        invoiced, credited = (_sums(scope, target, resource) for resource in ("invoice", CREDIT_NOTE))
        for key in sorted({*invoiced, *credited}, key=lambda key: (*key[:3], key.percent or ZERO, key.currency)):
            sold, back = invoiced.get(key, Sums()), credited.get(key, Sums())
            nets = [net for net in (sold.net, back.net and -back.net) if net is not None]
            yield (
                key.month,
                target.name,
                key.flow,
                key.name,
                key.percent,
                key.currency,
                sold.net,
                sold.tax,
                back.net,
                back.tax,
                sum(nets, ZERO) if nets else None,
                sold.tax - back.tax,
            )


def _sums(scope: Scope, target: Any, resource: str) -> dict[Key, Sums]:
    """As many sums as there are taxes, however many documents. What takes a duplicate back takes back tax that was never
    counted: the duplicate is nobody's posting."""
    found: dict[Key, Sums] = {}
    done = scope.postings(target, resource=resource, state=Posting.State.DONE).exclude(OF_DUPLICATES)
    documents = done.values(
        "pk", "date", "currency", flow=F("record__flow__name"), lines=F("document__lines"), own=F("origin__taxes")
    )
    for page in pages(documents):
        for one in page:
            for charged in (*_of_lines(one["lines"]), *_lines_of_their_own(one["own"])):
                key = Key(f"{one['date']:%Y-%m}", one["flow"] or "", charged.name, charged.percent, one["currency"])
                found.setdefault(key, Sums()).add(charged)
    return found


def _of_lines(lines: Any) -> Iterator[Charged]:
    for line in lines or ():
        for tax in line.get("taxes") or ():
            net = Decimal(line.get("quantity", 1)) * Decimal(line["unit_price"])
            yield Charged(tax["name"], Decimal(tax["percent"]), net, Decimal(tax["amount"]))


def _lines_of_their_own(taxes: Any) -> Iterator[Charged]:
    for name, amount in (taxes or {}).items():
        yield Charged(name, None, None, Decimal(amount))


REPORT = Report(
    slug="taxes",
    title="Tax by name and rate",
    sentence="What was charged of each tax in each month, from the documents that were posted; what was credited is told "
    "on its own and taken off.",
    columns=(
        text("month", "Of the documents' dates in the books, such as 2026-03."),
        text("books", "The connection of the books."),
        text("flow", "The flow that made the documents."),
        text("tax_name", "The tax as the documents name it.", "Tax"),
        percent("percent", "As it was posted. Empty where the tax is a line of its own, which names no rate."),
        text("currency", "Of the amounts in this row; ISO 4217."),
        money("invoiced_net", "Net of the invoiced lines that bear this tax; empty where it is a line of its own."),
        money("invoiced_tax", "The tax on them, as the store charged it."),
        money("credited_net", "Net of the credited lines that bear this tax: refunds and corrections."),
        money("credited_tax", "The tax on them."),
        money("net", "invoiced_net − credited_net."),
        money("tax", "invoiced_tax − credited_tax.", "Tax due"),
    ),
    read=read,
)
