"""Items and taxes; and books that have no items."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.documents import Item
from connectors.errors import Rejected
from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.taxes import StoredTax
from tests.connectors.freshbooks.conftest import API, SETTINGS, Meter, Recorded
from tests.connectors.vaults import MemoryVault

LAMP = Item(sku="LAMP-1", name="Desk lamp", unit_price=Decimal("24.50"), currency="USD")
HST = StoredTax(name="HST", percent=Decimal(13), number="RT 77")


def test_an_item_is_created_and_reads_back(books: FreshBooks, recorded: Recorded) -> None:
    recorded("item-create")
    made = books.resource("item").create(LAMP)
    assert (made.id, made.facts["sku"], made.facts["name"]) == ("61001", "LAMP-1", "Desk lamp")
    assert books.resource("item").parse(made.raw) == LAMP


def test_an_item_is_found_by_its_sku(books: FreshBooks, recorded: Recorded) -> None:
    recorded("item-find")
    assert [one.id for one in books.resource("item").find(LAMP, deleted=False)] == ["61001"]


def test_books_without_items_say_so_in_a_success_and_we_learn_it(books: FreshBooks, recorded: Recorded) -> None:
    recorded("item-no-plan")
    with pytest.raises(Rejected, match="no items") as refused:
        books.resource("item").find(LAMP)
    assert (refused.value.teaches, refused.value.code) == ("items", "errno_12001")


def test_an_item_without_a_sku_is_no_document_and_says_why(books: FreshBooks) -> None:
    with pytest.raises(Rejected, match="sku") as refused:
        books.resource("item").parse({"id": 1, "name": "Odd", "sku": "", "unit_cost": {"amount": "1", "code": "USD"}})
    assert (refused.value.code, refused.value.field) == ("incomplete", "sku")


def test_an_odd_item_of_the_newest_page_keeps_no_new_product_from_becoming_one(books: FreshBooks) -> None:
    price = {"amount": "1.00", "code": "USD"}
    rows = [
        {"id": 1, "sku": "A", "name": "No price", "unit_cost": None},
        {"id": 2, "sku": "B", "name": "", "unit_cost": price},
        {"id": 3, "sku": "C", "name": "Lamp", "unit_cost": price},
    ]
    assert [one.id for one in books.resource("item").comparable(rows)] == ["3"]


def test_a_count_that_the_store_no_longer_keeps_changes_nothing(books: FreshBooks, recorded: Recorded) -> None:
    """FreshBooks has no word for no count, and what it says to a change of nothing is not known."""
    item = {"id": 61001, "sku": "LAMP-1", "name": "Lamp", "unit_cost": {"amount": "1", "code": "USD"}, "inventory": "5"}
    path = f"{API}/accounting/account/aB3dE9/items/items/61001"
    recorded.mock.add("GET", path, json={"response": {"result": {"item": item}}})
    assert books.resource("item").amend("61001", {"inventory": None}).id == "61001"


def test_what_was_learned_is_what_the_books_can_do() -> None:
    fresh = FreshBooks(SETTINGS, MemoryVault(), Meter())
    taught = FreshBooks(SETTINGS, MemoryVault(), Meter(), learned={"items": False, "negative_lines": False})
    assert (fresh.capabilities().items, fresh.capabilities().negative_lines) == (None, None)
    assert (taught.capabilities().items, taught.capabilities().negative_lines) == (False, False)


def test_a_tax_is_created_and_reads_back(books: FreshBooks, recorded: Recorded) -> None:
    recorded("tax-create")
    made = books.resource("tax").create(HST)
    assert made.facts == {"name": "HST", "percent": Decimal(13)}
    assert books.resource("tax").parse(made.raw) == HST


def test_a_tax_is_found_by_its_whole_name_in_one_call(books: FreshBooks, recorded: Recorded) -> None:
    recorded("tax-find")
    assert [one.id for one in books.resource("tax").find(HST)] == ["51"]
