"""A month of ten thousand orders without a network: a store and books that answer from memory, through the very contract
that real ones keep, and the rows that the hub would have left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from connectors.base import Capabilities, Connector, Remote, Resource
from connectors.documents import BooksPayment, Client, CreditNote, Document, Invoice, Item, Order, OrderUpdate, Raw
from connectors.errors import Gone
from connectors.models import Connection
from hub import flows, presets
from hub.books.reconciliation.desk import Desk, opened
from hub.books.reconciliation.facts import Expected
from hub.books.reconciliation.saying import said
from hub.engine.keys import money_digest
from hub.models import Flow, Posting, SyncRecord
from tests.accounting.orders import line, order, payment, refund
from tests.hub.world import kinds

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 31)
DONE = Posting.State.DONE


@dataclass
class Month:
    """What the two outer sides hold. Tests plant in it."""

    orders: dict[str, Order] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    books: dict[str, dict[str, Remote]] = field(
        default_factory=lambda: {"invoice": {}, "payment": {}, "credit_note": {}}
    )

    def clear(self) -> None:
        for side in (self.orders, self.unreadable, *self.books.values()):
            side.clear()


MONTH = Month()


class Orders(Resource[Order]):
    label = "Order"
    document = Order
    change = OrderUpdate

    def list_ids(self, start: dt.date, end: dt.date) -> Iterator[str]:
        return (one.id for one in MONTH.orders.values() if start <= one.date <= end)

    def fetch(self, id: str) -> Raw:
        if id not in MONTH.orders:
            raise Gone(f"There is no order {id}")
        return {"id": id}

    def parse(self, raw: Raw) -> Order:
        if raw["id"] in MONTH.unreadable:
            raise ValueError("currency: it has none")
        return MONTH.orders[raw["id"]]


class Depot(Connector):
    label, role, settings_form = "Depot", "store", forms.Form
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {"order": Orders}


class Filed(Resource[Any]):
    """Documents of one kind, as the books hold them."""

    def list_dated(self, start: dt.date, end: dt.date) -> Iterator[Remote]:
        return (one for one in MONTH.books[self.name].values() if start <= one.facts["date"] <= end)

    def find(self, document: Any, *, deleted: bool = True) -> list[Remote]:
        """Payments by the invoice that they are on."""
        rows = MONTH.books[self.name].values()
        return [one for one in rows if one.facts.get("invoice_id") == document.invoice_id]

    def read(self, id: str) -> Remote:
        if id not in MONTH.books[self.name]:
            raise Gone(f"There is no {self.name} {id}")
        return MONTH.books[self.name][id]


def filed(name: str, document: type[Document]) -> type[Resource[Any]]:
    return type(name, (Filed,), {"name": name, "label": name, "document": document})


class Shelf(Connector):
    label, role, settings_form = "Shelf", "books", forms.Form
    resources: ClassVar[Mapping[str, type[Resource[Any]]]] = {
        name: filed(name, document)
        for name, document in {
            "client": Client,
            "item": Item,
            "invoice": Invoice,
            "payment": BooksPayment,
            "credit_note": CreditNote,
        }.items()
    }

    def capabilities(self) -> Capabilities:
        return Capabilities(payment_types=("Other", "Check"))


def opened_month(count: int, began: dt.date = FIRST) -> Flow:
    """So many orders, posted and true on all sides: every one is paid, every tenth refunded."""
    since = dt.datetime.combine(began, dt.time(), dt.UTC)
    store = Connection.objects.create(name="depot", kind="depot", state=Connection.State.OK, poll_from=since)
    books = Connection.objects.create(name="shelf", kind="shelf", state=Connection.State.OK)
    preset = presets.resolve(f"{kinds('store')[0]}-order-to-invoice")
    flow = flows.make_from_preset(preset, name="orders", source=store, target=books, policy={}, enabled=True)
    MONTH.orders = {str(id): _order(id) for id in range(1, count + 1)}
    _file(opened(flow))
    return flow


def _order(id: int) -> Order:
    date = FIRST + dt.timedelta(days=id % 31)
    placed = dt.datetime.combine(date, dt.time(12), dt.UTC)
    net = Decimal(1000 + id * 7 % 90000) / 100
    made = line(net=str(net), tax=str(round(net / 5, 2)), sku=f"SKU-{id % 50}")
    about = {"order_id": str(id), "date": date}
    return order(
        made,
        id=str(id),
        number=f"{id:09}",
        placed_at=placed,
        date=date,
        email=f"customer{id}@example.com",
        first_name="Ada",
        last_name=f"Okafor {id}",
        payments=(payment(str(made.gross), id=f"p{id}", paid_at=placed, **about),),
        refunds=() if id % 10 else (refund(made, id=f"r{id}", refunded_at=placed, **about),),
    )


def _file(desk: Desk) -> None:
    """The hub's rows and the books' documents, from what accounting wants of each order."""
    flow = desk.flow
    SyncRecord.objects.bulk_create([_record(flow, one) for one in MONTH.orders.values()], batch_size=500)
    records = {record.source_id: record for record in SyncRecord.objects.filter(flow=flow)}
    Posting.objects.bulk_create(
        [posting for id, one in MONTH.orders.items() for posting in _postings(desk, records[id], one)],
        batch_size=500,
    )


def _record(flow: Flow, one: Order) -> SyncRecord:
    return SyncRecord(
        flow=flow,
        source_id=one.id,
        state=SyncRecord.State.POSTED,
        number=one.number,
        who=f"{one.first_name} {one.last_name} <{one.email}>",
        date=one.date,
        currency=one.currency,
        total=one.total,
        settled_at=one.placed_at,
    )


def _postings(desk: Desk, record: SyncRecord, one: Order) -> Iterator[Posting]:
    client = f"c{one.id}"
    email = one.email.strip().lower()
    yield Posting(
        target=desk.flow.target, resource="client", natural_key=email, remote_id=client, state=DONE, document={}
    )
    for number, wanted in enumerate(said(desk, one.id, one, record, []).documents):
        id = f"{one.id}-{number}"
        MONTH.books[wanted.resource][id] = _remote(wanted, id, client, one)
        yield _posting(desk, record, one, wanted, id, client)


def _posting(desk: Desk, record: SyncRecord, one: Order, wanted: Expected, id: str, client: str) -> Posting:
    taxes = [{"name": "VAT", "percent": "20", "amount": str(wanted.tax)}]
    taxed = {"name": "Goods", "unit_price": str(wanted.total - wanted.tax), "taxes": taxes}
    paid = wanted.resource == "payment"
    owner = {"invoice_id": f"{one.id}-0"} if paid else {"number": wanted.key, "client_id": client}
    document = {**owner, "lines": [] if paid else [taxed]}
    basis = {"currency": wanted.currency, "total": str(wanted.total), "lines": []}
    return Posting(
        target=desk.flow.target,
        resource=wanted.resource,
        natural_key=wanted.key,
        record=record,
        part=wanted.part,
        state=DONE,
        document=document,
        digest="",
        worth=money_digest(one) if wanted.resource == "invoice" else "",
        basis=basis if wanted.resource == "invoice" else {},
        date=wanted.date,
        currency=wanted.currency,
        total=wanted.total,
        booked=wanted.total,
        remote_id=id,
    )


def _remote(wanted: Expected, id: str, client: str, one: Order) -> Remote:
    facts: dict[str, Any] = {"date": wanted.date, "currency": wanted.currency, "client_id": client}
    if wanted.resource == "payment":
        facts |= {"invoice_id": f"{one.id}-0", "note": f"Check {wanted.marker}"}
    else:
        facts |= {"number": wanted.key, "po_number": one.number, "tax": wanted.tax, "client": one.last_name}
    number = "" if wanted.resource == "payment" else wanted.key
    return Remote(id=id, number=number, total=wanted.total, currency=wanted.currency, facts=facts)


# --- what is planted: one order each ---


def unknown(id: int) -> None:
    """Neither webhook nor poll has told of it."""
    Posting.objects.filter(record__source_id=str(id)).delete()
    SyncRecord.objects.filter(source_id=str(id)).delete()
    for documents in MONTH.books.values():
        for key in [key for key in documents if key.partition("-")[0] == str(id)]:
            del documents[key]


def sold_otherwise(id: int, **more: Any) -> None:
    """The store says something else of the order than it did when it was posted."""
    MONTH.orders[str(id)] = MONTH.orders[str(id)].model_copy(update=more)


def with_line(id: int, net: str, tax: str) -> None:
    made = line(net=net, tax=tax)
    sold_otherwise(id, lines=(made,), total=made.gross)


def filed_otherwise(resource: str, id: str, **more: Any) -> None:
    MONTH.books[resource][id] = replace(MONTH.books[resource][id], **more)


def copied(id: int, new: str, **facts: Any) -> None:
    one = MONTH.books["invoice"][f"{id}-0"]
    number = str(facts.get("number", one.number))
    MONTH.books["invoice"][new] = replace(one, id=new, number=number, facts={**one.facts, **facts})
