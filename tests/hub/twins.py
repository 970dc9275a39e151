"""A store and books in memory, for trade with people only: quick enough to be edited thousands of times, and broken in
any call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms

from connectors.base import Capabilities, Connector, Notice, Remote, Resource, Webhook
from connectors.documents import Address, Client, Customer, CustomerUpdate, Document, Raw
from connectors.errors import Gone
from connectors.models import Connection
from hub import flows
from hub.models import Flow
from hub.presets import loader

Fields = dict[str, Any]
BEGIN: Fields = {"email": "ada@example.org", "first_name": "Ada", "last_name": "Byte", "phone": "1", "vat_number": "A"}


@dataclass
class Side:
    """`writes` counts the changes that came from the hub, by record; `trouble` is called around each of them, and
    `meanwhile` between reading a record and answering with it."""

    document: type[Document]
    place: str
    rows: dict[str, Fields] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    writes: dict[str, int] = field(default_factory=dict)
    trouble: Callable[[str], None] = lambda moment: None
    meanwhile: Callable[[str], None] = lambda id: None

    def edit(self, id: str, **values: Any) -> None:
        self.rows[id] = {**self.rows.get(id, {}), **values}
        self.versions.append(id)


SIDES: dict[str, Side] = {}


class People(Resource[Any]):
    label = "Person"

    @property
    def side(self) -> Side:
        return SIDES[self.connector.kind]

    def fetch(self, id: str) -> Raw:
        if id not in self.side.rows:
            raise Gone(f"there is no {id} here")
        found = {**{name: _plain(value) for name, value in self.side.rows[id].items()}, "id": id}
        self.side.meanwhile(id)
        return found

    def parse(self, raw: Raw) -> Any:
        kept = (
            raw if "id" in self.document.model_fields else {name: value for name, value in raw.items() if name != "id"}
        )
        return self.document.model_validate(kept)

    def read(self, id: str) -> Remote:
        return self.remote(self.fetch(id))

    def remote(self, raw: Raw) -> Remote:
        return Remote(str(raw["id"]), document=self.parse(raw))

    def find(self, document: Any, *, deleted: bool = True) -> list[Remote]:
        return [self.read(id) for id, row in [*self.side.rows.items()] if row.get("email") == document.email]

    def similar(self, document: Any) -> list[Remote]:
        return []

    def create(self, document: Any) -> Remote:
        id = f"{self.connector.kind}-{len(self.side.rows)}"
        self.side.edit(id, **{name: getattr(document, name) for name in document.model_fields_set})
        return self.read(id)

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        self.side.trouble("before")
        self.side.writes[id] = self.side.writes.get(id, 0) + 1
        self.side.edit(id, **fields)
        self.side.trouble("after")
        return self.read(id)

    def changed_since(self, cursor: Mapping[str, Any]) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
        for number, id in enumerate(
            itertools.islice(self.side.versions, cursor.get("at", 0), None), cursor.get("at", 0)
        ):
            yield Notice(self.name, id, delivery_id=f"{id}/{number}"), {"at": number + 1}


class Customers(People):
    name = "customer"
    document = Customer
    change = CustomerUpdate


STAR = "★"
"""These books have no room for it."""


class Clients(People):
    name = "client"
    document = Client

    def as_kept(self, document: Client) -> Client:
        return document.model_copy(update={"organization": document.organization.replace(STAR, "")})

    def amend(self, id: str, fields: Mapping[str, Any]) -> Remote:
        kept = {name: value.replace(STAR, "") if isinstance(value, str) else value for name, value in fields.items()}
        return super().amend(id, kept)


class Kiosk(Connector):
    label, role, settings_form = "Kiosk", "store", forms.Form
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {"customer": Customers}

    def verify(self, webhook: Webhook) -> None:
        return

    def read_notices(self, webhook: Webhook) -> Iterable[Notice]:
        return ()


class Ledger(Kiosk):
    label, role = "Ledger", "books"
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {"client": Clients}

    def capabilities(self) -> Capabilities:
        return Capabilities()


def open_sides(register: Callable[[str, type[Connector]], None]) -> tuple[Flow, Flow]:
    """Both connected, and both flows running."""
    for kind, connector in (("kiosk", Kiosk), ("ledger", Ledger)):
        connector.kind = kind
        register(kind, connector)
    SIDES.update(kiosk=Side(Customer, "billing"), ledger=Side(Client, "address"))
    store, books = (Connection.objects.create(name=kind, kind=kind) for kind in ("kiosk", "ledger"))
    there = _flow("customer-to-client", "customers", store, books)
    return there, _flow("client-to-customer", "clients", books, store)


def _flow(preset: str, name: str, source: Connection, target: Connection) -> Flow:
    ready = loader.read(loader.HERE / f"{preset}.yaml")
    return flows.make_from_preset(ready, name=name, source=source, target=target, enabled=True)


def town(name: str) -> Address:
    return Address(street="1 Road", city=name, country="GB", postcode="BA1 1AA")


def _plain(value: Any) -> Any:
    return value.model_dump() if isinstance(value, Document) else value
