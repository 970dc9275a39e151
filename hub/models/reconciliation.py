"""Reconciliations: days of one flow in which source, hub and books are read again and compared, and what they differ in."""

from __future__ import annotations

from collections import Counter

from django.db import models
from django.db.models import F, Q

from hub.models.flows import Flow
from hub.models.records import SyncRecord
from hub.models.rounds import InRounds


class Reconciliation(InRounds):
    """running → done, or stopped on the way.

    It goes through its stages in their order. `reached` is the first day that the stage has not read whole, `after` the
    last row of the hub that it has looked at; what was read is committed before either moves on, so that a kill only
    means that a little is read again.
    """

    class State(models.TextChoices):
        RUNNING = "running", "running"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"

    class Stage(models.TextChoices):
        SOURCE = "source", "reading the source"
        UNLISTED = "unlisted", "asking the source for what it did not list"
        BOOKS = "books", "reading the books"
        SCATTERED = "scattered", "looking up documents of other days"
        COMPARE = "compare", "comparing"

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="reconciliations")
    start = models.DateField(help_text="First business date")
    end = models.DateField(help_text="Last business date, inclusive")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.SOURCE)
    reached = models.DateField(help_text="Every day before it has been read whole in this stage")
    after = models.BigIntegerField(default=0, help_text="The last row of the hub that this stage has looked up")
    counts = models.JSONField(default=dict, blank=True, help_text="What was compared, by what came of it")
    remark = models.TextField(blank=True, help_text="What it could not compare, in a sentence")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="a_reconciliation_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["flow", "start", "end"],
                condition=Q(state="running"),
                name="one_running_reconciliation_of_the_same_days",
            ),
        ]
        permissions = [("run_reconciliation", "Can start and stop a reconciliation, and mend what it finds")]

    def __str__(self) -> str:
        return f"{self.flow} {self.start} to {self.end}"

    def counts_with(self, came: Counter[str]) -> dict[str, int]:
        return dict(Counter(self.counts) + came)


class Sighting(models.Model):
    """What one side said of one thing when a reconciliation read it: an order with all that it wants in the books, or a
    document of the books. Thrown away once it was compared."""

    class Side(models.TextChoices):
        SOURCE = "source", "source"
        BOOKS = "books", "books"

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="sightings")
    side = models.CharField(max_length=6, choices=Side)
    resource = models.CharField(max_length=50)
    remote_id = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True, help_text="An order's number on an invoice")
    owner = models.CharField(max_length=100, blank=True, help_text="Of a payment: its invoice")
    facts = models.JSONField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reconciliation", "side", "resource", "remote_id"], name="one_sighting_per_side_and_thing"
            )
        ]
        indexes = [
            models.Index(fields=["reconciliation", "resource", "number"], name="sighting_number"),
            models.Index(fields=["reconciliation", "resource", "reference"], name="sighting_reference"),
            models.Index(fields=["reconciliation", "resource", "owner"], name="sighting_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.resource} {self.number or self.remote_id}"


class Discrepancy(models.Model):
    """What the sides differ in, once for each kind and thing, however often it is found. It closes by itself when a run
    over its day no longer finds it. What was accepted stays so while its facts (`digest`) are the same."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        MENDED = "mended", "being mended"
        ACCEPTED = "accepted", "accepted"
        CLOSED = "closed", "closed"

    UNSETTLED = (State.OPEN, State.MENDED)

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="discrepancies")
    record = models.ForeignKey(
        SyncRecord, null=True, blank=True, on_delete=models.SET_NULL, related_name="discrepancies"
    )
    kind = models.CharField(max_length=20, help_text="A slug, such as missing_in_books")
    resource = models.CharField(max_length=50)
    natural_key = models.CharField(max_length=300)
    source_id = models.CharField(max_length=200, blank=True, help_text="The order's id in its source")
    number = models.CharField(max_length=100, blank=True, help_text="The order's number, for people")
    who = models.CharField(max_length=200, blank=True, help_text="Customer, for people")
    date = models.DateField(help_text="Business date")
    currency = models.CharField(max_length=3, blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="What it is worth")
    fields = models.JSONField(default=list, blank=True, help_text="What differs")
    sides = models.JSONField(default=dict, blank=True, help_text="What source, hub and books say")
    sentence = models.TextField(help_text="The same for a bookkeeper")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was accepted, or how it was mended")
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    history = models.JSONField(default=list, blank=True, help_text="What was said of it before it was opened again")
    first_run = models.ForeignKey(Reconciliation, null=True, on_delete=models.SET_NULL, related_name="first_found")
    last_run = models.ForeignKey(Reconciliation, null=True, on_delete=models.SET_NULL, related_name="found")
    found_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "discrepancies"
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "kind", "resource", "natural_key"], name="one_discrepancy_per_thing"
            )
        ]
        indexes = [
            models.Index(fields=["flow", "date", "state"], name="discrepancy_day"),
            models.Index(fields=["last_run", "kind", "state"], name="discrepancy_run"),
            models.Index(fields=["state"], name="discrepancy_open", condition=Q(state__in=["open", "mended"])),
            models.Index(fields=["record"], name="discrepancy_record", condition=Q(record__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.natural_key}"


class PaymentMatch(models.Model):
    """Payments of the books without a reference of ours, and the payments of the source that they are taken for."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="matches")
    payments = models.JSONField(help_text="Ids in the books")
    orders = models.JSONField(help_text="What the source says was paid: its keys")
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3)
    confidence = models.PositiveSmallIntegerField(help_text="0 to 100")
    reasons = models.JSONField(default=list)
    accepted = models.BooleanField(help_text="By itself: it is sure enough")

    class Meta:
        ordering = ["reconciliation", "confidence", "id"]
        verbose_name_plural = "payment matches"

    def __str__(self) -> str:
        return f"{', '.join(self.orders)}: {self.confidence} %"
