"""How many of what a month had, and what they came to, by the books' and the stores' own records."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.chaos.tally import aligned
from tests.chaos.verdict import plain
from tests.month.bank import INTO
from tests.month.late import corrects, listed
from tests.month.plot import CONVERTED, Month

CENT = Decimal("0.01")
Counts = dict[str, dict[str, Any]]
"""Category → {"count": n, "sums": {currency: amount as text}}."""


def counted(month: Month, violations: int) -> Counts:
    books = {name: [row for row in rows if row.get("vis_state", 0) == 0] for name, rows in _documents(month).items()}
    credits = books["credit_notes"]
    corrections = [row for row in credits if re.search(r"-[AC]\d+$", row["credit_number"])]
    thoughts = month.thoughts
    return {
        **_orders(month),
        "invoices": _summed(books["invoices"]),
        "payments": _summed(books["payments"]),
        "credit notes of refunds": _summed([row for row in credits if row not in corrections]),
        "credit notes of edits and cancellations": _summed(corrections),
        **_late(),
        "orders amended after they were invoiced": {"count": len(thoughts.amended), "sums": {}},
        "orders canceled after they were invoiced": {"count": len(thoughts.canceled), "sums": {}},
        "taxes that a person named": {"count": month.decided["taxes named"], "sums": {}},
        "violations": {"count": violations, "sums": {}},
    }


def _documents(month: Month) -> Mapping[str, list[dict[str, Any]]]:
    state: Mapping[str, list[dict[str, Any]]] = plain(month.world.books.state())
    return {name: state[name] for name in ("invoices", "payments", "credit_notes")}


def _orders(month: Month) -> Counts:
    """By what became of them; and what is special about those that were booked."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for name in month.stores:
        for order in month.expectations(name):
            for category in (f"orders {order['expected'].replace(':', ', ')}", *_special(name, order)):
                found[category].append(_amount(order["total"], order["currency"]))
            for tender in order["expected_tenders"]:
                paid = f"paid by {tender['kind'].replace('_', ' ')}"
                found[paid].append(_amount(tender["amount"], order["currency"]))
    return {category: _summed(found[category]) for category in sorted(found)}


def _special(name: str, order: Mapping[str, Any]) -> Iterator[str]:
    if order["expected"] == "posted":
        if name == CONVERTED and order["currency"] != INTO:
            yield "orders converted"
        if Decimal(order["expected_total"]) and not Decimal(order["expected_tax"]):
            yield "orders without tax"


def _late() -> Counts:
    """What stands on a later day than its own, since that was closed when it came."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in listed():
        what = "edits and cancellations" if corrects(one) else f"{one.resource.replace('_', ' ')}s"
        found[f"late {what}"].append(_amount(one.amount.quantize(CENT), one.currency))
    return {category: _summed(found[category]) for category in sorted(found)}


def _amount(amount: Decimal | str, currency: str) -> dict[str, Any]:
    return {"amount": {"amount": amount, "code": currency}}


def _summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    sums: Counter[str] = Counter()
    count = 0
    for row in rows:
        count += 1
        sums[row["amount"]["code"]] += Decimal(row["amount"]["amount"])  # type: ignore[assignment]
    return {"count": count, "sums": {currency: str(amount) for currency, amount in sorted(sums.items())}}


# --- the table ---


def note(counts: Counts, file: Path) -> None:
    with file.open("a") as rows:
        print(json.dumps(counts), file=rows)


def noted(file: Path) -> list[Counts]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def table(months: list[Counts]) -> str:
    """All months added up."""
    categories = dict.fromkeys(category for month in months for category in month)
    rows = [[category, *_added([month[category] for month in months if category in month])] for category in categories]
    return aligned([[f"{len(months)} months", "count", "worth"], *rows])


def _added(counts: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    number, sums = 0, defaultdict[str, Decimal](Decimal)
    for one in counts:
        number += one["count"]
        for currency, amount in one["sums"].items():
            sums[currency] += Decimal(amount)
    return f"{number:,}", "  ".join(f"{amount:,} {currency}" for currency, amount in sorted(sums.items()))
