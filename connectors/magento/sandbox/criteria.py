"""searchCriteria: what the caller asked for, read from PHP's bracket grammar, and told back in the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connectors.magento.sandbox.refusals import invalid, required
from connectors.magento.sandbox.tables import Row

NAMES = ("searchCriteria", "search_criteria")
MAXIMUM_PAGE_SIZE, DEFAULT_PAGE_SIZE = 300, 20
"""With input limiting on."""


@dataclass(frozen=True)
class Filter:
    field: str
    value: str
    condition: str


@dataclass(frozen=True)
class Sort:
    field: str
    ascending: bool


@dataclass(frozen=True)
class Criteria:
    """Filters of one group are alternatives; groups all apply. `page_size` 0 = everything."""

    groups: tuple[tuple[Filter, ...], ...] = ()
    sorts: tuple[Sort, ...] = ()
    page_size: int = 0
    page: int = 1
    asked: frozenset[str] = frozenset()

    def told(self) -> Row:
        groups = [
            {"filters": [{"field": one.field, "value": one.value, "condition_type": one.condition} for one in group]}
            for group in self.groups
        ]
        sorts = [{"field": sort.field, "direction": "ASC" if sort.ascending else "DESC"} for sort in self.sorts]
        return {
            "filter_groups": groups,
            **({"sort_orders": sorts} if sorts else {}),
            **({"page_size": self.page_size} if self.page_size else {}),
            **({"current_page": self.page} if "current_page" in self.asked else {}),
        }


def read_criteria(query: Iterable[tuple[str, str]], *, limited: bool) -> Criteria:
    """Raises Refused (400) when searchCriteria is not there at all, or the page is too large."""
    pairs = [(_path(key), value) for key, value in query]
    inside = [(path[1:], value) for path, value in pairs if path[0] in NAMES]
    if not inside:
        raise required("searchCriteria")
    tree = _tree(inside)
    size = _integer(tree.get("page_size"))
    if limited and size > MAXIMUM_PAGE_SIZE:
        raise invalid("Maximum SearchCriteria pageSize is %max", {"max": MAXIMUM_PAGE_SIZE})
    return Criteria(
        groups=tuple(
            tuple(_filter(one) for one in _listed(group.get("filters"))) for group in _listed(tree.get("filter_groups"))
        ),
        sorts=tuple(_sort(one) for one in _listed(tree.get("sort_orders"))),
        page_size=size or (DEFAULT_PAGE_SIZE if limited else 0),
        page=max(_integer(tree.get("current_page")), 1),
        asked=frozenset(tree),
    )


def _path(key: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\[\]]+", key) if part) or ("",)


def _tree(pairs: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, Any]:
    """Nested dicts; names in snake case, whichever case they came in."""
    tree: dict[str, Any] = {}
    for path, value in pairs:
        if path:
            branch = tree
            for step in path[:-1]:
                branch = branch.setdefault(_snake(step), {})
            branch[_snake(path[-1])] = value
    return tree


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def _listed(branch: Any) -> list[dict[str, Any]]:
    return [one for one in branch.values() if isinstance(one, dict)] if isinstance(branch, dict) else []


def _filter(one: dict[str, Any]) -> Filter:
    return Filter(one.get("field", ""), one.get("value", ""), one.get("condition_type", "eq"))


def _sort(one: dict[str, Any]) -> Sort:
    """A sort without a direction is descending."""
    return Sort(one.get("field", ""), one.get("direction", "DESC").upper() == "ASC")


def _integer(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.lstrip("-").isdigit() else 0
