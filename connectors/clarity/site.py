"""What the settings of a connection say of its site, read once: calls, failures, and what parsing must know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.clarity import fields
from connectors.clarity.endpoints import Endpoint, endpoints
from connectors.clarity.record import Terms
from connectors.clarity.refusals import Shape
from connectors.documents import Raw

KEPT = (
    "timezone", "dates", "currency", "surcharge", "prices_include_tax", "status_map", "payment_status_map",
    "refund_status_map",
)  # fmt: skip


class Site:
    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.endpoints = endpoints(settings.get("paths") or {})
        self.shape = _shape(settings)
        self.headers = {"User-Agent": str(settings["user_agent"])} if settings.get("user_agent") else {}

    def offers(self, name: str) -> Endpoint | None:
        """None where this call is switched off."""
        return self.endpoints.get(name)

    @property
    def kept(self) -> Raw:
        """For the raw answer: only what differs from the generic profile."""
        chosen = fields.chosen(self.settings.get("fields") or {})
        plain = {name: self.settings[name] for name in KEPT if self.settings.get(name)}
        return {**plain, **({"fields": chosen} if chosen else {})}

    @property
    def terms(self) -> Terms:
        return Terms(self.kept)


def _shape(settings: Mapping[str, Any]) -> Shape:
    generic = Shape()
    codes = str(settings.get("retry_on") or "")
    return Shape(
        code_path=str(settings.get("error_code_path") or generic.code_path),
        message_path=str(settings.get("error_message_path") or generic.message_path),
        success_path=str(settings.get("success_flag_path") or ""),
        retry_on=frozenset(int(one) for one in codes.split(",") if one.strip()) or generic.retry_on,
    )
