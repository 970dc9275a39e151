"""What a person decided about one document of a record: adopt an existing one, make it all the same, or leave it out.

Decisions are kept on the record, by resource and part.
"""

from __future__ import annotations

from typing import Any

from connectors.base import Remote, Resource
from connectors.errors import Rejected
from hub.engine import journal
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.still_there import told
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


def decided(record: SyncRecord) -> frozenset[str]:
    """What the flow leaves to a person, and a person let pass or left out."""
    left_out = (key for key, chosen in record.decision.get("postings", {}).items() if chosen == LEAVE_OUT)
    return frozenset((*record.decision.get("let_pass", ()), *left_out))


def is_kept(posting: Posting, record: SyncRecord) -> bool:
    """Whether a person wants it in the books, though its source took it back. A decision is about one document: what
    was made anew since is another."""
    kept: dict[str, str] = record.decision.get("kept", {})
    return bool(posting.remote_id) and kept.get(key(posting)) == posting.remote_id


def follow(posting: Posting, resource: Resource[Any], run: Run) -> None:
    """Take the document that a person named. Raises Held where it cannot be that one."""
    id = _linked(posting, run)
    if id:
        remote = _read(id, posting, resource, run)
        _require_free(remote, posting, run)
        journal.created(posting, remote, run, adopted=True, note=LINKED)


def links_another(posting: Posting, run: Run) -> bool:
    """Whether a person chose another document since, in the place of a linked one that is not finished."""
    unfinished = posting.state == Posting.State.CREATED and posting.note == LINKED
    return unfinished and _linked(posting, run) not in ("", posting.remote_id)


def other_ways(posting: Posting, run: Run) -> str:
    """What the record's page offers beside a link, to end a remedy with."""
    if posting.part:
        return "post it anyway, or leave it out with a reason"
    if posting.resource in SHARED or posting.state != Posting.State.INTENDED:
        return "post it anyway"
    return "use another number, or skip the order with a reason"


def _linked(posting: Posting, run: Run) -> str:
    decided = chosen(run.record, key(posting))
    return "" if decided in (CREATE, LEAVE_OUT) else decided


def _read(id: str, posting: Posting, resource: Resource[Any], run: Run) -> Remote:
    try:
        with calling(run.flow.target):
            remote: Remote = resource.read(id)
    except Rejected as error:
        raise Held(
            "linked_unknown",
            f"There is no {posting.resource} with the id {id} in the books: {error}",
            posting=key(posting),
            remedy=f"Link it by the id that its page in the books has; or {other_ways(posting, run)}.",
        ) from error
    if remote.state == "deleted":
        raise Held(
            "deleted_in_books",
            f"{posting.resource} {remote.number or remote.id} cannot be linked: somebody deleted it in the books",
            posting=key(posting),
            theirs=told(remote),
            remedy=f"Restore it in the books and try again; or link another one; or {other_ways(posting, run)}.",
        )
    return remote


def _require_free(remote: Remote, posting: Posting, run: Run) -> None:
    """A document belongs to one record. Clients and items belong to all."""
    taken = Posting.objects.filter(target=run.flow.target, resource=posting.resource, remote_id=remote.id)
    other = taken.exclude(pk=posting.pk).first()
    if posting.resource not in SHARED and other:
        raise Held(
            "linked_twice",
            f"{posting.resource} {remote.number or remote.id} belongs to {other.record or other} already",
            posting=key(posting),
            remedy=f"Link another one; or {other_ways(posting, run)}.",
        )
