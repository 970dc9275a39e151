"""Records that a flow keeps alike in two systems: what both held when it last looked, and where they clash."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from hub.models.flows import Flow
from hub.models.records import SyncRecord

RESOURCES = ("client", "item", "customer", "product", "account")
"""What is kept alike. What carries money is posted, and never kept."""


class Counterpart(models.Model):
    """The record of the target that a record of the source is kept alike with.

    `agreed` holds what each side had in a field when the flow last looked: whoever differs from that has changed since.
    `sending` is the journal of changes: committed before the call, taken away with what came of it.
    """

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="counterparts")
    source_id = models.CharField(max_length=200)
    remote_id = models.CharField(max_length=100, help_text="The record's id in the target")
    agreed = models.JSONField(default=dict, help_text="Field → [the source's value, the target's value]")
    sending = models.JSONField(
        null=True, blank=True, help_text="What is being written, by field: what it is to become, and what it was"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "source_id"], name="one_counterpart_per_record")]
        indexes = [models.Index(fields=["flow", "remote_id"], name="counterpart_kept")]

    def __str__(self) -> str:
        return f"{self.flow} {self.source_id} ↔ {self.remote_id}"


class Conflict(models.Model):
    """A field that both sides have changed, and that no rule decides: a person chooses whose value stands."""

    class Side(models.TextChoices):
        SOURCE = "source", "the source's"
        TARGET = "target", "the target's"

    record = models.ForeignKey(SyncRecord, on_delete=models.CASCADE, related_name="conflicts")
    field = models.CharField(max_length=60)
    source_value = models.JSONField(null=True)
    target_value = models.JSONField(null=True)
    source_changed_at = models.DateTimeField(null=True, blank=True)
    target_changed_at = models.DateTimeField(null=True, blank=True)
    kept = models.CharField(max_length=10, choices=Side, blank=True, help_text="Whose value stands")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "field"], condition=Q(closed_at__isnull=True), name="one_open_conflict_per_field"
            )
        ]
        indexes = [models.Index(fields=["id"], name="conflict_open", condition=Q(closed_at__isnull=True))]
        permissions = [("decide_conflict", "Can decide whose value stands")]

    def __str__(self) -> str:
        return f"{self.record.who or self.record}: {self.field}"
