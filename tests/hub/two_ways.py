"""A store and the books with customers and clients kept alike, both ways, and hands that edit them on either side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.base import Remote
from connectors.documents import Client, Customer
from connectors.vault import connect
from hub.configuration import apply
from hub.intake.polling import poll
from hub.models import Flow
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

    def customer(self, id: str) -> Customer:
        return read(self.world.source, "customer", id, Customer)

    def client(self, id: str) -> Client:
        return read(self.world.target, "client", id, Client)

    def edit_customer(self, id: str, **fields: Any) -> None:
        """As somebody in the store."""
        self.world.store.place({"edit": {"customer": id, **fields}})

    def edit_client(self, id: str, **fields: Any) -> None:
        """As somebody in the books."""
        self.world.books.place({"edit": {"client": id, **fields}})

    def poll(self) -> None:
        for connection in (self.world.source, self.world.target):
            poll(connection)

    def sync(self) -> None:
        """Until nothing moves any more."""
        self.poll()
        self.world.work()

    def writes(self) -> int:
        """Changes that arrived, on either side."""
        return sum(
            method == "PUT" and status == 200
            for side in (self.world.store, self.world.books)
            for method, _, status in side.log
        )


def read(connection: Any, resource: str, id: str, kind: type[Any]) -> Any:
    remote: Remote = connect(connection).resource(resource).read(id)
    assert isinstance(remote.document, kind)
    return remote.document


def keep_alike(world: World, *, back: bool = True, **policy: Any) -> TwoWays:
    """Instead of the world's own flow."""
    Flow.objects.all().delete()
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
