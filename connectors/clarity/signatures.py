"""Is an inbound request genuine? By the style that the connection has chosen, over the raw body, in constant time."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.base import Connector, Webhook
from connectors.errors import BadSignature

TOLERANCE = 300
"""Seconds by which two clocks may differ."""
HEX_HEADER, SECRET_HEADER = "x-clarity-signature", "x-clarity-secret"
PREFIX = "whsec_"
TOKEN = "token"  # noqa: S105 - the name of a parameter
"""Of the webhook address, where nothing is signed."""


def verify(webhook: Webhook, connector: Connector) -> None:
    """Raises BadSignature. Without a stored secret nothing is genuine."""
    secret = connector.vault.get("webhook_secret")
    style = str(connector.settings.get("signature") or "standard_webhooks")
    if not secret or not STYLES[style](webhook, secret, connector.settings, connector.now()):
        raise BadSignature(f"the request does not carry a genuine signature ({style})")


def _standard_webhooks(webhook: Webhook, secret: str, settings: Mapping[str, Any], now: dt.datetime) -> bool:
    """Several signatures may stand side by side, while a secret is being changed."""
    id, sent = webhook.headers.get("webhook-id", ""), webhook.headers.get("webhook-timestamp", "")
    if not id or not _timely(sent, webhook, settings, now):
        return False
    signed = f"{id}.{sent}.".encode() + webhook.body
    given = [one.partition(",")[2] for one in webhook.headers.get("webhook-signature", "").split() if one[:3] == "v1,"]
    ours = [base64.b64encode(_hmac(key, signed)).decode() for key in _keys(secret)]
    return any(_same(one, other) for one in given for other in ours)


def _hmac_hex(webhook: Webhook, secret: str, settings: Mapping[str, Any], now: dt.datetime) -> bool:
    stamped = str(settings.get("timestamp_header") or "").lower()
    if stamped and not _timely(webhook.headers.get(stamped, ""), webhook, settings, now):
        return False
    given = _header(webhook, settings, HEX_HEADER).removeprefix("sha256=").lower()
    return _same(given, _hmac(secret.encode(), webhook.body).hex())


def _shared_secret(webhook: Webhook, secret: str, settings: Mapping[str, Any], now: dt.datetime) -> bool:
    return _same(_header(webhook, settings, SECRET_HEADER), secret)


def _basic(webhook: Webhook, secret: str, settings: Mapping[str, Any], now: dt.datetime) -> bool:
    pair = f"{settings.get('webhook_username') or ''}:{secret}"
    scheme, _, given = webhook.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "basic" and _same(given.strip(), base64.b64encode(pair.encode()).decode())


def _none(webhook: Webhook, secret: str, settings: Mapping[str, Any], now: dt.datetime) -> bool:
    """Only from addresses that are known, to an address that nobody else knows."""
    known = str(settings.get("allowed_ips") or "")
    return _same(webhook.query.get(TOKEN, ""), secret) and _comes_from(webhook.headers.get("remote-addr", ""), known)


STYLES: Mapping[str, Callable[[Webhook, str, Mapping[str, Any], dt.datetime], bool]] = {
    "standard_webhooks": _standard_webhooks,
    "hmac_hex": _hmac_hex,
    "shared_secret_header": _shared_secret,
    "basic": _basic,
    "none": _none,
}


def networks(written: str) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Raises ValueError, which names what is no address."""
    for one in written.replace(",", " ").split():
        yield ipaddress.ip_network(one, strict=False)


def _comes_from(sender: str, known: str) -> bool:
    try:
        address = ipaddress.ip_address(sender)
    except ValueError:
        return False
    return any(address in network for network in networks(known))


def _timely(sent: str, webhook: Webhook, settings: Mapping[str, Any], now: dt.datetime) -> bool:
    """Against when it came in: it may be looked at again later."""
    if not sent.isdecimal():
        return False
    tolerance = int(settings.get("tolerance_s") or TOLERANCE)
    return abs((webhook.received_at or now).timestamp() - int(sent)) <= tolerance


def _keys(secret: str) -> list[bytes]:
    """By the standard a secret is base64 behind `whsec_`; many sites sign with the text itself."""
    try:
        decoded = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        decoded = b""
    return [key for key in (secret.encode(), decoded) if key]


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def _same(given: str, ours: str) -> bool:
    return bool(ours) and hmac.compare_digest(given.encode(), ours.encode())


def _header(webhook: Webhook, settings: Mapping[str, Any], generic: str) -> str:
    return webhook.headers.get(str(settings.get("signature_header") or generic).lower(), "")
