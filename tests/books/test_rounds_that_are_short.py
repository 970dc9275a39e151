"""A reconciliation whose turns have room for one batch each still ends, and finds the same, once."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from hub.books.reconciliation import asking, cases, leftovers, rounds, strays
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.turns import Turn
from hub.engine import clock
from hub.models import Discrepancy, Event, Flow, PaymentMatch, Posting, Reconciliation, Sighting, SyncRecord
from tests.books.big_trade import FIRST, LAST, MONTH, copied, filed_otherwise, opened_month, sold_otherwise, unknown
from tests.books.days import finished

ORDERS = 40


@pytest.fixture
def month(memory: None) -> Flow:
    """Of everything something."""
    flow = opened_month(ORDERS)
    unknown(7)
    forgotten(8)
    sold_otherwise(12, email="new@example.com")
    sold_otherwise(13, residual=1)
    copied(14, "d14")
    copied(15, "x15", number="900000015", po_number="900000015", client_id="x")
    del MONTH.books["payment"]["16-1"]
    filed_otherwise("invoice", "17-0", currency="USD")
    anonymous(18)
    anonymous(19)
    sold_otherwise(19, email="new@example.com")
    return flow


def forgotten(id: int) -> None:
    """The books hold it, and the hub has lost it."""
    Posting.objects.filter(record__source_id=str(id)).delete()
    SyncRecord.objects.filter(source_id=str(id)).delete()
    MONTH.books["invoice"]["8008"] = replace(MONTH.books["invoice"].pop(f"{id}-0"), id="8008")


def anonymous(id: int) -> None:
    """Its payment was typed in by hand."""
    payment = MONTH.books["payment"].pop(f"{id}-1")
    typed_in = replace(payment, id=f"hand-{id}", facts={**payment.facts, "note": "by hand"})
    MONTH.books["payment"][typed_in.id] = typed_in


def found() -> list[tuple[Any, ...]]:
    """Without which row it is."""
    rows = Discrepancy.objects.order_by("kind", "natural_key")
    return list(rows.values_list("kind", "natural_key", "state", "sentence", "amount", "digest", "source_id"))


def came(run: Reconciliation) -> tuple[dict[str, int], list[tuple[Any, ...]], list[str]]:
    matched = list(run.matches.order_by("orders").values_list("payments", "orders", "confidence", "accepted"))
    return run.counts, matched, list(Event.objects.order_by("source_id").values_list("source_id", flat=True))


def forget() -> None:
    for model in (PaymentMatch, Discrepancy, Reconciliation, Event):
        model.objects.all().delete()
    SyncRecord.objects.filter(number="").delete()
    SyncRecord.objects.exclude(state="posted").update(state="posted", due_at=None)


def in_short_turns(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> tuple[Reconciliation, int]:
    """And how many of them compared."""
    monkeypatch.setattr(cases, "BATCH", 3)
    for module in (strays, leftovers):
        monkeypatch.setattr(module, "PORTION", 4)
    run, _ = asking.ask(flow, FIRST, LAST)
    turns = 0
    while run.state == Reconciliation.State.RUNNING:
        turns += run.stage == Reconciliation.Stage.COMPARE
        assert turns < ORDERS and rounds.advance(Reconciliation.objects.get(pk=run.pk), time.monotonic() - 1)
        run.refresh_from_db()
    assert run.state == Reconciliation.State.DONE, run.problem
    return run, turns


def test_with_room_for_one_batch_in_each_turn_it_ends_and_finds_the_same_once(
    month: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = finished(month, FIRST, LAST)
    assert sum(at_once.counts[name] for name in ("agrees", "differs", "unsettled")) == ORDERS
    expected = came(at_once), found()
    assert [kind for kind, *_ in expected[1]] == [
        "client", "client", "drift", "duplicate", "extra_in_books", "missing_in_hub", "missing_in_hub", "payment_missing",
    ]  # fmt: skip
    assert at_once.counts["matched"] == 2
    forget()
    run, turns = in_short_turns(month, monkeypatch)
    assert (came(run), found()) == expected
    assert turns > ORDERS / 3 + ORDERS / 4 and not Sighting.objects.exists()
    again, _ = in_short_turns(month, monkeypatch)
    assert found() == expected[1] and "closed" not in again.counts


def test_an_order_is_counted_once_wherever_its_payment_was_found(month: Flow) -> None:
    run = finished(month, FIRST, LAST)
    assert run.counts == {"agrees": ORDERS - 7, "differs": 6, "unsettled": 1, "matched": 2}


def test_what_the_hub_works_on_before_its_payment_is_explained_is_left_for_the_next_time(
    month: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(month, FIRST, LAST)
    explain = leftovers.explain

    def worked_on_before(turn: Turn, desk: Desk) -> bool:
        SyncRecord.objects.filter(source_id="16").update(settled_at=clock.now())
        return explain(turn, desk)

    monkeypatch.setattr(leftovers, "explain", worked_on_before)
    run = finished(month, FIRST, LAST)
    left = Discrepancy.objects.get(kind="payment_missing")
    assert (left.source_id, left.state, left.last_run) == ("16", "open", run)
    assert run.counts["unsettled"] == len({"7", "8", "13", "16"})
