"""The work was done and the answer never came: look before doing it again."""

from __future__ import annotations

from typing import Any

import pytest

from hub.engine import decisions
from hub.models import Attempt, Posting, SyncRecord
from tests.hub.dying import time_passes
from tests.hub.edited_orders import edit, place
from tests.hub.hands import change, offered, settled, try_again, try_once
from tests.hub.test_what_a_person_decides import agree
from tests.hub.world import World

EFFECTS = [("POST", "client"), ("POST", "item"), ("POST", "invoice"), ("POST", "payment"), ("PUT", "invoice")]


def _one_of_each(world: World) -> None:
    record = world.record()
    assert (record.state, record.message) == ("posted", "")
    assert len(world.invoices) == len(world.payments) == len(world.clients) == 1
    assert world.invoices[0]["outstanding"]["amount"] == "0.00"


@pytest.mark.parametrize(("method", "path"), EFFECTS)
@pytest.mark.parametrize("kind", ["lost", "reset", "status"])
def test_a_lost_answer_neither_loses_nor_doubles(world: World, method: str, path: str, kind: str) -> None:
    world.fault(kind=kind, method=method, path=path, status=502)
    world.place()
    world.sync()
    _one_of_each(world)


@pytest.mark.parametrize("times", [2, 3])
def test_answers_that_are_lost_again_and_again(world: World, times: int) -> None:
    world.fault(kind="lost", method="POST", times=times)
    world.place()
    world.sync()
    _one_of_each(world)


def test_a_request_that_never_arrived_is_sent_again_after_two_looks(world: World) -> None:
    world.fault(kind="reset", method="POST", path="invoice")
    world.place()
    world.sync()
    _one_of_each(world)
    assert not Posting.objects.get(resource="invoice").adopted


def test_a_lost_answer_is_adopted(world: World) -> None:
    world.fault(kind="lost", method="POST", path="invoice")
    world.place()
    world.sync()
    assert Posting.objects.get(resource="invoice").adopted
    assert Attempt.objects.filter(reason="in_doubt").exists()


def test_an_outage_costs_nothing_but_time(world: World) -> None:
    world.fault(kind="status", status=503, times=2)
    world.place()
    world.poll()
    world.work(patience=10)
    _one_of_each(world)


def test_a_refused_login_pauses_the_connection_and_not_the_record(world: World) -> None:
    world.place()
    world.poll()
    world.fault(kind="status", status=401, times=-1, path=".*")
    world.work()
    world.target.refresh_from_db()
    assert world.target.state == "needs_login"
    record = SyncRecord.objects.get()
    assert (record.state, record.failures) == ("waiting", 0)
    world.books.faults.clear()
    world.target.reopen()
    world.work()
    _one_of_each(world)


def test_being_asked_to_slow_down_is_obeyed(world: World) -> None:
    world.fault(kind="status", status=429, headers={"Retry-After": "1"})
    world.place()
    world.sync()
    _one_of_each(world)


def _sent_unheard(world: World) -> Any:
    """The invoice of an order over 100 is made final; nobody has heard the answer."""
    order = world.place(kind="shipped_unpaid", lines={"a": 100})
    world.fault(kind="lost", method="PUT", path="invoice")
    world.poll()
    try_once()
    assert (Posting.objects.get(resource="invoice").state, len(world.invoices)) == ("created", 1)
    return order


def _hear(world: World) -> tuple[str, str]:
    time_passes()
    world.sync()
    return settled(world)


@pytest.mark.parametrize("way", ["adjust", "accept"])
def test_an_edit_while_the_last_answer_was_awaited_is_an_edit_like_any_other(world: World, way: str) -> None:
    edit(world, _sent_unheard(world), {"a": 120})
    assert _hear(world) == ("held", "edited_after_posting")
    assert offered(world) == {"adjust", "reinvoice", "accept"}
    if way == "adjust":
        decisions.follow_edit(world.record(), "adjust", world.record().problem["digest"], None)
    else:
        decisions.accept_edit(world.record(), "booked by hand", None)
    assert settled(world) == ("posted", "")
    assert len(world.invoices) == (2 if way == "adjust" else 1)
    assert agree(world)


def test_a_person_accepts_what_was_changed_on_both_sides_while_the_last_answer_was_awaited(world: World) -> None:
    edit(world, _sent_unheard(world), {"a": 120})
    by_hand = {"name": "By hand", "qty": "1", "unit_cost": {"amount": "90.00", "code": "USD"}}
    change(world, Posting.objects.get(resource="invoice"), lines=[by_hand])
    assert _hear(world) == ("held", "edited_after_posting")
    assert offered(world) == {"accept"}
    decisions.accept_edit(world.record(), "booked by hand", None)
    assert settled(world) == ("posted", "")
    assert agree(world)


def _changed_unheard(world: World) -> None:
    """The answer to a payment of 100 is lost, and somebody makes 60 of it in the books."""
    order = place(world, {"a": 100})
    world.fault(kind="lost", method="POST", path="payment")
    world.place(capture=world.number(order))
    world.poll()
    try_once()
    (made,) = world.payments
    world.books.place({"payment": {"id": made["id"], "amount": {"amount": "60.00", "code": "USD"}}})
    time_passes()
    assert settled(world) == ("held", "amount_differs")
    assert offered(world) == {"link", "leave_out"}


def test_a_payment_that_was_changed_while_its_answer_was_awaited_is_corrected(world: World) -> None:
    _changed_unheard(world)
    world.books.place({"payment": {"id": world.payments[0]["id"], "amount": {"amount": "100.00", "code": "USD"}}})
    assert try_again(world) == ("posted", "")
    assert agree(world)


def test_a_payment_that_was_changed_while_its_answer_was_awaited_is_linked_as_it_is(world: World) -> None:
    _changed_unheard(world)
    decisions.link(world.record(), world.record().problem["theirs"]["id"], None)
    assert settled(world) == ("posted", "")
    assert len(world.payments) == 1


def test_a_payment_that_was_changed_while_its_answer_was_awaited_is_left_out(world: World) -> None:
    _changed_unheard(world)
    decisions.leave_out(world.record(), "booked by hand", None)
    assert settled(world) == ("posted", "")
    assert agree(world)
