"""Which decisions fit a record: by its state, by the reason it is held for, and by what is in the books already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.engine.fixes import FIXABLE
from hub.models import Posting, SyncRecord
from hub.models.postings import SHARED

State = SyncRecord.State
OPEN = (State.FAILED, State.HELD)
AGAIN = (*OPEN, State.WAITING, State.SKIPPED, State.POSTED)

THE_NUMBER = frozenset({"link", "number", "create", "leave_out"})
"""Where a document that the books hold, or held, is in the way."""
BY_REASON: dict[str, frozenset[str]] = {
    "number_taken": THE_NUMBER,
    "number_used": frozenset({"number", "leave_out"}),
    "several_clients": frozenset({"link", "fix"}),
    "maybe_recorded": frozenset({"link", "create", "leave_out"}),
    "amount_differs": frozenset({"link", "leave_out"}),
    "overpays": frozenset({"link", "leave_out"}),
    "cannot_look": frozenset({"link", "create", "leave_out"}),
    "deleted_in_books": THE_NUMBER,
    "invoice_deleted": frozenset({"post_again", "leave_out"}),
    "linked_twice": THE_NUMBER,
    "linked_unknown": THE_NUMBER,
    "linked_differs": frozenset({"link", "accept"}),
    "edited_after_posting": frozenset({"adjust", "reinvoice", "accept"}),
    "changed_after_posting": frozenset({"accept"}),
    "refund_withdrawn": frozenset({"keep"}),
    "payment_withdrawn": frozenset({"keep"}),
    "does_not_add_up": frozenset({"link", "leave_out"}),
    "refund": frozenset({"leave_out"}),
    "no_email": frozenset({"fix"}),
    "unmapped_tax": frozenset({"tax"}),
    "no_rate": frozenset({"rate"}),
    "maybe_known": frozenset({"link", "create"}),
    "counterpart_deleted": frozenset({"link", "create"}),
    "counterpart_archived": frozenset({"link"}),
    "counterpart_left": frozenset({"link"}),
    "several_counterparts": frozenset({"link"}),
    "in_doubt": frozenset(),
}
"""Reason → what answers it, beside trying again and skipping."""
ELSEWHERE = frozenset({"fix", "link"})
"""What may help where the reason is none of ours, such as a document that the books refuse."""


def fitting(record: SyncRecord) -> set[str]:
    """The names of the decisions that this record's page offers."""
    found: set[str] = set()
    booked = in_the_books(record)
    if record.state == State.SKIPPED and record.decision.get("skip"):
        found.add("unskip")
    elif record.state in AGAIN:
        found.add("retry")
    if record.state in OPEN:
        found |= {one for one in _answers(record) if _possible(one, record, booked)}
    if record.state in (*OPEN, State.WAITING, State.PENDING) and not booked:
        found.add("skip")
    return found


def in_the_books(record: SyncRecord) -> bool:
    """Whether its main document is there, or may be. Clients and items are there for many records."""
    if record.flow.target_resource in SHARED:
        return False
    main = record.postings.filter(resource=record.flow.target_resource)
    return main.exclude(state__in=(Posting.State.INTENDED, Posting.State.VOIDED)).exists()


def wanted_paths(problem: Mapping[str, Any]) -> list[str]:
    """The values of the source document that the problem is about. It may name a field of the books' document: then
    the source's field of the same name is meant."""
    named = [str(name) for name in problem.get("fields") or [problem.get("field")] if name]
    by_last_word = {path.rpartition(".")[2]: path for path in reversed(FIXABLE)}
    found = (path if path in FIXABLE else by_last_word.get(path.rpartition(".")[2], "") for path in named)
    return list(dict.fromkeys(path for path in found if path))


def existing_id(problem: Mapping[str, Any]) -> str:
    """The document in the books that the problem is about, where it names one."""
    theirs = problem.get("theirs")
    return str(theirs.get("id", "") if isinstance(theirs, Mapping) else problem.get("id", ""))


def about(problem: Mapping[str, Any]) -> tuple[str, str]:
    """(resource, part) of the document that the problem is about; a part is one payment or one refund."""
    resource, _, part = str(problem.get("posting", "")).partition("/")
    return resource, part


def _answers(record: SyncRecord) -> frozenset[str]:
    """What the flow leaves to a person is let pass, whatever its reason is called: a rule gives it a name of its own."""
    if "ask" in record.problem:
        return BY_REASON.get(record.reason, frozenset()) | {"let_pass"}
    return BY_REASON.get(record.reason, ELSEWHERE)


def _possible(name: str, record: SyncRecord, booked: bool) -> bool:
    match name:
        case "fix":
            return record.state == State.FAILED or bool(wanted_paths(record.problem))
        case "link":
            return not booked or "posting" in record.problem
        case "number":
            return _can_be_renumbered(record, booked)
        case "create":
            return not ("number" in _answers(record) and _can_be_renumbered(record, booked))
        case "post_again":
            return "gone" in record.problem
        case "leave_out":
            return bool(about(record.problem)[1])
        case "adjust" | "reinvoice":
            return "edit" in record.problem
        case "accept":
            return "digest" in record.problem
        case "tax" | "rate":
            return isinstance(record.problem.get(name), dict)
    return True


def _can_be_renumbered(record: SyncRecord, booked: bool) -> bool:
    """Only what has no document in the books yet, and only its main one."""
    main = (record.flow.target_resource, "")
    return not booked and main[0] not in SHARED and about(record.problem) in (("", ""), main)
