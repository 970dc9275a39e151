"""What we send, and what the simulated store answers, is what BigCommerce's own OpenAPI files describe. They are read from
beside this clone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.bigcommerce.sandbox import sandbox
from connectors.bigcommerce.sandbox.kinds import KINDS
from connectors.documents import Address, OrderUpdate
from connectors.sandbox import Call, Reply
from tests.connectors.bigcommerce.openapi import Description
from tests.connectors.bigcommerce.store import connected, store

__all__ = ["store"]
FILES = {
    "v2/orders": "orders.v2.oas2.yml",
    "v2/order_statuses": "orders.v2.oas2.yml",
    "v2/store": "store_information.v2.yml",
    "v3/orders": "orders.v3.yml",
    "v3/customers": "customers.v3.yml",
    "v3/catalog/products": "products_catalog.v3.yml",
    "v3/hooks": "webhooks.v3.yml",
}
NULL = {
    "channel_ids", "payment_provider_id", "order_product_id", "credit_card", "gateway_transaction_id",
    "reference_transaction_id", "requested_amount", "code", "message", "street_match", "postal_match",
}  # fmt: skip
"""Null in real captures or in the documentation's own examples, whatever the schemas say."""


class Witness:
    """Everything that went over the wire."""

    def __init__(self, store: sandbox) -> None:
        self.heard: list[tuple[Call, Reply]] = []
        self._answer = store.answer
        store.answer = self.answer  # type: ignore[method-assign]

    def answer(self, call: Call) -> Reply:
        reply = self._answer(call)
        self.heard.append((call, reply))
        return reply


@pytest.fixture(scope="module")
def descriptions() -> dict[str, Description]:
    folder = Path(__file__).resolve().parents[4] / "shared" / "vendors" / "bigcommerce" / "openapi"
    if not folder.is_dir():
        pytest.skip("the vendor's OpenAPI files are not beside this clone")
    return {file: Description(folder / file) for file in set(FILES.values())}


@pytest.fixture
def heard(store: sandbox) -> list[tuple[Call, Reply]]:
    """A day of trade, read whole, written back to, a customer changed, webhooks kept, and a mistake of each kind."""
    witness = Witness(store)
    connector = connected(store)
    connector.check()
    store.trade(orders=len(KINDS), seed=3, day="2026-03-02")
    for name, resource in connector.resources.items():
        ids = {notice.id for notice, _ in connector.resource(name).changed_since({"since": "2020-01-01T00:00:00Z"})}
        for id in sorted(ids):
            connector.resource(name).fetch(id)
        assert ids and resource.name == name
    change = OrderUpdate(comment="Booked", external_id="N-1", status="10", attributes={"invoice": "N-1"})
    connector.resource("order").update("100", change)
    connector.resource("order").update("100", change.model_copy(update={"attributes": {"invoice": "N-2"}}))
    place = Address(street="5 Lane", city="Ely", region="Texas", postcode="79936", country="US")
    customer = store.person({"email": "ada@example.org", "vat_number": "GB1"})
    connector.resource("customer").amend(customer, {"phone": "5", "vat_number": "GB2", "billing": place})
    connector.resource("customer").amend(customer, {"shipping": place.model_copy(update={"city": "Bath"})})
    url = "https://hub.example.com/webhooks/north/"
    connector.subscriptions({"order", "customer", "product"}, url)
    next(iter(store.shop.hooks.values()))["is_active"] = False
    connector.subscriptions({"order"}, url)
    return witness.heard


def described(descriptions: dict[str, Description], call: Call) -> tuple[Description, str] | None:
    """The file that describes the call, and the call's path in it."""
    path = re.sub(r"^/stores/\w+/", "", urlsplit(call.path).path)
    start = next((start for start in FILES if path == start or path.startswith(f"{start}/")), None)
    return None if start is None else (descriptions[FILES[start]], path[2:])


def test_every_answer_is_one_that_the_vendor_describes(
    heard: list[tuple[Call, Reply]], descriptions: dict[str, Description]
) -> None:
    found = sorted({complaint for call, reply in heard for complaint in of_answer(descriptions, call, reply)})
    assert not found, "\n".join(found)


def of_answer(descriptions: dict[str, Description], call: Call, reply: Reply) -> Iterator[str]:
    known = described(descriptions, call)
    if known is None or reply.status == 204:
        return
    description, path = known
    operation, _ = description.operation(call.method, path)
    schema = description.answer(operation, reply.status)
    if schema is not None:
        named = re.sub(r"\d+", "N", f"{call.method} {path}")
        for complaint in description.complaints(json.loads(reply.encoded()), schema):
            if " is None," in complaint and complaint.partition(" ")[0].rpartition("/")[2] in NULL:
                continue
            yield f"{named}: {re.sub(r'/[0-9]+', '/N', complaint)}"


def test_every_request_is_one_that_the_vendor_describes(
    heard: list[tuple[Call, Reply]], descriptions: dict[str, Description]
) -> None:
    found = sorted({complaint for call, _ in heard for complaint in of_request(descriptions, call)})
    assert not found, "\n".join(found)


def of_request(descriptions: dict[str, Description], call: Call) -> Iterator[str]:
    known = described(descriptions, call)
    if known is None:
        return
    description, path = known
    operation, parameters = description.operation(call.method, path)
    names = {one["name"] for one in parameters if one["in"] == "query"}
    for name, _ in parse_qsl(call.raw_query):
        if name not in names:
            yield f"{re.sub(r'[0-9]+', 'N', f'{call.method} {path}')}: no parameter {name}"
    schema = description.request(operation)
    if schema is not None and call.body:
        sent: Any = json.loads(call.body)
        yield from (f"{call.method} {path}: {complaint}" for complaint in description.complaints(sent, schema))


def test_the_reader_itself_sees_what_is_wrong(descriptions: dict[str, Description]) -> None:
    description = descriptions["webhooks.v3.yml"]
    operation, _ = description.operation("GET", "/hooks/5")
    schema = description.answer(operation, 200)
    assert schema is not None
    assert list(description.complaints({"data": {"id": "five"}}, schema))
    assert list(description.complaints([], schema))
    with pytest.raises(LookupError):
        description.operation("GET", "/no/such/path")
