"""What people have decided about a record, in words: who, when, what and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hub.admin.kept import is_kept
from hub.admin.words import moment
from hub.models import SyncRecord

DID = {
    "fix": "put in the right values",
    "link": "linked a document of the books",
    "create": "had it posted anyway",
    "leave out": "left a document out",
    "number": "chose another number",
    "accept": "accepted the books as they are",
    "adjust": "had the difference of an edit posted",
    "reinvoice": "had the edited order credited and invoiced again",
    "keep": "kept in the books what the store took back",
    "skip": "skipped it",
    "book": "had it booked",
    "book after all": "had it booked after all",
    "look again": "had it looked for in the books, and posted what was missing",
    "post again": "had posted again what is gone from the books",
    "credit the duplicate": "had a second document credited",
    "post the rest": "had the missing part of a payment posted",
    "put back": "had an invoice credited as it stood, and its order invoiced again",
    "tax": "put into the tax table",
    "rate": "put into the rate table",
}
KEPT_ALIKE = {
    "link": "linked it with one that is there",
    "create": "had a new one made",
    "book after all": "had it carried over after all",
}
"""What the same decisions are called where nothing is booked."""
WHY = ("skip", "left_out_reason", "accepted_reason", "kept_reason", "number", "taxes", "rate")
"""Where a decision keeps what the person typed in."""


def decided(record: SyncRecord) -> list[str]:
    """The newest first."""
    words = {**DID, **KEPT_ALIKE} if is_kept(record) else DID
    return [_sentence(entry, words) for entry in reversed(record.decision.get("history", []))]


def _sentence(entry: Mapping[str, Any], words: Mapping[str, str]) -> str:
    did = words.get(str(entry.get("what")), str(entry.get("what")))
    why = next((f": “{_typed(entry[name])}”" for name in WHY if entry.get(name)), "")
    return f"{_when(str(entry.get('at', '')))} · {entry.get('by') or 'somebody'} {did}{why}"


def _typed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _when(text: str) -> str:
    try:
        return moment(dt.datetime.fromisoformat(text))
    except ValueError:
        return text
