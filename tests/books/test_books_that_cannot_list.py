"""Books without lists by date say so; source and hub are compared all the same."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import registry
from connectors.base import Resource
from hub.books.reconciliation.report import summary
from tests.books.days import booked, reconciled, unsettled
from tests.books.hands import change, invoice_of
from tests.hub.edited_orders import edit
from tests.hub.world import World


@pytest.fixture
def world_without_lists(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    for resource in registry.connector(world.target.kind).resources.values():
        kind: Any = resource
        monkeypatch.setattr(kind, "list_dated", Resource.list_dated)
    return world


def test_what_the_source_says_is_compared_with_the_hub(world_without_lists: World) -> None:
    world = world_without_lists
    gone, edited = invoice_of(world, booked(world, {"a": 100})), booked(world, {"a": 40})
    change(world, "invoice", gone.remote_id, vis_state=1)
    edit(world, edited, {"a": 65})
    run = reconciled(world)
    assert unsettled() == [("amount", world.number(edited))]
    assert "cannot list its invoices, payments, credit notes by date" in run.remark
    assert run.remark in summary(run)
