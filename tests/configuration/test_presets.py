"""The ready flows: every rule can work, and what they build says what the business asks for."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors import registry
from connectors.documents import (
    Address,
    BooksPayment,
    Client,
    CreditNote,
    Document,
    Invoice,
    Item,
    OrderUpdate,
    Product,
)
from hub import presets
from hub.accounting.policy import policy_from
from hub.accounting.wanted import WantedClient, WantedCredit, WantedInvoice, WantedItem, WantedLine, WantedPayment
from hub.engine.steps import Step
from hub.presets import Preset, PresetError
from mappings.checking import checked
from mappings.engine import schema
from mappings.engine.build import build, holds
from mappings.engine.validate import validate

DAY = dt.date(2026, 11, 1)
LINE = WantedLine(name="Mug", description="red", quantity=Decimal(2), unit_price=Decimal("5.00"), sku="MUG")
ORDER = {
    "number": "000000007",
    "email": "Ada@Example.com",
    "first_name": "",
    "last_name": "Lovelace",
    "company": "",
    "vat_number": "",
    "payment_terms": "",
    "billing": Address(
        first_name="Ada", company="Engines", city="Calder", region="Michigan", country="us", phone="555.1"
    ).model_dump(),
    "shipping": Address().model_dump(),
    "posted": {"client": {"id": "11"}, "invoice": {"id": "22", "number": "N-7"}},
}
WANTED: dict[str, Document] = {
    "order-to-client": WantedClient(key="ada@example.com", email="ada@example.com", currency="USD"),
    "wanted-to-item": WantedItem(key="MUG", sku="MUG", name="Mug", unit_price=Decimal(5), currency="USD"),
    "order-to-invoice": WantedInvoice(
        key="N-7", number="N-7", po_number="000000007", date=DAY, due_days=14, currency="USD", lines=(LINE,), total=Decimal(10)
    ),
    "payment-to-books-payment": WantedPayment(
        key="k", part="p", marker="[N-7/tx1]", amount=Decimal(10), currency="USD", date=DAY, type="Check", method="checkmo", transaction_id="tx1"
    ),
    "refund-to-credit-note": WantedCredit(
        key="N-R1", part="91", number="N-R1", refund_number="R1", date=DAY, currency="USD", lines=(LINE,), total=Decimal(10), notes="Late."
    ),
}  # fmt: skip


@pytest.fixture
def preset() -> Preset:
    return presets.resolve("magento-order-to-invoice")


def made(preset: Preset, name: str, **policy: Any) -> Any:
    mapping = next(one for one in preset.mappings if one.name == name)
    wanted = WANTED.get(name, WANTED["order-to-invoice"])
    scope = {**ORDER, "wanted": wanted.model_dump(), "policy": policy_from(policy).model_dump()}
    return validate(schema.document_classes()[mapping.target], build(mapping.rules, scope))


def test_every_rule_of_every_preset_can_work() -> None:
    for one in presets.available():
        for mapping in one.mappings:
            checked(mapping.source, mapping.target, [rule.model_dump() for rule in mapping.rules])


def test_an_order_makes_its_client(preset: Preset) -> None:
    client = made(preset, "order-to-client")
    assert client == Client(
        email="ada@example.com",
        first_name="Ada",
        last_name="Lovelace",
        organization="Engines",
        phone="555 1",
        currency="USD",
        address=Address(**{**ORDER["billing"], "country": "US"}),  # type: ignore[dict-item]
    )


def test_the_guests_common_client_keeps_no_guest(preset: Preset) -> None:
    assert made(preset, "order-to-client", guest_client="ADA@example.com") == Client(
        email="ada@example.com", currency="USD"
    )


def test_an_order_makes_its_invoice(preset: Preset) -> None:
    invoice = made(preset, "order-to-invoice")
    assert isinstance(invoice, Invoice)
    assert (invoice.number, invoice.po_number, invoice.client_id, invoice.due_days) == ("N-7", "000000007", "11", 14)
    assert invoice.total == Decimal(10) == sum(line.amount for line in invoice.lines)
    assert invoice.notes == "Order 000000007."


def test_an_order_makes_its_items_payments_and_credit_notes(preset: Preset) -> None:
    assert made(preset, "wanted-to-item") == Item(sku="MUG", name="Mug", unit_price=Decimal(5), currency="USD")
    payment = made(preset, "payment-to-books-payment")
    assert isinstance(payment, BooksPayment) and payment.note == "checkmo tx1 [N-7/tx1]" and payment.type == "Check"
    credit = made(preset, "refund-to-credit-note")
    assert isinstance(credit, CreditNote) and credit.notes == "Refund R1 of invoice N-7. Late."


def test_the_store_is_told_what_the_policy_says(preset: Preset) -> None:
    assert made(preset, "order-to-write-back") == OrderUpdate(comment="Booked as invoice N-7")
    everything = {"comment": False, "status": "done", "external_id": True, "attribute": "invoice"}
    told = OrderUpdate(status="done", external_id="N-7", attributes={"invoice": "N-7"})
    assert made(preset, "order-to-write-back", write_back=everything) == told


@pytest.mark.parametrize(
    ("write_back", "runs"), [({}, True), ({"comment": False}, False), ({"comment": False, "status": "x"}, True)]
)
def test_the_write_back_runs_only_where_there_is_something_to_tell(preset: Preset, write_back: Any, runs: bool) -> None:
    scope = {"policy": policy_from({"write_back": write_back}).model_dump()}
    assert holds(preset.steps[-1].when, scope) is runs


def test_a_product_makes_an_item() -> None:
    mapping = presets.resolve("magento-product-to-item").mappings[0]
    product = Product(id="1", sku="MUG", name="Mug", description="<p>Red</p>", price=Decimal(5), currency="USD")
    item = validate(Item, build(mapping.rules, product.model_dump()))
    assert item == Item(sku="MUG", name="Mug", description="Red", unit_price=Decimal(5), currency="USD")


@pytest.mark.parametrize("price", [None, Decimal(0)])
def test_a_product_without_a_price_says_nothing_of_the_item_s(price: Decimal | None) -> None:
    rules = presets.resolve("magento-product-to-item").mappings[0].rules
    [rule] = [one for one in rules if one.target == "unit_price"]
    assert not holds(rule.when, Product(id="1", sku="SET", name="Set", price=price).model_dump())


def test_books_are_not_the_source_of_orders() -> None:
    with pytest.raises(PresetError, match="magento-order-to-invoice"):
        presets.resolve("freshbooks-order-to-invoice")


def test_a_step_needs_what_its_action_needs() -> None:
    with pytest.raises(ValueError, match="needs a resource and a mapping"):
        Step(name="a", do="ensure", resource="item").model_dump()
    with pytest.raises(ValueError, match="needs a reason"):
        Step(name="a", do="hold").model_dump()


CONNECTOR = """
from django import forms
from connectors.base import Connector, Resource
from connectors.documents import Order

class Orders(Resource):
    document = Order

class Kiosk(Connector):
    label = "Kiosk"
    role = "store"
    settings_form = forms.Form
    resources = {"order": Orders}
"""
OWN = """
name: order-to-invoice
label: Kiosk sales become clients
source: {role: store, resource: order}
target: {role: books, resource: client}
steps: [{name: client, do: ensure, resource: client, mapping: kiosk-to-client}]
mappings: [{name: kiosk-to-client, source: Order, target: Client, rules: [{target: email, source: email}]}]
"""


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "kiosk"
    (folder / "presets").mkdir(parents=True)
    (folder / "__init__.py").write_text("from connectors.kiosk.connector import Kiosk as connector\n")
    (folder / "connector.py").write_text(CONNECTOR)
    monkeypatch.setenv("COUNTINGHOUSE_CONNECTORS", os.pathsep.join([str(tmp_path)]))
    registry.connectors.cache_clear()
    yield folder
    monkeypatch.undo()
    registry.connectors.cache_clear()


def test_a_new_store_is_served_by_the_common_preset(kiosk: Path) -> None:
    assert presets.resolve("kiosk-order-to-invoice").target.resource == "invoice"
    assert "kiosk-product-to-item" not in [one.slug for one in presets.available()]


def test_a_vendors_folder_may_override_a_preset(kiosk: Path) -> None:
    (kiosk / "presets" / "order-to-invoice.yaml").write_text(OWN)
    assert presets.resolve("kiosk-order-to-invoice").label == "Kiosk sales become clients"
    assert presets.resolve("magento-order-to-invoice").label == "Orders become invoices"
