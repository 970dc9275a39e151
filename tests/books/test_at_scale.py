"""Ten thousand orders, two hundred discrepancies of every kind among them: each is found and named, and nothing else."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from hub.books.reconciliation.kinds import KINDS
from hub.models import Discrepancy, Reconciliation, Sighting, SyncRecord
from tests.books.big_trade import (
    FIRST,
    LAST,
    MONTH,
    copied,
    filed_otherwise,
    opened_month,
    sold_otherwise,
    unknown,
    with_line,
)
from tests.books.days import finished

pytestmark = [pytest.mark.scale, pytest.mark.django_db(transaction=True)]
ORDERS, PLANTED = 10_000, 200
BEGAN = dt.date(2026, 3, 16)
Plant = Callable[[int], None]


def total(resource: str, id: str, times: str) -> None:
    now = MONTH.books[resource][id].total * Decimal(times)
    filed_otherwise(resource, id, total=round(now, 2))


def taxed_otherwise(id: int) -> None:
    [one] = MONTH.orders[str(id)].lines
    with_line(id, str(one.net + 1), str(one.tax - 1))


def dated_otherwise(id: int) -> None:
    one = MONTH.orders[str(id)]
    sold_otherwise(id, date=FIRST if one.date != FIRST else LAST)


def in_dollars(id: int) -> None:
    one = MONTH.orders[str(id)]
    paid = tuple(payment.model_copy(update={"currency": "USD"}) for payment in one.payments)
    back = tuple(refund.model_copy(update={"currency": "USD"}) for refund in one.refunds)
    sold_otherwise(id, currency="USD", payments=paid, refunds=back)


PLANTS: dict[str, Plant] = {
    "missing_in_books": lambda id: MONTH.books["invoice"].pop(f"{id}-0") and None,
    "missing_in_hub": unknown,
    "extra_in_books": lambda id: copied(id, f"x{id}", number=f"9{id:08}", po_number=f"9{id:08}", client_id="x"),
    "duplicate": lambda id: copied(id, f"d{id}"),
    "amount": lambda id: sold_otherwise(id, lines=(), total=Decimal("77.00")),
    "tax": taxed_otherwise,
    "currency": in_dollars,
    "date": dated_otherwise,
    "client": lambda id: sold_otherwise(id, email=f"somebody{id}@else.example"),
    "payment_missing": lambda id: MONTH.books["payment"].pop(f"{id}-1") and None,
    "payment_partial": lambda id: total("payment", f"{id}-1", "0.5"),
    "payment_over": lambda id: total("payment", f"{id}-1", "1.5"),
    "refund_missing": lambda id: MONTH.books["credit_note"].pop(f"{id}-2") and None,
    "drift": lambda id: total("invoice", f"{id}-0", "0.9"),
}


def plant() -> Counter[str]:
    """On orders that are spread over the month; a refund is only missing where there is one."""
    planted: Counter[str] = Counter()
    kinds = list(PLANTS)
    for place in range(PLANTED):
        kind = kinds[place % len(kinds)]
        id = (place + 1) * 40 + (0 if kind == "refund_missing" else 1 + place % 9)
        PLANTS[kind](id)
        planted[kind] += 1
    return planted


def open_kinds() -> Counter[str]:
    return Counter(Discrepancy.objects.filter(state="open").values_list("kind", flat=True))


def standing() -> list[tuple[Any, ...]]:
    rows = Discrepancy.objects.order_by("pk")
    return list(rows.values_list("pk", "digest", "state", "sentence", "amount", "sides", "history", "closed_at"))


def test_every_planted_discrepancy_is_found_and_named_and_nothing_else(memory: None) -> None:
    """The flow began in the middle of the month. What it should have heard of comes in; what is from before is left to a
    person. Neither makes a second run find anything else."""
    assert set(PLANTS) == set(KINDS)
    month = opened_month(ORDERS, BEGAN)
    planted = plant()
    began = time.process_time()
    run = finished(month, FIRST, LAST)
    print(f"{ORDERS} orders in {time.process_time() - began:.1f} s of CPU: {run.counts}")
    assert open_kinds() == planted and sum(planted.values()) == PLANTED
    assert not Sighting.objects.exists()
    unheard = set(Discrepancy.objects.filter(kind="missing_in_hub").values_list("source_id", "date"))
    came_in = set(SyncRecord.objects.filter(state="pending").values_list("source_id", flat=True))
    assert came_in == {id for id, date in unheard if date >= BEGAN} and 0 < len(came_in) < len(unheard)
    before = standing()
    finished(month, FIRST, LAST)
    assert standing() == before
    assert set(SyncRecord.objects.filter(state="pending").values_list("source_id", flat=True)) == came_in
    assert Reconciliation.objects.filter(state="done").count() == 2
