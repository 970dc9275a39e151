"""Polling by `updated_at`: nothing is left out, and nothing unchanged is told for ever."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pytest

from connectors.base import Notice
from connectors.errors import Rejected
from connectors.magento.cursor import changed
from connectors.magento.orders import FEEDS
from tests.connectors.magento.listed_shop import NOON, ListedShop

START = {"since": "2026-03-02T10:00:00+00:00"}


def poll(shop: ListedShop, cursor: Mapping[str, Any] = START) -> tuple[list[Notice], Mapping[str, Any]]:
    """One poll; the cursor goes through JSON as it does in the database."""
    notices = []
    for notice, after in changed(shop.client(), "order", FEEDS, cursor):
        notices.append(notice)
        cursor = json.loads(json.dumps(after))
    return notices, cursor


def ids(notices: list[Notice]) -> list[str]:
    return [notice.id for notice in notices]


def test_what_has_settled_is_told_once_under_a_stable_key() -> None:
    shop = ListedShop()
    shop.put("/orders", 12, "11:11:00")
    told, cursor = poll(shop)
    assert [(one.id, one.delivery_id) for one in told] == [("12", "order/12/2026-03-02 11:11:00")]
    assert told[0].changed_at == dt.datetime(2026, 3, 2, 11, 11, tzinfo=dt.UTC)
    assert poll(shop, cursor)[0] == []


def test_a_row_whose_second_may_still_go_on_is_told_again_when_it_is_over() -> None:
    shop = ListedShop()
    shop.put("/orders", 12, "11:59:30")
    first, cursor = poll(shop)
    shop.now += dt.timedelta(minutes=1)
    second, cursor = poll(shop, cursor)
    assert [one.delivery_id for one in first + second] == ["", "order/12/2026-03-02 11:59:30"]
    assert poll(shop, cursor)[0] == []


def test_invoices_and_credit_memos_report_their_order() -> None:
    shop = ListedShop()
    shop.put("/invoices", 501, "11:00:00", order_id=12)
    shop.put("/creditmemos", 91, "11:30:00", order_id=13)
    told, cursor = poll(shop)
    assert [(one.resource, one.id, one.delivery_id.partition("/")[0]) for one in told] == [
        ("order", "12", "invoice"),
        ("order", "13", "creditmemo"),
    ]
    assert poll(shop, cursor)[0] == []


@pytest.mark.parametrize("page", [1, 2, 3, 7])
def test_many_rows_of_one_second_are_all_told_whatever_the_page_size(page: int) -> None:
    shop = ListedShop()
    shop.largest_page = page
    for id in range(1, 12):
        shop.put("/orders", id, "11:00:00" if id < 9 else f"11:00:0{id % 9 + 1}")
    told, cursor = poll(shop)
    assert sorted(map(int, set(ids(told)))) == list(range(1, 12))
    assert poll(shop, cursor)[0] == []


def test_a_row_that_moves_while_pages_are_read_pushes_no_other_out() -> None:
    shop = ListedShop()
    shop.largest_page = 2
    for id in range(1, 7):
        shop.put("/orders", id, f"11:00:0{id}")
    shop.before_answer = [lambda: None, lambda: shop.put("/orders", 1, "11:59:00")]
    told, _ = poll(shop)
    assert set(ids(told)) == {"1", "2", "3", "4", "5", "6"}
    assert ids(told).count("1") == 2


def test_a_row_committed_late_is_still_found() -> None:
    shop = ListedShop()
    shop.put("/orders", 1, "11:20:00")
    _, cursor = poll(shop)
    shop.put("/orders", 2, "11:11:00")
    assert ids(poll(shop, cursor)[0]) == ["2"]


def test_a_change_after_it_was_told_is_told_again() -> None:
    shop = ListedShop()
    shop.put("/orders", 1, "11:20:00")
    _, cursor = poll(shop)
    shop.put("/orders", 1, "11:21:00")
    assert ids(poll(shop, cursor)[0]) == ["1"]


def test_stopping_after_any_notice_leaves_nothing_out() -> None:
    shop = ListedShop()
    shop.largest_page = 3
    for id in range(1, 11):
        shop.put("/orders", id, f"11:{id:02}:00")
    for stop in range(1, 11):
        first = [pair for pair, _ in zip(changed(shop.client(), "order", FEEDS, START), range(stop), strict=False)]
        rest, _ = poll(shop, first[-1][1])
        assert {one.id for one, _ in first} | set(ids(rest)) == {str(id) for id in range(1, 11)}


def test_our_clock_an_hour_ahead_loses_nothing() -> None:
    shop = ListedShop()
    ahead = {"since": (NOON + dt.timedelta(hours=1)).isoformat()}
    shop.put("/orders", 1, "11:59:00")
    assert ids(poll(shop, ahead)[0]) == ["1"]


def test_one_row_dated_in_the_future_does_not_carry_the_cursor_there() -> None:
    shop = ListedShop()
    shop.put("/orders", 1, "23:00:00")
    _, cursor = poll(shop)
    shop.put("/orders", 2, "11:59:59")
    assert "2" in ids(poll(shop, cursor)[0])


def test_a_shop_that_ignores_the_order_is_refused_rather_than_half_read() -> None:
    shop = ListedShop()
    shop.largest_page = 2
    for id in range(1, 5):
        shop.put("/orders", id, f"11:00:0{9 - id}")
    honest = shop.send

    def unsorted(method: str, path: str, *, query: Any = None, **more: Any) -> Any:
        return honest(method, path, query=query.replace("sortOrders", "sorting"), **more)

    shop.send = unsorted  # type: ignore[method-assign]
    with pytest.raises(Rejected, match="ignores"):
        poll(shop)


def test_searches_send_spaces_as_percent_20_and_always_a_page_size() -> None:
    shop = ListedShop()
    poll(shop)
    assert all("%20" in query and "+" not in query and "pageSize" in query for query in shop.queries)
