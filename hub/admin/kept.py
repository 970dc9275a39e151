"""How it reads where nothing is booked: records that are kept alike in two systems, and what the books tell a store."""

from __future__ import annotations

from collections.abc import Collection

from hub.admin.words import STATES, heading, plain
from hub.models import Flow, SyncRecord
from hub.models.counterparts import RESOURCES

State = SyncRecord.State


def books_something(flow: Flow) -> bool:
    return flow.target.role == "books" and flow.target_resource not in RESOURCES


def is_kept(record: SyncRecord) -> bool:
    return record.flow.target_resource in RESOURCES


def state_of(record: SyncRecord, clashes: Collection[str] = ()) -> str:
    """`clashes` are the fields that wait for a person."""
    flow = record.flow
    if books_something(flow):
        return STATES[record.state]
    if record.state == State.POSTED:
        but = ", but for what both have changed" if clashes else ""
        return f"Alike in {flow.source} and {flow.target}{but}" if is_kept(record) else f"Told to {flow.target}"
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
