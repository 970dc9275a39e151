"""The columns of a report: the contract that its files keep."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

CURRENCY = "currency"
"""The column that names the currency of all amounts in its row."""

Cell = str | Decimal | int | dt.date | dt.datetime | None
Row = tuple[Cell, ...]
"""In the order of the columns. None: there is no such value, which is not the same as 0."""


class Kind(StrEnum):
    TEXT = "text"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "date and time"
    COUNT = "count"


NUMBERS = (Kind.MONEY, Kind.PERCENT, Kind.COUNT)


@dataclass(frozen=True)
class Column:
    """`name` heads the column in files and never changes; `title` heads it for people."""

    name: str
    kind: Kind
    description: str
    title: str = ""

    @property
    def heading(self) -> str:
        return self.title or self.name.replace("_", " ").capitalize()


def text(name: str, description: str, title: str = "") -> Column:
    return Column(name, Kind.TEXT, description, title)


def money(name: str, description: str, title: str = "") -> Column:
    return Column(name, Kind.MONEY, description, title)


def percent(name: str, description: str, title: str = "") -> Column:
    return Column(name, Kind.PERCENT, description, title)


def date(name: str, description: str, title: str = "") -> Column:
    return Column(name, Kind.DATE, description, title)


def moment(name: str, description: str, title: str = "") -> Column:
    return Column(name, Kind.MOMENT, description, title)


def count(name: str, description: str, title: str = "") -> Column:
    return Column(name, Kind.COUNT, description, title)
