"""Lists: what changed since an instant, in the order of change, a page at a time in the site's own style."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from connectors.clarity.sandbox.clock import instant
from connectors.clarity.sandbox.refusals import invalid
from connectors.clarity.sandbox.shop import Shop
from connectors.clarity.sandbox.tables import Row
from connectors.sandbox import Call

DEFAULT_SIZE = 25
NEWEST_FIRST = "-updatedAt"
COLUMNS = ("orderId", "email")


def chosen(shop: Shop, rows: Sequence[Row], call: Call) -> list[Row]:
    """By `updatedSince`, inclusive, and by columns where the site knows how; sorted as asked, ties by id."""
    since = _since(call)
    columns = {name: call.get(name) for name in COLUMNS if call.get(name)} if shop.switch["filters"] == "on" else {}
    found = [
        row
        for row in rows
        if (not since or instant(_changed(shop, row)) >= since)
        and all(str(row.get(name)).strip().lower() == value.lower() for name, value in columns.items())
    ]
    found.sort(key=lambda row: (_changed(shop, row), _number(row)), reverse=call.get("sort") == NEWEST_FIRST)
    return found


def paged(
    rows: Sequence[Row], call: Call, switch: Mapping[str, Any], url: str
) -> tuple[list[Row], Row, Mapping[str, str]]:
    """The rows of one page, what the envelope says beside them, and headers."""
    size = min(
        _whole(call, "limit" if switch["page_style"] == "offset" else "pageSize", DEFAULT_SIZE), switch["page_limit"]
    )
    start = _start(call, switch, size)
    page = list(rows[start : start + size])
    if not page and rows and switch["past_end"] == "repeat":
        page = list(rows[-size:])
    more = start + size < len(rows)
    beside: Row = {"total": len(rows)} if switch["totals"] else {}
    headers: dict[str, str] = {}
    if more and switch["page_style"] == "cursor":
        beside["nextCursor"] = base64.urlsafe_b64encode(f"at:{start + size}".encode()).decode()
    if more and switch["page_style"] == "link_header":
        query = urlencode({**dict(call.query), "at": start + size})
        headers["Link"] = f'<{url}{call.path}?{query}>; rel="next"'
    return page, beside, headers


def _start(call: Call, switch: Mapping[str, Any], size: int) -> int:
    match switch["page_style"]:
        case "offset":
            return _whole(call, "offset", 0)
        case "cursor":
            return int(base64.urlsafe_b64decode(call.get("cursor")).decode()[3:]) if call.get("cursor") else 0
        case "link_header":
            return _whole(call, "at", 0)
    page = _whole(call, "page", switch["page_start"]) - switch["page_start"]
    if page < 0:
        raise invalid("page", "There is no page before the first")
    return int(page * size)


def _since(call: Call) -> Any:
    try:
        return instant(call.get("updatedSince")) if call.get("updatedSince") else None
    except ValueError:
        raise invalid("updatedSince", "Not an instant") from None


def _whole(call: Call, name: str, default: int) -> int:
    value = call.get(name) or str(default)
    if not value.isdecimal():
        raise invalid(name, "Not a whole number")
    return int(value)


def _changed(shop: Shop, row: Row) -> str:
    return str(shop.changed.get(row["id"]) or row.get("updatedAt") or "1970-01-01T00:00:00Z")


def _number(row: Row) -> int:
    digits = row["id"].rpartition("_")[2]
    return int(digits) if digits.isdecimal() else 0
