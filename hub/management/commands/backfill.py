"""History of one flow: previewed, started, watched, paused and stopped."""

from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hub.engine import clock
from hub.intake.backfill import asking
from hub.intake.backfill.asking import BackfillError
from hub.intake.backfill.cautions import cautions
from hub.intake.backfill.report import preview_table, progress_table
from hub.intake.backfill.rounds import advance
from hub.intake.backfill.tally import Tally
from hub.models import Backfill, Flow

State = Backfill.State
ACTIONS = {"pause": asking.pause, "resume": asking.resume, "stop": asking.stop}
BY = "command line"
ROUND_SECONDS, NAP = 2.0, 0.2
PATIENCE = 5
"""Rounds in a row that come to nothing before a dry run is given up."""


def date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date; write it as 2026-03-31") from None


class Command(BaseCommand):
    help = (
        "Bring in a flow's history, behind live work. With dates: start it, or preview it with --dry-run. "
        "Without: show how far it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", metavar="FLOW")
        parser.add_argument("--from", dest="start", type=date, metavar="D", help="first business date")
        parser.add_argument("--to", dest="end", type=date, metavar="D", help="last business date, inclusive")
        parser.add_argument("--dry-run", action="store_true", help="read everything, post nothing, print what would be")
        parser.add_argument("--reason", default="", help="kept with the backfill")
        doing = parser.add_mutually_exclusive_group()
        doing.add_argument("--pause", dest="action", action="store_const", const="pause", help="let it rest")
        doing.add_argument("--resume", dest="action", action="store_const", const="resume", help="go on with it")
        doing.add_argument("--stop", dest="action", action="store_const", const="stop", help="end it for good")

    def handle(self, *args: Any, flow: str, start: Any, end: Any, action: str | None, **options: Any) -> None:
        found = _named(flow)
        if (start is None) != (end is None):
            raise CommandError("--from and --to belong together; name both days")
        if start and action:
            raise CommandError(f"--{action} is about the backfill that is open; leave out --from and --to")
        if options["dry_run"] and not start:
            raise CommandError("--dry-run needs --from and --to")
        try:
            if start:
                self._ask(found, start, end, options["dry_run"], options["reason"])
            else:
                self._see_to(found, action)
        except BackfillError as error:
            raise CommandError(f"{error.field}: {error}. {error.remedy}") from None

    def _ask(self, flow: Flow, start: dt.date, end: dt.date, dry_run: bool, reason: str) -> None:
        made = asking.ask(flow, start, end, by=BY, reason=reason, look_first=dry_run)
        for caution in cautions(flow, start, end):
            self.stdout.write(f"Note: {caution}")
        if dry_run:
            self._look(made)
            return
        self.stdout.write(
            f"The backfill of {flow}, {start} to {end}, has started. `worker` or `work --until-idle` does it; "
            f"`backfill {flow}` shows how far it is."
        )

    def _look(self, backfill: Backfill) -> None:
        """In this process, or beside a worker that has the turn."""
        while backfill.state == State.PREVIEWING:
            told = (backfill.preview, backfill.problem)
            if not (_is_time(backfill) and advance(backfill, time.monotonic() + ROUND_SECONDS)):
                time.sleep(NAP)
            backfill.refresh_from_db()
            if told != (backfill.preview, backfill.problem):
                self.stderr.write(backfill.problem or f"{Tally.of(backfill).read} read, into {backfill.reached}")
            if backfill.failures >= PATIENCE:
                asking.stop(backfill)
                raise CommandError("The preview was given up; try again later")
        if backfill.state != State.PREVIEWED:
            raise CommandError(f"The preview could not be made: {backfill.problem or 'somebody stopped it'}")
        self.stdout.write(preview_table(backfill))

    def _see_to(self, flow: Flow, action: str | None) -> None:
        backfill = flow.backfills.filter(state__in=Backfill.OPEN).first() or flow.backfills.first()
        if backfill is None:
            raise CommandError(f"flow: {flow} has no backfill yet; name the days with --from and --to")
        if action:
            ACTIONS[action](backfill)
        self.stdout.write(progress_table(backfill))


def _named(name: str) -> Flow:
    found = Flow.objects.select_related("source", "target", "version").filter(name=name).first()
    if found:
        return found
    known = ", ".join(Flow.objects.values_list("name", flat=True)) or "none yet"
    raise CommandError(f"flow: there is no flow named {name!r}; there are: {known}")


def _is_time(backfill: Backfill) -> bool:
    return backfill.next_at is None or backfill.next_at <= clock.now()
