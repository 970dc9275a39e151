"""How it reads where nothing is booked: records that are kept alike in two systems, and what the books tell a store."""

from __future__ import annotations

from hub.admin.words import STATES, heading, plain
from hub.models import SyncRecord
from hub.models.counterparts import RESOURCES

State = SyncRecord.State


def is_kept(record: SyncRecord) -> bool:
    return record.flow.target_resource in RESOURCES


def state_of(record: SyncRecord) -> str:
    flow = record.flow
    if flow.target.role == "books" and not is_kept(record):
        return STATES[record.state]
    if record.state == State.POSTED:
        return f"Alike in {flow.source} and {flow.target}" if is_kept(record) else f"Told to {flow.target}"
    return "Skipped: nothing is carried over" if record.state == State.SKIPPED else STATES[record.state]


def kept_with(record: SyncRecord) -> str:
    """`Kept alike with client 117 of books`; empty where it is with nobody."""
    counterpart = record.flow.counterparts.filter(source_id=record.source_id).first() if is_kept(record) else None
    if counterpart is None or record.state == State.SKIPPED:
        return ""
    return f"Kept alike with {plain(record.flow.target_resource)} {counterpart.remote_id} of {record.flow.target}"


def in_conflict(record: SyncRecord) -> list[str]:
    """Fields that wait for a person."""
    return [heading(name) for name in record.conflicts.filter(closed_at=None, kept="").values_list("field", flat=True)]
