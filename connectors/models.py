"""A connection: one configured account of a connector, its health, and how many calls it may make."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from connectors import clock, registry
from connectors.base import Connector
from connectors.secrets import SecretsField

SHORTEST_ABSENCE, LONGEST_ABSENCE = 5.0, 60.0
"""Seconds between two probes of a connection that does not answer."""
PROBE = dt.timedelta(seconds=30)
"""A probe is over by then, or the worker that made it is dead."""


class Connections(models.QuerySet["Connection"]):
    """Which of them may be called now."""

    def open(self) -> Connections:
        """Neither away until a probe has found it back, nor in need of a login."""
        return self.exclude(state__in=[Connection.State.AWAY, Connection.State.NEEDS_LOGIN])

    def answering(self, now: dt.datetime) -> Connections:
        """Open, and not paused."""
        return self.open().filter(_over("paused_until", now))

    def ready(self, now: dt.datetime) -> Connections:
        """Also has calls left for work that is not begun yet."""
        return self.answering(now).filter(_over("spent_until", now))


class Connection(models.Model):
    """Settings, encrypted secrets and health of one account.

    `settings` holds what the connector's form accepted; secrets are apart and never rendered, logged or exported.
    """

    class State(models.TextChoices):
        NEW = "new", "not tested yet"
        OK = "ok", "working"
        PAUSED = "paused", "paused"
        AWAY = "away", "does not answer"
        NEEDS_LOGIN = "needs_login", "needs login"

    name = models.SlugField(unique=True, help_text="Short and lower-case; part of the webhook address.")
    kind = models.CharField(max_length=50)
    settings = models.JSONField(default=dict, blank=True)
    secrets = SecretsField(default=dict, blank=True, editable=False)
    seeds = models.JSONField(default=dict, blank=True, editable=False)
    """Digest of each secret as last applied from a file: a seed that has not changed never overwrites a live token."""
    learned = models.JSONField(default=dict, blank=True, editable=False)
    """Capabilities that refusals have proven, such as {"negative_lines": false}."""
    poll_from = models.DateTimeField(
        null=True, blank=True, help_text="The first poll starts here. Empty: when it was connected."
    )
    lock_date = models.DateField(null=True, blank=True, help_text="Nothing is written on or before this date.")
    state = models.CharField(max_length=20, choices=State, default=State.NEW, editable=False)
    state_reason = models.CharField(max_length=500, blank=True, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    spent_until = models.DateTimeField(null=True, blank=True, editable=False)
    """Until then the calls that its vendor allows are used up: no new record is begun."""
    last_ok_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_owner = models.CharField(max_length=36, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    probes = models.PositiveIntegerField(default=0, editable=False)
    """How often in a row it was asked in vain while away."""
    created_at = models.DateTimeField(auto_now_add=True)
    objects = Connections.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def connector_class(self) -> type[Connector]:
        return registry.connector(self.kind)

    @property
    def role(self) -> str:
        return self.connector_class.role

    def mark_ok(self) -> None:
        """It answered. One small write, and only when that changes something worth knowing. The answer may be older
        than a pause that lasts or a login that was refused, so it undoes neither."""
        now = clock.now()
        fresh = self.last_ok_at and now - self.last_ok_at < dt.timedelta(minutes=1)
        if self.state == self.State.OK and fresh:
            return
        self._become(_over("paused_until", now) & ~Q(state=self.State.NEEDS_LOGIN), state=self.State.OK, last_ok_at=now)

    def reopen(self) -> None:
        """It answers again, and takes us in: a probe, a test or a consent has shown it. Ends every pause."""
        self._become(Q(), state=self.State.OK, last_ok_at=clock.now())

    def pause(self, seconds: float, reason: str) -> None:
        """Nobody calls it before then; its records wait. A longer pause stays, and so does the need of a login."""
        until = clock.now() + dt.timedelta(seconds=seconds)
        longer = Q(paused_until__isnull=True) | Q(paused_until__lt=until)
        self._become(
            longer & ~Q(state=self.State.NEEDS_LOGIN),
            state=self.State.PAUSED,
            state_reason=reason[:500],
            paused_until=until,
        )

    def leave(self, reason: str) -> None:
        """It does not answer: nobody calls it before a probe has found it back."""
        closed = [self.State.AWAY, self.State.NEEDS_LOGIN]
        self._become_away(_over("paused_until", clock.now()) & ~Q(state__in=closed), reason)

    def stay_away(self, reason: str) -> None:
        """A probe found nobody; the next one comes later."""
        self._become_away(Q(state=self.State.AWAY), reason)

    def _become_away(self, condition: Q, reason: str) -> None:
        wait = min(LONGEST_ABSENCE, SHORTEST_ABSENCE * 2 ** min(self.probes, 10))
        until = clock.now() + dt.timedelta(seconds=wait)
        self._become(
            condition,
            state=self.State.AWAY,
            state_reason=reason[:500],
            paused_until=until,
            probes=F("probes") + 1,
        )

    def take_probe(self) -> bool:
        """True for the one worker that is to ask whether it is back."""
        until = clock.now() + PROBE
        same = Connection.objects.filter(pk=self.pk, state=self.State.AWAY, paused_until=self.paused_until)
        return bool(same.update(paused_until=until))

    def spend(self, seconds: float) -> None:
        """The calls of this window are used up: what has begun goes on as far as it can, nothing new begins."""
        until = clock.now() + dt.timedelta(seconds=seconds)
        shorter = Q(spent_until__isnull=True) | Q(spent_until__lt=until)
        Connection.objects.filter(shorter, pk=self.pk).update(spent_until=until)

    def ask_for_login(self, reason: str) -> None:
        self._become(Q(), state=self.State.NEEDS_LOGIN, state_reason=reason[:500])

    def learn(self, capability: str) -> None:
        """A refusal has proven that these books cannot do it."""
        with transaction.atomic():
            row = Connection.objects.select_for_update().only("learned").get(pk=self.pk)
            self.learned = row.learned = {**row.learned, capability: False}
            row.save(update_fields=["learned"])

    def _become(self, condition: Q, **values: Any) -> None:
        """One guarded update, since others may have spoken since this row was read; then what holds is read back."""
        health = {"state_reason": "", "paused_until": None, "probes": 0, **values}
        Connection.objects.filter(condition, pk=self.pk).update(**health)
        self.refresh_from_db(fields=["state", "state_reason", "paused_until", "probes", "last_ok_at"])


def _over(name: str, now: dt.datetime) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": now})


class RateBudget(models.Model):
    """How many calls of one kind the vendor still allows in its current window; see `connectors/budget.py`.

    Shared by all processes, each of which reserves some calls at once and spends them from memory.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="budgets")
    kind = models.CharField(max_length=50)
    limit = models.PositiveIntegerField(help_text="Calls in one window, as the vendor says.")
    left = models.PositiveIntegerField(help_text="Calls of this window that no process has reserved.")
    ends_at = models.DateTimeField(help_text="By the database's clock.")
    seconds = models.FloatField(help_text="The longest that a window has been seen to last.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "kind"], name="one_budget_for_each_kind")]

    def __str__(self) -> str:
        return f"{self.connection}: {self.left} of {self.limit} {self.kind}"
