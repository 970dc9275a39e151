"""The report of deposits: a row for each payout and currency, whose columns add up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from connectors.models import Connection
from hub.books.reports.catalogue import find
from hub.books.reports.scope import Scope
from hub.models import Flow
from tests.books.payouts import files
from tests.books.payouts.conftest import Sell, books, sell
from tests.books.payouts.files import taken_in

__all__ = ["books", "sell"]
MARCH = dt.date(2026, 3, 1), dt.date(2026, 3, 31)


def told(scope: Scope) -> list[dict[str, object]]:
    report = find("deposits")
    assert report
    names = [column.name for column in report.columns]
    return [dict(zip(names, row, strict=True)) for row in report.rows(scope)]


def test_a_deposit_is_a_row_whose_columns_add_up(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    taken_in(books, files.STRIPE)
    taken_in(books, files.ADYEN.replace("1.090,09", "1.100,09"), "adyen.csv")
    rows = told(Scope(*MARCH, books))
    assert [(row["gateway"], row["payout"], row["currency"]) for row in rows] == [
        ("adyen", "7", "EUR"), ("stripe", "po_1", "USD"),
    ]  # fmt: skip
    for row in rows:
        amounts = {name: value for name, value in row.items() if isinstance(value, Decimal)}
        parts = ("orders", "chargebacks", "adjustments", "not_in_rows")
        assert amounts["deposit"] == sum(amounts[name] for name in parts) - amounts["refunds"] - amounts["fees"]
        assert amounts["explained"] + amounts["unexplained"] == amounts["deposit"]
    assert (rows[1]["deposit"], rows[1]["unexplained"], rows[1]["open_rows"]) == (
        Decimal("123.05"),
        Decimal("30.00"),
        2,
    )


def test_a_deposit_belongs_to_its_day_and_books_and_to_no_flow(books: Connection, sell: Sell) -> None:
    sell("1001", "100.00", "ch_1")
    taken_in(books, files.STRIPE)
    assert not told(Scope(dt.date(2026, 3, 6), dt.date(2026, 3, 31), books))
    assert not told(Scope(*MARCH, flow=Flow.objects.get()))
    assert len(told(Scope(*MARCH))) == 1
