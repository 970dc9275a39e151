"""How this site writes what it knows: sites of the platform differ in names, dates, numbers and what they leave out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.clarity.sandbox.catalogue import ZONE
from connectors.clarity.sandbox.clock import instant

DATES = frozenset({"orderDate", "updatedAt", "createdAt", "capturedAt", "refundedAt"})
NAMES = (
    "firstName", "lastName", "email", "phone", "company", "taxId", "billingAddress", "shippingAddress", "externalIds",
    "notes", "status", "street1", "street2", "city", "region", "postalCode", "country",
)  # fmt: skip
"""Of all that others may change."""
ROUTES: Mapping[str, str] = {
    "orders": "SalesOrders",
    "payments": "Receipts",
    "customers": "Accounts",
    "refunds": "Returns",
    "products": "Catalog",
    "me": "WhoAmI",
}
"""What a site of its own calls the generic paths."""
BASES = {"generic": "/api/v1", "own": "/svc/sales"}


def generic_path(path: str, routes: str) -> str | None:
    """Without the site's prefix, in the generic profile's words; None where this site serves no such path."""
    base = BASES[routes]
    if not path.startswith(base + "/"):
        return None
    theirs = {own: name for name, own in ROUTES.items()} if routes == "own" else {name: name for name in ROUTES}
    known = {**theirs, "oauth": "oauth", "webhooks": "webhooks"}
    parts = path.removeprefix(base).split("/")
    named = [known.get(part, part) if position in (1, 3) else part for position, part in enumerate(parts)]
    return "/".join(named) if parts[1] in known else None


def written(value: Any, switch: Mapping[str, Any], name: str = "") -> Any:
    if isinstance(value, Mapping):
        names = switch["names"]
        shown = {key: inner for key, inner in value.items() if inner is not None or switch["nulls"] == "keep"}
        return {_cased(names.get(key, key), switch): written(inner, switch, key) for key, inner in shown.items()}
    if isinstance(value, list):
        return [written(inner, switch) for inner in value]
    if isinstance(value, Decimal):
        return value if switch["numbers"] == "number" else format(value, "f")
    if isinstance(value, str) and name in DATES:
        return _dated(instant(value), switch["dates"])
    return value


def understood(value: Any, switch: Mapping[str, Any]) -> Any:
    """What was sent to this site, in the generic profile's words. Like .NET it reads names in any case."""
    if isinstance(value, Mapping):
        own = {theirs.lower(): name for name, theirs in switch["names"].items()}
        known = {name.lower(): name for name in NAMES} | own
        return {known.get(key.lower(), key): understood(inner, switch) for key, inner in value.items()}
    return [understood(inner, switch) for inner in value] if isinstance(value, list) else value


def _cased(name: str, switch: Mapping[str, Any]) -> str:
    return name[:1].upper() + name[1:] if switch["casing"] == "pascal" else name


def _dated(moment: dt.datetime, style: str) -> Any:
    seconds = int(moment.timestamp())
    match style:
        case "ms":
            return f"/Date({seconds * 1000})/"
        case "naive":
            return moment.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M:%S")
        case "epoch_s":
            return seconds
        case "epoch_ms":
            return seconds * 1000
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
