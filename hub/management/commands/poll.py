"""Read what changed since the cursor, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connectors.errors import ConnectorError
from connectors.models import Connection
from hub.intake.polling import poll, polled_connections


class Command(BaseCommand):
    help = "Read what changed in the sources since the cursor, once. Work is done by `work` or `worker`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--connection", metavar="NAME", help="only this connection")

    def handle(self, *args: Any, connection: str | None, **options: Any) -> None:
        failed = [one for one in _chosen(connection) if not self._poll(one)]
        if failed:
            raise CommandError(f"{', '.join(map(str, failed))} could not be read to the end; poll again later")

    def _poll(self, connection: Connection) -> bool:
        try:
            new = poll(connection)
        except ConnectorError as error:
            self.stderr.write(f"{connection}: {error}")
            return False
        self.stdout.write(f"{connection}: {new} new {'notice' if new == 1 else 'notices'}")
        return True


def _chosen(name: str | None) -> list[Connection]:
    if not name:
        return list(polled_connections())
    found = Connection.objects.filter(name=name).first()
    if not found:
        raise CommandError(f"there is no connection named {name!r}")
    return [found]
