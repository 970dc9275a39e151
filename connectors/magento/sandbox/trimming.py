"""`?fields=items[increment_id,entity_id],total_count`: the answer trimmed to what was asked for."""

from __future__ import annotations

import re
from typing import Any

Wanted = dict[str, "Wanted"]


def trimmed(body: Any, fields: str) -> Any:
    """A malformed string yields an empty list."""
    wanted = _read(fields)
    return [] if wanted is None else _trim(body, wanted)


def _trim(body: Any, wanted: Wanted) -> Any:
    if isinstance(body, list):
        return [_trim(one, wanted) for one in body]
    if not isinstance(body, dict) or not wanted:
        return body
    return {name: _trim(body[name], inner) for name, inner in wanted.items() if name in body}


def _read(fields: str) -> Wanted | None:
    if not re.fullmatch(r"[A-Za-z0-9_\[\],]+", fields):
        return None
    root: Wanted = {}
    open_levels, name = [root], ""
    for mark in re.findall(r"\w+|[\[\],]", fields):
        if mark == "[":
            if not name:
                return None
            open_levels.append(open_levels[-1][name])
        elif mark == "]":
            open_levels.pop()
            if not open_levels:
                return None
        elif mark != ",":
            name = mark
            open_levels[-1][name] = {}
    return root if len(open_levels) == 1 else None
