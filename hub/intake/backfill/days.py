"""A backfill's days, as its source lists them: which records belong to them, and which are new to the flow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from connectors.base import Resource
from connectors.errors import AWAY, ConnectorError, Gone
from hub.intake.edges import DAY, EDGE
from hub.models import Backfill, SyncRecord

REOPENED = ("before_cut_over", "not_accepted", "not_paid")
"""Reasons of a skipped record that may no longer hold. Everything else that the flow knows already is left alone."""


def days(backfill: Backfill) -> Iterator[dt.date]:
    """Those that are left when it begins."""
    first = backfill.reached
    for number in range((backfill.end - first).days + 1):
        yield first + number * DAY


def at_the_edge(backfill: Backfill, day: dt.date) -> bool:
    """What is listed for such a day may belong to a day that nobody has asked for."""
    return day < backfill.start + EDGE or day > backfill.end - EDGE


def is_of(backfill: Backfill, date: dt.date | None) -> bool:
    """What has no date, such as a product, belongs to the day that it is listed for."""
    return date is None or backfill.start <= date <= backfill.end


def belongs(backfill: Backfill, resource: Resource[Any], id: str) -> bool:
    """Read to see. What cannot be read is brought in, so that a person sees why. Raises what says "later"."""
    try:
        document = resource.parse(resource.fetch(id))
    except AWAY:
        raise
    except Gone:
        return False
    except (ConnectorError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return True
    return is_of(backfill, getattr(document, "date", None))


def is_new(backfill: Backfill, id: str) -> bool:
    """To the flow; or known, but skipped before this backfill for a reason that may no longer hold."""
    found = SyncRecord.objects.filter(flow=backfill.flow, source_id=id).values_list("state", "reason", "backfill")
    return all(
        state == SyncRecord.State.SKIPPED and reason in REOPENED and by != backfill.pk for state, reason, by in found
    )
