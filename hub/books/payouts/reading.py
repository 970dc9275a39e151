"""From the cells of a line to an entry: every value is understood, or refused with line, column and what to do. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hub.books.payouts import days, numbers
from hub.books.payouts.columns import NAMES, plain
from hub.books.payouts.entries import Entry
from hub.books.payouts.faults import IN_SETTINGS, Unclear, Unreadable
from hub.books.payouts.kinds import Kind, counts, kind_of, turns_back
from hub.books.payouts.layout import Layout

CODE = re.compile(r"[A-Z]{3}")
DIGIT = re.compile(r"\d")
"""There is one in every id; what has none, such as where it was sold, is no reference."""
TOTALS = frozenset(("total", "totals", "sum", "grand total", "subtotal", "summe", "gesamt"))
ZERO = Decimal(0)


@dataclass(frozen=True)
class LeftOut:
    """A row that moved no money, by its status."""

    status: str


@dataclass(frozen=True)
class Total:
    """The file's own last line; None where it says nothing of that."""

    line: int
    gross: Decimal | None
    net: Decimal | None


class Reader:
    """Reads the rows of one file."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.places = {name: layout.places(name) for name in NAMES}
        self.width = len(layout.heads)

    def read(self, line: int, cells: Sequence[str]) -> Entry | LeftOut | Total:
        """Raises Unreadable; Unclear where a person has to say what a word means."""
        row = _Cells(self, line, cells)
        if len(cells) > self.width and any(cells[self.width :]):
            raise row.wrong(
                "",
                cells[self.width],
                f"There are {len(cells)} cells, and only {self.width} heads",
                "Download it again, or put quotes around the cell that holds the delimiter.",
            )
        if row.is_total():
            return Total(line, row.total("gross"), row.total("net"))
        status = row.text("status")
        if not counts(status):
            return LeftOut(plain(status))
        return _entry(row)

    def name(self, cells: Sequence[str]) -> tuple[str, str]:
        """The row's own id and its word; two empty ones where it does not count."""
        row = _Cells(self, 0, cells)
        return (row.text("id")[:150], row.text("kind")[:60]) if counts(row.text("status")) else ("", "")


class _Cells:
    """One line, by the names of its fields."""

    def __init__(self, reader: Reader, line: int, cells: Sequence[str]) -> None:
        self.reader, self.layout, self.line, self.cells = reader, reader.layout, line, cells

    def has(self, field: str) -> bool:
        return bool(self.reader.places[field])

    def texts(self, field: str) -> list[str]:
        return [self.cells[place] if place < len(self.cells) else "" for place in self.reader.places[field]]

    def text(self, field: str) -> str:
        return next(filter(None, self.texts(field)), "")

    def is_total(self) -> bool:
        """It says so where others name themselves, and has no day."""
        named = {plain(cell) for cell in self.cells[:2]} | {plain(self.text(name)) for name in ("kind", "id")}
        return bool(named & TOTALS) and not days.DATE.match(self.text("date") or self.text("paid_on"))

    def total(self, field: str) -> Decimal | None:
        text = self.text(field)
        return self.amount(field) if text else None

    def amount(self, field: str) -> Decimal:
        """Of several columns the sum."""
        found = ZERO
        for text in self.texts(field):
            value = numbers.amount(text, self.layout.mark)
            if value is None:
                other = "comma" if self.layout.mark == "." else "point"
                raise self.wrong(
                    field,
                    text,
                    f"{text!r} is no amount",
                    f"Correct it; or, if the decimals stand behind a {other}, {IN_SETTINGS}",
                )
            found += value
        return found

    def pair(self, name: str) -> Decimal | None:
        """From one column with signs, or from two without; None where they say nothing."""
        if self.text(name):
            return self.amount(name)
        if self.text(f"{name}_in") or self.text(f"{name}_out"):
            return self.amount(f"{name}_in") - abs(self.amount(f"{name}_out"))
        return None

    def day(self, field: str) -> dt.date | None:
        text = self.text(field)
        found = days.date(text, self.layout.dates) if text else None
        if text and found is None:
            wanted = days.LABELS[self.layout.dates]
            raise self.wrong(
                field,
                text,
                f"{text!r} is no date as in {wanted}",
                f"Correct it; or, if its dates look otherwise, {IN_SETTINGS}",
            )
        return found

    def currency(self) -> str:
        text = self.text("currency") or self.layout.currency
        if not CODE.fullmatch(text.upper()):
            raise self.wrong("currency", text, f"{text!r} is no currency", "Write its three letters, such as USD.")
        return text.upper()

    def wrong(self, field: str, value: str, message: str, remedy: str) -> Unreadable:
        heads = self.layout.columns.get(field, ())
        return Unreadable(message, remedy, line=self.line, column=" / ".join(heads), value=value[:100])


def _entry(row: _Cells) -> Entry:
    word, paid_on = row.text("kind"), row.day("paid_on")
    date = row.day("date") or paid_on
    if date is None:
        raise row.wrong("date", "", "There is no date", "Fill it in, or take the line out.")
    kind = _kind(word, row)
    gross, fee, net = _amounts(kind, word, row)
    shown, shown_currency = _shown(row)
    id = row.text("id")
    return Entry(
        line=row.line,
        id=id[:150],
        kind=kind or (Kind.REFUND if gross < 0 else Kind.CHARGE),
        word=word[:60],
        references=tuple(dict.fromkeys(one[:150] for one in (*row.texts("reference"), id) if DIGIT.search(one))),
        order=row.text("order").removeprefix("#")[:100],
        who=" ".join(dict.fromkeys(filter(None, row.texts("who"))))[:200],
        description=row.text("description")[:300],
        moment=days.moment(f"{row.text('date')[8:]} {row.text('time')}", date),
        date=date,
        currency=row.currency(),
        gross=gross,
        fee=fee,
        net=net,
        shown=shown,
        shown_currency=shown_currency,
        payout=row.text("payout")[:150],
        paid_on=paid_on,
    )


def _kind(word: str, row: _Cells) -> Kind | None:
    """None where no column tells: then the sign does. Raises Unclear."""
    if not row.has("kind"):
        return None
    if not word:
        raise row.wrong("kind", "", "It does not say what kind of row it is", "Fill it in, or take the line out.")
    found = row.layout.words.get(plain(word)) or kind_of(word)
    if found is None:
        raise Unclear(row.layout.columns["kind"][0], plain(word))
    return found


def _amounts(kind: Kind | None, word: str, row: _Cells) -> tuple[Decimal, Decimal, Decimal]:
    gross, net = row.pair("gross"), row.pair("net")
    fee = row.amount("fee") if row.has("fee") else None
    if _converted(row):
        gross = None  # in the customer's currency, while fee and net are in that of the payout
    gross, fee, net = _balanced(gross, fee, net, row)
    if kind is not None and not row.layout.signed and _stands_the_other_way(kind, word, gross or net):
        gross, fee, net = -gross, (fee if kind is Kind.FEE else -fee), -net
    if kind is Kind.FEE:
        return ZERO, -net, net
    return gross, fee, net


def _balanced(
    gross: Decimal | None, fee: Decimal | None, net: Decimal | None, row: _Cells
) -> tuple[Decimal, Decimal, Decimal]:
    """Whichever of the three the file tells; where it tells all, they must add up, with the fee's sign as it may be."""
    sign = -1 if row.layout.fees_negative else 1
    if gross is None and net is None:
        raise row.wrong("gross", "", "There is no amount", "Say which column holds it.")
    if gross is None:
        assert net is not None
        cost = sign * (fee or ZERO)
        return net + cost, cost, net
    if net is None:
        cost = sign * (fee or ZERO)
        return gross, cost, gross - cost
    if fee is None or gross - net in (fee, -fee):
        return gross, gross - net, net
    raise row.wrong(
        "net",
        str(net),
        f"Gross {gross} less the fee of {abs(fee)} is not net {net}",
        f"See at the gateway which of them is right; or, if another column holds the fee, {IN_SETTINGS}",
    )


def _stands_the_other_way(kind: Kind, word: str, amount: Decimal) -> bool:
    """In a file without signs what leaves the balance is written like what comes in."""
    if kind in (Kind.CHARGE, Kind.ADJUSTMENT):
        return False
    return (amount > 0) != turns_back(word)


def _converted(row: _Cells) -> bool:
    """The gross amount is in the customer's currency, which is not the payout's."""
    named = [plain(head) for head in row.layout.columns.get("shown_currency", ())]
    if not (row.has("gross_in") or named == ["gross currency"]) or row.pair("net") is None:
        return False
    shown = row.text("shown_currency").upper()
    return bool(shown) and shown != row.text("currency").upper()


def _shown(row: _Cells) -> tuple[Decimal | None, str]:
    code = row.text("shown_currency").upper()
    if not CODE.fullmatch(code) or code == row.currency():
        return None, ""
    amount = row.amount("shown") if row.text("shown") else row.pair("gross") if _converted(row) else None
    return (None, "") if amount is None else (amount, code)
