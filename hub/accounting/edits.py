"""An order that was edited after it was invoiced, and what people decided about it: the documents that follow from that.

Each decision is bound to one edit, and keeps what the order was worth before it and after it. So its documents are the
same whenever they are worked out, whatever becomes of the order later.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from connectors.documents import ZERO, Document
from hub.accounting.amounts import plain
from hub.accounting.dates import Calendar
from hub.accounting.deltas import Lines, Stand, deltas
from hub.accounting.left import left
from hub.accounting.proof import lines_total
from hub.accounting.rooms import Paid, on_invoices
from hub.accounting.wanted import Wanted, WantedCredit, WantedInvoice

Way = Literal["adjust", "reinvoice", "ignore"]
"""What a person may decide."""
GONE = ("cancel", "void")
CANCELED = "The order was canceled in its store after it was invoiced; what was left of the invoice is credited"


class Edit(Document):
    """`digest` is of the order as the person saw it. Who ignores an edit has booked its difference by hand.

    A canceled order is an edit too, down to nothing, about which nobody is asked: `cancel` credits what is left of its
    invoices, `void` means that its one draft was taken back, `revive` that it was placed anew.
    """

    how: Way | Literal["cancel", "void", "revive"]
    digest: str
    date: dt.date
    was: Stand
    now: Stand
    credited: dt.date | None = None
    """The day of the credit note, where that is not `date`."""
    client_id: str = ""
    """Whom the books bill for what is credited, where the order is somebody else's."""
    why: str = ""
    """Where it is no edit in the store: what it is, as the beginning of a sentence."""

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
    paid: Paid = field(default_factory=dict)
    dated: dt.date | None = None
    """The day that the first invoice has in the books; None until they hold it."""


def followed(wanted: Wanted, edits: Sequence[Edit], standing: Standing) -> Wanted:
    """The same order with the documents of its edits. Raises Unproven where they are not the difference."""
    books = _Books(wanted.invoice, standing)
    for place, edit in enumerate(edits, 1):
        books.follow(edit, place)
    canceled = edits[-1].how in GONE
    return wanted.model_copy(
        update={
            "invoice": books.as_it_stands(books.current),
            "others": tuple(books.as_it_stands(one) for one in books.invoices if one is not books.current),
            "corrections": tuple(books.credits),
            "payments": on_invoices(wanted.payments, wanted.invoice, books.open, standing.paid),
            "credits": tuple(credit.model_copy(update={"of": books.current.part}) for credit in wanted.credits),
            "standing": (ZERO if canceled else wanted.invoice.total) - books.by_hand,
            "remark": CANCELED if canceled else wanted.remark,
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
        self.counts = Counter[str]()
        """By what its documents are numbered as: -A1, -C1, -R1."""

    def follow(self, edit: Edit, place: int) -> None:
        match edit.how:
            case "adjust":
                self._adjust(edit, place)
            case "reinvoice":
                self._reinvoice(edit, place)
            case "ignore":
                self.by_hand += edit.difference
            case "cancel":
                self._undo(edit, place, "The order was canceled in its store.")
            case "void":
                self.invoices.remove(self.current)
                self.open = []
            case "revive":
                self._anew(edit, place, "The order was canceled in its store, and is open again.")

    def as_it_stands(self, invoice: WantedInvoice) -> WantedInvoice:
        """What was taken back whole keeps its day: nothing is to be mended about it any more."""
        if invoice.part or self.terms.dated is None or any(one is invoice for one in self.open):
            return invoice
        return invoice.model_copy(update={"date": self.terms.dated})

    def _next(self, letter: str) -> tuple[str, int]:
        self.counts[letter] += 1
        return f"{self.model.number}-{letter}{self.counts[letter]}", self.counts[letter]

    def _adjust(self, edit: Edit, place: int) -> None:
        found = deltas(edit.was, edit.now, self.terms.tax_decimals)
        number, count = self._next("A")
        part = f"adjust-{count}"
        words = f"The order was edited in its store: {plain(edit.was.total)} → {plain(edit.now.total)}."
        if found.added:
            about = f"In addition to invoice {self.current.number}. {words}"
            self.open.append(self._invoice(number, part, found.added, edit, place, about))
        if found.removed:
            self._credit(number, part, "Correction", found.removed, edit, place, words)

    def _reinvoice(self, edit: Edit, place: int) -> None:
        """What was refunded is credited on its own, and goes on counting against the new invoice."""
        following = f"{self.model.number}-R{self.counts['R'] + 1}"
        why = edit.why or "The order was edited in its store"
        self._undo(edit, place, f"{why}; invoice {following} takes its place.")
        self._anew(edit, place, f"In the place of invoice {self.current.number}.")

    def _undo(self, edit: Edit, place: int, words: str) -> None:
        """Where more was taken away than our documents held, since a part was booked by hand, there is nothing left to
        credit."""
        number, count = self._next("C")
        rest = self._left()
        worth = lines_total(rest)
        if worth > 0:
            self._credit(number, f"credit-{count}", "Cancellation", rest, edit, place, words)
        self.open, self.by_hand = [], self.terms.amiss + max(-worth, ZERO)

    def _anew(self, edit: Edit, place: int, words: str) -> None:
        number, count = self._next("R")
        self.current = self._invoice(number, f"reinvoice-{count}", edit.now.lines, edit, place, words)
        self.open = [self.current]

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
        day = edit.credited or edit.date
        date, late = self.terms.calendar.open(day)
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
                business_date=day,
                client_id=edit.client_id,
                currency=edit.was.currency,
                lines=lines,
                total=lines_total(lines),
                notes=" ".join(filter(None, (words, late))),
            )
        )
