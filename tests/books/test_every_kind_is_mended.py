"""Whatever is found: a button that is offered mends it, so that the next run agrees or a person is asked. Where none
would, none is offered, and it is said what to do in the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from hub.books.agreement import agreement
from hub.books.reconciliation.checking import check
from hub.books.reconciliation.kinds import KINDS
from hub.books.reconciliation.mending import fitting, mend
from hub.books.reports import refunds
from hub.engine import decisions
from hub.models import Discrepancy, Posting, SyncRecord
from tests.books.days import DAY, booked, kinds, reconciled, unsettled
from tests.books.hands import (
    LATER,
    TODAY,
    by_hand,
    change,
    dated_otherwise,
    duplicated,
    invoiced,
    line,
    out_of_step,
)  # fmt: skip
from tests.books.reports.reading import read
from tests.hub.edited_orders import edit
from tests.hub.world import World

Scene = Callable[[World], object]


def captured(world: World) -> Posting:
    invoiced(world)
    world.place(capture=world.record().number)
    world.sync()
    return Posting.objects.get(resource="payment")


def captured_unheard(world: World) -> Posting:
    invoice = invoiced(world)
    world.place(capture=world.record().number)
    return invoice


def refunded(world: World) -> Posting:
    order = booked(world, kind="simple")
    world.place(refund=world.number(order))
    decisions.retry(SyncRecord.objects.all())
    world.work()
    return Posting.objects.get(resource="credit_note")


def gone(world: World, posting: Posting) -> None:
    table = world.books.account.tables["invoices"]
    table.remove(table.get(int(posting.remote_id)))


def failed(world: World) -> None:
    world.fault(kind="status", status=422, body={"strange": "no"}, method="POST", path="invoices")
    world.place(kind="shipped_unpaid")
    world.sync()
    world.books.faults.clear()


def another_s(world: World) -> int:
    return int(world.books.place({"client": {"email": "other@example.com"}})["id"])


def typed_in(world: World, number: str = "900900") -> None:
    facts = {"customerid": world.clients[0]["id"], "create_date": TODAY, "currency_code": "USD"}
    document = {**facts, "lines": [line("77.00")], "invoice_number": number, "po_number": number}
    world.books.place({"invoice": document})


def typed_in_for_a_skipped_order(world: World) -> None:
    booked(world)
    skipped = world.place(kind="unpaid")
    world.sync()
    typed_in(world, world.number(skipped))


def refund_on_another_day(world: World) -> None:
    posting, day = refunded(world), dt.date.fromisoformat(LATER)
    Posting.objects.filter(pk=posting.pk).update(date=day, business_date=day)
    world.books.account.tables["credit_notes"].get(int(posting.remote_id)).update(create_date=LATER)


def without_taxes(world: World) -> None:
    booked(world, kind="simple")
    posting = Posting.objects.get(resource="invoice")
    for one in posting.document["lines"]:
        one["taxes"] = []
    out_of_step(world, posting, document=posting.document)


def of_somebody_else(world: World, posting: Posting) -> None:
    assert posting.record
    world.place(amend=posting.record.number, email="somebody.else@example.com")


def by_hand_unsure(world: World) -> None:
    invoice = captured_unheard(world)
    assert invoice.date
    by_hand(world, invoice, "100.00", date=str(invoice.date + 12 * DAY))


def by_hand_in_two(world: World) -> None:
    invoice = captured_unheard(world)
    by_hand(world, invoice, "50.00")
    by_hand(world, invoice, "30.00")


def amount_of(amount: str) -> dict[str, Any]:
    return {"amount": {"amount": amount, "code": "USD"}}


def rest_changed(world: World) -> None:
    change(world, "payment", captured(world).remote_id, **amount_of("60.00"))
    reconciled(world)
    mend(Discrepancy.objects.get(), "rest", "ada")
    world.work(patience=10)
    rest = Posting.objects.filter(resource="payment").latest("pk")
    change(world, "payment", rest.remote_id, **amount_of("10.00"))


def changed(**values: Any) -> Scene:
    return lambda world: change(world, "invoice", invoiced(world).remote_id, **values)


MENDED: dict[tuple[str, str, str], Scene] = {
    ("missing_in_books", "gone from the books", "post"): lambda world: gone(world, invoiced(world)),
    ("missing_in_books", "failed", "post"): failed,
    ("missing_in_hub", "never told", "bring_in"): lambda world: (booked(world), world.place(kind="shipped_unpaid")),
    ("extra_in_books", "canceled unheard", "read_again"): lambda world: world.place(cancel=world.number(booked(world))),
    ("duplicate", "typed in again", "credit"): duplicated,
    ("date", "another day", "put_back"): lambda world: dated_otherwise(world, invoiced(world)),
    ("date", "another day and paid", "put_back"): lambda world: dated_otherwise(
        world,
        captured(world).record.postings.get(resource="invoice"),  # type: ignore[union-attr]
    ),
    ("client", "another address", "put_back"): lambda world: of_somebody_else(world, invoiced(world)),
    ("payment_missing", "never told", "post"): captured_unheard,
    ("payment_missing", "deleted", "post"): lambda world: change(
        world, "payment", captured(world).remote_id, vis_state=1
    ),
    ("payment_missing", "typed in by hand", "adopt"): by_hand_unsure,
    ("payment_partial", "too small by now", "rest"): lambda world: change(
        world, "payment", captured(world).remote_id, **amount_of("60.00")
    ),
    ("refund_missing", "never told", "post"): lambda world: world.place(
        refund=world.number(booked(world, kind="simple"))
    ),
    ("drift", "another amount", "put_back"): changed(lines=[line("90.00")]),
    ("drift", "another amount and tax", "put_back"): changed(lines=[line("90.00", taxName1="T", taxAmount1="10")]),
    ("drift", "another number", "put_back"): changed(invoice_number="X-1"),
}
ASKED: dict[tuple[str, str, str], Scene] = {
    ("amount", "edited unheard", "read_again"): lambda world: edit(world, booked(world, {"a": 100}), {"a": 130}),
    ("payment_partial", "typed in by hand in two", "read_again"): by_hand_in_two,
    ("drift", "deleted", "post"): changed(vis_state=1),
}
BY_HAND: dict[tuple[str, str], Scene] = {
    ("extra_in_books", "typed in"): lambda world: (booked(world), typed_in(world)),
    ("extra_in_books", "typed in for a skipped order"): typed_in_for_a_skipped_order,
    ("duplicate", "for another client"): lambda world: duplicated(world, customerid=another_s(world)),
    ("amount", "not edited"): lambda world: out_of_step(world, invoiced(world), total=90),
    ("tax", "not edited"): without_taxes,
    ("currency", "not edited"): lambda world: out_of_step(
        world, invoiced(world), {"currency_code": "CAD"}, currency="CAD"
    ),
    ("date", "of a credit note"): refund_on_another_day,
    ("client", "paid"): lambda world: of_somebody_else(world, captured(world)),
    ("payment_partial", "the rest of it"): rest_changed,
    ("payment_over", "too large by now"): lambda world: change(
        world, "payment", captured(world).remote_id, **amount_of("125.00")
    ),
    ("payment_over", "typed in"): lambda world: by_hand(
        world,
        captured(world).record.postings.get(resource="invoice"),
        "15.00",  # type: ignore[union-attr]
    ),
    ("drift", "another date"): changed(create_date=LATER),
    ("drift", "another currency"): lambda world: out_of_step(world, invoiced(world), {"currency_code": "CAD"}),
    ("drift", "another client"): lambda world: out_of_step(world, invoiced(world), {"customerid": another_s(world)}),
    ("drift", "a credit note over another amount"): lambda world: change(
        world, "credit_note", refunded(world).remote_id, lines=[line("1.00")]
    ),
}


def named(scenes: dict[Any, Scene]) -> Any:
    return pytest.mark.parametrize("scene", scenes, ids=lambda scene: ", ".join(scene))


def found_of(kind: str) -> Discrepancy:
    return Discrepancy.objects.filter(state="open", kind=kind).get()


def pressed(world: World, kind: str, what: str) -> Discrepancy:
    """Found, mended, worked on, and checked."""
    reconciled(world)
    assert kinds() == [kind]
    found = found_of(kind)
    assert what in fitting(found), found.sides
    mend(found, what, "ada")
    world.work(patience=10)
    return check(found)


def test_every_kind_is_gone_through() -> None:
    assert {scene[0] for scene in (*MENDED, *ASKED, *BY_HAND)} == set(KINDS)


@named(MENDED)
def test_the_button_mends_it_and_the_next_run_agrees(world: World, scene: tuple[str, str, str]) -> None:
    MENDED[scene](world)
    kind, _, what = scene
    assert pressed(world, kind, what).state == "closed", unsettled()
    assert {record.state for record in SyncRecord.objects.all()} == {"posted"}, world.record().message
    reconciled(world)
    assert unsettled() == []
    assert all(agreement(day, day).agree for day in SyncRecord.objects.values_list("date", flat=True))


@named(ASKED)
def test_the_button_has_a_person_asked(world: World, scene: tuple[str, str, str]) -> None:
    ASKED[scene](world)
    kind, _, what = scene
    assert pressed(world, kind, what).state == "closed"
    assert SyncRecord.objects.get().state == "held"


@named(BY_HAND)
def test_where_no_button_would_mend_it_none_is_offered_and_it_is_said_what_to_do(
    world: World, scene: tuple[str, str]
) -> None:
    BY_HAND[scene](world)
    reconciled(world)
    found = found_of(scene[0])
    assert fitting(found) == ["accept"], found.sides
    assert "books" in KINDS[found.kind].by_hand


@pytest.mark.parametrize("scene", ["too large by now", "typed in"])
def test_too_much_payment_is_named_and_closes_when_it_is_corrected_in_the_books(world: World, scene: str) -> None:
    id = BY_HAND["payment_over", scene](world) or Posting.objects.get(resource="payment").remote_id
    reconciled(world)
    found = found_of("payment_over")
    amount = "15.00 USD" if scene == "typed in" else "125.00 USD"
    assert f"{amount} of {found.sides['books']['date']} (id {id})" in found.sentence
    assert found.sides["books"]["url"]
    change(world, "payment", str(id), **({"vis_state": 1} if scene == "typed in" else amount_of("100.00")))
    assert check(found).state == "closed"


def test_an_invoice_on_another_day_is_credited_on_that_day_and_made_anew_on_its_own(world: World) -> None:
    posting = invoiced(world)
    day = str(posting.date)
    dated_otherwise(world, posting)
    pressed(world, "date", "put_back")
    [credit], anew = world.credit_notes, world.invoices[-1]
    assert (credit["create_date"], anew["create_date"]) == (LATER, day)
    assert (credit["amount"]["amount"], anew["amount"]["amount"]) == ("100.00", "100.00")
    assert "on another date" in credit["notes"]
    assert read(refunds.REPORT) == []


def test_where_both_days_are_closed_its_documents_take_the_first_open_one(world: World) -> None:
    dated_otherwise(world, invoiced(world))
    world.target.lock_date = dt.date.fromisoformat(LATER)
    world.target.save()
    assert pressed(world, "date", "put_back").state == "closed"
    first_open = str(dt.date.fromisoformat(LATER) + DAY)
    assert {world.credit_notes[0]["create_date"], world.invoices[-1]["create_date"]} == {first_open}
    reconciled(world)
    assert unsettled() == []


def test_an_invoice_of_another_client_is_credited_there_and_made_anew_for_its_own(world: World) -> None:
    posting = invoiced(world)
    of_somebody_else(world, posting)
    pressed(world, "client", "put_back")
    wrong = posting.document["client_id"]
    [right] = [str(one["id"]) for one in world.clients if one["email"] == "somebody.else@example.com"]
    assert [str(one["clientid"]) for one in world.credit_notes] == [wrong]
    assert [str(one["customerid"]) for one in world.invoices] == [wrong, right]


def test_an_order_that_moved_back_meanwhile_is_left_as_it_is(world: World) -> None:
    posting = invoiced(world)
    dated_otherwise(world, posting)
    reconciled(world)
    mend(found_of("date"), "put_back", "ada")
    day = dt.date.today()
    row = {"create_date": str(posting.date)}
    out_of_step(world, posting, row, date=posting.date, business_date=posting.date, document=posting.document)
    world.work(patience=10)
    assert (len(world.invoices), world.credit_notes, check(Discrepancy.objects.get()).state) == (1, [], "closed"), day


def test_a_misdated_draft_is_left_to_a_person(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_status="draft")
    dated_otherwise(world, invoiced(world))
    reconciled(world)
    assert fitting(found_of("date")) == ["accept"]
