"""Webhooks: their management in V3, and what is sent. A thin body, the headers given at creation, and where a switch says
so a signature by the rules of Standard Webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.bigcommerce.sandbox.access import CLIENT_ID, CLIENT_SECRET
from connectors.bigcommerce.sandbox.listing import equal, filtered, listed_v3, one_v3
from connectors.bigcommerce.sandbox.people import Row
from connectors.bigcommerce.sandbox.presenting import HASH
from connectors.bigcommerce.sandbox.refusals import v3
from connectors.bigcommerce.sandbox.routing import Routes
from connectors.bigcommerce.sandbox.shop import Shop
from connectors.sandbox import Call, Reply

SECRET = "bigcommerce-sandbox-secret"  # noqa: S105 - known to everybody
MOST_OF_A_SCOPE = 10
SCOPE = re.compile(
    r"store/(order|customer|product|sku|cart)/(\*|\w+|(refund|transaction|message|metafield|address|inventory)/(\*|\w+))"
    r"|store/(app/uninstalled|information/updated|shipment/\w+)"
)
RETRIES = (60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400)
"""Seconds from one try to the next; after the last the hook is switched off."""

Request = tuple[bytes, dict[str, str]]


def list_hooks(shop: Shop, call: Call) -> Reply:
    wanted = {name: equal(name) for name in ("is_active", "scope", "destination")}
    return listed_v3(filtered(shop.hooks.values(), call, wanted), call)


def make_hook(shop: Shop, call: Call) -> Reply:
    wanted = call.json()
    _require_sound(shop, wanted)
    alike = [one for one in shop.hooks.values() if one["scope"] == wanted["scope"]]
    if any(one["destination"] == wanted["destination"] for one in alike):
        raise v3(422, "A hook for this scope and destination already exists.", {"destination": "taken"})
    if len(alike) >= MOST_OF_A_SCOPE:
        raise v3(422, "Too many hooks for this scope.", {"scope": "limit reached"})
    now = int(shop.clock.now().timestamp())
    made = {
        "id": shop.next("hook"),
        "client_id": CLIENT_ID,
        "store_hash": HASH,
        "scope": wanted["scope"],
        "destination": wanted["destination"],
        "headers": wanted.get("headers"),
        "is_active": wanted.get("is_active", True),
        "created_at": now,
        "updated_at": now,
    }
    shop.hooks[made["id"]] = made
    return one_v3(made)


def show_hook(shop: Shop, call: Call) -> Reply:
    return one_v3(_hook(shop, call))


def change_hook(shop: Shop, call: Call) -> Reply:
    hook, wanted = _hook(shop, call), call.json()
    _require_sound(shop, {**hook, **wanted})
    hook |= {**wanted, "updated_at": int(shop.clock.now().timestamp())}
    return one_v3(hook)


def delete_hook(shop: Shop, call: Call) -> Reply:
    """200 with what was deleted, not 204."""
    return one_v3(shop.hooks.pop(_hook(shop, call)["id"]))


def _hook(shop: Shop, call: Call) -> Row:
    found = shop.hooks.get(int(call.params["id"]))
    if found is None:
        raise v3(404, f"Webhook with id [{call.params['id']}] not found.")
    return found


def _require_sound(shop: Shop, wanted: Row) -> None:
    lacking = {name: "error.path.missing." for name in ("scope", "destination") if not wanted.get(name)}
    if lacking:
        raise v3(422, "JSON data is missing or invalid", lacking)
    if not SCOPE.fullmatch(wanted["scope"]):
        raise v3(400, "Bad Request", {"scope": "unknown"})
    if shop.switch["https_only"] and not wanted["destination"].startswith("https://"):
        raise v3(422, "JSON data is missing or invalid", {"destination": "must be https"})


def listening(shop: Shop, scope: str) -> Iterator[Row]:
    for hook in shop.hooks.values():
        if hook["is_active"] and (hook["scope"] == scope or fits(hook["scope"], scope)):
            yield hook


def fits(wanted: str, scope: str) -> bool:
    """A wildcard covers its own level; nested events are subscribed to by themselves."""
    return wanted.endswith("/*") and scope.rpartition("/")[0] == wanted.removesuffix("/*")


def request(shop: Shop, scope: str, data: Row, headers: Row) -> Request:
    hashed = hashlib.sha1(json.dumps(data).encode(), usedforsecurity=False).hexdigest()
    told = {
        "scope": scope,
        "store_id": "1025646",
        "data": data,
        "hash": hashed,
        "created_at": int(shop.clock.now().timestamp()),
        "producer": f"stores/{HASH}",
    }
    body = json.dumps(told).encode()
    signed = signature(body) if shop.switch["signed"] else {}
    return body, {"Content-Type": "application/json", **headers, **signed}


def signature(body: bytes) -> dict[str, str]:
    id, now = f"evt_{uuid.uuid4().hex}", str(int(time.time()))
    digest = hmac.new(CLIENT_SECRET.encode(), f"{id}.{now}.".encode() + body, hashlib.sha256).digest()
    value = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id, "webhook-timestamp": now, "webhook-signature": value}


@dataclass(frozen=True)
class Retry:
    """A delivery that failed `tries` times, to be made again when its time has come."""

    due: float
    tries: int
    hook_id: int
    destination: str
    request: Request


def put_off(shop: Shop, hook_id: int, destination: str, failed: Request, tries: int, scale: float) -> Retry | None:
    """None where that was the last try: then the hook is off."""
    if tries > len(RETRIES):
        if hook_id in shop.hooks:
            shop.hooks[hook_id]["is_active"] = False
        return None
    return Retry(time.monotonic() + RETRIES[tries - 1] * scale, tries, hook_id, destination, failed)


HOOK = r"/hooks/(?P<id>\d+)"
ROUTES: Routes = (
    ("GET", "/hooks", "", list_hooks),
    ("POST", "/hooks", "", make_hook),
    ("GET", HOOK, "", show_hook),
    ("PUT", HOOK, "", change_hook),
    ("DELETE", HOOK, "", delete_hook),
)
