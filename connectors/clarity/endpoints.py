"""Which calls a site offers, under which addresses, and how its lists are paged: the generic profile and its changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

GENERIC: Mapping[str, str] = {
    "ping": "GET /me",
    "orders.list": "GET /orders",
    "orders.get": "GET /orders/{id}",
    "orders.patch": "PATCH /orders/{id}",
    "orders.payments": "GET /orders/{id}/payments",
    "customers.list": "GET /customers",
    "customers.get": "GET /customers/{id}",
    "customers.create": "POST /customers",
    "customers.patch": "PATCH /customers/{id}",
    "payments.list": "GET /payments",
    "payments.get": "GET /payments/{id}",
    "refunds.list": "GET /refunds",
    "refunds.get": "GET /refunds/{id}",
    "products.list": "GET /products",
    "products.get": "GET /products/{id}",
    "webhooks.list": "GET /webhooks",
    "webhooks.create": "POST /webhooks",
    "webhooks.delete": "DELETE /webhooks/{id}",
}
NEEDED = ("orders.list", "orders.get")
"""Without these there is nothing to book. Every other call may be switched off by null."""
LISTS = (
    "orders.list",
    "orders.payments",
    "customers.list",
    "payments.list",
    "refunds.list",
    "products.list",
    "webhooks.list",
)
CHANGED, SORTED = "updatedSince={iso}", "sort=updatedAt"
PAGING: Mapping[str, str] = {
    "page_number": "page={n}&pageSize={k}",
    "offset": "offset={n}&limit={k}",
    "cursor": "cursor={cursor}&pageSize={k}",
    "link_header": "pageSize={k}",
}
"""Page style → the query that asks for one page."""
NEXT = ("$.nextCursor", "$.next", "$.meta.nextCursor", "$.links.next", "$.paging.next")
TOTAL = ("$.total", "$.totalCount", "$.meta.total", "$.pagination.total")
"""Where lists often say how to go on and how many match. What is not there is not needed."""
FILTERS: Mapping[str, str] = {
    "payments.list": "orderId={order_id}",
    "refunds.list": "orderId={order_id}",
    "customers.list": "email={email}",
}
"""List → the query that asks for some of its rows. A site may ignore it: what comes is compared by us."""
PLACEHOLDERS = ("id", "iso", "epoch", "epoch_ms", "n", "k", "offset", "cursor", "order_id", "email")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
KEYS = ("method", "path", "query", "page_style", "start", "size", "items_path", "total_path", "next_path", "headers")
ALL = "*"
"""Under this name: what holds for every call that does not say otherwise."""
SIZE = 100
LARGEST_SIZE = 1000


class Unclear(ValueError):
    """An entry that cannot be meant; the sentence says why and what to write instead."""


@dataclass(frozen=True)
class Endpoint:
    """`start` is the number of the first page. `query` holds placeholders in braces."""

    name: str
    method: str
    path: str
    query: str = ""
    page_style: str = "page_number"
    start: int = 1
    size: int = SIZE
    items_path: str = "$.data"
    total_path: tuple[str, ...] = TOTAL
    next_path: tuple[str, ...] = NEXT
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def numbered(self) -> bool:
        """Any page of it can be asked for."""
        return self.page_style in ("page_number", "offset")

    @property
    def sorted(self) -> bool:
        """It is asked for in an order."""
        return bool(re.search("sort|order_?by", self.query, re.IGNORECASE))


def endpoints(written: Mapping[str, Any]) -> dict[str, Endpoint]:
    """Every call that is not switched off. Raises Unclear."""
    changes = _flat(written)
    common = _entry(ALL, changes.pop(ALL, {}))
    found = {}
    for name, generic in GENERIC.items():
        change = changes.pop(name, {})
        if change in (None, False, ""):
            if name in NEEDED:
                raise Unclear(f"{name} cannot be switched off: without it no order can be read")
            continue
        found[name] = _endpoint(name, {**_request(name, generic), **common, **_entry(name, change)})
    if changes:
        raise Unclear(
            f"{', '.join(map(str, changes))}: there is no such call. There are {', '.join(GENERIC)}, and * for all"
        )
    return found


def _flat(written: Mapping[str, Any]) -> dict[str, Any]:
    """`{"orders": {"list": …}}` is `{"orders.list": …}`."""
    found: dict[str, Any] = {}
    for name, entry in written.items():
        inner = {f"{name}.{part}" for part in entry} if isinstance(entry, Mapping) and name not in GENERIC else set()
        if inner and inner <= set(GENERIC):
            found |= {f"{name}.{part}": one for part, one in entry.items()}
        else:
            found[name] = entry
    return found


def _entry(name: str, change: Any) -> dict[str, Any]:
    if isinstance(change, str):
        return _request(name, change)
    if not isinstance(change, Mapping):
        raise Unclear(f'{name} is {change!r}. Write an address such as "/orders", or its parts in braces')
    if unknown := sorted(set(change) - set(KEYS)):
        raise Unclear(f"{name} has no {', '.join(unknown)}; it may have {', '.join(KEYS)}")
    parts = dict(change)
    return {**(_request(name, parts.pop("path")) if "path" in parts else {}), **parts}


def _request(name: str, written: Any) -> dict[str, Any]:
    """`GET /orders?page={n}` in parts; method and query may be left out."""
    first, _, rest = str(written).strip().partition(" ")
    method, address = (first.upper(), rest.strip()) if rest else ("", first)
    if method and method not in METHODS:
        raise Unclear(f"{name} uses {first}; the methods are {', '.join(METHODS)}")
    path, asks, query = address.partition("?")
    if not path.startswith(("/", "http://", "https://")):
        raise Unclear(
            f"{name} leads to “{path}”. Begin with a slash, such as /orders; it is added to the site's address"
        )
    return {"path": path, **({"method": method} if method else {}), **({"query": query} if asks else {})}


def _endpoint(name: str, parts: dict[str, Any]) -> Endpoint:
    style, start = _style(name, parts.get("page_style", "page_number"), parts.get("start"))
    made = Endpoint(
        name=name,
        method=str(parts.get("method", "GET")).upper(),
        path=parts["path"],
        query=_query(name, parts.get("query"), style),
        page_style=style,
        start=start,
        size=_whole(name, "size", parts.get("size", SIZE), 1, LARGEST_SIZE),
        items_path=str(parts.get("items_path", "$.data")),
        headers=_texts(name, parts.get("headers", {})),
        total_path=_chosen(parts, "total_path", TOTAL),
        next_path=_chosen(parts, "next_path", NEXT),
    )
    _require_known_placeholders(made)
    return made


def _chosen(parts: Mapping[str, Any], key: str, generic: tuple[str, ...]) -> tuple[str, ...]:
    """Empty: the list does not say it."""
    if key not in parts:
        return generic
    return (str(parts[key]),) if parts[key] else ()


def _style(name: str, written: Any, start: Any) -> tuple[str, int]:
    """`page_number`, or with its first page's number as in `page_number(start 0)`."""
    said = re.fullmatch(r"(\w+)(?:\D*(\d+)\D*)?", str(written).strip())
    if not said or said[1] not in PAGING:
        raise Unclear(f"{name} has the page style {written!r}; the styles are {', '.join(PAGING)}")
    first = start if start is not None else said[2] or (1 if said[1] == "page_number" else 0)
    return said[1], _whole(name, "start", first, 0, 1)


def _query(name: str, written: Any, style: str) -> str:
    if written is None:
        return _generic_query(name, style)
    if isinstance(written, Mapping):
        return "&".join(f"{key}={value}" for key, value in written.items())
    return str(written).lstrip("?")


def _generic_query(name: str, style: str) -> str:
    if name not in LISTS:
        return ""
    timeless = name in ("orders.payments", "webhooks.list")
    parts = (FILTERS.get(name), "" if timeless else CHANGED, PAGING[style], "" if timeless else SORTED)
    return "&".join(filter(None, parts))


def _whole(name: str, key: str, value: Any, least: int, most: int) -> int:
    if not str(value).isdecimal() or not least <= int(value) <= most:
        raise Unclear(f"{name} has {value!r} as {key}; write a whole number from {least} to {most}")
    return int(value)


def _texts(name: str, headers: Any) -> Mapping[str, str]:
    if not isinstance(headers, Mapping):
        raise Unclear(f'{name} has {headers!r} as headers; write them as {{"X-Name": "value"}}')
    return {str(key): str(value) for key, value in headers.items()}


def _require_known_placeholders(made: Endpoint) -> None:
    for found in re.findall(r"\{(.*?)\}", made.path + made.query):
        if found not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise Unclear(f"{made.name} asks for {{{found}}}, which nobody knows; there are {known}")
