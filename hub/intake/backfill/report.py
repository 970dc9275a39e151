"""A preview and a backfill's progress, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from hub.intake.backfill.progress import known, progress
from hub.intake.backfill.tally import Line, Tally
from hub.models import Backfill

WOULD_BE = {"posted": "would be posted", "held": "would be held", "skipped": "would be skipped", "failed": "would fail"}
NOTHING_ELSE = "Nothing was posted. What is in the books already is recognised when its turn comes."


def preview_table(backfill: Backfill) -> str:
    tally = Tally.of(backfill)
    rows = [row for state in WOULD_BE for row in map(_told, tally.of_state(state))]
    return "\n".join([f"Preview of {backfill}", *_columns(rows), "", *_remarks(backfill, tally)])


def progress_table(backfill: Backfill) -> str:
    found = progress(backfill)
    rows = [("listed", str(found.found), ""), ("in the hub already", str(found.known), "")]
    rows += [(one.state, str(one.count), amounts(one.totals.items())) for one in found.standings]
    head = f"Backfill of {backfill}: {backfill.get_state_display()}, {found.percent} %"
    days = [] if backfill.reached > backfill.end else [f"Listed up to {backfill.reached} (not whole yet)"]
    return "\n".join([head, *_columns(rows), *days, *([backfill.problem] if backfill.problem else [])])


def amounts(totals: Iterable[tuple[str, Decimal]]) -> str:
    """One for each currency; currencies are never added together."""
    return ", ".join(f"{total:.2f} {currency}" for currency, total in sorted(totals) if currency)


def _told(line: Line) -> tuple[str, ...]:
    why = f"{line.reason}: {line.message}" if line.reason else ""
    return WOULD_BE[line.state], str(line.count), amounts([(line.currency, line.amount)]), why


def _remarks(backfill: Backfill, tally: Tally) -> Iterable[str]:
    already = known(backfill)
    if already:
        yield f"{already} of these days are in the hub already and are left alone."
    if tally.late:
        yield f"{tally.late} fall into a closed period and would be dated on the first open day."
    if tally.cut_short:
        yield f"Only the first {tally.read} were read, up to {tally.last}; nothing is said of what comes after."
    yield NOTHING_ELSE


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return ["  nothing new to this flow"]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
