"""Who may call: an integration's bearer token, where the shop allows it, or an OAuth 1.0a signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from connectors.magento.sandbox.oauth1 import Consumer, Verifier
from connectors.magento.sandbox.refusals import not_allowed
from connectors.sandbox import Call

CONSUMER = Consumer("ck" + "0" * 30, "cs" + "0" * 30, "at" + "0" * 30, "as" + "0" * 30)
ADMIN_TOKEN = "adm1n" + "0" * 27
ANONYMOUS = ""
"""A resource that everybody may call."""


class Gate:
    def __init__(self, switch: Mapping[str, Any]) -> None:
        self.switch = switch
        self._verifier = Verifier(CONSUMER)

    def check(self, call: Call, resource: str, host: str) -> None:
        """Raises Refused. A bearer token that does not count makes the caller a guest, without saying so."""
        if resource == ANONYMOUS:
            return
        header = call.headers.get("Authorization") or call.headers.get("authorization") or ""
        if header.startswith("OAuth "):
            self._verifier.verify(header, call.method, _spellings(call, host), call.raw_query, self._methods())
        elif not self._bears_token(header):
            raise not_allowed(resource)
        if resource in self.switch["denied"]:
            raise not_allowed(resource)

    def _methods(self) -> tuple[str, ...]:
        return ("HMAC-SHA256", "HMAC-SHA1") if self.switch["version"] == "2.3" else ("HMAC-SHA256",)

    def _bears_token(self, header: str) -> bool:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or " " in token:
            return False
        return token == ADMIN_TOKEN or (self.switch["bearer"] == "on" and token == CONSUMER.token)


def _spellings(call: Call, host: str) -> list[str]:
    """The path reaches us decoded, so each spelling that it may have had counts; a slash in a sku came as %2F."""
    before, sku_path, sku = call.path.partition("/products/")
    paths = {quote(call.path, safe="/-._~"), quote(before, safe="/-._~") + sku_path + quote(sku, safe="-._~")}
    return [f"http://{host}{path}" for path in paths]
