"""From an endpoint and what is asked for to the address of one call."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from urllib.parse import quote

from connectors.clarity.dates import stamp
from connectors.clarity.endpoints import Endpoint

Values = Mapping[str, str]


def asked(
    *, id: str = "", since: dt.datetime | None = None, page: int | None = None, size: int = 0, cursor: str = ""
) -> Values:
    """What placeholders stand for. What is not asked for takes its whole parameter with it."""
    values = {"id": id, "cursor": cursor}
    if since:
        seconds = int(since.timestamp())
        values |= {"iso": stamp(since), "epoch": str(seconds), "epoch_ms": str(seconds * 1000)}
    if page is not None:
        values |= {"n": str(page), "offset": str(page)}
    return {name: value for name, value in {**values, "k": str(size or "")}.items() if value}


def address(endpoint: Endpoint, values: Values) -> tuple[str, str]:
    """Path and query, encoded."""
    parameters = [one.partition("=") for one in endpoint.query.split("&") if one]
    chosen = {name: filled for name, _, value in parameters if (filled := _filled(value, values)) is not None}
    query = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in chosen.items())
    path = re.sub(r"\{(\w+)\}", lambda match: quote(values.get(match[1], ""), safe=""), endpoint.path)
    return path, query


def _filled(template: str, values: Values) -> str | None:
    """None where something that it asks for is not given."""
    if not set(re.findall(r"\{(\w+)\}", template)) <= set(values):
        return None
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], template)
