"""Texts as people and shops write them: none keeps a sale out of the books."""

from __future__ import annotations

import pytest

from tests.hub.world import World


@pytest.mark.parametrize("name", ["Gift 🎁 box", "Lamp" * 80, "Ring\x00twice", "Half \ud83c a party"])
def test_a_product_of_any_name_is_booked(world: World, name: str) -> None:
    world.place(kind="shipped_unpaid", lines={name: 40})
    world.sync()
    assert world.record().state == "posted", world.record().message
    assert len(world.invoices) == 1
