"""One resource of one source, with the flows that carry it: what each of them knows, and since when it should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.base import Resource
from connectors.models import Connection
from connectors.vault import connect
from hub.engine.calling import calling
from hub.intake.cursors import beginning, start_at
from hub.intake.edges import EDGE
from hub.intake.portions import portions
from hub.models import Event, Flow, SyncRecord


@dataclass
class Counted:
    """`changed` remembers what the source has told since a moment: several days are asked for by the same."""

    connection: Connection
    name: str
    resource: Resource[Any]
    flows: Sequence[Flow]
    changed: dict[dt.datetime, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, name: str) -> Counted:
        flows = connection.flows_out.filter(source_resource=name, enabled=True).order_by("pk")
        return cls(connection, name, connect(connection).resource(name), list(flows))

    @property
    def key(self) -> str:
        return f"{self.connection} {self.name}"

    def begins(self) -> dt.datetime:
        return min(began(flow) for flow in self.flows)

    def unknown(self, ids: Iterable[str], day: dt.date) -> list[str]:
        """Those that some flow should have and has not. What was placed and last changed before a flow began is not
        its business; near that moment only the source itself can tell. Raises ConnectorError."""
        listed = dict.fromkeys(ids)
        unknown: set[str] = set()
        for flow in self.flows:
            strange = set(listed) - _known(flow, "source_id", listed)
            unknown |= (
                strange & self._changed_since(began(flow)) if strange and day < began(flow).date() + EDGE else strange
            )
        return [id for id in listed if id in unknown]

    def known(self, numbers: Iterable[str]) -> set[str]:
        """Numbers that a record of some flow has, however old."""
        asked = list(numbers)
        return {number for flow in self.flows for number in _known(flow, "number", asked)}

    def numbers(self, start: dt.date) -> list[str]:
        """Of the records whose business date is not before this."""
        recent = SyncRecord.objects.filter(flow__in=self.flows, date__gte=start).exclude(number="").order_by()
        return list(recent.values_list("number", flat=True).distinct())

    def _changed_since(self, moment: dt.datetime) -> frozenset[str]:
        if not self.resource.offers("changed_since"):
            return frozenset()
        if moment not in self.changed:
            with calling(self.connection):
                self.changed[moment] = frozenset(
                    notice.id for notice, _ in self.resource.changed_since(start_at(moment))
                )
        return self.changed[moment]


def began(flow: Flow) -> dt.datetime:
    """Since when a flow should have what its source tells. One that came later does not get what had been told before."""
    heard = Event.objects.filter(connection=flow.source, resource=flow.source_resource, flow=None)
    came_later = heard.filter(received_at__lt=flow.created_at).exists()
    return max(beginning(flow.source), flow.created_at) if came_later else beginning(flow.source)


def _known(flow: Flow, field: str, values: Iterable[str]) -> set[str]:
    records = SyncRecord.objects.filter(flow=flow).order_by()
    return {
        known
        for some in portions(list(values))
        for known in records.filter(**{f"{field}__in": some}).values_list(field, flat=True)
    }
