"""`manage.py sandbox`: every connector's simulator, over real HTTP, until told to stop."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors import registry
from connectors.sandbox import Sandbox

FIRST_PORT = 9100


class Command(BaseCommand):
    help = "Serves the simulators of the stores and the books on consecutive ports, the books first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=FIRST_PORT, help="The first port; 0 takes free ones")
        parser.add_argument("--kind", action="append", default=[], help="Only this kind; may be repeated")
        parser.add_argument("--json", action="store_true", help="Print one line of JSON instead, for programs")

    def handle(self, *, port: int, kind: list[str], **options: Any) -> None:
        running = [serve(name, port and port + number) for number, name in enumerate(kinds(kind))]
        if options["json"]:
            self.stdout.write(as_json(running))
        else:
            self.stdout.write("\n\n".join(in_words(name, sandbox) for name, sandbox in running))
        self.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


def kinds(wanted: list[str]) -> list[str]:
    """The books first, then the others by name."""
    known = registry.connectors()
    if unknown := sorted(set(wanted) - set(known)):
        raise CommandError(f"There is no connector of kind {', '.join(unknown)}; there are {', '.join(sorted(known))}.")
    return sorted(wanted or known, key=lambda kind: (known[kind].role != "books", kind))


def serve(kind: str, port: int) -> tuple[str, Sandbox]:
    sandbox: Sandbox = registry.module(kind, "sandbox").sandbox()
    try:
        sandbox.serve(port=port)
    except OSError as error:
        raise CommandError(f"Port {port} cannot be used for {kind}: {error.strerror}. Try another --port.") from error
    return kind, sandbox


def as_json(running: list[tuple[str, Sandbox]]) -> str:
    return json.dumps(
        {kind: {"url": sandbox.url, "settings": sandbox.connection_settings()} for kind, sandbox in running}
    )


def in_words(kind: str, sandbox: Sandbox) -> str:
    settings = "\n".join(f"  {name}: {value}" for name, value in sandbox.connection_settings().items())
    return f"{sandbox.label}: {sandbox.url}/_sandbox/\nConnection of kind {kind}:\n{settings}"
