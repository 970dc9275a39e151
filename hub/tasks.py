"""What the queue calls. Tasks carry no data: the rows say what is to be done."""

from __future__ import annotations

import time

from hub import queue
from hub.books.payouts import turns as payouts
from hub.books.payouts.again import look_again_daily
from hub.books.reconciliation import turns as reconciliations
from hub.engine import clock, epoch
from hub.engine import drain as engine
from hub.engine.claim import due
from hub.engine.probing import probe_away
from hub.engine.schedule import seconds_until_due
from hub.intake import silence
from hub.intake.backfill import turns
from hub.intake.completeness import rounds
from hub.intake.housekeeping import prune
from hub.intake.polling import poll_each, polled_connections
from hub.intake.resolving import unresolved_due
from hub.intake.stored import stored_due
from hub.rates import asking

POLLING_SECONDS = 45.0
"""Below the task's own time limit, with room for the calls that are being made when it is over."""

SWEEP_SECONDS = 60
"""What is due later than this, the sweep finds."""


def work() -> None:
    """Drain what is due; then see to it that somebody looks when the next thing is. Whoever finds more than it can work
    on at once wakes another worker first, here or on another machine."""
    engine.drain(when_full=queue.ring, stopping=queue.is_stopping)
    rest = seconds_until_due()
    if rest is not None and rest <= 0:
        queue.ring()
    elif rest is not None and rest <= SWEEP_SECONDS:
        queue.ring_later(rest)


def sweep() -> None:
    """Every minute: find what is due, and what is stored, even if every bell was lost; throw away what is no longer
    needed."""
    epoch.watch()
    epoch.advance()
    records = due(clock.now()).exists() or unresolved_due().exists() or stored_due().exists()
    if records or turns.due() or reconciliations.due() or payouts.due_files() or payouts.due_fees():
        queue.ring()
    prune()


def poll_all() -> None:
    """Every few minutes: webhooks may be late, or never come. What does not fit into this round is for the next."""
    probe_away()
    for _ in poll_each(polled_connections(), until=time.monotonic() + POLLING_SECONDS):
        pass


def count_tonight() -> None:
    """Every ten minutes, so that a round that begins at night goes on until it is through."""
    until = time.monotonic() + POLLING_SECONDS
    rounds.count_tonight(until=until)
    look_again_daily(until=until)


def hear_silence() -> None:
    """Every few minutes: does every source still speak?"""
    silence.hear_silence()


def ask_for_rates() -> None:
    """Every hour, for the sources that have not told the day's rates yet."""
    asking.ask_all(until=time.monotonic() + POLLING_SECONDS)
