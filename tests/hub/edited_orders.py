"""Orders of a few plain lines, and their edits in the store: the same order, with other lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.hub.world import World


def place(world: World, lines: Mapping[str, int], kind: str = "shipped_unpaid") -> dict[str, Any]:
    """Placed and booked."""
    order: dict[str, Any] = world.place(kind=kind, lines=dict(lines))
    world.sync()
    assert world.record().state == "posted", world.record().message
    return order


def edit(world: World, order: Mapping[str, Any], lines: Mapping[str, int], **more: Any) -> None:
    world.place(amend=world.number(order), lines=dict(lines), **more)


def priced(world: World, net: str, *, tax: str, rate: str) -> dict[str, Any]:
    """One line with one tax, in every amount as the store says; placed and worked on."""
    line = {"net": net, "tax": tax, "rate": rate}
    order: dict[str, Any] = world.place(kind="shipped_unpaid", lines={"a": line})
    world.sync()
    return order
