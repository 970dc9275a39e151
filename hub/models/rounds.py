"""What a person has asked for, and workers do in rounds: one at a time, whoever comes first."""

from __future__ import annotations

from django.db import models


class InRounds(models.Model):
    """`next_at` is when the next round may begin: whoever takes it moves that on, so that nobody else does."""

    problem = models.TextField(blank=True, help_text="Why it does not go on just now, in a sentence")
    failures = models.PositiveIntegerField(default=0, help_text="Rounds in a row that came to nothing")
    next_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
