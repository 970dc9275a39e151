"""Registering webhooks: ask for one, then hand back the code that FreshBooks posts to us.

The vault keeps `registering` (events whose handshake we wait for), `callbacks` (ids confirmed) and
`verifier:<id>` for each of them.
"""

from __future__ import annotations

from connectors.base import Vault
from connectors.documents import Raw
from connectors.errors import OutcomeUnknown, Rejected
from connectors.freshbooks.client import Api
from connectors.freshbooks.refusals import Asked


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
    id = callback.get("callbackid") or callback.get("id")
    if not id:
        raise OutcomeUnknown("FreshBooks answered without the callback", code="not_understood")
    return str(id)
