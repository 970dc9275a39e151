"""Customers, products, and what the shop tells about itself."""

from __future__ import annotations

import pytest

from connectors.magento.sandbox import sandbox
from tests.connectors.magento.calling import ask, got, listed


@pytest.fixture
def shop() -> sandbox:
    return sandbox()


def test_a_customer_is_found_and_read(shop: sandbox) -> None:
    (ada,) = listed(shop, "customers/search", ("email", "eq", "ada.byte@example.com"))
    assert got(shop, f"customers/{ada['id']}") == ada
    assert listed(shop, "customers/search", ("entity_id", "eq", str(ada["id"]))) == [ada]


def test_a_missing_customer_is_named_in_parameters(shop: sandbox) -> None:
    reply = ask(shop, "GET", "customers/99")
    assert reply.status == 404
    assert reply.body["parameters"] == {"fieldName": "customerId", "fieldValue": 99}


def test_a_put_without_addresses_keeps_them_and_with_addresses_replaces_them(shop: sandbox) -> None:
    before = got(shop, "customers/1")
    renamed = ask(shop, "PUT", "customers/1", {"customer": {"id": 77, "firstname": "Vera"}}).body
    assert (renamed["id"], renamed["firstname"], renamed["addresses"]) == (1, "Vera", before["addresses"])
    fresh = {"city": "Rome", "country_id": "IT", "street": ["Via 1"], "firstname": "V", "lastname": "C"}
    (only,) = ask(shop, "PUT", "customers/1", {"customer": {"addresses": [fresh]}}).body["addresses"]
    assert only["city"] == "Rome"
    assert only["id"] != before["addresses"][0]["id"]


def test_the_customer_names_the_address_that_was_last_sent_as_its_default(shop: sandbox) -> None:
    (home,) = got(shop, "customers/1")["addresses"]
    fresh = {"city": "Rome", "country_id": "IT", "street": ["Via 1"], "default_billing": True}
    found = ask(shop, "PUT", "customers/1", {"customer": {"addresses": [home, fresh]}}).body
    stays, moved = found["addresses"]
    assert (found["default_billing"], found["default_shipping"]) == (str(moved["id"]), str(home["id"]))
    assert "default_billing" not in stays and "default_shipping" not in moved, "marks stand only where they are true"
    found = ask(shop, "PUT", "customers/1", {"customer": {"firstname": "Vera"}}).body
    assert (found["default_billing"], found["default_shipping"]) == (str(moved["id"]), str(home["id"]))
    gone = ask(shop, "PUT", "customers/1", {"customer": {"addresses": [{**stays, "default_shipping": False}]}}).body
    assert "default_billing" not in gone and "default_shipping" not in gone


def test_two_customers_of_a_website_cannot_share_an_address(shop: sandbox) -> None:
    reply = ask(shop, "PUT", "customers/1", {"customer": {"email": "ADA.BYTE@example.com"}})
    assert (reply.status, reply.body["message"]) == (
        400,
        "A customer with the same email address already exists in an associated website.",
    )
    assert ask(shop, "PUT", "customers/1", {"customer": {"email": "zoe@example.fr"}}).status == 200


def test_a_new_customer_needs_names(shop: sandbox) -> None:
    assert ask(shop, "POST", "customers", {"customer": {"email": "n@example.com"}}).status == 400
    made = ask(
        shop, "POST", "customers", {"customer": {"email": "n@example.com", "firstname": "N", "lastname": "M"}}
    ).body
    assert got(shop, f"customers/{made['id']}")["email"] == "n@example.com"


def test_products_are_read_by_sku_whatever_it_holds(shop: sandbox) -> None:
    assert got(shop, "products/LAMP/GREEN")["sku"] == "LAMP/GREEN"
    assert got(shop, "products/TENT 2P")["id"] == 3
    assert ask(shop, "GET", "products/NOTHING").status == 404
    assert [row["sku"] for row in listed(shop, "products", ("sku", "like", "YOGA-B%"))] == ["YOGA-BALL", "YOGA-BRICK"]


def test_a_product_is_changed_and_made(shop: sandbox) -> None:
    assert ask(shop, "PUT", "products/MUG-01", {"product": {"price": 13}}).body["price"] == 13
    assert ask(shop, "PUT", "products/NEW", {"product": {"name": "New", "price": 1}}).body["id"] > 52


def test_every_sku_sold_can_be_looked_up_unless_it_is_a_bundles(shop: sandbox) -> None:
    for kind in ("simple", "configurable", "fixed_bundle", "gift_card_sale", "fractional"):
        for item in shop.place({"kind": kind})["items"]:
            assert got(shop, f"products/{item['sku']}")["sku"] == item["sku"]


def test_stores_tell_their_zone_and_currency(shop: sandbox) -> None:
    zones = {store["id"]: (store["timezone"], store["base_currency_code"]) for store in got(shop, "store/storeConfigs")}
    assert zones == {1: ("America/New_York", "USD"), 2: ("Europe/Paris", "EUR")}
    assert {view["code"] for view in got(shop, "store/storeViews")} == {"default", "paris", "admin"}
    assert {site["id"] for site in got(shop, "store/websites")} == {0, 1, 2}
    assert got(shop, "directory/currency", headers={})["base_currency_code"] == "USD"


def test_an_account_changed_in_the_shop_is_saved(shop: sandbox) -> None:
    made = shop.place({"customer": {"email": "x@example.com", "firstname": "X", "lastname": "Y"}})
    assert got(shop, f"customers/{made['id']}")["lastname"] == "Y"
    changed = shop.place({"product": {"id": 1, "sku": "MUG-01", "name": "Mug", "price": 3.5}})
    assert got(shop, f"products/{changed['sku']}")["price"] == changed["price"]
