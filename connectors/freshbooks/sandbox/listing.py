"""Pages: at most a hundred rows, fifteen unless asked, and an empty one past the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.freshbooks.sandbox import refusals
from connectors.freshbooks.sandbox.envelopes import result
from connectors.freshbooks.sandbox.refusals import Refusal
from connectors.freshbooks.sandbox.tables import Row
from connectors.sandbox import Call, Reply

LARGEST, USUAL = 100, 15


def page(call: Call, plural: str, rows: Sequence[Row], show: Callable[[Row], Any]) -> Reply:
    number = max(_whole(call, "page", "1", refusals.PAGE, least=0), 1)
    size = min(_whole(call, "per_page", str(USUAL), refusals.PER_PAGE, least=1), LARGEST)
    shown = rows[(number - 1) * size : number * size]
    return result(
        {
            plural: [show(row) for row in shown],
            "page": number,
            "pages": -(-len(rows) // size),
            "per_page": size,
            "total": len(rows),
        }
    )


def ordered(call: Call, newest_first: list[Row], sorts: Mapping[str, str]) -> list[Row]:
    """`sorts`: the name of a sort → its field. A sort that is not known is accepted silently and sorts by id, ascending."""
    wanted = call.get("sort")
    if not wanted:
        return newest_first
    known = re.fullmatch(r"(\w+)_(asc|desc)", wanted)
    oldest_first = newest_first[::-1]
    if not known or known[1] not in sorts:
        return oldest_first
    field = sorts[known[1]]
    return sorted(oldest_first, key=lambda row: str(row[field] or ""), reverse=known[2] == "desc")


def _whole(call: Call, name: str, usual: str, errno: int, *, least: int) -> int:
    value = call.get(name) or usual
    if re.fullmatch(r"-?\d+", value) and int(value) >= least:
        return int(value)
    raise Refusal(errno, f"{name} must be a number greater than zero.", field=name, value=value)
