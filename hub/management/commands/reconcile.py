"""Source, hub and books of one flow compared record by record."""

from __future__ import annotations

import datetime as dt
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from hub.books.reconciliation import asking, file
from hub.books.reconciliation.report import found, open_of, summary
from hub.books.reconciliation.rounds import advance
from hub.books.reconciliation.turns import waits_until
from hub.engine import clock
from hub.management.commands.backfill import date
from hub.models import Flow, Reconciliation

State = Reconciliation.State
BY = "command line"
ROUND_SECONDS, NAP = 5.0, 0.5
PATIENCE = 5
"""Rounds in a row that come to nothing before it is left for later."""
AGREES, DIFFERS, BAD_ARGUMENTS, UNFINISHED = 0, 1, 2, 3


class Command(BaseCommand):
    help = (
        "Read source and books of a flow again, compare them and the hub record by record, and list what differs. "
        "Interrupted, the same command goes on where it was. Exit status: 0 if there is no open discrepancy, 1 if there "
        "is one, 2 for wrong arguments, 3 if it could not be finished."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", metavar="FLOW")
        parser.add_argument("--from", dest="start", type=date, metavar="D", required=True, help="first business date")
        parser.add_argument(
            "--to", dest="end", type=date, metavar="D", required=True, help="last business date, inclusive"
        )
        parser.add_argument(
            "--csv", metavar="FILE", help="write every discrepancy into this file, too; docs/reports.md has its columns"
        )

    def handle(self, *args: Any, flow: str, start: dt.date, end: dt.date, **options: Any) -> None:
        path = Path(options["csv"]) if options["csv"] else None
        if path and path.is_dir():
            _refuse(f"--csv: {path} is a folder; name a file in it")
        if path and not path.absolute().parent.is_dir():
            _refuse(f"--csv: there is no folder {path.absolute().parent}; make it first, or name another")
        run = self._asked(flow, start, end)
        self._finish(run)
        self.stdout.write(summary(run))
        if path:
            file.write(run, path)
            written = found(run).count()
            self.stderr.write(f"{written} discrepanc{'y' if written == 1 else 'ies'} written to {path}")
        if open_of(run).exists():
            raise SystemExit(DIFFERS)

    def _asked(self, name: str, start: dt.date, end: dt.date) -> Reconciliation:
        flow = Flow.objects.select_related("source", "target", "version").filter(name=name).first()
        if flow is None:
            known = ", ".join(Flow.objects.values_list("name", flat=True)) or "none yet"
            _refuse(f"flow: there is no flow named {name!r}; there are: {known}")
        try:
            run, new = asking.ask(flow, start, end, by=BY)
        except asking.ReconciliationError as error:
            _refuse(f"{error.field}: {error}. {error.remedy}")
        if not new:
            self.stderr.write("Going on where it was left")
        return Reconciliation.objects.select_related("flow__source", "flow__target", "flow__version").get(pk=run.pk)

    def _finish(self, run: Reconciliation) -> None:
        """In this process, or beside a worker that has the turn."""
        told = ""
        while run.state == State.RUNNING:
            said = run.problem or f"{run.get_stage_display()}, {run.sightings.count()} read and not compared yet"
            if said != told:
                self.stderr.write(told := said)
            wait = (waits_until(run) - clock.now()).total_seconds()
            if wait > 0 or not advance(run, time.monotonic() + ROUND_SECONDS):
                time.sleep(min(max(wait, NAP), NAP * 4))
            run.refresh_from_db()
            if run.failures >= PATIENCE:
                raise CommandError(
                    f"It cannot go on just now: {run.problem}. The same command goes on where it was.",
                    returncode=UNFINISHED,
                )
        if run.state != State.DONE:
            raise CommandError(f"It was stopped: {run.problem or 'somebody stopped it'}", returncode=UNFINISHED)


def _refuse(message: str) -> NoReturn:
    raise CommandError(message, returncode=BAD_ARGUMENTS)
