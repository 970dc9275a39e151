"""Calls to the simulated shop without a socket, and what its tests look up in an order."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote

from connectors.magento.sandbox import sandbox
from connectors.sandbox import Call, Reply

BEARER = {"Authorization": "Bearer at" + "0" * 30}


def ask(
    shop: sandbox, method: str, path: str, body: Any = None, *, query: str = "", headers: dict[str, str] = BEARER
) -> Reply:
    """`path` after `/rest/V1/`, or a whole one."""
    path = path if path.startswith("/") else f"/rest/V1/{path}"
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    sent = b"" if body is None else json.dumps(body).encode()
    return shop.answer(Call(method, path, pairs, headers, sent, raw_query=query))


def got(shop: sandbox, path: str, **more: Any) -> Any:
    reply = ask(shop, "GET", path, **more)
    assert reply.status == 200, reply.body
    return json.loads(reply.encoded(), parse_float=Decimal)


def criteria(*filters: tuple[str, str, str], sort: str = "", page_size: int = 0, page: int = 0) -> str:
    """Each filter is a group of its own. `sort` is "field direction,field direction"."""
    parts = ["searchCriteria="]
    for group, (field, condition, value) in enumerate(filters):
        at = f"searchCriteria[filter_groups][{group}][filters][0]"
        parts += [f"{at}[field]={field}", f"{at}[condition_type]={condition}", f"{at}[value]={quote(value)}"]
    for place, one in enumerate(filter(None, sort.split(","))):
        field, _, direction = one.partition(" ")
        parts.append(f"searchCriteria[sortOrders][{place}][field]={field}")
        parts += [f"searchCriteria[sortOrders][{place}][direction]={direction}"] if direction else []
    parts += [f"searchCriteria[pageSize]={page_size}"] if page_size else []
    parts += [f"searchCriteria[currentPage]={page}"] if page else []
    return "&".join(parts if len(parts) == 1 else parts[1:])


def listed(shop: sandbox, path: str, *filters: tuple[str, str, str], **more: Any) -> list[Any]:
    return list(got(shop, path, query=criteria(*filters, **more))["items"])


def tendered(order: dict[str, Any], base: str = "") -> Decimal:
    names = ("gift_cards_amount", "customer_balance_amount", "reward_currency_amount")
    return sum((Decimal(order["extension_attributes"].get(base + name, 0)) for name in names), Decimal(0))
