"""A report as an Excel workbook: typed cells, split into further sheets where one is full."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from types import TracebackType
from typing import IO, Any, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from hub.books.reports.archive import BEGINNING, Timeless
from hub.books.reports.columns import Cell, Column, Kind, Row

SHEET_ROWS = 1_048_576
"""What a sheet of Excel can hold, its head included."""
TITLE = 31
"""Characters that the name of a sheet can have."""
NOT_IN_TITLES = re.compile(r"[\\*?:/\[\]]")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML has no way to write."""
GENERAL = "General"
WIDTHS = {Kind.TEXT: 22, Kind.MONEY: 15, Kind.PERCENT: 10, Kind.DATE: 12, Kind.MOMENT: 20, Kind.COUNT: 12}


def write(
    title: str, columns: tuple[Column, ...], rows: Iterable[Row], file: IO[bytes], sheet_rows: int = SHEET_ROWS
) -> None:
    with Sheets(title, columns, sheet_rows) as sheets:
        for row in rows:
            sheets.append(row)
        sheets.save(file)


class Sheets:
    """Rows go to temporary files at once, so that memory does not grow with them."""

    def __init__(self, title: str, columns: tuple[Column, ...], sheet_rows: int = SHEET_ROWS) -> None:
        self.title, self.columns, self.limit = title, columns, sheet_rows
        self.book = Workbook(write_only=True)
        self.book.properties.creator = "Countinghouse"
        self.book.properties.created = self.book.properties.modified = dt.datetime(*BEGINNING)
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """What was not saved leaves no temporary files behind."""
        for sheet in self.book.worksheets if error else ():
            sheet.close()
            sheet._writer.cleanup()

    def append(self, row: Row) -> None:
        if self.filled == self.limit:
            self._open()
        self.sheet.append([self._cell(place, value) for place, value in enumerate(row)])
        self._grow()

    def save(self, file: IO[bytes]) -> None:
        ExcelWriter(self.book, Timeless(file, "w", allowZip64=True)).save()

    def _open(self) -> None:
        number = len(self.book.worksheets) + 1
        suffix = f" ({number})" if number > 1 else ""
        self.sheet = self.book.create_sheet(NOT_IN_TITLES.sub(" ", self.title)[: TITLE - len(suffix)] + suffix)
        self.sheet.freeze_panes = "A2"
        for place, column in enumerate(self.columns, 1):
            self.sheet.column_dimensions[get_column_letter(place)].width = WIDTHS[column.kind]
        self.cells: dict[tuple[int, str], Any] = {}
        self.filled = 0
        self.sheet.append([self._head(column) for column in self.columns])
        self._grow()

    def _head(self, column: Column) -> Any:
        cell = WriteOnlyCell(self.sheet, column.name)
        cell.font = Font(bold=True)
        return cell

    def _cell(self, place: int, value: Cell) -> Any:
        """One for each column and format, filled anew: it is written at once, so the next row can have it again."""
        if value is None:
            return None
        shown = _format(value, self.columns[place].kind) if isinstance(value, Decimal) else ""
        cell = self.cells.get((place, shown))
        if cell is None:
            cell = self.cells[place, shown] = WriteOnlyCell(self.sheet)
            cell.number_format = shown or GENERAL
        _fill(cell, value)
        return cell

    def _grow(self) -> None:
        self.filled += 1
        self.sheet.auto_filter.ref = f"A1:{get_column_letter(len(self.columns))}{self.filled}"


def _fill(cell: Any, value: Cell) -> None:
    if isinstance(value, str):
        cell.value = UNPRINTABLE.sub("\ufffd", value)
        cell.data_type = "s"  # never a formula, whatever it begins with
    else:
        cell.value = value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def _format(number: Decimal, kind: Kind) -> str:
    """As many decimals as the number has: an amount in yen has none."""
    places = max(0, -int(number.as_tuple().exponent))
    whole = "#,##0" if kind == Kind.MONEY else "0"
    return f"{whole}.{'0' * places}" if places else whole
