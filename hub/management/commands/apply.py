"""Set up connections, flows, mappings and lookup tables from a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.configuration import ConfigurationError, apply


class Command(BaseCommand):
    help = (
        "Apply a configuration file: all of it or nothing. Applying it again changes nothing. The lock_date of books goes "
        "forward freely; back, or to null, only with a lock_reason beside it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="A YAML file; - reads the standard input")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        try:
            changes = apply(_text(file), os.environ, dry_run=dry_run)
        except ConfigurationError as error:
            raise CommandError(f"Nothing was changed.\n{error}") from None
        for change in changes:
            self.stdout.write(f"{'would change ' if dry_run else ''}{change}")
        if not changes:
            self.stdout.write("Nothing to change: everything is as the file says.")


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from None
