"""A file's heads and first rows, and what people have said before: how it is to be read, and what is still unclear. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.books.payouts import columns, days, numbers
from hub.books.payouts.columns import NAMES, Columns, plain
from hub.books.payouts.gateways import UNKNOWN, gateway_of
from hub.books.payouts.kinds import Kind, kind_of
from hub.books.payouts.layout import Answers, Grouping, Layout
from hub.books.payouts.numbers import Mark
from hub.books.payouts.opening import Head

SAMPLE = 2000
"""Rows that are looked at; what stands only behind them is asked for when it is come to."""
AMOUNTS = ("gross", "gross_in", "gross_out", "fee", "net", "net_in", "net_out", "shown")
SIGNED = ("gross_out", "net_out")
MOST_WORDS = 60


@dataclass(frozen=True)
class Question:
    """`field` is that of the answers, or a word of the file after `words:`."""

    field: str
    text: str

    @property
    def option(self) -> str:
        """Of the command."""
        options = {"mark": "decimals", "grouping": "deposits", "columns": "column"}
        return "word" if self.field.startswith("words:") else options.get(self.field, self.field)


@dataclass(frozen=True)
class Recognised:
    layout: Layout
    questions: tuple[Question, ...]
    words: tuple[str, ...]
    """The file's own words for kinds of rows, as far as it was looked at."""
    answers: Answers
    """What was said, and what this file has proven and a shorter one of its shape might leave open."""


def recognise(encoding: str, head: Head, sample: Sequence[list[str]], answers: Answers) -> Recognised:
    """`sample` are rows behind the heads."""
    look = _Look(head, sample, answers)
    layout = Layout(
        gateway=answers.gateway or gateway_of(head.names),
        encoding=encoding,
        delimiter=head.delimiter,
        head_line=head.line,
        heads=head.names,
        columns=look.columns,
        mark=look.mark,
        dates=answers.dates or min(look.orders, key=days.ORDERS.index, default="ymd"),
        words=look.words,
        signed=look.signed,
        fees_negative=look.fees_negative,
        currency=answers.currency,
        grouping=answers.grouping or look.grouping,
    )
    return Recognised(layout, tuple(look.questions(layout)), tuple(look.seen_words), look.proven())


class _Look:
    """One look at the first rows."""

    def __init__(self, head: Head, sample: Sequence[list[str]], answers: Answers) -> None:
        self.head, self.sample, self.answers = head, sample, answers
        self.columns = self._columns()
        self.marks, self.mark_matters = numbers.marks(cell for name in AMOUNTS for cell in self._cells(name))
        self.orders, self.order_matters = days.orders([*self._cells("date"), *self._cells("paid_on")])
        self.mark: Mark = answers.mark or ("," if self.marks == {","} else ".")
        self.seen_words = sorted(set(map(plain, self._cells("kind"))))[:MOST_WORDS]
        self.words = self._words()
        self.signed = bool(set(SIGNED) & set(self.columns)) or any(map(self._has_negative, ("gross", "net")))
        self.fees_negative = self._mostly_negative("fee")

    def questions(self, layout: Layout) -> Iterator[Question]:
        if layout.gateway == UNKNOWN:
            yield Question("gateway", "Which gateway is this file from?")
        for lack in columns.missing(self.columns):
            yield Question("columns", f"No column is known to hold {lack}. Say which one does.")
        if self.mark_matters and not self.answers.mark:
            yield Question("mark", f"Is {self._odd_amount()} more than a thousand, or are these decimals?")
        if self.order_matters and not self.answers.dates:
            cell = next(iter(self._cells("date") or self._cells("paid_on")))
            yield Question("dates", f"Which is the day in {cell}, and which the month?")
        if "currency" not in self.columns and not layout.currency:
            yield Question("currency", "No column tells the currency. Which one is it?")
        for word in self.seen_words:
            if word not in layout.words:
                yield Question(f"words:{word}", f"What is a row that is called “{word}”?")
        if not {"payout", "paid_on"} & set(self.columns) and not self.answers.grouping:
            yield Question("grouping", "No column says which payout a row belongs to. How do its rows make a deposit?")

    def proven(self) -> Answers:
        mark = next(iter(self.marks)) if len(self.marks) == 1 else self.answers.mark
        order = next(iter(self.orders)) if len(self.orders) == 1 else self.answers.dates
        return self.answers.model_copy(update={"mark": mark, "dates": order})

    @property
    def grouping(self) -> Grouping:
        if {"payout", "paid_on"} & set(self.columns):
            return "column"
        return "next" if Kind.PAYOUT in {self.words.get(word) for word in self.seen_words} else "file"

    def _columns(self) -> Columns:
        """What a person chose stands. An id that several rows share is no row's own."""
        if self.answers.columns is not None:
            known = {name: heads for name, heads in self.answers.columns.items() if set(heads) <= set(self.head.names)}
            chosen = {name: heads for name, heads in known.items() if heads and name in NAMES}
            return columns.paired(chosen, self.head.names)
        found = columns.recognised(self.head.names)
        if "id" in found and self._is_shared((*found.get("id", ()), *found.get("kind", ()))):
            found["reference"] = (*found.pop("id"), *found.get("reference", ()))
        return found

    def _is_shared(self, heads: Sequence[str]) -> bool:
        """Rows that say different things have the same id and kind. The very same row twice is a fault of the file."""
        places = [self.head.names.index(one) for one in heads]
        rows = {tuple(row) for row in self.sample if len(row) > max(places, default=0)}
        named = [tuple(row[place] for place in places) for row in rows if places and row[places[0]]]
        return len(set(named)) < len(named)

    def _words(self) -> dict[str, Kind]:
        known = {word: kind for word in self.seen_words if (kind := kind_of(word))}
        return {**known, **self.answers.words}

    def _cells(self, field: str) -> list[str]:
        return [cell for cell in self._of(self.columns.get(field, ())) if cell]

    def _of(self, heads: Sequence[str]) -> list[str]:
        places = [self.head.names.index(one) for one in heads]
        return [row[place] for row in self.sample for place in places if place < len(row)]

    def _has_negative(self, field: str) -> bool:
        return any((numbers.amount(cell, self.mark) or 0) < 0 for cell in self._cells(field))

    def _mostly_negative(self, field: str) -> bool:
        found = [value for cell in self._cells(field) if (value := numbers.amount(cell, self.mark))]
        return sum(value < 0 for value in found) * 2 > len(found)

    def _odd_amount(self) -> str:
        """One that can be read in both ways, and means another sum in each."""
        cells = [cell for name in AMOUNTS for cell in self._cells(name)]
        return next(cell for cell in cells if numbers.amount(cell, ".") != numbers.amount(cell, ","))
