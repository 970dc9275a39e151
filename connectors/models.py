"""A connection: one configured account of a connector, its health, and how many calls it may make."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from connectors import registry
from connectors.base import Connector
from connectors.secrets import SecretsField


class Connection(models.Model):
    """Settings, encrypted secrets and health of one account.

    `settings` holds what the connector's form accepted; secrets are apart and never rendered, logged or exported.
    """

    class State(models.TextChoices):
        NEW = "new", "not tested yet"
        OK = "ok", "working"
        PAUSED = "paused", "paused"
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
    last_ok_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_owner = models.CharField(max_length=36, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

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
        now = timezone.now()
        fresh = self.last_ok_at and now - self.last_ok_at < dt.timedelta(minutes=1)
        if self.state == self.State.OK and fresh:
            return
        pause_over = Q(paused_until__isnull=True) | Q(paused_until__lte=now)
        self._become(pause_over & ~Q(state=self.State.NEEDS_LOGIN), state=self.State.OK, last_ok_at=now)

    def logged_in(self) -> None:
        """A person has seen to it: a consent was given, or a test went well. Ends every pause."""
        self._become(Q(), state=self.State.OK, last_ok_at=timezone.now())

    def pause(self, seconds: float, reason: str) -> None:
        """Nobody calls it before then; its records wait. A longer pause stays, and so does the need of a login."""
        until = timezone.now() + dt.timedelta(seconds=seconds)
        longer = Q(paused_until__isnull=True) | Q(paused_until__lt=until)
        self._become(
            longer & ~Q(state=self.State.NEEDS_LOGIN),
            state=self.State.PAUSED,
            state_reason=reason[:500],
            paused_until=until,
        )

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
        health = {"state_reason": "", "paused_until": None, **values}
        Connection.objects.filter(condition, pk=self.pk).update(**health)
        self.refresh_from_db(fields=["state", "state_reason", "paused_until", "last_ok_at"])


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
