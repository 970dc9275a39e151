"""An invoice that somebody changes in the books is told to the store's order; what the hub did to it is no news."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub.configuration import apply
from hub.intake.polling import poll
from hub.models import Posting, SyncRecord
from tests.hub.world import World


@pytest.fixture
def told_back(world: World) -> World:
    ends = {"source": "books", "target": "store", "enabled": True}
    flows = [
        {"name": f"{one}s", "preset": f"{world.target.kind}-{one}-to-order", **ends} for one in ("invoice", "payment")
    ]
    apply(json.dumps({"version": 1, "flows": flows}), environment={})
    world.place(kind="shipped_unpaid")
    world.sync()
    sync(world)
    return world


def sync(world: World) -> None:
    poll(world.target)
    world.work()


def change(world: World, **values: Any) -> None:
    id = int(Posting.objects.get(resource="invoice").remote_id)
    world.books.place({"invoice": {"id": id, **values}})
    sync(world)


def comments(world: World) -> list[str]:
    [told] = world.store.told().values()
    return [one for one in told if one.startswith("Invoice ")]


def record() -> SyncRecord:
    return SyncRecord.objects.get(flow__name="invoices")


def test_an_invoice_as_the_hub_left_it_is_no_news(told_back: World) -> None:
    assert not comments(told_back)
    assert (record().state, record().reason) == ("skipped", "own_work")


def test_a_changed_total_is_told_once_with_what_was_booked(told_back: World) -> None:
    booked = Posting.objects.get(resource="invoice").booked
    line = {"name": "Work", "qty": 1, "unit_cost": {"amount": "10.00", "code": "USD"}}
    change(told_back, lines=[line])
    change(told_back, notes="Seen by nobody")
    [comment] = comments(told_back)
    assert "was changed in the books" in comment and "with 10.00 USD now" in comment and f"{booked:.2f} USD" in comment
    assert record().state == "posted"


def test_what_is_changed_back_is_told_as_well(told_back: World) -> None:
    before = Posting.objects.get(resource="invoice").date
    for date in ("2026-01-05", before):
        change(told_back, create_date=str(date))
    first, second = comments(told_back)
    assert "of 2026-01-05 with" in first and f"of {before} with" in second


def test_a_deleted_invoice_is_told(told_back: World) -> None:
    change(told_back, vis_state=1)
    [comment] = comments(told_back)
    assert "was deleted in the books" in comment


def test_a_payment_changes_no_invoice(told_back: World) -> None:
    owed = Posting.objects.get(resource="invoice")
    payment = {"invoiceid": int(owed.remote_id), "amount": {"amount": str(owed.booked), "code": "USD"}}
    told_back.books.place({"payment": payment})
    sync(told_back)
    assert not comments(told_back)


def test_a_stranger_s_invoice_is_not_even_read(told_back: World) -> None:
    client = told_back.books.place({"client": {}})
    line = {"name": "Work", "qty": 1, "unit_cost": {"amount": "10.00", "code": "USD"}}
    invoice = told_back.books.place({"invoice": {"customerid": client["id"], "lines": [line]}})
    sync(told_back)
    theirs = SyncRecord.objects.get(flow__name="invoices", source_id=str(invoice["id"]))
    assert (theirs.state, theirs.reason) == ("skipped", "not_ours")
    assert not theirs.attempts.get().raw
