"""Webhooks: an envelope, thin or full, signed in one of the styles that sites of the platform are known to use."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from connectors.clarity.sandbox.clock import Clock
from connectors.clarity.sandbox.dialect import written
from connectors.clarity.sandbox.tables import Row

SECRET = "whsec_Y2xhcml0eS1zYW5kYm94LXNlY3JldA=="  # noqa: S105 - known to everybody
USER = "clarity-hooks"
Request = tuple[bytes, dict[str, str], str]
"""Body, headers, and what stands behind the address."""


def request(event: str, row: Row, secret: str, switch: Mapping[str, Any], clock: Clock, number: int) -> Request:
    data = written(row, switch) if switch["payload"] == "full" else written({"id": row["id"]}, switch)
    envelope = {
        "id": f"evt_{number:08d}",
        "type": switch["event_names"].get(event, event),
        "createdAt": clock.stamp(),
        "apiVersion": "1",
        "tenant": "shop-1",
    }
    body = json.dumps({**written(envelope, switch), **_named("data", data, switch)}, default=float).encode()
    headers, behind = _signed(body, secret, envelope["id"], clock, switch["signature"])
    return body, {"Content-Type": "application/json", **headers}, behind


def _named(name: str, value: Any, switch: Mapping[str, Any]) -> Row:
    """Written already."""
    return {next(iter(written({name: ""}, switch))): value}


def _signed(body: bytes, secret: str, id: str, clock: Clock, style: str) -> tuple[dict[str, str], str]:
    match style:
        case "hmac_hex":
            digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            return {"X-Clarity-Signature": f"sha256={digest}"}, ""
        case "shared_secret_header":
            return {"X-Clarity-Secret": secret}, ""
        case "basic":
            pair = base64.b64encode(f"{USER}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}, ""
        case "none":
            return {}, f"?token={secret}"
    sent = str(int(clock.real_time().timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = hmac.new(key, f"{id}.{sent}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(signed).decode()}"
    return {"webhook-id": id, "webhook-timestamp": sent, "webhook-signature": signature}, ""
