"""A payment that a bookkeeper records in the books is told to the store's order; what came from the store is no news."""

from __future__ import annotations

import json

import pytest

from connectors.base import Notice
from hub.configuration import apply
from hub.engine import decisions
from hub.intake.inbox import accept
from hub.intake.polling import poll
from hub.models import Event, Posting, SyncRecord
from tests.hub.world import World


@pytest.fixture
def told_back(world: World) -> World:
    flow = {"name": "payments", "preset": f"{world.target.kind}-payment-to-order", "source": "books", "target": "store"}
    apply(json.dumps({"version": 1, "flows": [{**flow, "enabled": True}]}), environment={})
    return world


def invoiced(world: World, kind: str) -> str:
    """The books' id of the invoice."""
    world.place(kind=kind)
    world.sync()
    return Posting.objects.get(resource="invoice").remote_id


def comments(world: World) -> list[str]:
    [told] = world.store.told().values()
    return [one for one in told if "recorded in the books" in one]


def sync(world: World) -> None:
    poll(world.target)
    world.work()


def test_a_payment_by_hand_is_told_to_the_order_once(told_back: World) -> None:
    id = invoiced(told_back, "shipped_unpaid")
    owed = Posting.objects.get(resource="invoice").booked
    told_back.books.place({"payment": {"invoiceid": int(id), "amount": {"amount": str(owed), "code": "USD"}}})
    for _ in range(2):
        sync(told_back)
    [comment] = comments(told_back)
    assert "Payment of" in comment and "paid in full" in comment
    assert SyncRecord.objects.get(flow__name="payments").state == "posted"


def test_two_equal_payments_by_hand_are_two_comments_and_only_the_last_says_paid(told_back: World) -> None:
    id = invoiced(told_back, "shipped_unpaid")
    owed = Posting.objects.get(resource="invoice").booked
    half = {"invoiceid": int(id), "amount": {"amount": str(owed / 2), "code": "USD"}, "date": "2026-03-20"}
    for _ in range(2):
        told_back.books.place({"payment": half})
        sync(told_back)
    decisions.retry(SyncRecord.objects.filter(flow__name="payments"))
    sync(told_back)
    assert sorted("paid in full" in one for one in comments(told_back)) == [False, True]


def test_a_payment_of_ours_whose_answer_is_not_known_yet_is_no_news(told_back: World) -> None:
    invoiced(told_back, "simple")
    payment = Posting.objects.get(resource="payment")
    id = payment.remote_id
    Posting.objects.filter(pk=payment.pk).update(state="sent", remote_id="")
    accept(told_back.target, Notice("payment", id), door=Event.Door.WEBHOOK)
    told_back.work()
    assert SyncRecord.objects.get(flow__name="payments").reason == "own_work"
    assert not comments(told_back)


def test_a_payment_of_ours_that_a_restored_backup_has_forgotten_is_no_news(told_back: World) -> None:
    invoiced(told_back, "simple")
    payment = Posting.objects.get(resource="payment")
    payment.delete()
    accept(told_back.target, Notice("payment", payment.remote_id), door=Event.Door.WEBHOOK)
    told_back.work()
    assert SyncRecord.objects.get(flow__name="payments").reason == "own_work"
    assert not comments(told_back)


def test_a_payment_of_the_store_s_own_raises_no_notice(told_back: World) -> None:
    invoiced(told_back, "simple")
    assert Posting.objects.filter(resource="payment", state="done").exists()
    sync(told_back)
    assert not comments(told_back)
    assert not SyncRecord.objects.filter(flow__name="payments").exists()
    assert not Event.objects.filter(resource="payment").exists()


def test_a_payment_on_a_stranger_s_invoice_is_left_alone(told_back: World) -> None:
    client = told_back.books.place({"client": {}})
    line = {"name": "Work", "qty": 1, "unit_cost": {"amount": "10.00", "code": "USD"}}
    invoice = told_back.books.place({"invoice": {"customerid": client["id"], "lines": [line]}})
    told_back.books.place({"payment": {"invoiceid": invoice["id"], "amount": {"amount": "10.00", "code": "USD"}}})
    sync(told_back)
    record = SyncRecord.objects.get(flow__name="payments")
    assert (record.state, record.reason) == ("skipped", "not_ours")
