"""A shop that does as a test tells it: a connector like any other, entered in the registry for one test."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms

from connectors.base import Connector, Notice, Resource, Webhook
from connectors.documents import Line, Order, Raw
from connectors.errors import BadSignature
from connectors.models import Connection
from hub.models import Flow
from tests.accounting.orders import order
from tests.hub.world import kinds

SECRET = "open sesame, please"


@dataclass
class Script:
    """What one shop does. `asked` holds the lookups that it was asked for, `days` those that it had to list."""

    verify: Callable[[Webhook], None] = lambda webhook: None
    """What comes before the password is looked at."""
    read: Callable[[Webhook], Iterable[Notice]] = lambda webhook: [Notice(**one) for one in json.loads(webhook.body)]
    resolve: Callable[[str], str] = lambda lookup: lookup.partition("=")[2]
    changed: Callable[[], Iterable[str]] = tuple
    changed_after: Callable[[Mapping[str, Any]], Iterable[str]] | None = None
    listed: Callable[[dt.date], Iterable[str]] = lambda day: ()
    parsed: Callable[[str], dt.datetime | None] = lambda id: None
    """When an order was placed; None: it cannot be read."""
    lines: Callable[[str], tuple[Line, ...]] = lambda id: ()
    """What was sold; nothing: a tee."""
    asked: list[str] = field(default_factory=list)
    days: list[dt.date] = field(default_factory=list)


SCRIPTS: dict[str, Script] = {}


class Orders(Resource[Order]):
    document = Order
    label = "Order"
    number_lookup = "number"

    @property
    def script(self) -> Script:
        return SCRIPTS[self.connector.settings["script"]]

    def fetch(self, id: str) -> Raw:
        return {"id": id}

    def parse(self, raw: Raw) -> Order:
        placed = self.script.parsed(raw["id"])
        if placed is None:
            raise ValueError("this order cannot be read")
        return order(*self.script.lines(raw["id"]), id=raw["id"], placed_at=placed, date=placed.date())

    def resolve(self, lookup: str) -> str:
        self.script.asked.append(lookup)
        return self.script.resolve(lookup)

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        after = self.script.changed_after
        for id in after(cursor) if after else self.script.changed():
            yield Notice("order", id), {"since": id}

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        assert start == end, "a sweep goes day by day"
        self.script.days.append(start)
        yield from self.script.listed(start)


class Broken(Orders):
    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        raise KeyError("id")
        yield


class CornerShop(Connector):
    label = "Corner shop"
    role = "store"
    settings_form = forms.Form
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {"order": Orders, "broken": Broken}

    def verify(self, webhook: Webhook) -> None:
        SCRIPTS[self.settings["script"]].verify(webhook)
        given = webhook.headers.get("x-shop-password", "")
        if not hmac.compare_digest(given.encode(), self.vault.get("webhook_secret").encode()):
            raise BadSignature("the password is wrong")

    def read_notices(self, webhook: Webhook) -> Iterable[Notice]:
        return SCRIPTS[self.settings["script"]].read(webhook)


class Doorless(Connector):
    """Sends no webhooks."""

    label = "Doorless"
    role = "store"
    settings_form = forms.Form
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {}


def open_shop(name: str = "shop", *, resource: str = "order", **more: Any) -> tuple[Connection, Script]:
    """A connected shop with one enabled flow."""
    script = SCRIPTS[name] = Script()
    shop, _ = Connection.objects.get_or_create(
        name=name,
        defaults={
            "kind": "corner_shop",
            "settings": {"script": name},
            "secrets": {"webhook_secret": SECRET},
            **more,
        },
    )
    books, _ = Connection.objects.get_or_create(name="books", defaults={"kind": kinds("books")[0]})
    Flow.objects.create(
        name=f"{name}-{resource}s",
        source=shop,
        target=books,
        source_resource=resource,
        target_resource="invoice",
        enabled=True,
    )
    return shop, script


def told(*notices: Mapping[str, Any]) -> bytes:
    return json.dumps(notices).encode()
