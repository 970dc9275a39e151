"""Backfills: days of history that a person has asked for, for one flow."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hub.models.flows import Flow
from hub.models.rounds import InRounds


class Backfill(InRounds):
    """previewing → previewed → running ⇄ paused → done, or stopped on the way.

    `reached` is the first day whose records have not all been listed; the events of a day are committed before it moves
    on, so that a kill only means that a day is listed again.
    """

    class State(models.TextChoices):
        PREVIEWING = "previewing", "being previewed"
        PREVIEWED = "previewed", "previewed, not started"
        RUNNING = "running", "running"
        PAUSED = "paused", "paused"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"

    MOVING = (State.PREVIEWING, State.RUNNING)
    OPEN = (State.RUNNING, State.PAUSED)

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="backfills")
    start = models.DateField(help_text="First business date")
    end = models.DateField(help_text="Last business date, inclusive")
    state = models.CharField(max_length=12, choices=State, default=State.PREVIEWING)
    reached = models.DateField(help_text="Every day before it has been listed whole")
    left_out = models.JSONField(default=list, blank=True, help_text="Ids that were listed, but are of other days")
    preview = models.JSONField(default=dict, blank=True, help_text="What the preview has found so far")
    reason = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="a_backfill_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["flow"], condition=Q(state__in=["running", "paused"]), name="one_open_backfill_per_flow"
            ),
        ]
        permissions = [("run_backfill", "Can preview, start, pause and stop a backfill")]

    def __str__(self) -> str:
        return f"{self.flow} {self.start} to {self.end}"
