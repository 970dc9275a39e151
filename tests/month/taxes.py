"""Taxes by name: in one store's invoices stands what people called them; what passed in the other under the store's own
names is listed with its worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hub.models import PassedTax
from tests.month.people import NAMED
from tests.month.plot import CONVERTED, PREFIXES, Month
from tests.oracle import WRONG, Finding

Row = Mapping[str, Any]


def misnamed(month: Month, wanted: Mapping[str, Row], books: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Orders that were edited keep the taxes of all their documents; of these only the names are looked at."""
    for document in (*books["invoices"], *books["credit_notes"]):
        called = document.get("invoice_number") or document["credit_number"]
        for name in _names(document):
            if name.startswith(NAMED) != called.startswith(PREFIXES[CONVERTED]):
                yield Finding(WRONG, f"{called} has a tax called {name}")
    passed = passed_by_order()
    for number, order in wanted.items():
        if order["expected"] == "posted" and number not in month.edited:
            tax = Decimal(0) if number.startswith(PREFIXES[CONVERTED]) else Decimal(order["expected_tax"])
            if passed[number] != tax:
                yield Finding(WRONG, f"of {number} {passed[number]} of tax is listed as unnamed instead of {tax}")


def passed_by_order() -> defaultdict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for source, number, tax in PassedTax.objects.values_list("flow__source__name", "record__number", "tax"):
        found[PREFIXES[source] + number] += tax
    return found


def _names(document: Row) -> Iterator[str]:
    return (line[slot] for line in document["lines"] for slot in ("taxName1", "taxName2") if line.get(slot))
