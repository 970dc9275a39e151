"""Filters, order and pages of a list, in the manners of both versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from connectors.bigcommerce.sandbox.clock import instant
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.refusals import of_version
from connectors.sandbox import Call, Reply

USUAL, MOST = 50, 250

Matches = Callable[[Row, str], bool]


def equal(field: str) -> Matches:
    return lambda row, wanted: str(row.get(field)).lower() == wanted.lower()


def among(field: str) -> Matches:
    return lambda row, wanted: str(row.get(field)).lower() in wanted.lower().split(",")


def no_less(field: str) -> Matches:
    return lambda row, wanted: int(row[field]) >= int(wanted)


def no_more(field: str) -> Matches:
    return lambda row, wanted: int(row[field]) <= int(wanted)


def since(field: str, *, inclusive: Callable[[], bool] = lambda: True) -> Matches:
    def matches(row: Row, wanted: str) -> bool:
        edge, at = instant(wanted), instant(row[field])
        return at > edge or (inclusive() and at == edge)

    return matches


def until(field: str) -> Matches:
    return lambda row, wanted: instant(row[field]) <= instant(wanted)


def dated(*names: str) -> dict[str, Matches]:
    """The filters of V3 by dates."""
    return {f"{name}:{edge}": made(name) for name in names for edge, made in (("min", since), ("max", until))}


def filtered(rows: Iterable[Row], call: Call, filters: Mapping[str, Matches]) -> list[Row]:
    """Raises Refused where a value cannot be read."""
    found = list(rows)
    for name, wanted in call.query:
        if name in filters:
            try:
                found = [row for row in found if filters[name](row, wanted)]
            except ValueError:
                raise of_version(call.path, 400, f"The value of the field '{name}' is not valid.") from None
    return found


def in_order(rows: list[Row], field: str, direction: str) -> list[Row]:
    """By what a date means, not by how it is written; equal ones by id."""

    def key(row: Row) -> tuple[Any, ...]:
        value = row.get(field)
        return (instant(str(value)) if field.startswith("date") else value or 0, row["id"])

    return sorted(rows, key=key, reverse=direction == "desc")


def page_of(call: Call) -> tuple[int, int]:
    """Number and size. More than the most is cut down to it."""
    return max(int(call.get("page") or 1), 1), min(max(int(call.get("limit") or USUAL), 1), MOST)


def listed_v2(rows: list[Row], call: Call) -> Reply:
    """An empty page has no body at all."""
    number, size = page_of(call)
    shown = rows[(number - 1) * size : number * size]
    return Reply(body=shown) if shown else Reply(204)


def listed_v3(rows: list[Row], call: Call) -> Reply:
    number, size = page_of(call)
    shown = rows[(number - 1) * size : number * size]
    pages = -(-len(rows) // size)
    links = {"current": f"?page={number}&limit={size}"}
    if number < pages:
        links["next"] = f"?page={number + 1}&limit={size}"
    if number > 1:
        links["previous"] = f"?page={number - 1}&limit={size}"
    pagination = {
        "total": len(rows),
        "count": len(shown),
        "per_page": size,
        "current_page": number,
        "total_pages": pages,
        "links": links,
    }
    return Reply(body={"data": shown, "meta": {"pagination": pagination}})


def one_v3(row: Any) -> Reply:
    return Reply(body={"data": row, "meta": {}})
