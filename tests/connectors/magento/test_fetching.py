"""Reading an order with what belongs to it, and finding records by other names."""

from __future__ import annotations

import pytest

from connectors.errors import Gone, NeedsLogin, Rejected
from connectors.http import NoBudget
from connectors.magento.client import rest_address
from connectors.magento.connector import MagentoConnector, MagentoSettings
from tests.connectors.magento.order_desk import OrderDesk
from tests.connectors.vaults import MemoryVault

STORES = [{"id": 1, "code": "en", "website_id": 1, "timezone": "Europe/London", "base_currency_code": "GBP"}]


def desk() -> OrderDesk:
    found = OrderDesk()
    found.order["store_id"] = 1
    found.lists = {
        "/store/storeConfigs": STORES,
        "/invoices": [{"entity_id": 5, "order_id": 12, "transaction_id": None}],
    }
    return found


def test_an_order_costs_three_calls_and_its_stores_one_more_the_first_time() -> None:
    shop = desk()
    orders = shop.connector().resource("order")
    raw = orders.fetch("12")
    orders.fetch("12")
    assert shop.reads == [
        "/orders/12",
        "/invoices",
        "/creditmemos",
        "/store/storeConfigs",
        "/orders/12",
        "/invoices",
        "/creditmemos",
    ]
    assert raw["store"]["timezone"] == "Europe/London" and "transactions" not in raw


def test_transactions_are_read_only_where_money_was_captured_through_one() -> None:
    shop = desk()
    shop.lists["/invoices"][0]["transaction_id"] = "ch_1"
    shop.lists["/transactions"] = [{"transaction_id": 7, "order_id": 12, "txn_id": "ch_1", "txn_type": "capture"}]
    assert shop.connector().resource("order").fetch("12")["transactions"][0]["txn_id"] == "ch_1"


def test_a_shop_that_ignores_the_filter_lends_us_no_other_orders_money() -> None:
    shop = desk()
    shop.lists["/invoices"].append({"entity_id": 6, "order_id": 99, "grand_total": 1000})
    assert [one["entity_id"] for one in shop.connector().resource("order").fetch("12")["invoices"]] == [5]


def test_a_zone_from_the_settings_makes_the_stores_needless() -> None:
    shop = desk()
    raw = shop.connector(timezone="Asia/Tokyo", store_ids="1, 3").resource("order").fetch("12")
    assert "/store/storeConfigs" not in shop.reads
    assert raw["hub"] == {"timezone": "Asia/Tokyo", "store_ids": ["1", "3"]}


def test_a_number_finds_its_order_and_only_exactly() -> None:
    shop = desk()
    shop.lists["/orders"] = [{"entity_id": 12, "increment_id": "000000015", "store_id": 1}]
    orders = shop.connector().resource("order")
    assert orders.resolve("increment_id=000000015") == "12"
    with pytest.raises(Gone):
        orders.resolve("increment_id=15")


def test_a_number_that_two_stores_share_needs_a_store() -> None:
    shop = desk()
    shop.lists["/orders"] = [{"entity_id": 10 + store, "increment_id": "15", "store_id": store} for store in (1, 2)]
    with pytest.raises(Rejected, match="several stores"):
        shop.connector().resource("order").resolve("increment_id=15")
    assert shop.connector(store_ids=2).resource("order").resolve("increment_id=15") == "12"


def test_a_product_is_found_by_its_sku() -> None:
    shop = desk()
    shop.lists["/products"] = [{"id": 68, "sku": "MH01"}]
    assert shop.connector().resource("product").resolve("sku=MH01") == "68"
    with pytest.raises(Gone):
        shop.connector().resource("product").resolve("sku=MH02")


@pytest.mark.parametrize(
    "typed",
    [
        "https://s.example.com",
        "https://s.example.com/",
        "https://s.example.com/rest",
        "https://s.example.com/rest/V1/",
        "https://s.example.com/rest/all/V1",
    ],
)
def test_the_address_may_be_typed_with_or_without_its_end(typed: str) -> None:
    assert rest_address(typed) == "https://s.example.com/rest/V1"
    assert rest_address("https://s.example.com/index.php/rest/") == "https://s.example.com/index.php/rest/V1"


def test_without_a_token_nobody_is_called() -> None:
    bare = MagentoConnector({"base_url": "https://s.example.com"}, MemoryVault(), NoBudget())
    with pytest.raises(NeedsLogin, match="no access token"):
        bare.check()


def test_the_form_takes_local_addresses_and_refuses_unknown_zones() -> None:
    assert MagentoSettings(
        {"base_url": "http://127.0.0.1:9101", "timezone": "America/New_York", "store_ids": "1, 3"}
    ).is_valid()
    wrong = MagentoSettings({"base_url": "https://s.example.com", "timezone": "Mars/Base", "store_ids": "one"})
    assert set(wrong.errors) == {"timezone", "store_ids"}
