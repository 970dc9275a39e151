"""The two records as they are now, read right before anything is decided, and what the flow remembers of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from connectors.base import Remote
from connectors.documents import Document
from connectors.errors import Gone
from hub.engine import choices
from hub.engine.build import Built, Element, scope
from hub.engine.calling import calling
from hub.engine.claim import LeaseLost
from hub.engine.context import Run
from hub.engine.counterparts import fields
from hub.engine.counterparts.merge import value_of
from hub.engine.counterparts.mirror import Agreed, Mirror, mirror_of
from hub.errors import Held, NotYet
from hub.models import Counterpart, SyncRecord


@dataclass
class Sides:
    """`source` is what the flow makes of its record; `remote` and `target` are the other one's answer and content."""

    run: Run
    built: Built
    row: Counterpart
    remote: Remote
    target: Document
    mirror: Mirror | None

    @property
    def names(self) -> list[str]:
        """The fields that the flow owns and of which it has something to say."""
        said = fields.spoken(self.built.step, scope(Element(""), self.run), self.run.lookups)
        return [name for name in fields.owned(self.built.step.rules, self.run.policy) if name in said]

    def made_of(self, document: Document) -> dict[str, Any]:
        """What the flow would make of its record with another content."""
        seen = {**scope(Element(""), self.run), **document.model_dump()}
        step, resource = self.built.step, self.run.target.resource(self.built.step.resource)
        made = fields.made(step, type(self.built.document), resource, seen, self.run.lookups)
        return {name: value_of(made, name) for name in self.names}

    def ours(self, name: str) -> Any:
        return value_of(self.built.document, name)

    def theirs(self, name: str) -> Any:
        return value_of(self.target, name)

    def agreed(self, name: str) -> list[Any]:
        found: list[Any] = self.row.agreed.get(name, [None, None])
        return found

    def keep(self, agreed: Agreed, told: Agreed | None = None, *, in_any_case: bool = False, **values: Any) -> None:
        """What the flow remembers, and what it notes for the one that leads back, in one transaction. Raises LeaseLost
        where another worker has taken the record over; and NotYet where the one that leads back has carried something
        over since this attempt began: what was read may be older than that, unless it `in_any_case` came about."""
        back = self.mirror.row(self.row.remote_id, self.row.source_id) if told and self.mirror else None
        with transaction.atomic():
            if not SyncRecord.objects.filter(pk=self.run.record.pk, owner=self.run.claim.owner).exists():
                raise LeaseLost(str(self.run.record))
            pks = [row.pk for row in (self.row, back) if row]
            rows = {row.pk: row for row in Counterpart.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
            if not in_any_case and (self.row.pk not in rows or rows[self.row.pk].agreed != self.row.agreed):
                raise carried_over(self.row)
            if back:
                _note(rows[back.pk], told or {}, remote_id=self.row.source_id)
            self.row = rows[self.row.pk]
            _note(self.row, agreed, **values)


def _note(row: Counterpart, agreed: Agreed, **values: Any) -> None:
    row.agreed = {**row.agreed, **agreed}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def recall(run: Run) -> None:
    """Before the source is read: what is noted after that is newer than what was read."""
    if any(fields.keeps(step) for step in run.steps):
        run.recalled = Counterpart.objects.filter(flow=run.flow, source_id=run.record.source_id).first()


def read(remote_id: str, built: Built, run: Run) -> Sides:
    """Raises Held where the counterpart was deleted or archived: nobody brings it back but a person."""
    row = _row(remote_id, run)
    try:
        with calling(run.flow.target):
            remote = run.target.resource(built.step.resource).read(remote_id)
    except Gone as error:
        raise gone(built, run, remote_id, "deleted") from error
    if remote.state != "active" or remote.document is None:
        raise gone(built, run, remote_id, remote.state)
    return Sides(run, built, row, remote, remote.document, mirror_of(run))


def carried_over(row: Counterpart) -> NotYet:
    return NotYet("carried_over", f"Another worker has just carried something over: {row}", after=0)


def gone(built: Built, run: Run, remote_id: str, state: str) -> Held:
    """An `update` makes nobody; and who was only archived is there."""
    where, makes = run.flow.target.connector_class.label, built.step.do == "upsert"
    anew = "have a new one made, " if makes and state == "deleted" else ""
    return Held(
        f"counterpart_{state}" if makes else "counterpart_left",
        f"{built.step.resource.capitalize()} {remote_id} was {state} in {where}, and its {run.flow.source_resource} in "
        f"{run.flow.source.connector_class.label} is still there",
        posting=choices.key_of(built.step.resource, ""),
        theirs={"id": remote_id, "state": state},
        remedy=f"Restore it in {where} and retry, link another one, {anew}or skip this record.",
    )


def _row(remote_id: str, run: Run) -> Counterpart:
    """As it was before the source was read. Whoever has another counterpart than before has agreed with it on nothing
    yet."""
    row = run.recalled
    if row is None:
        row, new = Counterpart.objects.get_or_create(
            flow=run.flow, source_id=run.record.source_id, defaults={"remote_id": remote_id}
        )
        if not new:
            raise carried_over(row)
    if row.remote_id != remote_id:
        row.remote_id, row.agreed, row.sending = remote_id, {}, None
        row.save()
    return row
