"""Rows that match, in order, one page of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from connectors.magento.sandbox.conditions import matches
from connectors.magento.sandbox.criteria import Criteria, Filter, Sort, read_criteria
from connectors.magento.sandbox.refusals import internal
from connectors.magento.sandbox.tables import Row
from connectors.sandbox import Call


def search(
    call: Call,
    rows: Iterable[Row],
    columns: Mapping[str, str],
    switch: Mapping[str, Any],
    present: Callable[[Row], Row] = lambda row: row,
) -> Row:
    """The answer of a list call. `columns`: what may be searched, and the row's own name for it.

    Raises Refused: 400 without searchCriteria, 500 for a column that does not exist."""
    criteria = read_criteria(call.query, limited=bool(switch["input_limit"]))
    found = [row for row in rows if _wanted(row, criteria, columns)]
    for sort in reversed(criteria.sorts):
        _sort(found, sort, columns)
    page = _page(found, criteria, repeat=_repeats(switch))
    return {"items": [present(row) for row in page], "search_criteria": criteria.told(), "total_count": len(found)}


def _repeats(switch: Mapping[str, Any]) -> bool:
    """Before 2.4 the last page was repeated for ever."""
    return (switch["page_past_end"] or ("repeat" if switch["version"] == "2.3" else "empty")) == "repeat"


def _wanted(row: Row, criteria: Criteria, columns: Mapping[str, str]) -> bool:
    return all(_any(row, group, columns) for group in criteria.groups)


def _any(row: Row, group: Sequence[Filter], columns: Mapping[str, str]) -> bool:
    """The filters of a group are alternatives, but `from` and `to` on one field are a range."""
    ranges = [one for one in group if one.condition in ("from", "to")]
    others = [one for one in group if one.condition not in ("from", "to")]
    fields = dict.fromkeys(one.field for one in ranges)
    within = (all(_matches(row, one, columns) for one in ranges if one.field == field) for field in fields)
    return not group or any(_matches(row, one, columns) for one in others) or any(within)


def _matches(row: Row, one: Filter, columns: Mapping[str, str]) -> bool:
    return matches(_value(row, one.field, columns), one.condition, one.value)


def _value(row: Row, field: str, columns: Mapping[str, str]) -> Any:
    if field not in columns:
        raise internal()
    return row.get(columns[field])


def _sort(rows: list[Row], sort: Sort, columns: Mapping[str, str]) -> None:
    """Nulls come first when ascending, as in MySQL."""

    def key(row: Row) -> tuple[bool, Any]:
        value = _value(row, sort.field, columns)
        return (value is not None, value.casefold() if isinstance(value, str) else value)

    def order(left: tuple[bool, Any], right: tuple[bool, Any]) -> int:
        if not (left[0] and right[0]):
            return left[0] - right[0]
        return int(left[1] > right[1]) - int(left[1] < right[1])

    compare = cmp_to_key(order)
    rows.sort(key=lambda row: compare(key(row)), reverse=not sort.ascending)


def _page(found: list[Row], criteria: Criteria, *, repeat: bool) -> list[Row]:
    size = criteria.page_size
    if not size:
        return found
    last = max((len(found) + size - 1) // size, 1)
    page = min(criteria.page, last) if repeat else criteria.page
    return found[(page - 1) * size : page * size]
