"""Changing a customer: two resources of BigCommerce's, each told only what changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.bigcommerce.customers import Customers
from connectors.bigcommerce.sandbox import sandbox
from connectors.documents import Address, Customer
from connectors.errors import Rejected
from tests.connectors.bigcommerce.store import connected, store

__all__ = ["store"]
ELY = Address(street="5 Lane", city="Ely", region="Texas", region_code="TX", postcode="79936", country="US")


@pytest.fixture
def customers(store: sandbox) -> Iterator[Customers]:
    resource = connected(store).resource("customer")
    assert isinstance(resource, Customers)
    yield resource


def ada(store: sandbox, **more: str) -> str:
    return store.person({"email": "ada@example.org", "first_name": "Ada", "last_name": "Byron", **more})


def written(store: sandbox) -> list[str]:
    return [f"{method} {path.rpartition('/v3')[2]}" for method, path, _ in store.log if method != "GET"]


def read(customers: Customers, id: str) -> Customer:
    found = customers.read(id).document
    assert isinstance(found, Customer)
    return found


def homeless(store: sandbox) -> str:
    id = ada(store)
    store.shop.addresses[:] = [row for row in store.shop.addresses if str(row["customer_id"]) != id]
    return id


def test_names_and_an_address_are_one_call_each(store: sandbox, customers: Customers) -> None:
    id = ada(store)
    customers.amend(id, {"first_name": "Augusta", "phone": "555", "vat_number": "GB1", "billing": ELY})
    assert written(store) == ["PUT /customers", "PUT /customers/addresses"]
    found = read(customers, id)
    assert (found.first_name, found.phone, found.vat_number, found.billing.region) == ("Augusta", "555", "GB1", "Texas")


def test_a_customer_is_read_with_one_call(store: sandbox, customers: Customers) -> None:
    id = ada(store)
    customers.read(id)
    assert len(store.log) == 1


def test_a_store_that_sends_no_addresses_along_is_asked_for_them(
    store: sandbox, customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = ada(store, city="Bath")
    monkeypatch.setattr("connectors.bigcommerce.customers.WHOLE", {})
    assert read(customers, id).billing.city == "Bath"


def test_the_first_address_is_for_bills_and_the_second_for_parcels(store: sandbox, customers: Customers) -> None:
    id = ada(store, city="Bath")
    assert read(customers, id).shipping == Address()
    for _ in range(2):
        customers.amend(id, {"shipping": ELY})
    found = read(customers, id)
    assert (found.billing.city, found.shipping.city) == ("Bath", "Ely")
    assert written(store) == ["POST /customers/addresses", "PUT /customers/addresses"]


def test_no_second_address_is_made_of_the_first(store: sandbox, customers: Customers) -> None:
    id = ada(store)
    customers.amend(id, {"billing": ELY})
    customers.amend(id, {"shipping": ELY})
    assert (written(store), read(customers, id).shipping) == (["PUT /customers/addresses"], Address())


def test_whoever_has_no_address_gets_one_under_their_own_name(store: sandbox, customers: Customers) -> None:
    id = homeless(store)
    customers.amend(id, {"billing": ELY})
    found = read(customers, id).billing
    assert (found.first_name, found.last_name, found.street) == ("Ada", "Byron", "5 Lane")


def test_a_new_address_that_lacks_something_is_refused_before_it_is_sent(store: sandbox, customers: Customers) -> None:
    id = homeless(store)
    with pytest.raises(Rejected, match="needs street, town and country") as refused:
        customers.amend(id, {"billing": ELY.model_copy(update={"city": ""})})
    assert (refused.value.field, written(store)) == ("city", [])


def test_the_vat_number_goes_to_the_field_that_the_customer_has(store: sandbox, customers: Customers) -> None:
    store.switch["vat_field"] = "USt-IdNr"
    id = ada(store, vat_number="DE1")
    customers.amend(id, {"vat_number": "DE2"})
    assert read(customers, id).vat_number == "DE2"


def test_a_vat_number_that_the_account_form_has_no_field_for_is_refused_by_name(
    store: sandbox, customers: Customers
) -> None:
    store.switch["vat_field"] = "Shoe size"
    with pytest.raises(Rejected, match="VAT Number"):
        customers.amend(ada(store), {"vat_number": "DE2"})


def test_an_email_that_somebody_else_has_is_refused_and_nothing_is_changed(
    store: sandbox, customers: Customers
) -> None:
    id = ada(store)
    with pytest.raises(Rejected, match="already in use"):
        customers.amend(id, {"email": "omar@example.com", "first_name": "Omar"})
    assert read(customers, id).first_name == "Ada"


def test_a_customer_is_found_by_email_whatever_its_case(store: sandbox, customers: Customers) -> None:
    id = ada(store)
    [found] = customers.find(Customer(id="", email="ADA@example.org"))
    assert (found.id, found.facts["email"]) == (id, "ada@example.org")
    assert customers.find(Customer(id="", email="nobody@example.org")) == []


def test_a_plus_in_an_email_is_looked_up_as_it_is(store: sandbox, customers: Customers) -> None:
    id = store.person({"email": "ada+shop@example.org"})
    assert [one.id for one in customers.find(Customer(id="", email="ada+shop@example.org"))] == [id]


def test_a_change_is_a_list_of_one_and_names_nothing_else(
    store: sandbox, customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    answer = store.answer
    monkeypatch.setattr(store, "answer", lambda call: (sent.append(call.body), answer(call))[1])
    id = ada(store)
    customers.amend(id, {"company": "Engines"})
    assert [json.loads(body) for body in sent if body] == [[{"id": int(id), "company": "Engines"}]]


def test_a_change_of_an_address_is_told_by_the_next_poll(store: sandbox, customers: Customers) -> None:
    id = ada(store)
    [*_, (_, cursor)] = customers.changed_since({"since": "2020-01-01T00:00:00Z"})
    store.person({"id": id, "city": "Ely"})
    assert id in {notice.id for notice, _ in customers.changed_since(cursor)}


def test_a_phone_that_is_emptied_is_not_read_of_the_address_after_all(store: sandbox, customers: Customers) -> None:
    id = ada(store, phone="555", city="Bath")
    for row in store.shop.addresses:
        row.update(phone="777", company="Mill")
    customers.amend(id, {"phone": None})
    found = read(customers, id)
    assert (found.phone, found.company, found.billing.city) == ("", "Mill", "Bath")
    customers.amend(id, {"company": None, "billing": ELY})
    found = read(customers, id)
    assert (found.company, found.billing.city) == ("", "Ely")
    before = len(written(store))
    customers.amend(id, {"phone": None})
    assert written(store)[before:] == ["PUT /customers"]
