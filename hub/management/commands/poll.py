"""Read what changed since the cursor, once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connectors.models import Connection
from hub.engine.probing import probe_away
from hub.intake.polling import Polled, poll_each, polled_connections, sources


class Command(BaseCommand):
    help = "Read what changed in the sources since the cursor, once. Work is done by `work` or `worker`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--connection", metavar="NAME", help="only this connection, even if it is paused")

    def handle(self, *args: Any, connection: str | None, **options: Any) -> None:
        failed = [str(one.connection) for one in poll_each(self._chosen(connection)) if not self._read(one)]
        if failed:
            raise CommandError(f"{', '.join(failed)} could not be read to the end; poll again later")

    def _read(self, polled: Polled) -> bool:
        if polled.problem:
            self.stderr.write(f"{polled.connection}: {polled.problem}")
            return False
        self.stdout.write(f"{polled.connection}: {polled.new} new {'notice' if polled.new == 1 else 'notices'}")
        return True

    def _chosen(self, name: str | None) -> list[Connection]:
        if name:
            return [_named(name)]
        probe_away()
        for resting in sources().exclude(pk__in=polled_connections()):
            self.stdout.write(f"{resting}: left alone, {resting.state_reason or 'it is paused or needs login'}")
        return list(polled_connections())


def _named(name: str) -> Connection:
    found = Connection.objects.filter(name=name).first()
    if not found:
        raise CommandError(f"there is no connection named {name!r}")
    return found
