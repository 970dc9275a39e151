"""What came after its month was closed: nothing of it stands on a closed day, and the hub lists all of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hub.books.late import Late, late_arrivals
from tests.hub.closing_days import changed, closed_days
from tests.month import days
from tests.month.plot import PREFIXES, Month
from tests.oracle import LOST, WRONG, Finding

Row = Mapping[str, Any]
Key = tuple[str, str, str]
"""Invoice number of the order, resource, the day that it would have had."""


def written_on_closed_days(month: Month) -> Iterator[Finding]:
    for what, was, now in changed(month.closed, closed_days(month.world, days.LAST)):
        yield Finding(WRONG, f"{what} was {was} when the month was closed, and is {now}")


def listed() -> list[Late]:
    return list(late_arrivals(days.FIRST, days.END))


def misjudged(month: Month, wanted: Mapping[str, Row]) -> Iterator[Finding]:
    """What should be listed as late against what is. Of an order that was edited only which documents, not their sums:
    those are told by all its documents together."""
    found = listed()
    for one in found:
        if one.true_date > days.LAST or one.posted_date != days.OPEN:
            yield Finding(WRONG, f"{one.number} of {one.true_date} is listed as late on {one.posted_date}")
    expected, told = _expected(wanted), _told(found)
    for key in expected.keys() | told.keys():
        number, resource, date = key
        if key not in told or key not in expected:
            kind, said = (WRONG, "is") if key in told else (LOST, "is not")
            yield Finding(kind, f"the {resource} of {number} of {date} {said} listed as late")
        elif expected[key] != told[key] and number not in month.edited:
            yield Finding(
                WRONG, f"the {resource} of {number} is listed as late over {told[key]} instead of {expected[key]}"
            )
    yield from _edits_not_listed(month, found)


def _expected(wanted: Mapping[str, Row]) -> dict[Key, Decimal]:
    found: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for number, order in wanted.items():
        if order["expected"] == "posted":
            for resource, row, amount in _documents(order):
                if row["true_date"] != row["date"]:
                    found[number, resource, row["true_date"]] += Decimal(amount)
    return found


def _documents(order: Row) -> Iterator[tuple[str, Row, str]]:
    """With its day and its amount. A tender is used when the order is placed."""
    yield "invoice", order, order["expected_total"]
    for tender in order["expected_tenders"]:
        yield "payment", order, tender["amount"]
    for payment in order["expected_payments"]:
        yield "payment", payment, payment["amount"]
    for refund in order["expected_refunds"]:
        yield "credit_note", refund, refund["total"]


def _told(found: list[Late]) -> dict[Key, Decimal]:
    sums: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for one in found:
        if not corrects(one):
            sums[invoice_of(one), one.resource, one.true_date.isoformat()] += one.amount
    return sums


def _edits_not_listed(month: Month, found: list[Late]) -> Iterator[Finding]:
    """A change at the end of a day may be the next day's in the zone of its order."""
    late = {(invoice_of(one), one.true_date) for one in found if corrects(one)}
    for number, day in month.thoughts.unheard.items():
        edited = number in month.edited and day < days.LAST
        if edited and not {(number, day), (number, day + days.DAY)} & late:
            yield Finding(LOST, f"the edit of {number} on {day} is not listed as late")
    for number, _ in late:
        if number not in month.edited:
            yield Finding(WRONG, f"{number} is listed as edited late")


def corrects(one: Late) -> bool:
    return one.resource in ("invoice", "credit_note") and re.search(r"-[ACR]\d+$", one.number) is not None


def invoice_of(one: Late) -> str:
    return {"orders": PREFIXES["store"], "orders-2": PREFIXES["store-2"]}[one.flow] + one.order
