"""What came in: requests as received, the notices they held, and how far each source has been read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from connectors.models import Connection
from hub.models.flows import Flow


class WebhookRequest(models.Model):
    """An inbound HTTP request: stored by the door, taken up by a worker.

    `tries` counts the starts: whoever takes it up may die of it, and must then take no innocents along.
    """

    class State(models.TextChoices):
        STORED = "stored", "stored"
        ACCEPTED = "accepted", "accepted"
        IGNORED = "ignored", "not our business"
        REJECTED = "rejected", "not verified"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="webhook_requests")
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    headers = models.JSONField(
        default=dict, help_text="Lower-case names; signatures and secrets are masked once it is verified or rejected"
    )
    query = models.JSONField(default=dict)
    body = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.STORED)
    verified = models.BooleanField(default=False, help_text="It is genuine, and nobody verifies it again")
    problem = models.CharField(
        max_length=300, blank=True, help_text="Why it was not accepted; never told to the sender"
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was taken up")
    retry_at = models.DateTimeField(null=True, blank=True, help_text="When it is taken up if it is still stored")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["retry_at"], name="request_stored", condition=Q(retry_at__isnull=False)),
            models.Index(fields=["state", "received_at"], name="request_state"),
        ]

    def __str__(self) -> str:
        return f"{self.connection} #{self.pk}"


class Event(models.Model):
    """One notice, append-only. It rings the bell for its record; the record itself is always read again.

    A notice that names its record otherwise has a `lookup` and no `source_id` until somebody has asked the source.
    """

    class Door(models.TextChoices):
        WEBHOOK = "webhook", "webhook"
        POLL = "poll", "poll"
        STREAM = "stream", "stream"
        HAND = "hand", "by hand"
        BACKFILL = "backfill", "backfill"
        SWEEP = "sweep", "completeness sweep"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=200, help_text="The vendor's delivery id, else the receipt's own")
    door = models.CharField(max_length=10, choices=Door)
    resource = models.CharField(max_length=50)
    source_id = models.CharField(max_length=200, blank=True)
    flow = models.ForeignKey(
        Flow,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The only flow that is told, as by a backfill; empty: all that listen",
    )
    lookup = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    request = models.ForeignKey(WebhookRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    resolve_at = models.DateTimeField(null=True, blank=True, help_text="When to ask the source which record this is")
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="one_event_per_delivery")]
        indexes = [
            models.Index(fields=["connection", "resource", "source_id"], name="event_record"),
            models.Index(fields=["connection", "door", "received_at"], name="event_heard"),
            models.Index(fields=["resolve_at"], name="event_unresolved", condition=Q(resolve_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.source_id or self.lookup}"


class Cursor(models.Model):
    """How far one resource of one connection has been read, in the source's own clock.

    `again_from` asks for a second reading from further back, as after a restored backup; `again` is how far that is.
    The first reading goes on beside it: where it stands compared to an instant of ours, nobody can tell.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="cursors")
    resource = models.CharField(max_length=50)
    value = models.JSONField(default=dict)
    again_from = models.DateTimeField(null=True, blank=True)
    again = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "resource"], name="one_cursor_per_resource")]

    def __str__(self) -> str:
        return f"{self.connection} {self.resource}"
