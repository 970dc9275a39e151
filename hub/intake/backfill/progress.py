"""How far a backfill is: what it brought in and where that is now, by count and by money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from hub.books.agreement import PLACES
from hub.intake.backfill.days import REOPENED
from hub.models import Backfill, SyncRecord

State = SyncRecord.State
SETTLED = (State.POSTED, State.HELD, State.SKIPPED, State.FAILED)


@dataclass(frozen=True)
class Standing:
    """Records in one state (`remaining`: in none that is final), with what they are worth in each currency."""

    state: str
    count: int
    totals: dict[str, Decimal]


@dataclass(frozen=True)
class Progress:
    """`known` are records of these days that it found in the hub already, or that came in live meanwhile."""

    fed: int
    known: int
    standings: list[Standing]
    percent: int

    @property
    def found(self) -> int:
        return self.fed + self.known

    def count(self, state: str) -> int:
        return next(one.count for one in self.standings if one.state == state)


def progress(backfill: Backfill) -> Progress:
    counts: dict[str, int] = defaultdict(int)
    totals: dict[str, dict[str, Decimal]] = defaultdict(dict)
    rows = backfill.records.order_by().values("state", "currency").annotate(n=Count("pk"), worth=Sum("total"))
    for row in rows:
        state = row["state"] if row["state"] in SETTLED else "remaining"
        counts[state] += row["n"]
        before = totals[state].get(row["currency"], Decimal(0))
        totals[state][row["currency"]] = before + row["worth"].quantize(PLACES)
    standings = [Standing(state, counts[state], totals[state]) for state in (*map(str, SETTLED), "remaining")]
    fed = sum(counts.values())
    settled = fed - counts["remaining"]
    return Progress(fed, known(backfill), standings, _percent(backfill, settled / fed if fed else 1.0))


def known(backfill: Backfill) -> int:
    """Of these days, in the hub by another way, and not such as would be opened again."""
    others = SyncRecord.objects.filter(flow=backfill.flow, date__range=(backfill.start, backfill.end))
    by_another_way = ~Q(backfill=backfill.pk) | Q(backfill=None)
    return others.filter(by_another_way).exclude(state=State.SKIPPED, reason__in=REOPENED).count()


def _percent(backfill: Backfill, settled: float) -> int:
    """Of the days that are listed, and of their records that are settled."""
    if backfill.state in (Backfill.State.DONE, Backfill.State.PREVIEWED):
        return 100
    days = (backfill.end - backfill.start).days + 1
    return int(100 * settled * (backfill.reached - backfill.start).days / days)
