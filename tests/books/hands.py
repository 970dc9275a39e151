"""What people do in the books by hand, and how a test finds its way to one document."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hub.models import Discrepancy, Posting, SyncRecord
from tests.books.days import DAY, booked
from tests.hub.world import World

TODAY = dt.date.today().isoformat()
YESTERDAY = (dt.date.today() - DAY).isoformat()
"""Where the store is, it may still be that day; or already tomorrow."""
LATER = (dt.date.today() + DAY).isoformat()


def invoice_of(world: World, order: dict[str, Any], part: str = "") -> Posting:
    record = SyncRecord.objects.get(number=world.number(order))
    return record.postings.get(resource="invoice", part=part)


def change(world: World, what: str, id: str, **values: Any) -> None:
    """Somebody does it in the books by hand."""
    world.books.place({what: {"id": int(id), **values}})


def line(amount: object, **more: Any) -> dict[str, Any]:
    return {"name": "By hand", "qty": "1", "unit_cost": {"amount": str(amount), "code": "USD"}, **more}


def only() -> Discrepancy:
    return Discrepancy.objects.exclude(state="closed").get()


def by_hand(world: World, invoice: Posting, amount: str, **more: Any) -> str:
    facts = {"amount": {"amount": amount, "code": "USD"}, "type": "Check", "date": str(invoice.date), **more}
    return str(world.books.place({"payment": {"invoiceid": int(invoice.remote_id), **facts}})["id"])


def duplicated(world: World, **more: Any) -> None:
    """An order over 100 that is booked, and a second invoice of the same number that somebody typed in."""
    world.books.switch["duplicate_numbers"] = "allow"
    document = invoice_of(world, booked(world, {"a": 100})).document
    taxed = line("100.00", taxName1="State Tax", taxAmount1="8.375")
    same = {"customerid": int(document["client_id"]), "create_date": document["date"], "currency_code": "USD"}
    world.books.place(
        {
            "invoice": {
                **same,
                "invoice_number": document["number"],
                "po_number": document["po_number"],
                "lines": [taxed],
                **more,
            }
        }
    )


def invoiced(world: World) -> Posting:
    """Of an order over 100."""
    return invoice_of(world, booked(world, {"a": 100}))


def out_of_step(world: World, posting: Posting, row: dict[str, Any] | None = None, **values: Any) -> None:
    """The journal and the books are at one, and not with the source."""
    Posting.objects.filter(pk=posting.pk).update(**values)
    world.books.account.tables["invoices"].get(int(posting.remote_id)).update(row or {})


def dated_otherwise(world: World, posting: Posting) -> None:
    day = dt.date.fromisoformat(LATER)
    document = {**posting.document, "date": LATER}
    out_of_step(world, posting, {"create_date": LATER}, date=day, business_date=day, document=document)


def plain(order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(order, default=float))
    return found
