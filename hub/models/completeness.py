"""How far the completeness sweep of each source has come."""

from __future__ import annotations

from django.db import models

from connectors.models import Connection


class Completeness(models.Model):
    """One resource of one connection. `reached` is the first day that has not been listed whole; empty: no round is
    under way. `next_at` is when its next step may begin: whoever takes a step moves it, so that nobody else does.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="completeness")
    resource = models.CharField(max_length=50)
    start = models.DateField(null=True, blank=True, help_text="First business date of the round")
    end = models.DateField(null=True, blank=True, help_text="Last business date, inclusive")
    reached = models.DateField(null=True, blank=True, help_text="Every day of the round before it was listed whole")
    missing = models.JSONField(default=list, blank=True, help_text="Ids that this round has found and taken in")
    problem = models.TextField(blank=True, help_text="Why it does not go on just now, in a sentence")
    next_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "resource"], name="one_completeness_per_resource")]

    def __str__(self) -> str:
        return f"{self.connection} {self.resource}"
