"""Items, taxes, expenses and other income in the simulator."""

from __future__ import annotations

import pytest

from tests.connectors.freshbooks.books_api import Books, plain, usd


@pytest.fixture
def books() -> Books:
    return Books()


def test_an_item_is_found_by_its_sku(books: Books) -> None:
    made = books.create("item", name="Tea", sku="TEA-1", qty=1, inventory="50", unit_cost=usd("5"))
    books.create("item", name="Coffee", sku="COF-1")
    assert (made["id"], made["unit_cost"], made["inventory"]) == (made["itemid"], usd("5.00"), "50")
    assert [row["name"] for row in books.list("item", "search[sku]=TEA-1")] == ["Tea"]
    assert books.update("item", made["id"], unit_cost=usd("6.50"))["unit_cost"] == usd("6.50")
    assert books.refused("item", sku="X") == (422, 1001, "name")


def test_a_plan_without_items_says_so_inside_a_success() -> None:
    books = Books(items="off")
    for reply in (books.call("GET", books.path("item")), books.call("POST", books.path("item"), body={"item": {}})):
        assert reply.status == 200
        assert plain(reply)["response"]["errors"][0]["errno"] == 12001


def test_a_tax_is_stored_once_and_really_deleted(books: Books) -> None:
    made = books.create("tax", name="HST", amount="13.000", number="RT 1", compound=True)
    assert (made["amount"], made["compound"], made["taxid"]) == ("13", True, made["id"])
    assert "vis_state" not in made
    assert books.refused("tax", name="HST", amount="13") == (422, 1026, "name")
    books.service.switch["duplicate_taxes"] = "allow"
    again = books.create("tax", name="HST", amount=13)
    assert [row["id"] for row in books.list("tax", "search[name]=hst")] == [again["id"], made["id"]]
    assert books.call("DELETE", books.path("tax", made["id"])).status == 200
    assert books.call("GET", books.path("tax", made["id"])).status == 404


def test_an_expense_has_taxes_in_money(books: Books) -> None:
    fields = {"amount": usd("54.00"), "categoryid": 5001, "staffid": 1, "date": "2026-03-01"}
    made = books.create("expense", **fields, taxName1="HST", taxAmount1=usd("6.21"), vendor="Bakery")
    assert (made["taxAmount1"], made["vendor"], made["expenseid"]) == (usd("6.21"), "Bakery", made["id"])
    for field in fields:
        assert books.refused("expense", **{**fields, field: None}) == (422, 1001, field)
    listed = plain(books.call("GET", f"/accounting/account/{books.account_id}/expenses/categories"))
    assert listed["response"]["result"]["categories"][0]["categoryid"] == 5001


def test_other_income_wants_the_whole_record_each_time(books: Books) -> None:
    fields = {"amount": usd("25"), "category_name": "online_sales", "source": "Market", "date": "2026-03-01"}
    made = books.create("other_income", **fields)
    assert (made["amount"], made["incomeid"]) == (usd("25.00"), made["id"])
    assert books.refused_change("other_income", made["id"], note="x") == (422, 1001, "amount")
    assert books.update("other_income", made["id"], **fields, note="x")["note"] == "x"
    assert books.refused("other_income", **{**fields, "category_name": "gifts"}) == (422, 1004, "category_name")
    assert books.call("DELETE", books.path("other_income", made["id"])).status == 200
