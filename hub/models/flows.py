"""Flows and their versions: what to do with one source resource for one target connection."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from connectors.models import Connection


class Flow(models.Model):
    """A policy and ordered steps. What runs is `version`, a self-contained snapshot; the rest is being edited."""

    name = models.SlugField(max_length=80, unique=True)
    preset = models.CharField(max_length=80, blank=True, help_text="The preset it was made from, without the kind")
    source = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="flows_out")
    source_resource = models.CharField(max_length=50)
    target = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="flows_in")
    target_resource = models.CharField(max_length=50, help_text="The primary document, such as invoice")
    enabled = models.BooleanField(default=False, help_text="A disabled flow still receives; its records stay pending.")
    look_first = models.BooleanField(
        default=False, help_text="Look in the books before every create, as after a restored backup."
    )
    look_before = models.DateTimeField(
        null=True,
        blank=True,
        default=timezone.now,
        help_text="What was placed in its source before this moment is looked for before it is created: somebody else "
        "may have booked it already. Set when the flow is made, and after a restored backup.",
    )
    policy = models.JSONField(default=dict, blank=True, help_text="Accounting choices that differ from the defaults")
    steps = models.JSONField(default=list, help_text="Ordered steps; each names its mapping")
    version = models.ForeignKey(
        "FlowVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        permissions = [("publish_flow", "Can publish a changed flow or mapping")]

    def __str__(self) -> str:
        return self.name


class FlowVersion(models.Model):
    """A flow as it ran: policy and steps with the rules of their mappings inside. Append-only."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    policy = models.JSONField()
    steps = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="one_flow_version_per_number")]

    def __str__(self) -> str:
        return f"{self.flow} v{self.number}"
