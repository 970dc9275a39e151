"""What one reconciliation works with: both ends and the flow as it runs, opened once for many orders."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from connectors.base import Connector
from connectors.vault import connect
from hub.accounting.policy import Policy
from hub.engine.lookups import Lookups, load_lookups
from hub.engine.steps import Step
from hub.engine.terms import policy_of, steps_of
from hub.intake.completeness.counted import began
from hub.models import Flow
from hub.models.postings import SHARED


@dataclass(frozen=True)
class Desk:
    flow: Flow
    source: Connector
    target: Connector
    policy: Policy
    steps: tuple[Step, ...]
    lookups: Lookups
    began: dt.datetime
    """Nothing from before is the flow's, unless a person brings it in."""

    @property
    def resources(self) -> list[str]:
        """What the flow makes in the books with a date and an amount."""
        named = (step.resource for step in self.steps if step.on == "target" and step.resource)
        return [name for name in dict.fromkeys(named) if name not in SHARED]

    @property
    def listed(self) -> list[str]:
        """Of those, what these books can list by date."""
        return [name for name in self.resources if self.target.resources[name].offers("list_dated")]

    @property
    def unlisted(self) -> list[str]:
        return [name for name in self.resources if name not in self.listed]


def opened(flow: Flow) -> Desk:
    """The flow is read anew, for here its books have no lock date: what a document's day should be is compared with the
    source, and whether it is a late arrival the document itself says."""
    flow = Flow.objects.select_related("source", "target", "version").get(pk=flow.pk)
    flow.target.lock_date = None
    return Desk(
        flow=flow,
        source=connect(flow.source),
        target=connect(flow.target),
        policy=policy_of(flow),
        steps=steps_of(flow),
        lookups=load_lookups(),
        began=began(flow),
    )
