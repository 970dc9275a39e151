"""What each attempt at a record did, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.admin.masking import pretty
from hub.admin.words import COLOURS, heading, moment
from hub.models import Attempt, SyncRecord

NEWEST = 25
DID = {
    "create": "created",
    "adopt": "found there already, and taken as ours",
    "finish": "marked as final",
    "correct": "corrected",
    "update": "brought up to date",
    "forget": "is gone from the books, as it should be",
}
"""What an effect calls itself → what a person reads."""


@dataclass(frozen=True)
class Try:
    attempt: Attempt
    when: str
    took: str
    outcome: str
    colour: str
    did: list[str]
    effects: str
    """The same, exactly: for engineers."""


def tries(record: SyncRecord) -> list[Try]:
    """The newest first."""
    newest = record.attempts.defer("raw", "built").select_related("version")[:NEWEST]
    return [_try(attempt) for attempt in newest]


def _try(attempt: Attempt) -> Try:
    return Try(
        attempt=attempt,
        when=moment(attempt.started_at),
        took=_seconds(attempt.ended_at - attempt.started_at) if attempt.ended_at else "",
        outcome=attempt.outcome or "not finished",
        colour=COLOURS.get(attempt.outcome, ""),
        did=[_sentence(effect) for effect in attempt.effects],
        effects=pretty(attempt.effects) if attempt.effects else "",
    )


def _sentence(effect: dict[str, Any]) -> str:
    did = str(effect.get("did", ""))
    if effect.get("answer"):
        return f"{heading(str(effect.get('step', '')))}: {effect.get('document', '')}: {effect['answer']}"
    return f"{heading(str(effect.get('step', '')))}: {effect.get('document', '')} {DID.get(did, did)}".strip()


def _seconds(span: dt.timedelta) -> str:
    seconds = span.total_seconds()
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"
