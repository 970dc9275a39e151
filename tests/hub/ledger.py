"""What must hold of the hub and its books at every moment, whatever is going on."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from hub.books.agreement import Agreement, agreement
from hub.models import Attempt, Posting, SyncRecord
from hub.models.postings import SHARED
from tests.hub.world import World

Books = dict[str, list[dict[str, Any]]]


def living(world: World) -> Books:
    state = json.loads(json.dumps(world.books.state(), default=str))
    return {name: [row for row in rows if row.get("vis_state", 0) == 0] for name, rows in state.items()}


def whole_agreement() -> Agreement:
    return agreement(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


def assert_nothing_twice(world: World) -> None:
    books = living(world)
    _once("order", (one["po_number"] for one in books["invoices"]))
    _once("invoice number", (one["invoice_number"] for one in books["invoices"]))
    _once("payment", (one["note"].rpartition("[")[2] for one in books["payments"]))
    _once("credit note", (one["credit_number"] for one in books["credit_notes"]))
    _once("client", (one["email"].lower() for one in books["clients"]))
    _once("item", (one["sku"] for one in books["items"]))


def assert_one_owner_each() -> None:
    open_attempts = list(Attempt.objects.filter(ended_at=None).values_list("record", "owner"))
    _once("record at work", (record for record, _ in open_attempts))
    assert set(SyncRecord.objects.exclude(owner="").values_list("pk", "owner")) == set(open_attempts)


def assert_equation_holds() -> None:
    """By count and by money, also while work is going on."""
    for pair in whole_agreement().pairs:
        assert pair.received == pair.accounted, pair.told()
        assert pair.posted == pair.booked, pair.told()


def assert_posted_is_done() -> None:
    """Clients and items apart, whose steps may come again."""
    posted = SyncRecord.objects.filter(state=SyncRecord.State.POSTED)
    of_posted = Posting.objects.filter(record__in=posted).exclude(resource__in=SHARED)
    assert not of_posted.exclude(state=Posting.State.DONE).exists()
    assert not posted.exclude(postings__resource="invoice").exists()


def told() -> list[tuple[Any, ...]]:
    """Where every record stands, for a failing test's message."""
    return list(SyncRecord.objects.values_list("number", "state", "reason", "message", "starts"))


def _once(what: str, names: Iterable[Any]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    assert not twice, f"more than one {what}: {twice}"
