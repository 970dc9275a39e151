"""A store and the books with customers and clients kept alike, both ways, and hands that edit them on either side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.configuration import apply
from hub.intake.polling import poll
from hub.models import Conflict, Flow, Link
from tests.hub.world import World

THERE, BACK = "customers", "clients"


@dataclass
class TwoWays:
    world: World

    @property
    def there(self) -> Flow:
        return Flow.objects.select_related("version").get(name=THERE)

    @property
    def back(self) -> Flow:
        return Flow.objects.select_related("version").get(name=BACK)

    @property
    def customers(self) -> dict[str, dict[str, str]]:
        return {id: dict(one) for id, one in self.world.store.people().items()}

    @property
    def clients(self) -> dict[str, dict[str, str]]:
        return {id: dict(one) for id, one in self.world.books.people().items()}

    def client_of(self, customer: str) -> str:
        """The hub's own memory of who is whom."""
        return Link.objects.get(source_resource="customer", source_record=customer).target_record

    def conflicts(self) -> dict[str, tuple[Any, Any]]:
        open_ones = Conflict.objects.filter(closed_at=None)
        return {one.field: (one.source_value, one.target_value) for one in open_ones}

    def poll(self) -> None:
        for connection in (self.world.source, self.world.target):
            poll(connection)

    def sync(self) -> None:
        """Until nothing moves any more."""
        self.poll()
        self.world.work()

    def writes(self) -> int:
        """Changes of customers and clients that arrived, on either side."""
        return sum(
            method == "PUT" and status == 200 and "callbacks" not in path
            for side in (self.world.store, self.world.books)
            for method, path, status in side.log
        )


def keep_alike(world: World, *, back: bool = True, **policy: Any) -> TwoWays:
    ends = {"enabled": True}
    flows: list[Mapping[str, Any]] = [
        {
            "name": THERE,
            "preset": f"{world.source.kind}-customer-to-client",
            "source": "store",
            "target": "books",
            **ends,
            "policy": policy,
        }
    ]
    if back:
        flows.append(
            {
                "name": BACK,
                "preset": f"{world.target.kind}-client-to-customer",
                "source": "books",
                "target": "store",
                **ends,
            }
        )
    apply(json.dumps({"version": 1, "flows": flows}), environment={})
    return TwoWays(world)
