"""A shop that does as a test tells it: a connector like any other, entered in the registry for one test."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms

from connectors.base import Connector, Notice, Resource, Webhook
from connectors.documents import Order
from connectors.errors import BadSignature
from connectors.models import Connection
from hub.models import Flow
from tests.hub.world import kinds

SECRET = "open sesame, please"


@dataclass
class Script:
    """What one shop does. `asked` holds the lookups that it was asked for."""

    read: Callable[[Webhook], Iterable[Notice]] = lambda webhook: [Notice(**one) for one in json.loads(webhook.body)]
    resolve: Callable[[str], str] = lambda lookup: lookup.partition("=")[2]
    changed: Callable[[], Iterable[str]] = tuple
    asked: list[str] = field(default_factory=list)


SCRIPTS: dict[str, Script] = {}


class Orders(Resource[Order]):
    document = Order

    @property
    def script(self) -> Script:
        return SCRIPTS[self.connector.settings["script"]]

    def resolve(self, lookup: str) -> str:
        self.script.asked.append(lookup)
        return self.script.resolve(lookup)

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        for id in self.script.changed():
            yield Notice("order", id), {"since": id}


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
