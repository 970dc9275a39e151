"""Books, with orders that the hub has posted: what gateways' files are compared with."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from connectors.models import Connection
from hub.models import Flow, Posting, SyncRecord
from tests.hub.world import kinds

Sell = Callable[..., SyncRecord]


@pytest.fixture
def books(db: None) -> Connection:
    settings = {"account_id": "A1"}
    return Connection.objects.create(name="books", kind=kinds("books")[0], settings=settings)


@pytest.fixture
def sell(books: Connection) -> Sell:
    """`sell("1001", "100.00", "ch_1", refunded="20.00")`: an order as the hub knows it once it is posted."""
    store = Connection.objects.create(name="store", kind=kinds("store")[0])
    ends = {"source": store, "source_resource": "order", "target": books, "target_resource": "invoice"}
    flow = Flow.objects.create(name="orders", enabled=True, **ends)
    ids = itertools.count(1)

    def sell(number: str, paid: str, transaction: str = "", **more: Any) -> SyncRecord:
        usual = {"who": "Ada Okafor <ada@example.org>", "currency": "USD", "date": dt.date(2026, 3, 3), "refunded": ""}
        said = {**usual, **more}
        named = {"number": number, "who": said["who"], "currency": said["currency"], "date": said["date"]}
        record = SyncRecord.objects.create(flow=flow, source_id=number, state="posted", total=Decimal(paid), **named)
        post(record, "payment", f"{number}/{transaction or 1}", paid, said, {"transaction": transaction})
        if said["refunded"]:
            post(record, "credit_note", f"CM-{number}", said["refunded"], said, {})
        return record

    def post(record: SyncRecord, resource: str, key: str, total: str, said: Any, origin: Any) -> None:
        amounts = {
            "total": Decimal(total),
            "booked": Decimal(total),
            "currency": said["currency"],
            "date": said["date"],
        }
        Posting.objects.create(
            target=books,
            resource=resource,
            natural_key=key,
            record=record,
            part=key,
            state=Posting.State.DONE,
            document={},
            remote_id=str(next(ids)),
            origin={name: value for name, value in origin.items() if value},
            **amounts,
        )

    return sell
