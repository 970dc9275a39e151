"""searchCriteria: every condition type, groups, sorting, and both habits past the last page."""

from __future__ import annotations

import pytest

from connectors.magento.sandbox import sandbox
from tests.connectors.magento.calling import ask, criteria, got, listed


@pytest.fixture(scope="module")
def shop() -> sandbox:
    made = sandbox()
    made.trade(orders=60, seed=4, day="2026-03-01")
    return made


def ids(shop: sandbox, *filters: tuple[str, str, str], **more: object) -> list[int]:
    return [row["entity_id"] for row in listed(shop, "orders", *filters, **more)]


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ("eq", "7", [7]),
        ("seq", "7", [7]),
        ("gt", "58", [59, 60]),
        ("gteq", "59", [59, 60]),
        ("moreq", "59", [59, 60]),
        ("lt", "3", [1, 2]),
        ("lteq", "2", [1, 2]),
        ("from", "59", [59, 60]),
        ("to", "2", [1, 2]),
        ("in", "5,9,1", [1, 5, 9]),
    ],
)
def test_numbers_are_compared_as_numbers(shop: sandbox, condition: str, value: str, expected: list[int]) -> None:
    found = [id for id in ids(shop, ("entity_id", condition, value)) if id <= 60]
    assert found == expected


def test_the_negative_conditions_find_the_others(shop: sandbox) -> None:
    everything = ids(shop)
    for condition, value in (("neq", "7"), ("sneq", "7"), ("nin", "7")):
        assert ids(shop, ("entity_id", condition, value)) == [id for id in everything if id != 7]


def test_text_ignores_case_and_like_takes_wildcards(shop: sandbox) -> None:
    ada = ids(shop, ("customer_email", "eq", "ADA.byte@example.com"))
    assert ada
    assert ids(shop, ("customer_email", "like", "ada%")) == ada
    assert ids(shop, ("customer_email", "regexp", "^ada")) == ada
    assert set(ids(shop, ("customer_email", "nlike", "ada%"))) == set(ids(shop)) - set(ada)


def test_null_matches_nothing_but_null(shop: sandbox) -> None:
    guests = ids(shop, ("customer_id", "null", "whatever"))
    assert guests == ids(shop, ("customer_is_guest", "eq", "1"))
    assert not set(guests) & set(ids(shop, ("customer_id", "neq", "1")))
    assert set(guests) | set(ids(shop, ("customer_id", "notnull", ""))) == set(ids(shop))


def test_finset_looks_inside_a_comma_list() -> None:
    shop = sandbox()
    id = shop.place({"kind": "simple"})["entity_id"]
    ask(shop, "POST", "orders", {"entity": {"entity_id": id, "applied_rule_ids": "2,13"}})
    assert ids(shop, ("applied_rule_ids", "finset", "13")) == [id]
    assert ids(shop, ("applied_rule_ids", "finset", "3")) == []
    assert ids(shop, ("applied_rule_ids", "nfinset", "3")) == [id]


def test_filters_of_a_group_are_alternatives_and_groups_all_apply(shop: sandbox) -> None:
    query = (
        "searchCriteria[filterGroups][0][filters][0][field]=state&searchCriteria[filterGroups][0][filters][0][value]=processing"
        "&searchCriteria[filterGroups][0][filters][1][field]=state&searchCriteria[filterGroups][0][filters][1][value]=complete"
        "&searchCriteria[filterGroups][1][filters][0][field]=store_id&searchCriteria[filterGroups][1][filters][0][value]=2"
    )
    rows = got(shop, "orders", query=query)["items"]
    assert {row["state"] for row in rows} == {"processing", "complete"}
    assert {row["store_id"] for row in rows} == {2}


def test_from_and_to_in_one_group_are_a_range(shop: sandbox) -> None:
    query = "&".join(
        f"searchCriteria[filter_groups][0][filters][{place}][{name}]={value}"
        for place, (condition, edge) in enumerate((("from", "5"), ("to", "8")))
        for name, value in (("field", "entity_id"), ("condition_type", condition), ("value", edge))
    )
    assert [row["entity_id"] for row in got(shop, "orders", query=query)["items"]] == [5, 6, 7, 8]


def test_a_date_without_a_time_is_its_midnight(shop: sandbox) -> None:
    assert ids(shop, ("created_at", "gteq", "2026-03-02")) == ids(shop, ("created_at", "gteq", "2026-03-02 00:00:00"))
    assert ids(shop, ("created_at", "lt", "2026-03-01 12:00:00"))


def test_a_sort_without_a_direction_is_descending(shop: sandbox) -> None:
    assert ids(shop, sort="entity_id") == sorted(ids(shop), reverse=True)
    assert ids(shop, sort="entity_id ASC") == sorted(ids(shop))


def test_ties_are_broken_by_the_second_sort(shop: sandbox) -> None:
    rows = listed(shop, "orders", sort="updated_at ASC,entity_id ASC")
    keys = [(row["updated_at"], row["entity_id"]) for row in rows]
    assert keys == sorted(keys)
    assert len({stamp for stamp, _ in keys}) < len(keys), "the day has orders of the same second"


def test_the_answer_repeats_what_was_asked(shop: sandbox) -> None:
    query = criteria(("updated_at", "gteq", "2026-03-01 08:00:00"), sort="updated_at ASC", page_size=2, page=1)
    answer = got(shop, "orders", query=query)
    assert answer["search_criteria"] == {
        "filter_groups": [
            {"filters": [{"field": "updated_at", "value": "2026-03-01 08:00:00", "condition_type": "gteq"}]}
        ],
        "sort_orders": [{"field": "updated_at", "direction": "ASC"}],
        "page_size": 2,
        "current_page": 1,
    }
    assert len(answer["items"]) == 2 < answer["total_count"]


@pytest.mark.parametrize(
    ("switches", "past_the_end"),
    [
        ({"page_past_end": "empty"}, []),
        ({"page_past_end": "repeat"}, [3]),
        ({"version": "2.3"}, [3]),
        ({"version": "2.4.8"}, []),
    ],
)
def test_the_page_past_the_end(switches: dict[str, str], past_the_end: list[int]) -> None:
    shop = sandbox()
    for _ in range(3):
        shop.place({"kind": "unpaid"})
    shop.switch.update(switches)
    assert ids(shop, sort="entity_id ASC", page_size=2, page=2) == [3]
    assert ids(shop, sort="entity_id ASC", page_size=2, page=9) == past_the_end
    assert ids(shop, sort="entity_id ASC", page_size=2, page=-1) == [1, 2]


def test_search_criteria_must_be_there_but_may_be_empty(shop: sandbox) -> None:
    refused = ask(shop, "GET", "orders", query="pageSize=2")
    assert (refused.status, refused.body) == (
        400,
        {"message": '"%fieldName" is required. Enter and try again.', "parameters": {"fieldName": "searchCriteria"}},
    )
    assert len(got(shop, "orders", query="searchCriteria=")["items"]) == len(ids(shop))


def test_an_unknown_column_is_an_internal_error(shop: sandbox) -> None:
    reply = ask(shop, "GET", "orders", query=criteria(("sku", "eq", "MUG-01")))
    assert reply.status == 500
    assert reply.body["message"].startswith(
        "Internal Error. Details are available in Magento log file. Report ID: webapi-"
    )


def test_input_limiting_caps_pages_and_has_a_default() -> None:
    shop = sandbox()
    for _ in range(25):
        shop.place({"kind": "unpaid"})
    assert len(ids(shop)) == 25
    shop.switch["input_limit"] = True
    assert len(ids(shop)) == 20
    refused = ask(shop, "GET", "orders", query=criteria(page_size=301))
    assert (refused.status, refused.body["parameters"]) == (400, {"max": 300})


def test_fields_trim_the_answer(shop: sandbox) -> None:
    query = criteria(("entity_id", "eq", "1")) + "&fields=items[increment_id,billing_address[city]],total_count"
    answer = got(shop, "orders", query=query)
    assert answer["total_count"] == 1
    assert [set(row) for row in answer["items"]] == [{"increment_id", "billing_address"}]
    assert set(answer["items"][0]["billing_address"]) == {"city"}
    assert got(shop, "orders/1", query="fields=items[sku") == []


def test_a_row_committed_late_is_read_late(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = sandbox()
    moment = [100.0]
    monkeypatch.setattr("connectors.magento.sandbox.tables.time.monotonic", lambda: moment[0])
    shop.place({"kind": "unpaid"})
    shop.switch["late_commit"] = 30
    late = shop.place({"kind": "unpaid"})["entity_id"]
    assert ids(shop) == [1]
    assert ask(shop, "GET", f"orders/{late}").status == 404
    moment[0] = 131.0
    assert ids(shop) == [1, late]
