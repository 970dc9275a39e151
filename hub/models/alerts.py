"""What the hub has noticed by itself and a person should know: a silent store, a gap in its numbers, a restored backup."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Alert(models.Model):
    """A sentence for a bookkeeper, and what to do. Open until `ended_at`. At most one is open for each kind and key, so
    that noticing twice tells once."""

    class Kind(models.TextChoices):
        SILENCE = "silence", "silence"
        GAP = "gap", "gap in the numbers"
        MISSING = "missing", "missing, now found"
        RESTORED = "restored", "database restored"
        RATES = "rates", "no exchange rates"

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=200, help_text="What it is about, such as a connection's name")
    message = models.TextField()
    remedy = models.TextField(blank=True)
    about = models.JSONField(default=dict, blank=True, help_text="What exactly, such as the numbers of a gap")
    raised_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True, help_text="Empty: it ended by itself")

    class Meta:
        ordering = ["-id"]
        permissions = [("end_alert", "Can say that an alert has been seen to")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(ended_at__isnull=True), name="one_open_alert_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.key}"
