"""Each kind of discrepancy, planted in a real store or in real books, is found, named and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.base import Notice
from hub.engine import decisions
from hub.intake.inbox import accept
from hub.models import Discrepancy, Event, Posting, SyncRecord
from tests.books.days import booked, kinds, reconciled, unsettled
from tests.books.hands import LATER, TODAY, by_hand, change, invoice_of, line, only
from tests.hub.edited_orders import edit, priced
from tests.hub.world import World


@pytest.fixture
def trade(world: World) -> World:
    """A day of ordinary orders around it, of which nothing is told."""
    world.store.trade(orders=3, seed=4, day=TODAY)
    world.sync()
    return world


def test_an_order_that_nobody_has_told_is_unknown_to_the_hub_and_comes_in(trade: World) -> None:
    order = trade.place(kind="shipped_unpaid")
    reconciled(trade)
    [(kind, key)] = unsettled()
    assert (kind, key, only().record) == ("missing_in_hub", trade.number(order), None)
    assert Event.objects.filter(door="sweep", source_id=trade.id(order)).count() == 1
    trade.work()
    reconciled(trade)
    assert unsettled() == []


def test_an_invoice_that_is_gone_is_missing_in_the_books(trade: World) -> None:
    posting = invoice_of(trade, booked(trade))
    trade.books.account.tables["invoices"].remove(trade.books.account.tables["invoices"].get(int(posting.remote_id)))
    reconciled(trade)
    assert unsettled() == [("missing_in_books", posting.natural_key)]
    assert only().amount == posting.total


def test_an_order_that_failed_is_missing_in_the_books(trade: World) -> None:
    trade.fault(kind="status", status=422, body={"strange": "no"}, method="POST", path="invoices")
    order = trade.place(kind="shipped_unpaid")
    trade.sync()
    assert trade.flow.records.get(number=trade.number(order)).state == "failed"
    trade.books.faults.clear()
    reconciled(trade)
    assert unsettled() == [("missing_in_books", trade.number(order))]


def test_a_document_that_only_looks_like_ours_is_extra(trade: World) -> None:
    booked(trade)
    client = trade.clients[0]["id"]
    facts = {"customerid": client, "create_date": TODAY, "currency_code": "USD", "lines": [line("77.00")]}
    trade.books.place({"invoice": {**facts, "invoice_number": "900900", "po_number": "900900"}})
    trade.books.place({"invoice": {**facts, "invoice_number": "HAND-1"}})
    reconciled(trade)
    assert kinds() == ["extra_in_books"]
    assert only().amount == 77 and "900900" in only().natural_key


def test_an_order_that_was_canceled_unheard_is_extra_in_the_books(trade: World) -> None:
    order = booked(trade)
    trade.place(cancel=trade.number(order))
    reconciled(trade)
    assert unsettled() == [("extra_in_books", trade.number(order))]


@pytest.mark.parametrize("number", ["the same", "another"])
def test_a_second_invoice_of_an_order_is_a_duplicate(trade: World, number: str) -> None:
    trade.books.switch["duplicate_numbers"] = "allow"
    posting = invoice_of(trade, booked(trade, {"a": 100}))
    document = posting.document
    trade.books.place(
        {
            "invoice": {
                "customerid": int(document["client_id"]),
                "create_date": document["date"],
                "currency_code": "USD",
                "po_number": document["po_number"],
                "invoice_number": posting.natural_key if number == "the same" else "0000777",
                "lines": [line("100.00")],
            }
        }
    )
    reconciled(trade)
    assert kinds() == ["duplicate"]
    assert (only().record_id, only().amount) == (posting.record_id, 100)


def test_an_order_edited_unheard_differs_in_amount(trade: World) -> None:
    order = booked(trade, {"a": 100})
    edit(trade, order, {"a": 130})
    reconciled(trade)
    assert unsettled() == [("amount", trade.number(order))]
    found = only()
    assert (found.amount, found.sides["source"]["total"], found.sides["hub"]["booked"]) == (30, "130.00", "100.0000")


def test_a_tax_that_the_source_tells_otherwise_is_found_as_tax(trade: World) -> None:
    """The journal is put out of step with the source, as an old version of a store's plugin would leave it."""
    posting = invoice_of(trade, priced(trade, "100.00", tax="8.00", rate="8"))
    for one in posting.document["lines"]:
        one["taxes"] = []
    Posting.objects.filter(pk=posting.pk).update(document=posting.document)
    reconciled(trade)
    assert sorted(kinds()) == ["drift", "tax"]


@pytest.mark.parametrize(
    ("field", "values"),
    [("currency", {"currency": "CAD"}), ("date", {"date": LATER, "business_date": LATER})],
)
def test_what_was_posted_otherwise_than_the_source_says_is_named_after_its_field(
    trade: World, field: str, values: dict[str, Any]
) -> None:
    order = booked(trade, {"a": 100})
    posting = invoice_of(trade, order)
    Posting.objects.filter(pk=posting.pk).update(**values)
    change_to = {"currency": {"currency_code": "CAD"}, "date": {"create_date": LATER}}[field]
    row = trade.books.account.tables["invoices"].get(int(posting.remote_id))
    row |= change_to
    reconciled(trade)
    assert unsettled() == [(field, posting.natural_key)]


def test_another_customer_than_the_source_says_is_a_client_mismatch(trade: World) -> None:
    order = booked(trade)
    trade.place(amend=trade.number(order), email="somebody.else@example.com")
    reconciled(trade)
    assert kinds() == ["client"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"lines": [line("90.00")]}, "amount"),
        ({"create_date": LATER}, "date"),
        ({"create_date": "2019-03-01"}, "date"),
        ({"invoice_number": "X-1"}, "number"),
        ({"vis_state": 1}, "deleted"),
    ],
)
def test_what_somebody_changed_in_the_books_is_drift(trade: World, values: dict[str, Any], field: str) -> None:
    posting = invoice_of(trade, booked(trade, {"a": 100}))
    change(trade, "invoice", posting.remote_id, **values)
    reconciled(trade)
    assert unsettled() == [("drift", posting.natural_key)]
    assert only().fields == [field]


def test_archived_is_only_put_out_of_sight(trade: World) -> None:
    posting = invoice_of(trade, booked(trade, {"a": 100}))
    change(trade, "invoice", posting.remote_id, vis_state=2)
    reconciled(trade)
    assert unsettled() == []


@pytest.fixture
def paid(trade: World) -> Posting:
    order = booked(trade, {"a": 100})
    trade.place(capture=trade.number(order))
    trade.sync()
    return SyncRecord.objects.get(number=trade.number(order)).postings.get(resource="payment")


@pytest.mark.parametrize(
    ("values", "kind", "amount"),
    [
        ({"vis_state": 1}, "payment_missing", 100),
        ({"amount": {"amount": "60.00", "code": "USD"}}, "payment_partial", 40),
        ({"amount": {"amount": "125.00", "code": "USD"}}, "payment_over", 25),
    ],
)
def test_a_payment_that_somebody_changed(trade: World, paid: Posting, values: Any, kind: str, amount: int) -> None:
    change(trade, "payment", paid.remote_id, **values)
    reconciled(trade)
    assert unsettled() == [(kind, paid.natural_key)]
    assert only().amount == amount


def test_a_capture_that_nobody_has_told_is_a_missing_payment(trade: World) -> None:
    order = booked(trade, {"a": 100})
    trade.place(capture=trade.number(order))
    reconciled(trade)
    assert kinds() == ["payment_missing"]


def test_a_payment_that_the_source_knows_nothing_of_is_too_much(trade: World, paid: Posting) -> None:
    invoice = paid.record.postings.get(resource="invoice")  # type: ignore[union-attr]
    by_hand(trade, invoice, "15.00")
    reconciled(trade)
    assert unsettled() == [("payment_over", invoice.natural_key)]
    assert only().amount == 15


def test_a_payment_typed_in_by_hand_is_recognised_where_it_is_sure(trade: World) -> None:
    order = booked(trade, {"a": 100})
    trade.place(capture=trade.number(order))
    by_hand(trade, invoice_of(trade, order), "100.00")
    run = reconciled(trade)
    assert (unsettled(), run.counts["matched"]) == ([], 1)
    match = run.matches.get()
    assert match.accepted and match.confidence >= 90 and "the same amount" in match.reasons


def test_a_refund_that_is_not_in_the_books_is_missing(trade: World) -> None:
    order = booked(trade, kind="simple")
    trade.place(refund=trade.number(order))
    reconciled(trade)
    assert kinds() == ["refund_missing"]


def test_a_refund_that_was_canceled_after_it_was_credited_is_only_in_the_books(trade: World) -> None:
    order = booked(trade, kind="full_refund")
    trade.place(cancel_refund=trade.number(order))
    reconciled(trade)
    assert kinds() == ["extra_in_books"]
    assert (only().resource, "took back the refund" in only().sentence) == ("credit_note", True)


def test_a_canceled_refund_that_a_person_keeps_in_the_books_is_none(trade: World) -> None:
    order = booked(trade, kind="full_refund")
    trade.place(cancel_refund=trade.number(order))
    trade.sync()
    decisions.keep(trade.flow.records.get(number=trade.number(order)), "paid back in cash", None)
    trade.work()
    reconciled(trade)
    assert unsettled() == []


def test_a_payment_that_was_voided_after_it_was_recorded_is_too_much(trade: World) -> None:
    order = booked(trade, kind="simple")
    trade.place(void=trade.number(order))
    reconciled(trade)
    assert kinds() == ["payment_over"]


def test_running_twice_changes_nothing(trade: World) -> None:
    posting = invoice_of(trade, booked(trade, {"a": 100}))
    change(trade, "invoice", posting.remote_id, vis_state=1)
    edit(trade, booked(trade, {"a": 50}), {"a": 51})
    reconciled(trade)
    before = list(Discrepancy.objects.order_by("pk").values())
    reconciled(trade)
    after = list(Discrepancy.objects.order_by("pk").values())
    runs = ("last_run_id",)
    assert [{**row, **dict.fromkeys(runs)} for row in after] == [{**row, **dict.fromkeys(runs)} for row in before]


def test_what_agrees_again_closes_by_itself(trade: World) -> None:
    posting = invoice_of(trade, booked(trade, {"a": 100}))
    change(trade, "invoice", posting.remote_id, vis_state=1)
    reconciled(trade)
    change(trade, "invoice", posting.remote_id, vis_state=0)
    run = reconciled(trade)
    assert (unsettled(), run.counts["closed"]) == ([], 1)


def test_what_was_accepted_stays_so_until_its_facts_change(trade: World) -> None:
    posting = invoice_of(trade, booked(trade, {"a": 100}))
    change(trade, "invoice", posting.remote_id, lines=[line("90.00")])
    reconciled(trade)
    Discrepancy.objects.update(state="accepted", reason="agreed by telephone")
    reconciled(trade)
    assert (unsettled(), only().state, only().reason) == ([], "accepted", "agreed by telephone")
    change(trade, "invoice", posting.remote_id, lines=[line("80.00")])
    reconciled(trade)
    assert (kinds(), only().reason) == (["drift"], "")


def test_what_is_being_worked_on_is_not_judged(trade: World) -> None:
    order = booked(trade, {"a": 100})
    edit(trade, order, {"a": 130})
    accept(trade.source, Notice("order", trade.id(order)), door=Event.Door.WEBHOOK)
    run = reconciled(trade)
    assert (unsettled(), run.counts["unsettled"]) == ([], 1)


def test_with_a_prefix_only_its_numbers_look_like_ours(make_world: Callable[..., World]) -> None:
    world = make_world(invoice_prefix="N-")
    world.store.trade(orders=2, seed=4, day=TODAY)
    world.sync()
    booked(world)
    facts = {
        "customerid": world.clients[0]["id"],
        "create_date": TODAY,
        "currency_code": "USD",
        "lines": [line("77.00")],
    }
    world.books.place({"invoice": {**facts, "invoice_number": "N-900"}})
    world.books.place({"invoice": {**facts, "invoice_number": "900", "po_number": "900"}})
    reconciled(world)
    assert [key.partition(" ")[0] for _, key in unsettled()] == ["N-900"]
