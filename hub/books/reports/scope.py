"""What a report is asked about: days, and the books or the flow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from connectors.models import Connection
from hub.books.agreement import money_flows
from hub.models import Flow, Posting


@dataclass(frozen=True)
class Scope:
    """Inclusive days. Without books: all of them; without a flow: every flow into these books."""

    start: dt.date
    end: dt.date
    books: Connection | None = None
    flow: Flow | None = None

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        return self.start, self.end

    def flows(self) -> list[Flow]:
        """Those that carry money, by name."""
        return [flow for flow in money_flows() if self._holds(flow)]

    def targets(self) -> list[Connection]:
        """The books that are asked about, by name."""
        found = {flow.target_id: flow.target for flow in self.flows()}
        return sorted(found.values(), key=lambda target: target.name)

    def postings(self, target: Connection, **wanted: Any) -> Any:
        """Documents in these books, by their date there."""
        mine = {"record__flow": self.flow} if self.flow else {}
        return Posting.objects.filter(target=target, date__range=self.days, **mine, **wanted)

    def _holds(self, flow: Flow) -> bool:
        return self.flow in (None, flow) and self.books in (None, flow.target)
