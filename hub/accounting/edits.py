"""An order that was edited after it was invoiced, and what people decided about it: the documents that follow from that.

Each decision is bound to one edit, and keeps what the order was worth before it and after it. So its documents are the
same whenever they are worked out, whatever becomes of the order later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from connectors.documents import ZERO, Document
from hub.accounting.amounts import plain
from hub.accounting.dates import Calendar
from hub.accounting.deltas import Lines, Stand, deltas
from hub.accounting.left import left
from hub.accounting.proof import lines_total
from hub.accounting.rooms import on_invoices
from hub.accounting.wanted import Wanted, WantedCredit, WantedInvoice

Way = Literal["adjust", "reinvoice", "ignore"]


class Edit(Document):
    """`digest` is of the order as the person saw it. Who ignores an edit has booked its difference by hand."""

    how: Way
    digest: str
    date: dt.date
    was: Stand
    now: Stand

    @property
    def difference(self) -> Decimal:
        return self.now.total - self.was.total


@dataclass(frozen=True)
class Standing:
    """What the books know of the order already. `first` is what its first invoice was made of, `amiss` by how much that
    is off where a person linked it; `paid` tells which invoice each recorded payment is on, by their parts."""

    first: Stand
    calendar: Calendar
    tax_decimals: int
    amiss: Decimal = ZERO
    paid: Mapping[str, str] = field(default_factory=dict)


def followed(wanted: Wanted, edits: Sequence[Edit], standing: Standing) -> Wanted:
    """The same order with the documents of its edits. Raises Unproven where they are not the difference."""
    books = _Books(wanted.invoice, standing)
    for place, edit in enumerate(edits, 1):
        books.follow(edit, place)
    return wanted.model_copy(
        update={
            "invoice": books.current,
            "others": tuple(invoice for invoice in books.invoices if invoice is not books.current),
            "corrections": tuple(books.credits),
            "payments": on_invoices(wanted.payments, wanted.invoice, books.open, standing.paid),
            "credits": tuple(credit.model_copy(update={"of": books.current.part}) for credit in wanted.credits),
            "standing": wanted.invoice.total - books.by_hand,
        }
    )


class _Books:
    """The order's documents so far: `current` is the invoice it has now, `open` those that may still be paid."""

    def __init__(self, wanted: WantedInvoice, standing: Standing) -> None:
        first = standing.first
        self.terms, self.model = standing, wanted
        self.current = wanted.model_copy(update={"lines": first.lines, "total": first.total})
        self.invoices, self.open = [self.current], [self.current]
        self.credits: list[WantedCredit] = []
        self.by_hand = standing.amiss
        self.counts = {"adjust": 0, "reinvoice": 0, "ignore": 0}

    def follow(self, edit: Edit, place: int) -> None:
        self.counts[edit.how] += 1
        match edit.how:
            case "adjust":
                self._adjust(edit, place)
            case "reinvoice":
                self._reinvoice(edit, place)
            case "ignore":
                self.by_hand += edit.difference

    def _adjust(self, edit: Edit, place: int) -> None:
        found, count = deltas(edit.was, edit.now, self.terms.tax_decimals), self.counts["adjust"]
        number, part = f"{self.model.number}-A{count}", f"adjust-{count}"
        words = f"The order was edited in its store: {plain(edit.was.total)} → {plain(edit.now.total)}."
        if found.added:
            about = f"In addition to invoice {self.current.number}. {words}"
            self.open.append(self._invoice(number, part, found.added, edit, place, about))
        if found.removed:
            self._credit(number, part, "Correction", found.removed, edit, place, words)

    def _reinvoice(self, edit: Edit, place: int) -> None:
        """What was refunded is credited on its own, and goes on counting against the new invoice. Where more was taken
        away than our documents held, since a part was booked by hand, there is nothing left to credit."""
        count, old = self.counts["reinvoice"], self.current
        number = f"{self.model.number}-R{count}"
        words = f"The order was edited in its store; invoice {number} takes its place."
        rest = self._left()
        worth = lines_total(rest)
        if worth > 0:
            self._credit(f"{self.model.number}-C{count}", f"credit-{count}", "Cancellation", rest, edit, place, words)
        about = f"In the place of invoice {old.number}."
        self.current = self._invoice(number, f"reinvoice-{count}", edit.now.lines, edit, place, about)
        self.open, self.by_hand = [self.current], self.terms.amiss + max(-worth, ZERO)

    def _left(self) -> Lines:
        """Of the invoices that may still be paid, less what their corrections took away."""
        parts = {invoice.part for invoice in self.open}
        invoiced = tuple(line for invoice in self.open for line in invoice.lines)
        credited = tuple(line for credit in self.credits if credit.of in parts for line in credit.lines)
        return left(invoiced, credited, self.model.currency, self.terms.tax_decimals)

    def _invoice(self, number: str, part: str, lines: Lines, edit: Edit, place: int, words: str) -> WantedInvoice:
        date, late = self.terms.calendar.open(edit.date)
        made = self.model.model_copy(
            update={
                "key": number,
                "number": number,
                "part": part,
                "edit": place,
                "date": date,
                "business_date": edit.date,
                "currency": edit.now.currency,
                "lines": lines,
                "total": lines_total(lines),
                "notes": " ".join(filter(None, (words, late, self.model.conversion))),
            }
        )
        self.invoices.append(made)
        return made

    def _credit(self, number: str, part: str, title: str, lines: Lines, edit: Edit, place: int, words: str) -> None:
        date, late = self.terms.calendar.open(edit.date)
        self.credits.append(
            WantedCredit(
                key=number,
                part=part,
                edit=place,
                of=self.current.part,
                number=number,
                title=title,
                refund_number=number,
                date=date,
                business_date=edit.date,
                currency=edit.was.currency,
                lines=lines,
                total=lines_total(lines),
                notes=" ".join(filter(None, (words, late))),
            )
        )
