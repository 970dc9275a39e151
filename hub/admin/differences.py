"""Two documents that should be the same, value beside value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.admin.sheet_facts import MONEY, TECHNICAL, said_value
from hub.admin.words import amount_of, heading

ABSENT = ("", "None", None)
ALIVE = ("state", "active")
"""Not worth a word: only an archived or a deleted document is."""
KNOWN_BY_MACHINES = TECHNICAL - {"client_id", "invoice_id"}
"""Another client or invoice is often just what differs."""


@dataclass(frozen=True)
class Difference:
    """One value on both sides; empty where a side does not say."""

    label: str
    ours: str
    theirs: str
    equal: bool


def differences(problem: Mapping[str, Any]) -> list[Difference]:
    """Of the document we would post and the one the books hold, in the order of ours. Empty where the problem does not
    hold two documents."""
    ours, theirs = problem.get("ours"), problem.get("theirs")
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return []
    return list(_compared(ours, theirs))


def _compared(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Difference]:
    """Only what the books told can be compared."""
    for name, value in theirs.items():
        if name in KNOWN_BY_MACHINES or (value in ABSENT and ours.get(name) in ABSENT) or (name, value) == ALIVE:
            continue
        mine, yours = _said(name, ours), _said(name, theirs)
        comparable = name in ours
        yield Difference(heading(name), mine, yours, not comparable or _same(name, ours[name], value))


def _said(name: str, document: Mapping[str, Any]) -> str:
    value = document.get(name)
    return "" if value in ABSENT else said_value(name, value, str(document.get("currency") or ""))


def _same(name: str, ours: Any, theirs: Any) -> bool:
    if name in MONEY and amount_of(ours) is not None:
        return amount_of(ours) == amount_of(theirs)
    return str(ours or "") == ("" if theirs in ABSENT else str(theirs))
