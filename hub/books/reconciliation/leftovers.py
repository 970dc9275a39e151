"""The payments that are left over of all orders, explained together: only here a reconciliation looks at all of it at
once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from django.conf import settings

from hub.books.reconciliation import sightings, storing
from hub.books.reconciliation.cases import held
from hub.books.reconciliation.desk import Desk
from hub.books.reconciliation.explaining import Explained, Open, explained
from hub.books.reconciliation.facts import Seen
from hub.books.reconciliation.known import moved_since
from hub.books.reconciliation.matching import Match
from hub.books.reconciliation.paying import PAYMENT, marker
from hub.books.reconciliation.turns import Turn
from hub.intake.portions import PORTION
from hub.models import PaymentMatch, Reconciliation


def explain(turn: Turn, desk: Desk) -> bool:
    """With one commit, once. False where nothing is left over, or it was done before."""
    run = turn.row
    opens, moved = _left(turn)
    if not opens and not moved:
        return False
    result = _explained(turn, desk, opens)
    with turn.writing(counts=run.counts_with(_came(opens, moved, result))):
        storing.keep(desk.flow, run, result.findings)
        storing.leave(run, moved)
        PaymentMatch.objects.bulk_create(
            [_match(run, one, accepted=one in result.accepted) for one in (*result.accepted, *result.suggested)]
        )
        sightings.of_orders(run).delete()
    return True


def _left(turn: Turn) -> tuple[list[Open], set[str]]:
    """And of which orders the hub has been at work since they were read: they are for the next reconciliation."""
    opens: list[Open] = []
    moved: set[str] = set()
    rows, after = sightings.of_orders(turn.row), 0
    while some := list(rows.filter(pk__gt=after)[:PORTION]):
        turn.keep()
        after = some[-1].pk
        busy = moved_since({one.remote_id: one.seen_at for one in some}, turn.row.flow)
        moved |= busy
        opens += [Open.model_validate(one.facts) for one in some if one.remote_id not in busy]
    return opens, moved


def _explained(turn: Turn, desk: Desk, opens: list[Open]) -> Explained:
    """Payments elsewhere are only looked through where some payment is missing."""
    unpaid = any(one.unpaid for one in opens)
    unowned = chain.from_iterable(_unowned(turn, desk)) if unpaid and not desk.unlisted else ()
    return explained(opens, unowned, settings.PAYMENT_MATCH_CONFIDENCE)


def _unowned(turn: Turn, desk: Desk) -> Iterator[list[Seen]]:
    """Payments that bear no mark of ours and that no posting holds, with the name of the client who is billed."""
    run = turn.row
    rows, after = sightings.books_of(run, resource=PAYMENT), 0
    while some := list(rows.filter(pk__gt=after)[:PORTION]):
        turn.keep()
        after = some[-1].pk
        seen = [Seen.model_validate(one.facts) for one in some]
        standing = [one for one in seen if one.stands and not marker(one.note)]
        ours = held(desk, standing)
        free = [one for one in standing if (PAYMENT, one.id) not in ours]
        billed = sightings.seen_where(run, "remote_id", (one.invoice_id for one in free), [desk.flow.target_resource])
        names = {one.id: one.client for one in billed}
        yield [one.model_copy(update={"client": names.get(one.invoice_id, "")}) for one in free]


def _came(opens: list[Open], moved: set[str], result: Explained) -> Counter[str]:
    """What the orders count as, now that it is known which payments are theirs."""
    unexplained = {finding.source_id for finding in result.findings}
    differing = sum(one.differs or one.case.says.source_id in unexplained for one in opens)
    return Counter(differs=differing, agrees=len(opens) - differing, unsettled=len(moved), matched=len(result.accepted))


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
