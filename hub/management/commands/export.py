"""Write connections, flows, mappings and lookup tables as a file."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hub.configuration import export


class Command(BaseCommand):
    help = "Print the configuration as YAML for `apply`. Secrets are named as ${VARIABLES}, never printed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(export(), ending="")
