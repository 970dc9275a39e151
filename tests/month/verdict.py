"""What the trade says against what the books hold, by the oracle that shares no code with the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.chaos.verdict import findings_of, plain, records_of
from tests.month import days
from tests.month.bank import INTO
from tests.month.late import misjudged, written_on_closed_days
from tests.month.plot import CONVERTED, PREFIXES, Month
from tests.month.taxes import misnamed
from tests.month.terms import converted, dated
from tests.oracle import differences, doubles, hearsay, overlooked, unaccounted

Row = Mapping[str, Any]


def violations_of(month: Month) -> list[str]:
    books, wanted = plain(month.world.books.state()), in_the_books(month)
    found = [*differences(wanted, books, edited=month.edited), *doubles(books)]
    for name, store in month.stores.items():
        expected = month.expectations(name)
        found += hearsay(expected, store.told())
        found += unaccounted(expected, records_of(name))
        found += overlooked(expected, findings_of(name))
    found += written_on_closed_days(month)
    found += misjudged(month, wanted)
    found += misnamed(month, wanted, books)
    return list(map(str, found))


def in_the_books(month: Month) -> dict[str, Row]:
    """Invoice number → what its order is in the terms of the books."""
    return {
        PREFIXES[name] + order["increment_id"]: _in_terms(month, name, order)
        for name in month.stores
        for order in month.expectations(name)
    }


def _in_terms(month: Month, name: str, order: Row) -> Row:
    if order["expected"] != "posted":
        return order
    there = dated(order, month.known[name].get(order["increment_id"]), days.LAST)
    if name != CONVERTED or order["currency"] == INTO:
        return there
    early = order["increment_id"] in month.at_first_rates
    rate = month.bank.rate(order["currency"], dt.date.fromisoformat(order["date"]), as_first_told=early)
    return converted(there, rate, INTO)
