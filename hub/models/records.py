"""Sync records: one source record under one flow, the state of its books documents, and every try at it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hub.models.backfills import Backfill
from hub.models.flows import Flow, FlowVersion


class SyncRecord(models.Model):
    """Workers work on records. `due_at` is when to work on it next; empty = at rest.

    `wanted` counts the notices; the claim copies it to `working_on`; settling goes back to pending when another notice
    came in between. `total` is the source's, in `currency`; a record never read has "" and 0.
    """

    class State(models.TextChoices):
        PENDING = "pending", "pending"
        WORKING = "working", "working"
        POSTED = "posted", "posted"
        HELD = "held", "held"
        SKIPPED = "skipped", "skipped"
        WAITING = "waiting", "waiting"
        FAILED = "failed", "failed"

    UNSETTLED = (State.PENDING, State.WORKING, State.WAITING)

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="records")
    source_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=60, blank=True, help_text="A slug, such as not_accepted or tax_differs")
    message = models.TextField(blank=True, help_text="The same in a sentence for a bookkeeper")
    cause = models.CharField(max_length=200, blank=True, help_text="Errors with the same cause form one group")
    problem = models.JSONField(default=dict, blank=True, help_text="field, value, remedy, and what differs")

    wanted = models.PositiveIntegerField(default=1)
    working_on = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    priority = models.SmallIntegerField(default=0, help_text="Lower first: live work 0, backfill 10")
    backfill = models.ForeignKey(
        Backfill,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="records",
        db_index=False,
        help_text="The backfill that brought it in, or opened it again",
    )
    failures = models.PositiveIntegerField(
        default=0, help_text="Tries in a row that came to nothing: paces the next one"
    )
    starts = models.PositiveIntegerField(default=0, help_text="Starts without an end: five make a dead letter")

    number = models.CharField(max_length=100, blank=True)
    who = models.CharField(max_length=200, blank=True, help_text="Customer, for people")
    date = models.DateField(help_text="Business date; until the record was read, the day it was received")
    currency = models.CharField(max_length=3, blank=True)
    total = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    findings = models.JSONField(
        null=True,
        blank=True,
        help_text="What is odd about it without keeping it from the books, so that a person looks; mostly nothing",
    )
    fixes = models.JSONField(default=dict, blank=True, help_text="Values a person put in the place of the source's")
    decision = models.JSONField(default=dict, blank=True, help_text="What a person decided: skip, adopt, number …")
    version = models.ForeignKey(FlowVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["flow", "source_id"], name="one_record_per_source_record")]
        indexes = [
            models.Index(fields=["priority", "due_at"], name="record_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["flow", "date", "state"], name="record_day"),
            models.Index(fields=["state", "cause"], name="record_cause"),
            models.Index(fields=["flow", "number"], name="record_number"),
            models.Index(fields=["id"], name="record_findings", condition=Q(findings__isnull=False)),
            models.Index(fields=["backfill", "state"], name="record_backfill", condition=Q(backfill__isnull=False)),
        ]
        permissions = [
            ("retry_syncrecord", "Can retry a record"),
            ("fix_syncrecord", "Can fix a record's values and replay it"),
            ("link_syncrecord", "Can link a record to an existing document"),
            ("skip_syncrecord", "Can skip a record with a reason"),
            ("export_reports", "Can look at reports and download them"),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.number or self.source_id}"


class StepResult(models.Model):
    """How one step of a record stands. A failing write-back never un-posts an invoice."""

    class State(models.TextChoices):
        DONE = "done", "done"
        WAITING = "waiting", "waiting"
        FAILED = "failed", "failed"
        HELD = "held", "held"

    record = models.ForeignKey(SyncRecord, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=60)
    key = models.CharField(max_length=200, blank=True, help_text="Which payment, refund or line")
    state = models.CharField(max_length=10, choices=State)
    message = models.TextField(blank=True)
    digest = models.CharField(
        max_length=64, blank=True, help_text="Of the document; an equal one need not be sent again"
    )
    failures = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["record", "step", "key"], name="one_result_per_step")]

    def __str__(self) -> str:
        return f"{self.record} {self.step}"


class Attempt(models.Model):
    """One try at a record. A start is committed before any work; a row without an end died on the way."""

    record = models.ForeignKey(SyncRecord, on_delete=models.CASCADE, related_name="attempts")
    version = models.ForeignKey(FlowVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.CharField(max_length=36)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    raw = models.JSONField(null=True, blank=True, help_text="What the source answered")
    built = models.JSONField(default=list, blank=True, help_text="The documents, step by step")
    effects = models.JSONField(default=list, blank=True, help_text="What was sent, and what came of it")
    trace = models.TextField(blank=True, help_text="For engineers")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.record} {self.started_at:%Y-%m-%d %H:%M:%S}"
