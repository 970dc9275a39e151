"""What the page of one reconciliation says: how far it is, what agrees, and what a person has to see to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from hub.admin.words import amounts, count, day, moment
from hub.books.reconciliation.kinds import KINDS
from hub.books.reconciliation.report import Line, lines
from hub.models import Discrepancy, PaymentMatch, Reconciliation

State = Reconciliation.State
SHOWN = 50
"""Matches that the page lists; the least sure come first."""
CAME = {
    "agrees": "Agree on all sides",
    "differs": "Differ",
    "held": "Held: a person must decide",
    "skipped": "Skipped: not to be booked",
    "unsettled": "Being worked on, or failed: not compared this time",
}


@dataclass(frozen=True)
class Row:
    """`link` lists them."""

    label: str
    count: int
    worth: str = ""
    why: str = ""
    link: str = ""


@dataclass(frozen=True)
class Page:
    run: Reconciliation
    colour: str
    headline: str
    sentence: str
    moves: bool
    """It changes by itself: the page looks again every few seconds."""
    kinds: list[Row]
    accepted: Row | None
    orders: list[Row]
    matches: list[PaymentMatch]
    facts: list[str]


def days(run: Reconciliation) -> str:
    """`1 Jan 2026 to 31 Mar 2026`."""
    return f"{day(run.start)} to {day(run.end)}" if run.start < run.end else day(run.start)


def page(run: Reconciliation) -> Page:
    found = lines(run) if run.state != State.RUNNING else []
    waiting = [line for line in found if line.state in Discrepancy.UNSETTLED]
    accepted = [line for line in found if line.state == Discrepancy.State.ACCEPTED]
    colour, headline, sentence = _verdict(run, waiting)
    return Page(
        run=run,
        colour=colour,
        headline=headline,
        sentence=sentence,
        moves=run.state == State.RUNNING,
        kinds=[_kind(run, kind, waiting) for kind in KINDS if any(line.kind == kind for line in waiting)],
        accepted=_accepted(run, accepted),
        orders=[Row(label, run.counts[name]) for name, label in CAME.items() if run.counts.get(name)],
        matches=list(run.matches.order_by("confidence", "pk")[:SHOWN]),
        facts=_facts(run),
    )


def _verdict(run: Reconciliation, waiting: list[Line]) -> tuple[str, str, str]:
    if run.state == State.RUNNING:
        return "plain", run.get_stage_display().capitalize(), f"{_so_far(run)} so far. Live work always goes first."
    if run.state == State.STOPPED:
        return "warn", "Stopped", "Nothing was compared." if not waiting else "What it had found by then is listed."
    number, unsettled = sum(line.count for line in waiting), run.counts.get("unsettled", 0)
    if not number and unsettled:
        left = f"{count(unsettled, 'order')} could not be compared yet. Compare these days again in a while."
        return "warn", "Nothing differs as far as it was compared", left
    if not number:
        return "good", "Source, hub and books agree", "Nothing is left for a person to see to."
    worth = amounts(_sums(waiting))
    return "bad", count(number, "discrepancy", "discrepancies"), f"Worth {worth}. Open each kind to mend it."


def _so_far(run: Reconciliation) -> str:
    if run.stage == Reconciliation.Stage.COMPARE:
        return f"{count(sum(run.counts.get(name, 0) for name in CAME), 'order')} compared"
    return f"{count(run.sightings.count(), 'order or document', 'orders and documents')} read"


def _kind(run: Reconciliation, kind: str, waiting: list[Line]) -> Row:
    mine = [line for line in waiting if line.kind == kind]
    link = _link(run, kind=kind, state="unsettled")
    return Row(KINDS[kind].label, sum(line.count for line in mine), amounts(_sums(mine)), KINDS[kind].meaning, link)


def _accepted(run: Reconciliation, accepted: list[Line]) -> Row | None:
    if not accepted:
        return None
    link = _link(run, state=Discrepancy.State.ACCEPTED)
    return Row("Accepted with a reason", sum(line.count for line in accepted), amounts(_sums(accepted)), link=link)


def _sums(found: list[Line]) -> dict[str, Decimal]:
    return {
        currency: sum((line.amount for line in found if line.currency == currency), Decimal(0))
        for currency in {line.currency for line in found}
    }


def _link(run: Reconciliation, **query: str) -> str:
    return f"{reverse('admin:hub_discrepancy_changelist')}?{urlencode({'run': run.pk, **query})}"


def _facts(run: Reconciliation) -> list[str]:
    closed = run.counts.get("closed", 0)
    facts = [
        f"{run.flow.source} → {run.flow.target}",
        f"asked for {moment(run.created_at)} by {run.asked_by or 'somebody'}",
        f"ended {moment(run.ended_at)}" if run.ended_at else "",
        f"closed by itself: {count(closed, 'earlier discrepancy', 'earlier discrepancies')}" if closed else "",
    ]
    return [fact for fact in facts if fact]
