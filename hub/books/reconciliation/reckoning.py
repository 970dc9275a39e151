"""The comparison itself: what was read is judged, some at a time, findings are kept, and what is no longer found is closed.
It makes no call. What was judged is written down before the next is looked at, so that whoever comes next goes on there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hub.books.reconciliation import leftovers, sightings, storing
from hub.books.reconciliation.cases import Batch, batches
from hub.books.reconciliation.comparing import Verdict, judged
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.explaining import Open
from hub.books.reconciliation.strays import strays
from hub.books.reconciliation.taking_in import take_in, wake
from hub.books.reconciliation.turns import Turn, require_time
from hub.engine import clock
from hub.models import Flow, Reconciliation


def reckon(turn: Turn, desk: Desk, deadline: float) -> None:
    """Ends the reconciliation. `after` is the last sighting that was looked at: the source's were all written down before
    the first of the books'. Raises OutOfTime."""
    for batch in batches(turn.row, desk):
        _judge(turn, desk, batch)
        require_time(deadline)
    if leftovers.explain(turn, desk):
        require_time(deadline)
    for last, findings in strays(turn.row, desk, storing.shown(turn.row)):
        with turn.writing(after=last):
            storing.keep(desk.flow, turn.row, findings)
        require_time(deadline)
    _end(turn)


def _judge(turn: Turn, desk: Desk, batch: Batch) -> None:
    """Payments that are left over are explained together, at the end: until then nobody knows what their orders come to."""
    run, verdicts = turn.row, {pk: judged(case) for pk, case in batch.cases.items()}
    open = {pk: Open.of(batch.cases[pk], one) for pk, one in verdicts.items() if one.is_open}
    came = Counter(one.outcome for pk, one in verdicts.items() if pk not in open)
    with turn.writing(after=batch.sightings[-1], counts=run.counts_with(came)):
        _keep(run, desk.flow, batch, verdicts)
        sightings.put_aside(batch.sightings, open)


def _keep(run: Reconciliation, flow: Flow, batch: Batch, verdicts: Mapping[int, Verdict]) -> None:
    """What the hub was not told goes through the inbox with the same commit, in one order for everybody, so that no two
    wait for each other."""
    findings = [finding for one in verdicts.values() for finding in one.findings]
    storing.keep(flow, run, findings)
    storing.leave(run, [batch.cases[pk].says.source_id for pk, one in verdicts.items() if one.outcome == "unsettled"])
    for source_id in sorted(one.source_id for one in findings if one.comes_in):
        take_in(flow, source_id)
    woken = (case for pk, case in batch.cases.items() if verdicts[pk].wakes)
    for _, source_id in sorted((case.record.id, case.says.source_id) for case in woken if case.record):
        wake(flow, source_id)


def _end(turn: Turn) -> None:
    run = turn.row
    with turn.writing():
        closed = storing.close_unfound(run)
        run.sightings.all().delete()
    counts = run.counts_with(Counter(closed=closed))
    turn.end(state=Reconciliation.State.DONE, ended_at=clock.now(), counts=counts, problem="", failures=0)
