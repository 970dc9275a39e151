"""A shop's store views: which time zone and currency an order's store keeps its books in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from connectors.documents import Raw
from connectors.magento.reading import id_of

KEPT = ("id", "code", "website_id", "timezone", "base_currency_code")


def store_views(answer: Any) -> tuple[Raw, ...]:
    return tuple({name: row.get(name) for name in KEPT} for row in answer or ())


def store_of(stores: Sequence[Raw], store_id: Any) -> Raw:
    """The order's store view. One that was deleted since, or the admin's own, counts as the first."""
    wanted = id_of(store_id)
    return next((store for store in stores if id_of(store["id"]) == wanted), stores[0] if stores else {})


def zone_of(raw: Raw) -> ZoneInfo:
    """The connection's own setting wins over the store's."""
    hub, store = raw.get("hub") or {}, raw.get("store") or {}
    return ZoneInfo(hub.get("timezone") or store.get("timezone") or "UTC")


def other_store(raw: Raw) -> bool:
    """True where the connection is limited to certain stores and this order is not of them."""
    wanted = (raw.get("hub") or {}).get("store_ids") or []
    return bool(wanted) and id_of(raw["order"].get("store_id")) not in wanted


def store_list(setting: Any) -> list[str]:
    """ "1, 2" as typed into the form, or a number or a list from a file."""
    parts = setting if isinstance(setting, list | tuple) else str(setting or "").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def hub_settings(settings: Mapping[str, Any]) -> Raw:
    """What `parse` must know of the connection, kept in the raw answer so that parsing stays pure."""
    return {"timezone": str(settings.get("timezone") or ""), "store_ids": store_list(settings.get("store_ids"))}
