"""Customers as both sides keep them alike: found by e-mail, and changed where the site itself keeps each field."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import Resource
from connectors.clarity.amending import amended
from connectors.clarity.record import Record, Terms
from connectors.documents import Address, Customer, CustomerUpdate
from connectors.errors import NotSearchable, Rejected
from connectors.sandbox import Sandbox
from tests.connectors.clarity.sites import built, connected

ROW: dict[str, Any] = {
    "id": "c1", "firstName": "Ada", "lastName": "Byron", "email": "ada@example.com", "phone": None,
    "billingAddress": {"firstName": "Ada", "street1": "1 Main St", "street2": "Flat 2", "city": "Austin", "region": "TX",
                       "postalCode": "78701", "country": "US", "phone": "+15125550100", "latitude": "30.27"},
}  # fmt: skip
LANE = Address(street="5 Lane", city="Ely", region="Nevada", region_code="NV", postcode="89301", country="US")


def customers(site: Sandbox, **settings: Any) -> Resource[Customer]:
    return connected(site, **settings).resource("customer")


def sent(changes: dict[str, Any], row: dict[str, Any] = ROW, **settings: Any) -> dict[str, Any]:
    terms: Terms = built(**settings).site.terms  # type: ignore[attr-defined]
    return amended(Record("customer", row, terms), changes)


# --- found ---


@pytest.mark.parametrize("filters", ["on", "ignore"])
def test_all_accounts_with_an_address_are_found_whether_or_not_the_site_filters(site: Sandbox, filters: str) -> None:
    site.switch |= {"filters": filters, "page_limit": 4}
    twin = site.person({"email": " ada@EXAMPLE.com"})
    found = customers(site).find(CustomerUpdate(email=" ADA@Example.com"))  # type: ignore[arg-type]
    assert sorted(one.id for one in found) == ["cus_77", twin]
    assert customers(site).find(CustomerUpdate(email="nobody@example.com")) == []  # type: ignore[arg-type]


def test_the_name_of_the_filter_is_a_setting(site: Sandbox) -> None:
    resource = customers(site, paths={"customers.list": "/customers?email={email}&page={n}&pageSize={k}"})
    before = len(site.log)
    assert len(resource.find(CustomerUpdate(email="ken@example.jp"))) == 1  # type: ignore[arg-type]
    assert len(site.log) == before + 2, "more than a login and a page was asked for"


def test_without_an_address_or_a_list_nothing_can_be_said(site: Sandbox) -> None:
    with pytest.raises(NotSearchable):
        customers(site).find(CustomerUpdate(first_name="Ada"))  # type: ignore[arg-type]
    with pytest.raises(NotSearchable):
        customers(site, paths={"customers.list": None}).find(CustomerUpdate(email="a@example.com"))  # type: ignore[arg-type]


def test_who_is_not_active_is_no_active_record(site: Sandbox) -> None:
    site.place({"customer": {"id": "cus_82", "isActive": False}})
    assert customers(site).read("cus_82").state == "archived"


# --- changed ---


def test_only_what_is_named_is_sent() -> None:
    assert sent({"last_name": "King", "vat_number": "GB1"}) == {"lastName": "King", "taxId": "GB1"}


def test_an_address_goes_whole_with_what_the_site_keeps_besides() -> None:
    [address] = sent({"billing": LANE}).values()
    assert address == {
        **ROW["billingAddress"], "street1": "5 Lane", "street2": None, "city": "Ely", "region": "NV", "postalCode": "89301",
    }  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [("TX", "NV"), ("Texas", "Nevada"), ("Nevada", "Nevada"), ("", "NV")])
def test_a_region_is_written_as_the_site_writes_regions(before: str, after: str) -> None:
    row = {**ROW, "billingAddress": {**ROW["billingAddress"], "region": before}}
    assert sent({"billing": LANE}, row)["billingAddress"]["region"] == after


def test_what_is_emptied_is_emptied_wherever_it_is_read() -> None:
    body = sent({"phone": ""})
    assert body == {"billingAddress": {**ROW["billingAddress"], "phone": None}}
    both = sent({"phone": ""}, {**ROW, "phone": "1"})
    assert (both["phone"], both["billingAddress"]["phone"]) == (None, None)


def test_a_site_with_names_and_places_of_its_own_is_written_to_in_them() -> None:
    row = {"Id": 7, "Contact": {"Email": "a@example.com", "Vip": True}, "Phones": ["1", "2"], "FIRSTNAME": "Ada"}
    fields = {"customer.email": "Contact.Email", "customer.phone": "Phones[0]", "customer.company": "Firm.Title"}
    body = sent({"email": "b@example.com", "phone": "9", "first_name": "A", "company": "Acme"}, row, fields=fields)
    assert body == {
        "Contact": {"Email": "b@example.com", "Vip": True},
        "Phones": ["9", "2"],
        "FIRSTNAME": "A",
        "Firm": {"Title": "Acme"},
    }
    assert (row["Contact"], row["Phones"]) == ({"Email": "a@example.com", "Vip": True}, ["1", "2"])


def test_a_field_without_a_place_is_refused_with_the_setting() -> None:
    with pytest.raises(Rejected, match=r"no place for phone at “Phones\[3\]”.*customer\.phone"):
        sent({"phone": "9"}, {"id": 7, "Phones": ["1"]}, fields={"customer.phone": "Phones[3]"})


def test_a_site_that_takes_no_changes_says_so(site: Sandbox) -> None:
    with pytest.raises(Rejected, match=r"customers\.patch is switched off"):
        customers(site, paths={"customers.patch": None}).amend("cus_77", {"first_name": "A"})


def test_a_change_arrives_at_a_site_of_its_own(site: Sandbox) -> None:
    names = {"firstName": "givenName", "billingAddress": "billTo", "street1": "line1", "postalCode": "zip"}
    site.switch |= {"casing": "pascal", "nulls": "omit", "names": names}
    fields = {
        "customer.firstName": "GivenName",
        "customer.billingAddress": "BillTo",
        "street1": "Line1",
        "postalCode": "Zip",
    }
    resource = customers(site, fields=fields)
    found = resource.amend("cus_77", {"first_name": "Augusta", "billing": LANE, "company": "Acme"}).document
    assert isinstance(found, Customer)
    assert (found.first_name, found.company, found.billing.street, found.billing.postcode) == (
        "Augusta", "Acme", "5 Lane", "89301",
    )  # fmt: skip
    assert site.people()["cus_77"]["street"] == "5 Lane"
