"""What a person decided about one document of a record: adopt an existing one, make it all the same, or leave it out.

Decisions are kept on the record, by resource and part.
"""

from __future__ import annotations

from typing import Any

from connectors.base import Resource
from hub.engine import journal
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.errors import Held
from hub.models import Posting, SyncRecord
from hub.models.postings import SHARED

CREATE = "create"
LEAVE_OUT = "leave out"
LINKED = "linked by a person"
"""The note of a posting whose document a person chose: it is never changed by us."""


def key(posting: Posting) -> str:
    return key_of(posting.resource, posting.part)


def key_of(resource: str, part: str) -> str:
    return f"{resource}/{part}"


def chosen(record: SyncRecord, key: str) -> str:
    """CREATE, LEAVE_OUT, the id of a document in the books, or "" where nobody decided."""
    decided: str = record.decision.get("postings", {}).get(key, "")
    return decided


def is_kept(posting: Posting, record: SyncRecord) -> bool:
    """Whether a person wants it in the books, though its source took it back. A decision is about one document: what
    was made anew since is another."""
    kept: dict[str, str] = record.decision.get("kept", {})
    return bool(posting.remote_id) and kept.get(key(posting)) == posting.remote_id


def follow(posting: Posting, resource: Resource[Any], run: Run) -> None:
    """Take the document that a person named. Raises Gone if there is none with this id."""
    decided = chosen(run.record, key(posting))
    if decided and decided not in (CREATE, LEAVE_OUT):
        with calling(run.flow.target):
            remote = resource.read(decided)
        taken = Posting.objects.filter(target=run.flow.target, resource=posting.resource, remote_id=remote.id)
        if posting.resource not in SHARED and taken.exclude(pk=posting.pk).exists():
            raise Held(
                "linked_twice",
                f"{posting.resource} {remote.number or remote.id} belongs to {taken[0].record} already",
                posting=key(posting),
                remedy="Link another document.",
            )
        journal.created(posting, remote, run, adopted=True, note=LINKED)
