"""Reading what changed: nothing is left out by ties, by pages that move, or by bounds that nobody has documented."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.bigcommerce.cursor import ORDERS, REFUNDS, changed
from connectors.errors import Rejected
from tests.connectors.bigcommerce.listed_store import NOON, ListedStore

LONG_AGO: Mapping[str, Any] = {"since": "2026-01-01T00:00:00+00:00"}
bounds = pytest.mark.parametrize("inclusive", [True, False])


def read(store: ListedStore, cursor: Mapping[str, Any] = LONG_AGO) -> tuple[list[str], Mapping[str, Any]]:
    """The ids that were told, and the cursor after them, as it comes back from the database."""
    told = []
    for notice, after in changed(store.client(), "order", (ORDERS, REFUNDS), cursor):
        told.append(notice.id)
        cursor = json.loads(json.dumps(after))
    return told, cursor


@bounds
@pytest.mark.parametrize("capped", [250, 50])
def test_every_order_is_told_once_however_many_there_are(inclusive: bool, capped: int) -> None:
    store = ListedStore(inclusive=inclusive, capped=capped)
    for id in range(1, 701):
        store.change(id, 10_000 - 7 * id)
    told, cursor = read(store)
    assert sorted(map(int, set(told))) == list(range(1, 701))
    assert read(store, cursor)[0] == []


@bounds
def test_more_orders_in_one_second_than_a_page_holds(inclusive: bool) -> None:
    store = ListedStore(inclusive=inclusive)
    for id in range(1, 601):
        store.change(id, 5_000)
    store.change(601, 4_999)
    store.change(602, 4_998)
    store.change(603, 900)
    assert set(read(store)[0]) == {str(id) for id in range(1, 604)}


def test_an_order_that_changes_while_it_is_read_hides_no_other() -> None:
    """It moves to the end, and everything behind it moves up."""
    store = ListedStore()
    for id in range(1, 501):
        store.change(id, 5_000 - id)
    store.before_answer = [lambda: None, lambda: store.change(3, 1)]
    told, _ = read(store)
    assert {str(id) for id in range(1, 501)} <= set(told) and told.count("3") >= 1


def test_a_change_within_the_same_second_is_told_again() -> None:
    store = ListedStore()
    store.change(1, 0)
    told, cursor = read(store)
    store.now = NOON + dt.timedelta(seconds=300)
    assert (told, read(store, cursor)[0]) == (["1"], ["1"])


def test_a_settled_change_bears_an_id_and_a_fresh_one_does_not() -> None:
    store = ListedStore()
    store.change(1, 300)
    store.change(2, 5)
    found = {notice.id: notice.delivery_id for notice, _ in changed(store.client(), "order", (ORDERS,), LONG_AGO)}
    assert found["1"].startswith("order/1/2026-03-02T11:55:00") and found["2"] == ""


def test_a_refund_is_told_even_if_its_order_was_not_touched() -> None:
    store = ListedStore()
    store.change(1, 90_000)
    _, cursor = read(store)
    store.refund(31, 1, 120)
    told, cursor = read(store, cursor)
    assert (told, read(store, cursor)[0]) == (["1"], [])


def test_a_row_that_was_committed_late_is_found_in_the_overlap() -> None:
    store = ListedStore()
    store.change(1, 100)
    _, cursor = read(store)
    store.change(2, 400)
    assert read(store, cursor)[0] == ["2"]


def test_a_cursor_ahead_of_the_stores_clock_comes_back_to_it() -> None:
    store = ListedStore()
    store.change(1, -86_400)
    _, cursor = read(store)
    store.change(2, 30)
    assert "2" in read(store, cursor)[0]


def test_a_list_that_ignores_its_order_is_not_believed() -> None:
    store = ListedStore(capped=60)
    for id in range(1, 200):
        store.change(id, 5_000 - id)
    store._orders = lambda query: [  # type: ignore[method-assign]
        {"id": id, "date_modified": f"Mon, 02 Mar 2026 11:{id % 60:02}:00 +0000"} for id in range(1, 200)
    ]
    with pytest.raises(Rejected, match="ignores the filter or the order"):
        read(store)


def test_no_news_costs_one_call_for_each_list() -> None:
    store = ListedStore()
    store.change(1, 90_000)
    _, cursor = read(store)
    store.calls = 0
    read(store, cursor)
    assert store.calls == 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=180),
    st.booleans(),
    st.integers(0, 200),
)
def test_a_poll_may_end_anywhere_and_the_next_goes_on(ages: list[int], inclusive: bool, stop: int) -> None:
    store = ListedStore(inclusive=inclusive, capped=60)
    for id, age in enumerate(ages, start=1):
        store.change(id, 1_000 + age)
    told: set[str] = set()
    cursor = LONG_AGO
    for position, (notice, after) in enumerate(changed(store.client(), "order", (ORDERS, REFUNDS), LONG_AGO)):
        told.add(notice.id)
        cursor = json.loads(json.dumps(after))
        if position == stop:
            break
    told |= set(read(store, cursor)[0])
    assert told == {str(id) for id in range(1, len(ages) + 1)}
