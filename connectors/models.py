"""A connection: one configured account of a connector."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
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
        """It answered. One small write, and only when that changes something worth knowing."""
        fresh = self.last_ok_at and timezone.now() - self.last_ok_at < dt.timedelta(minutes=1)
        if self.state == self.State.OK and fresh:
            return
        self._become(self.State.OK, "", None, last_ok_at=timezone.now())

    def pause(self, seconds: float, reason: str) -> None:
        """Nobody calls it before then; its records wait."""
        self._become(self.State.PAUSED, reason, timezone.now() + dt.timedelta(seconds=seconds))

    def ask_for_login(self, reason: str) -> None:
        self._become(self.State.NEEDS_LOGIN, reason, None)

    def learn(self, capability: str) -> None:
        """A refusal has proven that these books cannot do it."""
        self.learned = {**self.learned, capability: False}
        type(self).objects.filter(pk=self.pk).update(learned=self.learned)

    def _become(self, state: str, reason: str, paused_until: dt.datetime | None, **more: Any) -> None:
        values = {"state": state, "state_reason": reason[:500], "paused_until": paused_until, **more}
        type(self).objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)
