"""Callbacks: registered per event, silent until their address has shown that it can read, thin when they speak."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from connectors.freshbooks.sandbox import clock, listing
from connectors.freshbooks.sandbox.account import ACCOUNT_ID, BUSINESS_ID
from connectors.freshbooks.sandbox.body import body_of
from connectors.freshbooks.sandbox.deliveries import delivery
from connectors.freshbooks.sandbox.envelopes import result
from connectors.freshbooks.sandbox.filters import asked
from connectors.freshbooks.sandbox.identity import IDENTITY_ID
from connectors.freshbooks.sandbox.refusals import Refusal
from connectors.freshbooks.sandbox.tables import Row, Table
from connectors.sandbox import Call, Reply

NOUNS = (
    *("bill", "bill_vendor", "category", "client", "credit_note", "estimate", "expense", "invoice", "item", "payment"),
    *("project", "recurring", "service", "tax", "time_entry"),
)
VERBS = ("create", "update", "delete")
EVENTS = frozenset(
    [*NOUNS, *(f"{noun}.{verb}" for noun in NOUNS for verb in VERBS), "estimate.sendByEmail", "invoice.sendByEmail"]
)
Send = Callable[[str, bytes, Mapping[str, str]], None]
"""Takes uri, body and headers."""


class Callbacks:
    def __init__(self, switch: Mapping[str, Any], send: Send) -> None:
        self.switch = switch
        self._send = send
        self.table = Table(2001)

    def announce(self, noun: str, verb: str, id: int) -> None:
        """To every verified callback for this noun or this event. Nobody knows as what a soft delete is announced."""
        verbs = {"delete": ["delete"], "update": ["update"], "both": ["delete", "update"]}
        for told in verbs[self.switch["delete_event"]] if verb == "delete" else [verb]:
            for row in self.table:
                if row["verified"] and row["event"] in (noun, f"{noun}.{told}"):
                    extra = {"verified": row["_verifier"]} if self.switch["verified_field"] else {}
                    self._tell(row, f"{noun}.{told}", id, extra)

    def browse(self, call: Call) -> Reply:
        rows = [row for row in self.table.newest() if _is_of(row, asked(call).get("event", []))]
        return listing.page(call, "callbacks", rows, _shown)

    def show(self, call: Call) -> Reply:
        return result({"callback": _shown(self._existing(call))})

    def create(self, call: Call) -> Reply:
        given = {"event": "", "uri": ""} | {**body_of(call, "callback", self.switch).given}
        _check(given)
        row: Row = {
            "id": self.table.next_id(),
            "event": given["event"],
            "uri": given["uri"],
            "verified": False,
            "_verifier": "",
        }
        self._ask(row)
        return self._answer(row)

    def update(self, call: Call) -> Reply:
        row = dict(self._existing(call))
        given = body_of(call, "callback", self.switch).given
        if "verifier" in given:
            self._verify(row, str(given["verifier"]))
        elif given.get("resend"):
            self._ask(row)
        else:
            self._change(row, given)
        return self._answer(row)

    def delete(self, call: Call) -> Reply:
        self.table.remove(self._existing(call))
        return Reply(204)

    def _existing(self, call: Call) -> Row:
        id = call.params["id"]
        row = self.table.get(int(id)) if id.isdecimal() else None
        if row is None:
            raise Refusal(404, "", status=404)
        return row

    def _answer(self, row: Row) -> Reply:
        row["updated_at"] = clock.iso(clock.now())
        return result({"callback": _shown(self.table.save(row))})

    def _verify(self, row: Row, verifier: str) -> None:
        if not secrets.compare_digest(verifier.encode(), row["_verifier"].encode()):
            raise Refusal(422, "Value error, Verifier does not match.", field="verifier")
        row["verified"] = True

    def _change(self, row: Row, given: Mapping[str, Any]) -> None:
        _check(given)
        moved = given.get("uri", row["uri"]) != row["uri"]
        row |= {name: given[name] for name in ("event", "uri") if name in given}
        if moved and self.switch["reverify"]:
            row["verified"] = False
            self._ask(row)

    def _ask(self, row: Row) -> None:
        """The handshake. The code stays this callback's secret for good."""
        row["_verifier"] = row["_verifier"] or secrets.token_urlsafe(24)
        self._tell(row, "callback.verify", row["id"], {"verifier": row["_verifier"]})

    def _tell(self, row: Row, name: str, object_id: int, extra: Mapping[str, str]) -> None:
        fields = {
            "name": name,
            "object_id": str(object_id),
            "account_id": ACCOUNT_ID,
            "business_id": str(BUSINESS_ID),
            "identity_id": str(IDENTITY_ID),
            "user_id": "1",
            **extra,
        }
        self._send(row["uri"], *delivery(fields, row["_verifier"]))


def _check(given: Mapping[str, Any]) -> None:
    """What is there must be right. Plain http is taken too."""
    wrong = []
    if "event" in given and given["event"] not in EVENTS:
        wrong.append("event: Value error, Unrecognized event.")
    parts = urlsplit(str(given.get("uri", "http://x")))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        wrong.append("uri: Input should be a valid URL, relative URL without a base")
    if wrong:
        raise Refusal(422, "", details=tuple(wrong))


def _is_of(row: Row, events: list[str]) -> bool:
    """A noun finds the callbacks of its events too."""
    return not events or row["event"] in events or row["event"].partition(".")[0] in events


def _shown(row: Row) -> Row:
    return {
        "callbackid": row["id"],
        "event": row["event"],
        "uri": row["uri"],
        "verified": row["verified"],
        "updated_at": row["updated_at"],
    }
