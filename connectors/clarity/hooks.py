"""The webhooks that we keep at a site that lets them be registered: all to one address, all with our secret. Where it does
not, somebody registers them by hand; orders are found by polling all the same."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from connectors.clarity.changing import Change
from connectors.clarity.paging import every
from connectors.clarity.record import Record
from connectors.clarity.refusals import offers_us_nothing
from connectors.clarity.signatures import PREFIX, TOKEN
from connectors.documents import Raw
from connectors.errors import Rejected

if TYPE_CHECKING:
    from connectors.clarity.connector import ClarityConnector

ANNOUNCED: Mapping[str, tuple[str, ...]] = {
    "order": ("order.created", "order.updated", "order.cancelled", "payment.captured", "payment.refunded"),
    "customer": ("customer.created", "customer.updated"),
}
"""Resource → the events of the generic profile that are about it. Of products it announces nothing."""


def keep(connector: ClarityConnector, resources: Collection[str], url: str) -> None:
    """Raises Rejected where they have to be registered by hand."""
    if resources and not url.startswith("https://"):
        raise Rejected(f"webhooks are registered for https addresses only, not for {url}", code="not_https")
    try:
        _keep(connector, resources, url)
    except Rejected as error:
        if resources or not offers_us_nothing(error):
            raise


def _keep(connector: ClarityConnector, resources: Collection[str], url: str) -> None:
    missing = events(resources, connector.settings.get("events") or {})
    secret = _secret(connector) if missing else ""
    for hook in _ours(connector, url):
        told = _told(hook, missing)
        if told and told <= missing and hook.flag("isActive", default=True):
            missing -= told
        else:
            connector.client.change("webhooks.delete", hook.required("id"))
    if missing:
        token = f"?{TOKEN}={secret}" if connector.settings.get("signature") == "none" else ""
        made = connector.client.change("webhooks.create", body=_body(connector, url + token, missing, secret))
        _learn(connector, Record("registration", made, connector.site.terms).text("secret"), secret)


def _learn(connector: ClarityConnector, told: str, ours: str) -> None:
    """Some sites choose the secret themselves, and tell it just once. A masked one tells nothing."""
    if told and told != ours and "*" not in told:
        connector.vault.put(webhook_secret=told)


def _body(connector: ClarityConnector, url: str, told: Collection[str], secret: str) -> Raw:
    wanted = Change(Record("registration", {}, connector.site.terms))
    for name, value in (("url", url), ("events", sorted(told)), ("secret", secret)):
        wanted.set(name, value)
    return wanted.body


def events(resources: Collection[str], renamed: Mapping[str, str]) -> set[str]:
    """In the site's own words. What it has a word for is asked for, whatever the profile announces."""
    generic = {event for resource in resources for event in ANNOUNCED.get(resource, ())}
    own = {word: event for word, event in renamed.items() if event.partition(".")[0] in resources or event in generic}
    return {*own, *(generic - set(own.values()))}


def _ours(connector: ClarityConnector, url: str) -> list[Record]:
    """Those that go to our address. One whose address cannot be read might be ours, and another would be made each time:
    then it is said which setting is missing."""
    found = [Record("registration", row, connector.site.terms) for row in every(connector.client, "webhooks.list")]
    return [hook for hook in found if _address(hook.required("url")) == _address(url)]


def _address(written: str) -> str:
    """Without what we or the site may have put behind it."""
    return written.partition("?")[0].rstrip("/").lower()


def _told(hook: Record, wanted: Collection[str]) -> set[str]:
    """In our spelling. A site that does not say of what it tells, is believed to tell all that was asked for."""
    found = hook.get("events")
    words = found.split(",") if isinstance(found, str) else [one for one in found or () if isinstance(one, str)]
    spelled = {event.lower(): event for event in wanted}
    return {spelled.get(word.strip().lower(), word) for word in words} or set(wanted)


def _secret(connector: ClarityConnector) -> str:
    """Saved before a webhook bears it."""
    known = connector.vault.get("webhook_secret")
    if not known:
        known = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
        connector.vault.put(webhook_secret=known)
    return known
