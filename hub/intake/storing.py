"""Many requests, one commit: the threads of a web process hand over what they have received, and one of them writes it.

A commit waits for the disk. While it does, the next requests gather, and the next commit is theirs together. On SQLite,
where only one may write, nobody has to fight for the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock

from django.db import DEFAULT_DB_ALIAS, InterfaceError, InternalError, OperationalError, connection
from django.db.models.sql import InsertQuery

from hub.intake.attendant import Attendant
from hub.intake.ringing import ringer
from hub.models import WebhookRequest

DISTURBED = (OperationalError, InterfaceError, InternalError)
"""The database is locked, full or away: no fault of the request's."""
PATIENCE = 3.0
"""Seconds after which the vendor had better send it again: a locked database must not keep every thread of the web
server."""


@dataclass(eq=False)
class Entry:
    """A request that waits to be written."""

    request: WebhookRequest
    ended: Event = field(default_factory=Event)
    error: Exception | None = None


class Scribe:
    """Of one process, for all its threads. `write` stores some requests, all or none."""

    def __init__(self, write: Callable[[list[WebhookRequest]], None], patience: float = PATIENCE) -> None:
        self._write, self._patience = write, patience
        self._waiting: list[Entry] = []
        self._lock = Lock()
        self._attendant = Attendant("scribe", self._write_all)

    def store(self, request: WebhookRequest) -> None:
        """Committed when it returns. Raises the database's errors."""
        entry = Entry(request)
        with self._lock:
            self._waiting.append(entry)
        self._attendant.call()
        if not entry.ended.wait(self._patience):
            self._withdraw(entry)
            raise OperationalError("the database takes too long to write")
        if entry.error:
            raise entry.error

    def dismiss(self) -> None:
        self._attendant.dismiss()

    def _withdraw(self, entry: Entry) -> None:
        with self._lock:
            if entry in self._waiting:
                self._waiting.remove(entry)

    def _write_all(self) -> None:
        with self._lock:
            entries, self._waiting = self._waiting, []
        if entries:
            self._store(entries)
        for entry in entries:
            entry.ended.set()

    def _store(self, entries: Sequence[Entry]) -> None:
        """One that no column can hold takes none of the others along."""
        try:
            self._write([entry.request for entry in entries])
        except Exception as error:
            if len(entries) > 1 and not isinstance(error, DISTURBED):
                for entry in entries:
                    self._store([entry])
            else:
                for entry in entries:
                    entry.error = error


def write(requests: list[WebhookRequest]) -> None:
    """Once more where the connection turns out to be dead: the database was restarted since it was last used."""
    try:
        _insert(requests)
    except DISTURBED:
        if connection.connection is None or connection.is_usable():
            raise
        connection.close()
        _insert(requests)
    if any(request.state == WebhookRequest.State.STORED for request in requests):
        ringer.ring_soon()


def _insert(requests: list[WebhookRequest]) -> None:
    """One statement, which is its own transaction: each further one would cost the way to the database and back."""
    if connection.connection is None:
        _connect()
    query = InsertQuery(WebhookRequest)
    query.insert_values([field for field in WebhookRequest._meta.concrete_fields if not field.primary_key], [*requests])
    query.get_compiler(DEFAULT_DB_ALIAS).execute_sql()


def _connect() -> None:
    """The admin's pages may wait for SQLite's lock longer than a vendor."""
    connection.connect()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {round(PATIENCE * 1000)}")


scribe = Scribe(write)
