"""The rounding line that makes the books' arithmetic good for the source's cents."""

from __future__ import annotations

from decimal import Decimal

from hub.books.agreement import agreement
from hub.models import Posting, SyncRecord
from tests.hub import edited_orders
from tests.hub.world import World
from tests.oracle import violations


def test_a_correction_whose_answer_was_lost_is_read_and_remembered(world: World) -> None:
    world.books.switch.update(rounding_point="line", rounding_mode="down")
    for _ in range(12):
        world.place(kind="mixed_rates")
    world.fault(kind="lost", method="PUT", path="invoice", times=6)
    world.poll()
    world.work(patience=20)
    assert set(SyncRecord.objects.values_list("state", flat=True)) == {"posted"}
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    assert agreement(days[0], days[-1]).agree
    for posting in Posting.objects.filter(resource="invoice"):
        assert posting.booked == posting.total


def test_a_sum_between_two_cents_is_met_by_the_smallest_step_of_a_percent(world: World) -> None:
    """10.50 at 5 % is 11.025: half a cent to the even one is 11.02, and a cent more is 11.035, which is 11.04."""
    world.books.switch.update(rounding_point="total", rounding_mode="half_even")
    order = edited_orders.priced(world, "10.50", tax="0.53", rate="5")
    assert world.record().state == "posted", world.record().message
    assert [invoice["amount"]["amount"] for invoice in world.invoices] == ["11.03"]
    assert Posting.objects.get(resource="invoice").booked == Decimal("11.03")
    assert violations(world.store.expectations(), world.books.state(), edited=[world.number(order)]) == []
