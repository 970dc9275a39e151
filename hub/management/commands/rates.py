"""Exchange rates from a file or from their sources into the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.models import RateSource
from hub.rates.asking import ask
from hub.rates.reading import Unreadable, read_rates
from hub.rates.table import keep


class Command(BaseCommand):
    help = (
        "Import exchange rates from a file (CSV: date, from, to, rate, source; or XML, CSV or JSON as the European "
        "Central Bank and others publish them), or ask the rate sources now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="without it, every enabled rate source is asked")
        parser.add_argument("--source", default="", help="who says so, where the file does not; default: its name")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["file"]
        if file:
            self._import(file, options["source"] or file.stem)
        else:
            self._ask()

    def _import(self, file: Path, source: str) -> None:
        try:
            number = keep(read_rates(file.read_bytes(), source))
        except (OSError, Unreadable) as error:
            raise CommandError(f"{file} cannot be imported: {error}") from None
        self.stdout.write(f"{number:,} rates from {file}")

    def _ask(self) -> None:
        failed = [source.name for source in RateSource.objects.filter(enabled=True) if not ask(source)]
        if failed:
            problems = RateSource.objects.filter(name__in=failed).values_list("name", "problem")
            raise CommandError("\n".join(f"{name}: {problem}" for name, problem in problems))
        self.stdout.write("Every rate source has told its rates")
