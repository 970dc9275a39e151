"""From a connection's row to its live connector: the vault and the budget are kept in the row, shared by all workers."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connectors.base import Connector
from connectors.errors import RateLimited, RetryLater
from connectors.models import Connection

LEASE = dt.timedelta(seconds=30)
PATIENCE = 25.0


def connect(connection: Connection) -> Connector:
    """The live connector: settings, vault and budget in hand."""
    return connection.connector_class(
        connection.settings, DatabaseVault(connection.pk), SharedBudget(connection.pk), learned=connection.learned
    )


class DatabaseVault:
    """Reads and writes the encrypted secrets of one connection. Always the stored truth, never a copy."""

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id

    def get(self, name: str) -> str:
        secrets: dict[str, str] = Connection.objects.only("secrets").get(pk=self.connection_id).secrets
        return secrets.get(name, "")

    def put(self, **secrets: str) -> None:
        with transaction.atomic():
            row = Connection.objects.select_for_update().only("secrets").get(pk=self.connection_id)
            row.secrets = {**row.secrets, **secrets}
            row.save(update_fields=["secrets"])

    @contextmanager
    def lease(self) -> Iterator[bool]:
        owner = str(uuid.uuid4())
        mine = self._claim(owner)
        try:
            if not mine:
                self._wait()
            yield mine
        finally:
            if mine:
                Connection.objects.filter(pk=self.connection_id, lease_owner=owner).update(
                    lease_owner="", lease_until=None
                )

    def _claim(self, owner: str) -> bool:
        now = timezone.now()
        free = Q(lease_owner="") | Q(lease_until__lt=now)
        return bool(
            Connection.objects.filter(free, pk=self.connection_id).update(lease_owner=owner, lease_until=now + LEASE)
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not Connection.objects.filter(pk=self.connection_id, lease_until__gt=timezone.now()).exists():
                return
            time.sleep(0.1)
        raise RetryLater("another worker is still renewing the login", code="refresh_busy")


class SharedBudget:
    """Keeps this connection's calls within what its vendor allows."""

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id

    def take(self, kind: str) -> None:
        until = Connection.objects.values_list("paused_until", flat=True).get(pk=self.connection_id)
        if until and until > timezone.now():
            wait = (until - timezone.now()).total_seconds()
            raise RateLimited("this connection is paused", wait=wait, code="paused")

    def learn(self, kind: str, *, limit: int, remaining: int, reset_in: float) -> None:
        if remaining <= 0 and limit > 0:
            until = timezone.now() + dt.timedelta(seconds=min(reset_in, 60.0))
            Connection.objects.filter(pk=self.connection_id).update(paused_until=until)
