"""A report, declared once: what it says, its columns, and where its rows come from."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from hub.accounting.amounts import in_minor_units
from hub.books.agreement import PLACES
from hub.books.reports.columns import CURRENCY, Cell, Column, Kind, Row
from hub.books.reports.scope import Scope


@dataclass(frozen=True)
class Report:
    """`read` yields the rows of a scope, in an order that is always the same, as it goes: never all of them at once."""

    slug: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    read: Callable[[Scope], Iterable[Row]]

    def rows(self, scope: Scope) -> Iterator[Row]:
        return self.in_units(self.read(scope))

    def in_units(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Amounts with the decimals of their row's currency. Rids them of the dust that SQLite's sums leave."""
        at, money = self._currency_at, self._money_at
        for row in rows:
            currency = str(row[at]) if at is not None else ""
            cells: list[Cell] = list(row)
            for place in money:
                amount = cells[place]
                if isinstance(amount, Decimal):
                    cells[place] = in_minor_units(amount.quantize(PLACES), currency)
            yield tuple(cells)

    def file_name(self, scope: Scope, ending: str) -> str:
        """`payments-by-method_books_2026-03.csv`."""
        whose = scope.flow or scope.books
        return "_".join(filter(None, (self.slug, str(whose or ""), days(scope.start, scope.end)))) + f".{ending}"

    @cached_property
    def _currency_at(self) -> int | None:
        return next((place for place, column in enumerate(self.columns) if column.name == CURRENCY), None)

    @cached_property
    def _money_at(self) -> tuple[int, ...]:
        return tuple(place for place, column in enumerate(self.columns) if column.kind == Kind.MONEY)


def days(start: dt.date, end: dt.date) -> str:
    """`2026-03` for a whole month, `2026-03-14` for a day, else `2026-03-01_2026-03-14`."""
    if start == end:
        return start.isoformat()
    last = calendar.monthrange(end.year, end.month)[1]
    whole = (start.year, start.month, start.day, end.day) == (end.year, end.month, 1, last)
    return f"{start:%Y-%m}" if whole else f"{start}_{end}"
