"""The rounding line that makes the books' arithmetic good for the source's cents."""

from __future__ import annotations

from hub.books.agreement import agreement
from hub.models import Posting, SyncRecord
from tests.hub.world import World


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
