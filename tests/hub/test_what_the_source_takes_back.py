"""What was booked and is then taken back in the store: a refund that is canceled, a payment that is voided. It stands in
the books until a person deletes it there, or keeps it; nothing is booked on top of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hub.books.agreement import agreement
from hub.engine import decisions
from hub.models import Posting, SyncRecord
from tests.hub.dying import EVERY, in_a_child, killed_at, time_passes
from tests.hub.world import World


def _refunded(world: World) -> Any:
    """In full, and booked."""
    order = world.place(kind="full_refund", seed=3)
    world.sync()
    assert world.record().state == "posted" and len(world.credit_notes) == 1
    return order


def _cancel_refund(world: World, order: Any) -> None:
    world.place(cancel_refund=world.number(order))
    world.sync()


def _refund_again(world: World, order: Any) -> None:
    world.place(refund=world.number(order))
    world.sync()


def _sum(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["amount"]["amount"]) for row in rows), Decimal(0))


def _delete(world: World, posting: Posting) -> None:
    """As a bookkeeper would, in the books."""
    world.books.place({posting.resource: {"id": int(posting.remote_id), "vis_state": 1}})


def _retry(world: World) -> SyncRecord:
    decisions.retry(SyncRecord.objects.all())
    world.work()
    return world.record()


def _keep(world: World) -> SyncRecord:
    decisions.keep(world.record(), "the customer has the money", None)
    world.work()
    return world.record()


def _parts(resource: str) -> dict[str, Decimal]:
    return dict(Posting.objects.filter(resource=resource, state="done").values_list("part", "total"))


def _missing(world: World) -> list[tuple[str, Decimal]]:
    return [(one["reason"], Decimal(one["amount"])) for one in world.record().findings or ()]


def _posting(resource: str) -> Posting:
    return Posting.objects.get(resource=resource, state="done")


def _agree() -> bool:
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    return agreement(days[0], days[-1]).agree


def test_a_refund_that_is_canceled_after_it_was_credited_holds_its_order(world: World) -> None:
    order = _refunded(world)
    note = _posting("credit_note")
    _cancel_refund(world, order)
    record = world.record()
    assert (record.state, record.reason) == ("held", "refund_withdrawn")
    assert note.natural_key in record.message and f"{record.total:.2f} {record.currency}" in record.message
    assert "delete the credit note in the books" in record.problem["remedy"]


def test_a_refund_that_becomes_smaller_after_it_was_credited_holds_its_order_until_its_credit_note_is_deleted(
    world: World,
) -> None:
    order = _refunded(world)
    note, total = _posting("credit_note"), world.record().total
    world.place(misstate_refund=world.number(order), by="-3.00")
    world.sync()
    record = world.record()
    assert (record.state, record.reason) == ("held", "refund_withdrawn")
    assert (
        f"of which {total - 3:.2f} {record.currency} is left" in record.message and note.natural_key in record.message
    )
    _delete(world, note)
    retried = _retry(world)
    left = (retried.state, retried.reason, _sum(world.credit_notes))
    # what is left is credited, unless why it is less the refund does not say
    assert left in (("posted", "", total - 3), ("held", "does_not_add_up", 0))


def test_the_refund_that_takes_its_place_is_not_credited_on_top(world: World) -> None:
    order = _refunded(world)
    _cancel_refund(world, order)
    _refund_again(world, order)
    assert world.record().reason == "refund_withdrawn"
    assert _sum(world.credit_notes) == world.record().total


def test_what_is_deleted_in_the_books_makes_room_for_the_refund_that_takes_its_place(world: World) -> None:
    order = _refunded(world)
    note = _posting("credit_note")
    _cancel_refund(world, order)
    _refund_again(world, order)
    _delete(world, note)
    assert _retry(world).state == "posted"
    gone = Posting.objects.get(pk=note.pk)
    assert (gone.state, gone.total, gone.booked) == ("intended", None, None)
    [left] = world.credit_notes
    assert left["credit_number"] != note.natural_key and _sum([left]) == world.record().total
    assert _agree()


def test_a_refund_that_is_gone_on_both_sides_leaves_nothing_behind(world: World) -> None:
    order = _refunded(world)
    _cancel_refund(world, order)
    _delete(world, _posting("credit_note"))
    assert _retry(world).state == "posted"
    assert not world.credit_notes and _agree()
    assert _retry(world).state == "posted"


def test_trying_again_while_it_stands_in_the_books_changes_nothing(world: World) -> None:
    order = _refunded(world)
    _cancel_refund(world, order)
    assert (_retry(world).reason, len(world.credit_notes)) == ("refund_withdrawn", 1)


def test_what_is_kept_counts_against_what_is_left_of_the_invoice(world: World) -> None:
    order = _refunded(world)
    _cancel_refund(world, order)
    assert _keep(world).state == "posted"
    _refund_again(world, order)
    assert world.record().state == "posted"
    assert len(world.credit_notes) == 1 and _sum(world.credit_notes) == world.record().total


def test_only_what_was_taken_back_can_be_kept(world: World) -> None:
    _refunded(world)
    with pytest.raises(decisions.Undecidable):
        decisions.keep(world.record(), "why not", None)


def test_nothing_that_an_edit_credited_is_taken_for_a_refund(world: World) -> None:
    """The credit note of a cancellation is of no refund."""
    order = world.place(kind="shipped_unpaid", seed=3)
    world.sync()
    world.place(cancel=world.number(order))
    world.sync()
    assert (world.record().state, len(world.credit_notes)) == ("posted", 1)
    assert _retry(world).state == "posted"


def test_a_refund_that_does_not_add_up_is_held_and_the_rest_of_its_order_is_booked(world: World) -> None:
    order = world.place(kind="partial_refund", seed=3)
    refund = world.place(misstate_refund=world.number(order), by="3.00")
    world.sync()
    record = world.record()
    assert (record.state, record.reason) == ("held", "does_not_add_up") and world.number(refund) in record.message
    assert _sum(world.payments) == record.total and not world.credit_notes
    decisions.leave_out(record, "booked by hand", None)
    world.work()
    assert world.record().state == "posted" and not world.credit_notes and _agree()


def _tax_given_back(world: World) -> Decimal:
    """On the credit note's lines, and as lines of its own."""
    [note] = world.credit_notes
    on_lines = _sum([note]) - _sum(note["lines"])
    return sum(map(Decimal, _posting("credit_note").origin.get("taxes", {}).values()), on_lines)


def test_tax_that_no_line_of_a_refund_bears_goes_back_as_tax(world: World) -> None:
    order = world.place(kind="adjustment_refund", seed=3)
    before = world.read(order).refunds[0].total
    world.place(misstate_refund=world.number(order), by="2.00", tax="2.00")
    world.sync()
    assert world.record().state == "posted" and _sum(world.credit_notes) == before + 2
    assert _tax_given_back(world) == 2


# --- payments ---


def _paid_in_all(world: World, order: Any, amount: str) -> SyncRecord:
    world.place(paid=world.number(order), amount=amount)
    world.sync()
    return world.record()


def test_money_without_an_invoice_that_grows_is_booked_by_what_it_grew(world: World) -> None:
    order = world.place(kind="shipped_unpaid", seed=3)
    total = world.read(order).total
    for amount in ("20.00", "50.00", "50.00", str(total)):
        assert _paid_in_all(world, order, amount).state == "posted"
        assert _sum(world.payments) == Decimal(amount)
    assert list(_parts("payment").values()) == [20, 30, total - 50]
    assert world.invoices[0]["v3_status"] == "paid" and not world.record().findings and _agree()


def test_the_same_money_under_another_name_is_not_booked_again(world: World) -> None:
    order = world.place(kind="shipped_unpaid", seed=3)
    total = str(world.read(order).total)
    _paid_in_all(world, order, total)
    world.place(capture=world.number(order))
    assert _paid_in_all(world, order, total).state == "posted"
    assert (len(world.payments), _sum(world.payments)) == (1, Decimal(total))
    assert not world.record().findings


def test_of_a_deposit_that_an_invoice_takes_in_only_the_rest_is_booked_anew(world: World) -> None:
    order = world.place(kind="shipped_unpaid", seed=3)
    total = str(world.read(order).total)
    _paid_in_all(world, order, "20.00")
    world.place(capture=world.number(order))
    for _ in range(2):
        assert _paid_in_all(world, order, total).state == "posted"
        assert _sum(world.payments) == Decimal(total)
    assert not world.record().findings


def test_what_a_sum_grew_by_may_go_and_come_again(world: World) -> None:
    order = world.place(kind="shipped_unpaid", seed=3)
    for amount in ("20.00", "50.00", "20.00"):
        _paid_in_all(world, order, amount)
    _delete(world, Posting.objects.get(resource="payment", total=30))
    assert _retry(world).state == "posted"
    assert _paid_in_all(world, order, "65.00").state == "posted"
    assert sorted(_parts("payment").values()) == [20, 45] and _sum(world.payments) == 65


@pytest.mark.points
def test_a_sum_that_grows_survives_a_kill_at_any_point(world: World) -> None:
    world.books.switch["rate_window"] = 0
    point, killed = 1, True
    while killed:
        world.start_over()
        order = world.place(kind="shipped_unpaid", seed=3)
        _paid_in_all(world, order, "20.00")
        world.place(paid=world.number(order), amount="50.00")
        world.poll()
        killed = killed_at(point, world.work)
        world.place(paid=world.number(order), amount="65.00")
        world.poll()
        time_passes()
        in_a_child(lambda: world.work(patience=10))
        assert _sum(world.payments) == 65, f"killed at {point}"
        assert not Posting.objects.exclude(state="done").exists(), f"killed at {point}"
        point += max(2, EVERY)


def _captured(world: World) -> Any:
    order = world.place(kind="simple", seed=3)
    world.sync()
    assert world.record().state == "posted" and len(world.payments) == 1
    return order


def _void(world: World, order: Any) -> SyncRecord:
    world.place(void=world.number(order))
    world.sync()
    return world.record()


def test_a_payment_that_is_voided_after_it_was_recorded_holds_its_order(world: World) -> None:
    order = _captured(world)
    record = _void(world, order)
    assert (record.state, record.reason) == ("held", "payment_withdrawn")
    assert _posting("payment").natural_key in record.message
    _delete(world, _posting("payment"))
    assert _retry(world).state == "posted"
    assert not world.payments and _agree()


def test_a_voided_payment_may_be_kept(world: World) -> None:
    order = _captured(world)
    _void(world, order)
    assert _keep(world).state == "posted"
    assert len(world.payments) == 1 and _retry(world).state == "posted"


def test_a_sum_that_falls_takes_back_what_it_grew_by_last(world: World) -> None:
    order = world.place(kind="shipped_unpaid", seed=3)
    for amount in ("20.00", "50.00"):
        _paid_in_all(world, order, amount)
    record = _paid_in_all(world, order, "35.00")
    assert record.reason == "payment_withdrawn" and "30.00" in record.message
    _delete(world, Posting.objects.get(resource="payment", total=30))
    assert _retry(world).state == "posted"
    assert sorted(_parts("payment").values()) == [15, 20]


def test_money_that_the_store_claims_and_no_invoice_shows_is_a_finding_and_no_payment(world: World) -> None:
    order = _captured(world)
    paid = _sum(world.payments)
    _paid_in_all(world, order, str(paid + 5))
    assert _missing(world) == [("payment_missing", 5)]
    assert _sum(world.payments) == paid and _agree()
