"""The conflict inbox: fields that both sides have changed, and that wait for a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from hub.engine import clock, decisions
from hub.engine.counterparts.merge import same
from hub.engine.counterparts.sides import Sides
from hub.intake.waking import make_due
from hub.models import Conflict, SyncRecord

SOURCE, TARGET = Conflict.Side.SOURCE, Conflict.Side.TARGET


def chosen(sides: Sides) -> dict[str, str]:
    """Field → whose value stands, of the conflicts that a person has decided and that are still as the person saw
    them. One in which a side has changed once more is asked about anew."""
    decided = {one.field: one for one in open_ones(sides.run.record) if one.kept}
    return {name: one.kept for name, one in decided.items() if _as_seen(one, sides)}


def ask(sides: Sides, names: Collection[str], decided: Collection[str] = ()) -> None:
    """These stand open, and so does what is decided until it is carried out; what stood open and is no longer in conflict
    is closed."""
    record = sides.run.record
    with transaction.atomic():
        known = {one.field: one for one in open_ones(record).select_for_update()}
        for name in names:
            _ask(known.get(name) or Conflict(record=record, field=name), sides)
        over = [one.pk for one in known.values() if one.field not in (*names, *decided)]
        Conflict.objects.filter(pk__in=over).update(closed_at=clock.now())


def carried_out(sides: Sides, decided: Mapping[str, str]) -> None:
    """Unless a person has thought better of it meanwhile."""
    for name, kept in decided.items():
        open_ones(sides.run.record).filter(field=name, kept=kept).update(closed_at=clock.now())


def decide(conflict: Conflict, kept: str, by: decisions.Person) -> None:
    """Takes effect with the next attempt, which is due at once. Raises Undecidable."""
    who = by.pk if by and by.is_authenticated else None
    values = {"kept": Conflict.Side(kept).value, "decided_by_id": who, "decided_at": clock.now()}
    seen = {"source_value": conflict.source_value, "target_value": conflict.target_value}
    with transaction.atomic():
        row = Conflict.objects.select_for_update().get(pk=conflict.pk)
        if row.closed_at:
            raise decisions.Undecidable("This conflict is over already")
        if any(getattr(row, name) != value for name, value in seen.items()):
            raise decisions.Undecidable("One of the two was changed once more meanwhile; look at the values again")
        Conflict.objects.filter(pk=row.pk).update(**values)
        decisions.retry(SyncRecord.objects.filter(pk=row.record_id), by)
        make_due([row.record.flow], row.record.source_id)  # also where a worker is at it just now


def drop(record: SyncRecord) -> None:
    """It is not kept alike any more, or not for now: nobody is to be asked about it. What clashes still when it is taken
    up again is asked about anew."""
    open_ones(record).update(closed_at=clock.now())


def open_ones(record: SyncRecord) -> Any:
    return Conflict.objects.filter(record=record, closed_at=None)


def _ask(conflict: Conflict, sides: Sides) -> None:
    if conflict.pk and _as_seen(conflict, sides):
        return
    conflict.source_value, conflict.target_value = sides.ours(conflict.field), sides.theirs(conflict.field)
    conflict.source_changed_at = getattr(sides.run.document, "updated_at", None)
    conflict.target_changed_at = sides.remote.changed_at
    conflict.kept, conflict.decided_at, conflict.decided_by = "", None, None
    conflict.save()


def _as_seen(conflict: Conflict, sides: Sides) -> bool:
    ours, theirs = sides.ours(conflict.field), sides.theirs(conflict.field)
    return same(conflict.source_value, ours) and same(conflict.target_value, theirs)
