"""What the trade says against what the books hold, by the oracle that shares no code with the engine."""

from __future__ import annotations

from typing import Any

from tests.chaos.verdict import findings_of, plain, records_of
from tests.month.plot import PREFIXES, Month
from tests.oracle import differences, doubles, hearsay, overlooked, unaccounted

UNDONE = {
    "expected": "posted",
    "expected_total": "0.00",
    "expected_tax": "0.00",
    "expected_payments": [],
    "expected_tenders": [],
    "expected_refunds": [],
}
"""Of an order that was canceled after it was invoiced: its documents stand, and come to nothing."""


def violations_of(month: Month) -> list[str]:
    expected = {name: expectations(month, name) for name in month.stores}
    books = plain(month.world.books.state())
    wanted = {PREFIXES[name] + order["increment_id"]: order for name in expected for order in expected[name]}
    found = [*differences(wanted, books, edited=month.amended | month.canceled), *doubles(books)]
    for name, store in month.stores.items():
        found += hearsay(expected[name], store.told())
        found += unaccounted(expected[name], records_of(name))
        found += overlooked(expected[name], findings_of(name))
    return list(map(str, found))


def expectations(month: Month, name: str) -> list[dict[str, Any]]:
    """Of one store, as the month has made of it."""
    return [
        {**order, **(UNDONE if PREFIXES[name] + order["increment_id"] in month.canceled else {})}
        for order in plain(month.stores[name].expectations())
    ]
