"""The comparison itself: all that was read is judged, findings are kept, and what is no longer found is closed. It makes
no call, so that a kill only means that it is done once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from django.conf import settings

from hub.books.reconciliation import sightings, storing
from hub.books.reconciliation.cases import cases, held
from hub.books.reconciliation.comparing import Verdict, judged
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.explaining import Explained, Open, explained
from hub.books.reconciliation.facts import Case, Finding, Seen
from hub.books.reconciliation.matching import Match
from hub.books.reconciliation.paying import PAYMENT, marker
from hub.books.reconciliation.strays import Key, strays
from hub.books.reconciliation.taking_in import take_in
from hub.books.reconciliation.turns import Turn
from hub.engine import clock
from hub.intake.portions import PORTION
from hub.models import PaymentMatch, Reconciliation

UNKNOWN = "missing_in_hub"


def reckon(turn: Turn, desk: Desk) -> None:
    """Ends the reconciliation."""
    run = turn.row
    counts: Counter[str] = Counter()
    opens: list[Open] = []
    told: set[Key] = set()
    for batch in cases(run, desk):
        verdicts = [(case, judged(case)) for case in batch]
        counts.update(verdict.outcome for _, verdict in verdicts)
        opens += [Open(case, one.unpaid, one.extra) for case, one in verdicts if one.unpaid or one.extra]
        told |= {(books.resource, books.id) for _, one in verdicts for books in _shown(one)}
        _keep(turn, desk, [finding for _, one in verdicts for finding in one.findings], _unjudged(verdicts))
    payments = _explain(run, desk, opens)
    _keep(turn, desk, payments.findings, [])
    for findings in strays(run, desk, told):
        _keep(turn, desk, findings, [])
    counts["differs"] -= len({one.case.says.source_id for one in opens} - {one.source_id for one in payments.findings})
    _end(turn, desk, counts, payments)


def _shown(verdict: Verdict) -> Iterator[Seen]:
    return (finding.books for finding in verdict.findings if finding.books)


def _unjudged(verdicts: list[tuple[Case, Verdict]]) -> list[str]:
    return [case.says.source_id for case, verdict in verdicts if verdict.outcome == "unsettled"]


def _keep(turn: Turn, desk: Desk, findings: list[Finding], unjudged: list[str]) -> None:
    """What the hub has never heard of goes through the inbox with the same commit."""
    with turn.writing():
        storing.keep(desk.flow, turn.row, findings)
        storing.leave(turn.row, unjudged)
        for finding in findings:
            if finding.kind == UNKNOWN and finding.record is None:
                take_in(desk.flow, finding.source_id)


def _explain(run: Reconciliation, desk: Desk, opens: list[Open]) -> Explained:
    """Payments elsewhere are only looked through where some payment is missing."""
    unpaid = any(one.unpaid for one in opens)
    unowned = chain.from_iterable(_unowned(run, desk)) if unpaid and not desk.unlisted else ()
    return explained(opens, unowned, settings.PAYMENT_MATCH_CONFIDENCE)


def _unowned(run: Reconciliation, desk: Desk) -> Iterator[list[Seen]]:
    """Payments that bear no mark of ours and that no posting holds, with the name of the client who is billed."""
    rows, after = sightings.books_of(run, resource=PAYMENT), 0
    while some := list(rows.filter(pk__gt=after)[:PORTION]):
        after = some[-1].pk
        seen = [Seen.model_validate(one.facts) for one in some]
        standing = [one for one in seen if one.stands and not marker(one.note)]
        ours = held(desk, standing)
        free = [one for one in standing if (PAYMENT, one.id) not in ours]
        billed = sightings.seen_where(run, "remote_id", (one.invoice_id for one in free), [desk.flow.target_resource])
        names = {one.id: one.client for one in billed}
        yield [one.model_copy(update={"client": names.get(one.invoice_id, "")}) for one in free]


def _end(turn: Turn, desk: Desk, counts: Counter[str], payments: Explained) -> None:
    run = turn.row
    counts["matched"] = len(payments.accepted)
    with turn.writing():
        run.matches.all().delete()
        PaymentMatch.objects.bulk_create(
            [_match(run, one, accepted=one in payments.accepted) for one in (*payments.accepted, *payments.suggested)]
        )
        counts["closed"] = storing.close_unfound(run)
        run.sightings.all().delete()
    turn.end(state=Reconciliation.State.DONE, ended_at=clock.now(), counts=dict(+counts), problem="", failures=0)


def _match(run: Reconciliation, match: Match, *, accepted: bool) -> PaymentMatch:
    return PaymentMatch(
        reconciliation=run,
        payments=[one.id for one in match.payments],
        orders=[one.key for one in match.dues],
        amount=match.amount,
        currency=match.payments[0].currency,
        confidence=match.confidence,
        reasons=list(match.reasons),
        accepted=accepted,
    )
