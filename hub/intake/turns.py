"""Whose turn it is: one worker at a time takes a row's next round by moving its time, and keeps it by moving it on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.db import transaction

from hub.engine import clock
from hub.errors import TurnLost
from hub.models import Backfill, Completeness, Deposit, PayoutFile, Reconciliation

Row = TypeVar("Row", Backfill, Completeness, Deposit, PayoutFile, Reconciliation)


class Turn(Generic[Row]):
    """The right to move one row on until `until`.

    A subclass says how long a worker that dies keeps the others waiting, and which field of the row must stay as it was
    when the turn was taken.
    """

    HELD_FOR: ClassVar[dt.timedelta]
    SAME: ClassVar[str]

    def __init__(self, row: Row) -> None:
        self.row: Row = row
        self.until = row.next_at
        self._same = {self.SAME: getattr(row, self.SAME)}

    @classmethod
    def take(cls, row: Row) -> Self | None:
        """None if another worker came first, or if the row is no longer as it was read."""
        turn = cls(row)
        try:
            turn.note()
        except TurnLost:
            return None
        return turn

    @contextmanager
    def writing(self, **values: Any) -> Iterator[None]:
        """One transaction in which the row is still ours, whatever else is written in it. Raises TurnLost."""
        until = clock.now() + self.HELD_FOR
        with transaction.atomic():
            if not self._ours(next_at=until, **values):
                raise TurnLost(str(self.row))
            yield
        self.until = until
        self._is_now(values)

    def note(self, **values: Any) -> None:
        """Raises TurnLost."""
        with self.writing(**values):
            pass

    def keep(self) -> None:
        """Between calls. Raises TurnLost."""
        if self.until is None or self.until - clock.now() < self.HELD_FOR / 2:
            self.note()

    def end(self, wait: float = 0, **values: Any) -> None:
        """Give it back for so many seconds; nothing happens where it is no longer ours."""
        if self._ours(next_at=clock.now() + dt.timedelta(seconds=wait), **values):
            self._is_now(values)

    def _ours(self, **values: Any) -> bool:
        mine = type(self.row)._default_manager.filter(pk=self.row.pk, next_at=self.until, **self._same)
        return bool(mine.update(**values))

    def _is_now(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(self.row, name, value)
