"""A month in a small town: two stores, the books, and records in every state, as the engine leaves them behind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from connectors import registry
from connectors.base import Connector
from connectors.models import Connection
from hub import flows, presets
from hub.engine.preview import preview
from hub.intake import silence
from hub.intake.completeness import left_out, rounds
from hub.models import Attempt, Event, Flow, Posting, StepResult, SyncRecord, WebhookRequest

DAY = dt.date(2026, 3, 14)
PEOPLE = (
    ("Ada", "Okafor", "ada.okafor@example.com"),
    ("Bruno", "Keller", "bruno.keller@example.org"),
    ("Chidi", "Marsh", "chidi@marsh.example"),
    ("Dana", "Lindqvist", ""),
    ("Emre", "Yildiz", "emre.yildiz@example.net"),
    ("Fay", "Nakamura", "fay@nakamura.example"),
)


KINDS = {"store": "magento", "books": "freshbooks"}
"""`raw_order` answers as this store does."""


def kind_of(role: str) -> str:
    return KINDS[role]


def connector_of(role: str) -> type[Connector]:
    return registry.connector(kind_of(role))


def store(name: str = "north-store", **settings: Any) -> Connection:
    return Connection.objects.create(
        name=name,
        kind=kind_of("store"),
        settings={"base_url": "http://127.0.0.1:9", **settings},
        secrets={"access_token": "very-secret-token", "webhook_secret": "hush-9041"},
        state=Connection.State.OK,
        last_ok_at=timezone.now() - dt.timedelta(minutes=3),
    )


def books(name: str = "books") -> Connection:
    return Connection.objects.create(
        name=name,
        kind=kind_of("books"),
        settings={"api_url": "http://127.0.0.1:9", "account_id": "AbC123", "client_id": "x"},
        secrets={"access_token": "live-token", "refresh_token": "r1", "client_secret": "cs"},
        state=Connection.State.OK,
        last_ok_at=timezone.now() - dt.timedelta(minutes=1),
    )


def flow(source: Connection, target: Connection, name: str = "north-orders", **policy: Any) -> Flow:
    preset = presets.resolve(f"{source.kind}-order-to-invoice")
    return flows.make_from_preset(preset, name=name, source=source, target=target, policy=policy, enabled=True)


def raw_order(id: int, number: str, person: tuple[str, str, str], quantity: int = 2) -> dict[str, Any]:
    """As a shop answers: one product, its tax, shipping, and a paid invoice."""
    first, last, email = person
    net, tax, shipping = Decimal("24.50") * quantity, Decimal("4.90") * quantity, Decimal("6.00")
    total = net + tax + shipping
    address = {
        "firstname": first,
        "lastname": last,
        "street": ["12 Mill Lane"],
        "city": "Leeds",
        "postcode": "LS1 4AB",
        "country_id": "GB",
        "telephone": "0113 496 0000",
    }
    item = {
        "item_id": id * 10,
        "sku": "TEA-500",
        "name": "Breakfast tea, 500 g",
        "product_type": "simple",
        "qty_ordered": quantity,
        "price": "24.50",
        "row_total": str(net),
        "tax_amount": str(tax),
        "tax_percent": 20,
        "discount_amount": 0,
    }
    order = {
        "entity_id": id,
        "increment_id": number,
        "store_id": 1,
        "state": "processing",
        "status": "processing",
        "created_at": f"{DAY} 10:15:00",
        "updated_at": f"{DAY} 11:00:00",
        "order_currency_code": "GBP",
        "base_currency_code": "GBP",
        "customer_email": email,
        "customer_firstname": first,
        "customer_lastname": last,
        "billing_address": address,
        "items": [item],
        "shipping_amount": str(shipping),
        "shipping_description": "Royal Mail, tracked",
        "tax_amount": str(tax),
        "subtotal": str(net),
        "grand_total": str(total),
        "total_paid": str(total),
        "payment": {"method": "checkmo", "additional_information": ["Check / money order"]},
    }
    invoice = {"entity_id": id, "order_id": id, "state": 2, "grand_total": str(total), "created_at": f"{DAY} 11:00:00"}
    return {"order": order, "invoices": [invoice], "creditmemos": [], "store": {"timezone": "Europe/London"}, "hub": {}}


def heard(flow: Flow, source_id: str) -> None:
    Event.objects.create(
        connection=flow.source,
        key=f"webhook:{flow.pk}-{source_id}",
        door="webhook",
        resource="order",
        source_id=source_id,
    )


def record(flow: Flow, id: int, state: str, *, quantity: int = 2, **more: Any) -> SyncRecord:
    """A record as an attempt leaves it: read, built by the real engine's preview, and settled."""
    person = PEOPLE[id % len(PEOPLE)]
    number = f"{100000000 + id}"
    raw = raw_order(id, number, person, quantity)
    made = preview(flow, raw)
    heard(flow, str(id))
    found = SyncRecord.objects.create(
        flow=flow,
        source_id=str(id),
        state=state,
        number=number,
        who=f"{person[0]} {person[1]} <{person[2]}>" if person[2] else f"{person[0]} {person[1]}",
        date=DAY + dt.timedelta(days=id % 5),
        currency="GBP",
        total=Decimal(raw["order"]["grand_total"]),
        settled_at=timezone.now(),
        **more,
    )
    Attempt.objects.create(
        record=found,
        version=flow.version,
        owner="w",
        ended_at=timezone.now(),
        outcome=state,
        reason=found.reason,
        message=found.message,
        raw=raw,
        built=[{"step": one.step, "resource": one.resource, "document": one.document} for one in made.built],
        effects=[{"step": "invoice", "sent": "invoice", "came": "created"}],
    )
    return found


def posted(flow: Flow, id: int, *, booked: Decimal | None = None, quantity: int = 2, **more: Any) -> SyncRecord:
    """Posted, with the journal's rows: client, invoice and payment."""
    found = record(flow, id, SyncRecord.State.POSTED, quantity=quantity, **more)
    answers = {"invoice": found.total if booked is None else booked, "payment": found.total}
    for resource, key in (("client", f"{id}@example.com"), ("invoice", found.number), ("payment", f"{found.number}/1")):
        amount = answers.get(resource)
        Posting.objects.create(
            target=flow.target,
            resource=resource,
            natural_key=key,
            record=found,
            step=resource,
            state=Posting.State.DONE,
            document={"currency": "GBP"},
            digest="d",
            date=found.date,
            currency="GBP" if amount is not None else "",
            total=found.total if amount is not None else None,
            booked=amount,
            remote_id=f"{id}{len(resource)}",
            remote_number=found.number if resource == "invoice" else "",
            url=f"https://books.example.com/invoice/{id}" if resource == "invoice" else "",
            note="0.01 GBP in one rounding line" if resource == "invoice" and id % 4 == 0 else "",
        )
    for step in ("client", "invoice", "payments"):
        StepResult.objects.create(record=found, step=step, state=StepResult.State.DONE)
    return found


NO_EMAIL = {
    "reason": "no_email",
    "message": "Order 100000003 has no e-mail address, so its client cannot be found",
    "cause": "decide:no_email",
    "problem": {
        "field": "email",
        "value": "",
        "remedy": "Type in the customer's e-mail address below, or let the flow use the client for guests.",
    },
}
BAD_COUNTRY = {
    "reason": "mapping",
    "message": "address.country: “Grate Britain” is no country.",
    "cause": "client:mapping:address.country",
    "problem": {
        "field": "address.country",
        "value": "Grate Britain",
        "remedy": "Write a two-letter code, such as GB.",
    },
}
TAKEN = {
    "reason": "number_taken",
    "message": "invoice 100000011 is in the books already, and differs from ours",
    "cause": "invoice:number_taken",
    "problem": {
        "field": "number",
        "value": "100000011",
        "remedy": "Link it if it is this order's invoice; else use another number.",
        "ours": {"total": "64.80 GBP", "date": "2026-03-15"},
        "theirs": {"id": "7781", "total": "12.00 GBP", "date": "2025-11-02"},
    },
}

SEVERAL_CLIENTS = {
    "reason": "several_clients",
    "message": "2 active clients in the books have the e-mail fay@nakamura.example",
    "cause": "client:several_clients",
    "problem": {
        "field": "email",
        "value": "fay@nakamura.example",
        "posting": "client/",
        "candidates": [
            {"id": "901", "email": "fay@nakamura.example", "organization": ""},
            {"id": "902", "email": "fay@nakamura.example", "organization": "Nakamura Ltd"},
        ],
        "remedy": "Merge them in the books, or link this customer to one of them; then retry.",
    },
}
MAYBE_RECORDED = {
    "reason": "maybe_recorded",
    "message": "The invoice has an unmarked payment of 64.80 GBP already",
    "cause": "payments:maybe_recorded",
    "problem": {
        "posting": "payment/11",
        "ours": {"amount": "64.80", "currency": "GBP", "date": "2026-03-15", "type": "Check", "note": "[11/1]"},
        "theirs": {"id": "55", "amount": "64.8", "currency": "GBP", "date": "2026-03-16", "type": "Check", "note": ""},
        "remedy": "If it is the same money, adopt it; else post it; or skip it.",
    },
}
REFUND_WITHDRAWN = {
    "reason": "refund_withdrawn",
    "message": "The store took back refund 100000091; in the books, credit note 100000091 over 64.80 GBP still stands",
    "cause": "refunds:refund_withdrawn",
    "problem": {
        "posting": "credit_note/91",
        "id": "77",
        "remedy": "If that is right, delete the credit note in the books, then try again here.",
    },
}
REFUND_DOES_NOT_ADD_UP = {
    "reason": "does_not_add_up",
    "message": "The lines of refund 100000091 add up to 60.00 GBP, but its total is 64.80",
    "cause": "refunds:does_not_add_up",
    "problem": {"posting": "credit_note/91", "total": "64.80", "remedy": "Look at the refund in the store."},
}
EDITED = {
    "reason": "edited_after_posting",
    "message": "Order 100000011 was edited in its store after it was posted",
    "cause": "invoice:edited_after_posting",
    "problem": {"posted": "64.80 GBP", "now": "59.00 GBP", "digest": "abc", "remedy": "Book the difference by hand."},
}
EDITED_BY_LINE = {
    **EDITED,
    "problem": {
        "posted": "64.80 GBP",
        "now": "59.00 GBP",
        "digest": "abc",
        "lines": ["Tee: 64.80 → 59.00"],
        "edit": {
            "after": 0,
            "digest": "abc",
            "date": "2026-03-16",
            "was": {"currency": "GBP", "total": "64.80", "lines": [{"name": "Tee", "unit_price": "64.80"}]},
            "now": {"currency": "GBP", "total": "59.00", "lines": [{"name": "Tee", "unit_price": "59.00"}]},
        },
    },
}

NO_TAX = {
    "reason": "unmapped_tax",
    "message": "The tax GB VAT is not in the tax table",
    "cause": "decide:unmapped_tax",
    "problem": {
        "field": "tax",
        "value": "GB VAT",
        "tax": {
            "missing": [
                {"name": "GB VAT", "rate": "20", "country": "GB", "tax": "9.80", "net": "49.00", "currency": "GBP"}
            ]
        },
        "remedy": "Say below what it is called in the books. Every order that is held for it is then posted.",
    },
}
NO_RATE = {
    "reason": "no_rate",
    "message": "There is no rate from GBP to USD of 2026-03-14 or the 7 days before",
    "cause": "decide:no_rate",
    "problem": {
        "field": "rates",
        "value": "GBP",
        "rate": {"from": "GBP", "to": "USD", "date": "2026-03-14", "days": 7},
        "remedy": "Add the rate below, or on the page “Exchange rates”.",
    },
}

ALERTS = {
    "restored": (
        "The database was restored from a backup: it ends on 14 Mar 2026, 02:00, and work went on after that.",
        "There is nothing to repair. If another Countinghouse is still running on a newer copy, switch it off.",
    ),
    "silence": (silence.SILENT[0].format(name="north-store", lasted="9 hours", usual="40 minutes"), silence.SILENT[1]),
    "gap": (
        "The orders of north-store leave out 2 numbers, which north-store does not know either: 100000023 and 100000027.",
        left_out.REMEDY,
    ),
    "missing": (
        "The count found 3 orders of north-store that neither webhook nor poll had told: 24, 25 and 26. "
        "They were taken in by themselves.",
        rounds.REMEDY,
    ),
}


def month_of_trade() -> Flow:
    """Everything at once, for the pages to show."""
    north = flow(store(), books())
    south = store("south-store")
    south.ask_for_login("The store no longer accepts our access token")
    flow(south, north.target, "south-orders", invoice_prefix="S-")
    for id in (20, 21, 22, 24, 25, 26, 28):
        posted(north, id, quantity=1 + id % 4)
    record(north, 3, SyncRecord.State.HELD, **NO_EMAIL)
    record(north, 11, SyncRecord.State.HELD, **TAKEN)
    for id in (30, 31):
        record(north, id, SyncRecord.State.FAILED, **BAD_COUNTRY)
    record(
        north, 40, SyncRecord.State.SKIPPED, reason="not_accepted", message="The store has not accepted this order yet"
    )
    record(
        north,
        50,
        SyncRecord.State.WAITING,
        reason="http_503",
        message="The books do not answer; it is tried again by itself",
    )
    WebhookRequest.objects.create(
        connection=north.source,
        headers={"content-type": "application/json", "x-webhook-secret": "hush-9041", "user-agent": "shop/2.4"},
        body=b'{"event": "order", "entity_id": 20, "token": "t0p-of-the-shop"}',
        state=WebhookRequest.State.ACCEPTED,
    )
    return north
