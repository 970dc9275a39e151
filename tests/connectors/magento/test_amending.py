"""What is sent to change a customer: what changes, and with an address all the others, or Magento would delete them."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.documents import Address
from connectors.errors import Rejected
from connectors.magento.amending import amended_addresses, default
from connectors.magento.sandbox import sandbox
from tests.connectors.magento.calling import ask, got

HOME = {
    "id": 11,
    "customer_id": 7,
    "firstname": "Ada",
    "lastname": "Byte",
    "street": ["1 Road", "Flat 2", "Door 3"],
    "city": "Lyon",
    "postcode": "69001",
    "country_id": "FR",
    "region": {"region": "Rhone", "region_code": "69", "region_id": 251},
    "region_id": 251,
    "telephone": "1",
    "custom_attributes": [{"attribute_code": "floor", "value": "4"}],
}
BOTH = {**HOME, "default_billing": True, "default_shipping": True}
OTHER = {**HOME, "id": 12, "city": "Paris"}


def customer(*addresses: dict[str, Any]) -> dict[str, Any]:
    return {"id": 7, "firstname": "Ada", "lastname": "Byte", "addresses": [*addresses]}


def test_without_an_address_among_the_changes_none_is_sent() -> None:
    assert amended_addresses(customer(BOTH), {"email": "x@example.com"}) is None


def test_every_other_address_is_sent_along_as_it_was() -> None:
    sent = (
        amended_addresses(customer({**BOTH, "default_shipping": False}, OTHER), {"billing": Address(street="2 Road")})
        or []
    )
    assert [row["id"] for row in sent] == [11, 12]
    assert sent[1]["city"] == "Paris" and sent[1]["custom_attributes"] == HOME["custom_attributes"]


def test_a_phone_leaves_the_place_as_it_was_typed() -> None:
    [home] = amended_addresses(customer(BOTH), {"phone": "2"}) or []
    assert home["telephone"] == "2" and home["street"] == HOME["street"] and home["region"] == HOME["region"]
    assert home["default_shipping"] is True


def test_one_address_for_both_is_parted_where_only_one_moves() -> None:
    stays, moves = (
        amended_addresses(customer(BOTH), {"billing": Address(street="2 Road", city="Nice", country="FR")}) or []
    )
    assert (stays["id"], stays["default_billing"], stays["default_shipping"]) == (11, False, True)
    assert "id" not in moves and moves["default_billing"] is True and "default_shipping" not in moves
    assert (moves["street"], moves["city"], moves["firstname"]) == (["2 Road"], "Nice", "Ada")


def test_both_move_together() -> None:
    there = Address(street="2 Road", city="Nice", country="FR")
    sent = amended_addresses(customer(BOTH), {"billing": there, "shipping": there}) or []
    assert {row["city"] for row in sent if row.get("default_billing") or row.get("default_shipping")} == {"Nice"}


@pytest.mark.parametrize("named", [{}, {"default_billing": "11", "default_shipping": "11"}])
def test_both_move_apart_and_each_is_said_once(named: dict[str, str]) -> None:
    one, two = (Address(street=street, city="Nice", country="FR") for street in ("2 Road", "3 Road"))
    home = HOME if named else BOTH
    sent = amended_addresses({**customer(home), **named}, {"billing": one, "shipping": two}) or []
    said = {flag: [row["street"] for row in sent if row.get(flag)] for flag in ("default_billing", "default_shipping")}
    assert said == {"default_billing": [["2 Road"]], "default_shipping": [["3 Road"]]}
    assert len(sent) == 2


def test_a_mark_on_an_address_counts_more_than_what_the_customer_still_says() -> None:
    moved = {**OTHER, "default_billing": True}
    assert default([HOME, moved], "default_billing", {"default_billing": "11"}) == moved
    assert default([HOME, OTHER], "default_billing", {"default_billing": "11"}) == HOME
    assert default([HOME, OTHER], "default_billing", {"default_billing": "0"}) == {}


def test_a_region_that_stays_keeps_the_number_that_magento_gave_it() -> None:
    moved = Address(street="2 Road", city="Lyon", region="Rhone", country="FR")
    sent = amended_addresses(customer({**BOTH, "default_shipping": False}), {"billing": moved}) or []
    assert sent[0]["region_id"] == 251


def test_a_phone_of_somebody_without_an_address_is_refused_in_a_sentence() -> None:
    with pytest.raises(Rejected, match="billing address"):
        amended_addresses(customer(), {"phone": "2"})


def test_custom_attributes_and_other_addresses_survive_a_put() -> None:
    shop = sandbox()
    ask(shop, "PUT", "customers/1", {"customer": {"custom_attributes": [{"attribute_code": "erp", "value": "C-7"}]}})
    ask(shop, "PUT", "customers/1", {"customer": {"firstname": "Vera"}})
    assert got(shop, "customers/1")["custom_attributes"] == [{"attribute_code": "erp", "value": "C-7"}]
