"""A record is kept alike with one other at most. Where several customers share an e-mail address, and so a client, the
first of them keeps it up to date, and the others are left alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from connectors.errors import Gone
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.counterparts.mirror import leading_back
from hub.errors import Skipped
from hub.intake.waking import make_due
from hub.models import Counterpart, Flow, SyncRecord

State = SyncRecord.State


def keeper(flows: Iterable[Flow], remote_id: str, left: Collection[str] = ()) -> str:
    """The source id of whoever keeps this record of the target up to date; "" where nobody does. Who was skipped, or is
    gone from the source, has given it up; `left` are gone, too."""
    same = SyncRecord.objects.filter(flow=OuterRef("flow"), source_id=OuterRef("source_id"))
    gave_up = same.filter(Q(state=State.SKIPPED) | Q(state=State.FAILED, reason="gone"))
    rows = Counterpart.objects.filter(flow__in=flows, remote_id=remote_id).exclude(source_id__in=left)
    return rows.exclude(Exists(gave_up)).order_by("pk").values_list("source_id", flat=True).first() or ""


def require_keeper(remote_id: str, run: Run) -> None:
    """Raises Skipped where another record of the source has come first. Away from the books there is no other: a
    customer has one link."""
    flow, left = run.flow, list[str]()
    while flow.target.role == "books" and (first := keeper([flow], remote_id, left)) not in ("", run.record.source_id):
        if not _has_left(first, run):
            raise taken(f"{flow.target_resource} {remote_id} of {flow.target}", f"{flow.source_resource} {first}")
        left.append(first)


def _has_left(other: str, run: Run) -> bool:
    """Some stores tell of nobody's leaving. Whoever is found to have left is made due, so that it is known of him, too."""
    try:
        with calling(run.flow.source):
            run.source.resource(run.flow.source_resource).fetch(other)
    except Gone:
        make_due([run.flow], other)
        return True
    return False


def taken(there: str, other: str) -> Skipped:
    return Skipped(
        "kept_with_another",
        f"{there.capitalize()} is kept alike with {other} already. Nothing is carried over between it and this one",
    )


def replace_by(source_id: str, run: Run) -> None:
    """A person wants this one, in the place of all others that were kept alike with the record."""
    others = Counterpart.objects.filter(flow__in=leading_back(run.flow), remote_id=run.record.source_id)
    others.exclude(source_id=source_id).delete()
