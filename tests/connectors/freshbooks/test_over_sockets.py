"""Every call over a real socket, with answers lost and logins ended on the way."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from connectors.base import Notice, SecretField, Webhook
from connectors.documents import Address, BooksLine, BooksPayment, Client, CreditNote, Invoice, Item, LineTax
from connectors.errors import Gone, OutcomeUnknown, RateLimited, Rejected, RetryLater
from connectors.freshbooks import callbacks
from connectors.freshbooks.client import Api
from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.sandbox import sandbox as FreshBooksSandbox
from connectors.freshbooks.settings_form import SettingsForm
from connectors.freshbooks.taxes import StoredTax
from connectors.sandbox import Fault, Sandbox
from tests.connectors.freshbooks.conftest import Meter
from tests.connectors.vaults import MemoryVault

DAY = dt.date(2026, 3, 1)
ADA = Client(
    email="Ada.Marsh@example.org", first_name="Ada", currency="USD", address=Address(city="Boston", country="US")
)
TAX = LineTax(name="State Tax", percent=Decimal("8.25"), amount=Decimal("6.06"))
LAMPS = BooksLine(name="Desk lamp", quantity=Decimal(3), unit_price=Decimal("24.50"), taxes=(TAX,))


@pytest.fixture
def vendor() -> Iterator[Sandbox]:
    simulator = FreshBooksSandbox()
    simulator.serve()
    yield simulator
    simulator.close()


def connect(vendor: Sandbox, vault: MemoryVault | None = None) -> FreshBooks:
    form = SettingsForm(vendor.connection_settings())
    assert form.is_valid(), form.errors
    secrets = {name for name, field in form.fields.items() if isinstance(field, SecretField)}
    settings = {name: value for name, value in form.cleaned_data.items() if name not in secrets}
    seeds = {name: form.cleaned_data[name] for name in secrets}
    return FreshBooks(settings, MemoryVault(**seeds) if vault is None else vault, Meter())


@pytest.fixture
def live(vendor: Sandbox) -> FreshBooks:
    return connect(vendor)


@pytest.fixture
def invoice(live: FreshBooks) -> Invoice:
    client = live.resource("client").create(ADA)
    return Invoice(
        number="N-42",
        po_number="42",
        client_id=client.id,
        date=DAY,
        due_days=14,
        currency="USD",
        lines=(LAMPS, BooksLine(name="Shipping", unit_price=Decimal(5))),
        total=Decimal("84.56"),
        language="en",
    )


def test_the_check_names_the_account(live: FreshBooks) -> None:
    assert live.settings["account_id"] in live.check()


def test_a_client_is_found_again_in_any_spelling(live: FreshBooks) -> None:
    clients = live.resource("client")
    made = clients.create(ADA)
    assert clients.parse(clients.fetch(made.id)).address == ADA.address
    assert [one.id for one in clients.find(ADA.model_copy(update={"email": "ada.marsh@EXAMPLE.org"}))] == [made.id]
    assert clients.find(ADA.model_copy(update={"email": "a@example.org"})) == []
    assert clients.update(made.id, ADA.model_copy(update={"organization": "Marsh"})).facts["organization"] == "Marsh"


def test_an_order_becomes_a_paid_invoice_and_a_credit_note(live: FreshBooks, invoice: Invoice) -> None:
    invoices, payments, notes = (live.resource(name) for name in ("invoice", "payment", "credit_note"))
    made = invoices.create(invoice)
    assert (made.status, made.total, made.number) == ("draft", invoice.total, "N-42")
    shorter = invoice.model_copy(update={"lines": invoice.lines[1:], "total": Decimal(5)})
    assert invoices.update(made.id, shorter).total == Decimal(5)
    assert invoices.update(made.id, invoice).total == invoice.total
    assert invoices.finish(made.id).status == "sent"
    assert invoices.finish(made.id).status == "sent"

    part = BooksPayment(
        invoice_id=made.id, amount=Decimal(50), currency="USD", date=DAY, type="Credit Card", note="[N-42/1]"
    )
    payments.create(part)
    assert (invoices.read(made.id).status, invoices.read(made.id).outstanding) == ("partial", Decimal("34.56"))
    payments.create(part.model_copy(update={"amount": Decimal("34.56"), "note": "[N-42/2]"}))
    assert invoices.read(made.id).status == "paid"
    assert sorted(one.facts["note"] for one in payments.find(part)) == ["[N-42/1]", "[N-42/2]"]

    credit = CreditNote(
        number="N-CM1",
        client_id=invoice.client_id,
        date=DAY,
        currency="USD",
        lines=(invoice.lines[1],),
        total=Decimal(5),
    )
    assert notes.create(credit).total == Decimal(5)
    assert len(notes.find(credit)) == 1


def test_an_invoice_reads_back_as_it_was_written(live: FreshBooks, invoice: Invoice) -> None:
    invoices = live.resource("invoice")
    parsed = invoices.parse(invoices.fetch(invoices.create(invoice).id))
    assert (parsed.number, parsed.po_number, parsed.date, parsed.due_days) == ("N-42", "42", DAY, 14)
    assert [(line.name, line.amount) for line in parsed.lines] == [
        ("Desk lamp", Decimal("73.50")),
        ("Shipping", Decimal(5)),
    ]
    assert parsed.lines[0].taxes[0].percent == Decimal("8.25")


def test_items_and_taxes_are_found_again(live: FreshBooks) -> None:
    item = Item(sku="LAMP-1", name="Desk lamp", unit_price=Decimal("24.50"), currency="USD")
    tax = StoredTax(name="HST", percent=Decimal(13))
    assert live.resource("item").create(item).id == live.resource("item").find(item)[0].id
    assert live.resource("tax").create(tax).id in {one.id for one in live.resource("tax").find(tax)}


def test_an_unknown_record_is_gone(live: FreshBooks) -> None:
    with pytest.raises(Gone):
        live.resource("invoice").read("99999999")


def test_a_lost_answer_leaves_the_invoice_in_doubt_and_findable(
    vendor: Sandbox, live: FreshBooks, invoice: Invoice
) -> None:
    vendor.faults = [Fault("lost", path="/invoices/invoices", method="POST")]
    with pytest.raises(OutcomeUnknown):
        live.resource("invoice").create(invoice)
    assert [one.total for one in live.resource("invoice").find(invoice)] == [invoice.total]


def test_a_lost_answer_to_a_repeatable_change_is_tried_again(
    vendor: Sandbox, live: FreshBooks, invoice: Invoice
) -> None:
    made = live.resource("invoice").create(invoice)
    vendor.faults = [Fault("lost", path="/invoices/invoices", method="PUT")]
    with pytest.raises(RetryLater):
        live.resource("invoice").finish(made.id)
    assert live.resource("invoice").finish(made.id).status == "sent"


def test_a_limit_tells_how_long_to_wait(vendor: Sandbox, live: FreshBooks) -> None:
    vendor.faults = [
        Fault("status", path="/users/clients", status=429, headers={"Retry-After": "7"}, body={"message": "x"})
    ]
    with pytest.raises(RateLimited) as limited:
        live.resource("client").find(ADA)
    assert limited.value.wait == 7


def test_one_webhook_that_is_refused_keeps_no_other_from_being_registered(vendor: Sandbox, live: FreshBooks) -> None:
    refused = {"message": "client is not a valid event"}
    vendor.faults = [Fault("status", path=".*/callbacks", method="POST", status=422, body=refused)]
    with pytest.raises(Rejected, match="not a valid event"):
        live.subscriptions({"client", "invoice", "payment"}, "https://hub.example.org/webhooks/books/")
    assert {one["event"] for one in callbacks.listed(Api(live))} == {"invoice", "payment"}


def test_an_ended_token_is_renewed_by_one_of_many_threads(vendor: Sandbox) -> None:
    live = connect(vendor)
    live.vault.put(access_token="ended")
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(live.check())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 6
    assert sum(1 for method, path, _ in vendor.log if (method, path) == ("POST", "/auth/oauth/token")) == 1


def test_a_lost_refresh_costs_a_login_and_nothing_else(vendor: Sandbox, live: FreshBooks) -> None:
    live.vault.put(access_token="ended")
    vendor.faults = [Fault("lost", path="/auth/oauth/token", method="POST")]
    with pytest.raises(RetryLater):
        live.resource("client").create(ADA)
    with pytest.raises(Exception, match="log in again"):
        live.resource("client").create(ADA)


@pytest.mark.parametrize(
    "switches",
    [
        {"error_envelope": "classic"},
        {"error_envelope": "classic", "errors_as_object": True},
        {"error_envelope": "new", "duplicate_errno": 1004},
        {"ignored_filters": ["email_like", "invoice_number", "invoiceid", "sku", "clientid", "date_min", "date_max"]},
        {"ignored_filters": ["vis_state"]},
        {"email_case_sensitive": True, "paid_status": 2},
        {"created_at_lag": 40000, "refresh_kills_access": True},
    ],
    ids=str,
)
def test_what_nobody_knows_of_the_vendor_changes_nothing(
    vendor: Sandbox, live: FreshBooks, invoice: Invoice, switches: dict
) -> None:
    vendor.switch.update(switches)
    live.vault.put(access_token="ended")
    invoices, payments = live.resource("invoice"), live.resource("payment")
    made = invoices.create(invoice)
    with pytest.raises(Rejected) as refused:
        invoices.create(invoice)
    assert refused.value.code == "number_taken"
    with pytest.raises(Gone):
        invoices.read("99999999")
    invoices.finish(made.id)
    paid = BooksPayment(invoice_id=made.id, amount=invoice.total, currency="USD", date=DAY, note="[N-42/1]")
    payments.create(paid)
    assert invoices.read(made.id).status == "paid"
    assert len(payments.find(paid)) == len(invoices.find(invoice)) == len(live.resource("client").find(ADA)) == 1


def test_what_these_books_lack_is_learned_from_their_refusals(
    vendor: Sandbox, live: FreshBooks, invoice: Invoice
) -> None:
    vendor.switch.update(negative_lines="refuse", items="off")
    discount = BooksLine(name="Discount", unit_price=Decimal(-5))
    with pytest.raises(Rejected) as negative:
        live.resource("invoice").create(invoice.model_copy(update={"lines": (*invoice.lines, discount)}))
    with pytest.raises(Rejected) as items:
        live.resource("item").find(Item(sku="LAMP-1", name="Desk lamp", currency="USD"))
    assert (negative.value.teaches, items.value.teaches) == ("negative_lines", "items")


def test_an_account_that_the_membership_does_not_name_is_found(vendor: Sandbox) -> None:
    vendor.switch["null_account_id"] = True
    live = connect(vendor)
    live.settings = {**live.settings, "account_id": ""}
    assert live.resource("client").create(ADA).id
    assert live.vault.get("account_id") in live.check()


def test_a_callback_is_registered_confirmed_and_then_believed(
    vendor: Sandbox, live: FreshBooks, invoice: Invoice
) -> None:
    vendor.hook = {"hold": True, "url": "http://127.0.0.1:1/"}
    id = callbacks.register(Api(live), live.vault, "invoice", "http://127.0.0.1:1/webhooks/books/")
    handshake = _arrived(vendor)
    live.verify(handshake)
    assert list(live.read_notices(handshake)) == [Notice("callback", id)]
    callbacks.confirm(Api(live), live.vault, id, dict(parse_qsl(handshake.body.decode()))["verifier"])

    made = live.resource("invoice").create(invoice)
    delivery = _arrived(vendor)
    live.verify(delivery)
    assert list(live.read_notices(delivery)) == [Notice("invoice", made.id)]


def _arrived(vendor: Sandbox) -> Webhook:
    _, body, headers = vendor.outbox.pop()
    return Webhook(body, {name.lower(): value for name, value in headers.items()})
