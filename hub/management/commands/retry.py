"""Replay dead letters."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hub.engine.decisions import retry
from hub.models import SyncRecord


class Command(BaseCommand):
    help = "Replay dead letters: all of them, or those of one cause or flow. Doubtful postings are looked for first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cause", metavar="KEY", help="as shown on the dead letters page")
        parser.add_argument("--flow", metavar="NAME")

    def handle(self, *args: Any, cause: str | None, flow: str | None, **options: Any) -> None:
        records = SyncRecord.objects.filter(state=SyncRecord.State.FAILED)
        if cause:
            records = records.filter(cause=cause)
        if flow:
            records = records.filter(flow__name=flow)
        self.stdout.write(f"{retry(records)} to be tried again")
