"""The callbacks that we want, and those that there are: what is missing is registered, what nobody can confirm any more is
replaced, what is not wanted is deleted. FreshBooks may switch any of them off without a word."""

from __future__ import annotations

from collections.abc import Collection

from connectors.base import Vault
from connectors.documents import Raw
from connectors.errors import Rejected
from connectors.freshbooks.callbacks import ask_again, delete, forget_others, id_of, knows, listed, register
from connectors.freshbooks.client import Api


def heal(api: Api, vault: Vault, wanted: Collection[str], url: str) -> None:
    """One callback for each noun, which is told of all that happens to it. Where nothing is amiss, that is one call.
    Raises Rejected of one that is refused when the others are registered."""
    ours = [callback for callback in listed(api) if callback.get("uri") == url]
    forget_others(vault, [id_of(callback) for callback in ours])
    served: set[str] = set()
    for callback in ours:
        event = str(callback.get("event"))
        if event in wanted and event not in served and _serves(api, vault, callback, event):
            served.add(event)
        else:
            delete(api, id_of(callback))
    refusals = [refused for event in sorted(set(wanted) - served) if (refused := _refusal(api, vault, event, url))]
    if refusals:
        raise refusals[0]


def _refusal(api: Api, vault: Vault, event: str, url: str) -> Rejected | None:
    try:
        register(api, vault, event, url)
    except Rejected as error:
        return error
    return None


def _serves(api: Api, vault: Vault, callback: Raw, event: str) -> bool:
    """One that was never confirmed asks for its handshake once more. One that was, and whose secret we do not have, is of
    no use to us: FreshBooks tells it only once."""
    if callback.get("verified"):
        return knows(vault, id_of(callback))
    ask_again(api, vault, id_of(callback), event)
    return True
