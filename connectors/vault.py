"""From a connection's row to its live connector, and the vault that is kept in the row, shared by all workers."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from connectors.base import Connector
from connectors.budget import SharedBudget
from connectors.errors import RetryLater
from connectors.http import Budget
from connectors.models import Connection

LEASE = dt.timedelta(seconds=30)
PATIENCE = 25.0


def connect(
    connection: Connection, *, budget: Budget | None = None, secrets: dict[str, str] | None = None
) -> Connector:
    """The live connector: settings, vault and budget in hand; by default the budget that all processes share, and the
    secrets as they are stored when they are first asked for."""
    return connection.connector_class(
        connection.settings,
        DatabaseVault(connection.pk, secrets),
        budget or SharedBudget(connection.pk),
        learned=connection.learned,
    )


class DatabaseVault:
    """Reads and writes the encrypted secrets of one connection. Read once for as long as a connector lives, and again
    under the lease: whoever refreshes, or has waited for that, sees the stored truth."""

    def __init__(self, connection_id: int, read: dict[str, str] | None = None) -> None:
        self.connection_id = connection_id
        self._read = read

    def get(self, name: str) -> str:
        if self._read is None:
            self._read = dict(Connection.objects.only("secrets").get(pk=self.connection_id).secrets)
        return self._read.get(name, "")

    def put(self, **secrets: str) -> None:
        with transaction.atomic():
            row = Connection.objects.select_for_update().only("secrets").get(pk=self.connection_id)
            row.secrets = {**row.secrets, **secrets}
            row.save(update_fields=["secrets"])
        self._read = dict(row.secrets)

    @contextmanager
    def lease(self) -> Iterator[bool]:
        owner = str(uuid.uuid4())
        mine = self._claim(owner)
        try:
            if not mine:
                self._wait()
            self._read = None
            yield mine
        finally:
            if mine:
                Connection.objects.filter(pk=self.connection_id, lease_owner=owner).update(
                    lease_owner="", lease_until=None
                )

    def _claim(self, owner: str) -> bool:
        """By the database's clock: those of two machines may differ by more than a lease."""
        free = Q(lease_owner="") | Q(lease_until__lt=Now())
        rows = Connection.objects.filter(free, pk=self.connection_id)
        return bool(rows.update(lease_owner=owner, lease_until=Now() + LEASE))

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not Connection.objects.filter(pk=self.connection_id, lease_until__gt=Now()).exists():
                return
            time.sleep(0.1)
        raise RetryLater("another worker is still renewing the login", code="refresh_busy")
