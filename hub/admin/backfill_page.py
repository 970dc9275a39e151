"""What the page of one backfill says: how far it is, what would become of its records, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst

from hub.admin.filters import OPEN
from hub.admin.words import amounts, count, day, heading, moment, plain
from hub.intake.backfill.cautions import cautions
from hub.intake.backfill.progress import Progress, Standing, progress
from hub.intake.backfill.tally import Line, Tally
from hub.models import Backfill

State = Backfill.State
FORETOLD = {
    "posted": "Would be posted",
    "held": "Would be held: a person must decide",
    "skipped": "Would be skipped",
    "failed": "Would fail",
}
CAME = {
    "posted": "Posted to the books",
    "held": "Held: a person must decide",
    "skipped": "Skipped: not to be booked",
    "failed": "Failed",
    "remaining": "Not settled yet",
}
COLOURS = {State.PREVIEWED: "plain", State.DONE: "good", State.PAUSED: "warn", State.STOPPED: "warn"}
BUTTONS = {
    State.PREVIEWING: (("stop", "Stop looking"),),
    State.PREVIEWED: (("start", "Start the backfill"), ("stop", "Discard it")),
    State.RUNNING: (("pause", "Pause"), ("stop", "Stop for good")),
    State.PAUSED: (("resume", "Resume"), ("stop", "Stop for good")),
}
"""State → what can be done."""
MAIN = ("start", "resume")


@dataclass(frozen=True)
class Row:
    """`why` is the sentence that one of them would be given; `link` lists them."""

    label: str
    count: int
    worth: str
    why: str = ""
    link: str = ""


@dataclass(frozen=True)
class Button:
    what: str
    title: str
    main: bool


@dataclass(frozen=True)
class Page:
    backfill: Backfill
    colour: str
    headline: str
    sentence: str
    percent: int
    moves: bool
    """It changes by itself: the page looks again every few seconds."""
    rows: list[Row]
    foretold: list[Row]
    remarks: list[str]
    buttons: tuple[Button, ...]
    facts: list[str]


def days(backfill: Backfill) -> str:
    """`1 Jan 2026 to 31 Mar 2026`."""
    return f"{day(backfill.start)} to {day(backfill.end)}" if backfill.start < backfill.end else day(backfill.start)


def page(backfill: Backfill) -> Page:
    begun, looks = backfill.started_at is not None, backfill.state in (State.PREVIEWING, State.PREVIEWED)
    so_far, tally = progress(backfill), Tally.of(backfill)
    headline, sentence = _came(backfill, so_far) if begun else _foretold(backfill, tally)
    return Page(
        backfill=backfill,
        colour=COLOURS.get(State(backfill.state), "plain"),
        headline=headline,
        sentence=sentence,
        percent=so_far.percent,
        moves=backfill.state in Backfill.MOVING,
        rows=_rows(backfill, so_far) if begun else [],
        foretold=_lines(tally),
        remarks=_remarks(backfill, tally, so_far.known) if looks else [],
        buttons=tuple(Button(*one, one[0] in MAIN) for one in BUTTONS.get(State(backfill.state), ())),
        facts=_facts(backfill),
    )


def _foretold(backfill: Backfill, tally: Tally) -> tuple[str, str]:
    what = plain(backfill.flow.source_resource)
    if backfill.state == State.PREVIEWING:
        return "Looking at what would come of it", f"{count(tally.read, what)} read so far. Nothing is posted."
    if backfill.state == State.STOPPED:
        return "Discarded", "Nothing was posted."
    posted = tally.of_state("posted")
    worth = amounts(_sums(posted))
    number = sum(line.count for line in posted)
    if not tally.read:
        return "Nothing new to bring in", "Everything that the source lists for these days is in the hub already."
    if not number:
        return "Nothing would be posted", f"{count(tally.read, what)} looked at; see below why."
    return f"{count(number, what)} would be posted", f"Worth {worth}. Nothing is posted before you start it."


def _came(backfill: Backfill, so_far: Progress) -> tuple[str, str]:
    what = plain(backfill.flow.source_resource)
    brought = f"{count(so_far.fed, what)} brought in"
    brought += f", {remaining:,} of them not settled yet." if (remaining := so_far.count("remaining")) else "."
    return {
        State.RUNNING: ("Running", f"{brought} Live work always goes first."),
        State.PAUSED: ("Paused", f"{brought} What has not begun rests; live work goes on as always."),
        State.DONE: ("Done", brought),
        State.STOPPED: ("Stopped", f"{brought} What had not begun was taken back."),
    }[State(backfill.state)]


def _rows(backfill: Backfill, so_far: Progress) -> list[Row]:
    return [
        Row("Found on these days", so_far.found, ""),
        Row("In the hub already, or came in live: left alone", so_far.known, ""),
        *(_standing(backfill, one) for one in so_far.standings),
    ]


def _standing(backfill: Backfill, one: Standing) -> Row:
    worth = amounts(one.totals) if any(one.totals) else "not read yet"
    return Row(CAME[one.state], one.count, worth if one.count else "", link=_link(backfill, one.state))


def _lines(tally: Tally) -> list[Row]:
    """One for each outcome and reason; its currencies stand beside each other."""
    rows = []
    for state, label in FORETOLD.items():
        grouped: dict[str, list[Line]] = {}
        for line in tally.of_state(state):
            grouped.setdefault(line.reason, []).append(line)
        rows += [_row(label, reason, lines) for reason, lines in grouped.items()]
    return rows


def _row(label: str, reason: str, lines: list[Line]) -> Row:
    why = f"{heading(reason)}. For example: {capfirst(lines[0].message)}" if reason else ""
    return Row(label, sum(line.count for line in lines), amounts(_sums(lines)), why)


def _sums(lines: list[Line]) -> dict[str, Decimal]:
    return {
        currency: sum((line.amount for line in lines if line.currency == currency), Decimal(0))
        for currency in {line.currency for line in lines}
    }


def _remarks(backfill: Backfill, tally: Tally, already: int) -> list[str]:
    """What somebody should know before pressing Start."""
    what = plain(backfill.flow.source_resource)
    said = cautions(backfill.flow, backfill.start, backfill.end)
    if tally.cut_short:
        said.append(f"Only the first {count(tally.read, what)} were read, up to {tally.last}. More will come in.")
    if tally.late:
        said.append(f"{count(tally.late, 'document')} would be dated on the first open day.")
    if already:
        said.append(f"{count(already, what)} of these days {'is' if already == 1 else 'are'} in the hub already.")
    return said


def _facts(backfill: Backfill) -> list[str]:
    flow = backfill.flow
    facts = [
        f"{flow.source} → {flow.target}",
        f"asked for {moment(backfill.created_at)} by {backfill.asked_by or 'somebody'}",
        f"started {moment(backfill.started_at)}" if backfill.started_at else "",
        f"ended {moment(backfill.ended_at)}" if backfill.ended_at else "",
    ]
    return [fact for fact in facts if fact]


def _link(backfill: Backfill, state: str) -> str:
    query = {"backfill": backfill.pk, "state": OPEN if state == "remaining" else state}
    return f"{reverse('admin:hub_syncrecord_changelist')}?{urlencode(query)}"
