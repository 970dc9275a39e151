"""Registering webhooks: ask for one, then hand back the code that FreshBooks posts to us.

The vault keeps `registering` (events whose handshake we wait for), `callbacks` (ids confirmed) and
`verifier:<id>` for each of them.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from itertools import count

from connectors.base import Vault
from connectors.documents import Raw
from connectors.errors import Gone, OutcomeUnknown, Rejected
from connectors.freshbooks.client import Api
from connectors.freshbooks.refusals import Asked
from connectors.freshbooks.search import PAGE_SIZE


def register(api: Api, vault: Vault, event: str, uri: str) -> str:
    """Ask for `event` ("invoice" = all that happens to invoices) to be posted to `uri`; returns the callback's id.
    The wait for its handshake begins before the call: the handshake may come first."""
    _remember(vault, "registering", event)
    body = {"callback": {"event": event, "uri": uri}}
    return _id_of(api.events("POST", "callbacks", Asked("callback"), body=body))


def confirm(api: Api, vault: Vault, callback_id: str, verifier: str) -> None:
    """Hand back the code of a handshake. Only when FreshBooks then calls the callback verified is the code kept, as
    the secret of its signatures. Raises Rejected or Gone."""
    asked = Asked("callback", callback_id)
    answered = api.events("PUT", f"callbacks/{callback_id}", asked, body={"callback": {"verifier": verifier}})
    callback = answered.get("callback") or {}
    if not callback.get("verified"):
        raise Rejected(f"FreshBooks did not verify callback {callback_id}", code="not_verified")
    vault.put(**{f"verifier:{callback_id}": verifier})
    _remember(vault, "callbacks", callback_id)
    vault.put(registering=" ".join(event for event in _kept(vault, "registering") if event != callback.get("event")))


def ask_again(api: Api, vault: Vault, callback_id: str, event: str) -> None:
    """For a handshake that was lost on its way."""
    _remember(vault, "registering", event)
    api.events("PUT", f"callbacks/{callback_id}", Asked("callback", callback_id), body={"callback": {"resend": True}})


def delete(api: Api, callback_id: str) -> None:
    """Gone already is as good."""
    with suppress(Gone):
        api.events("DELETE", f"callbacks/{callback_id}", Asked("callback", callback_id))


def listed(api: Api) -> list[Raw]:
    """All of this account's, other programs' too. Those who made them know their secrets."""
    found: list[Raw] = []
    for page in count(1):
        query = [("page", str(page)), ("per_page", str(PAGE_SIZE))]
        answered = api.events("GET", "callbacks", Asked("callback"), query=query)
        rows = [row for row in answered.get("callbacks") or [] if isinstance(row, dict)]
        found += rows
        if not rows or page >= int(answered.get("pages") or 0):
            break
    return found


def forget_others(vault: Vault, ids: Collection[str]) -> None:
    """The secrets of callbacks that are there no more prove nothing."""
    kept = _kept(vault, "callbacks")
    gone = [id for id in kept if id not in ids]
    if gone:
        vault.put(callbacks=" ".join(id for id in kept if id in ids), **{f"verifier:{id}": "" for id in gone})


def knows(vault: Vault, callback_id: str) -> bool:
    """Both: of two that are confirmed at once, the list may forget one, whose deliveries would all be refused."""
    return callback_id in _kept(vault, "callbacks") and bool(vault.get(f"verifier:{callback_id}"))


def id_of(callback: Raw) -> str:
    return str(callback.get("callbackid") or callback.get("id") or "")


def _kept(vault: Vault, name: str) -> list[str]:
    return vault.get(name).split()


def _remember(vault: Vault, name: str, word: str) -> None:
    vault.put(**{name: " ".join(dict.fromkeys([*_kept(vault, name), word]))})


def pending(vault: Vault) -> bool:
    return bool(_kept(vault, "registering"))


def verifiers(vault: Vault) -> list[str]:
    """The secrets that may have signed a delivery, which does not say which callback sent it."""
    return [secret for id in _kept(vault, "callbacks") if (secret := vault.get(f"verifier:{id}"))]


def _id_of(answered: Raw) -> str:
    callback = answered.get("callback") or {}
    if not id_of(callback):
        raise OutcomeUnknown("FreshBooks answered without the callback", code="not_understood")
    return id_of(callback)
