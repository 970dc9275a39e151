"""Months that people have closed, and every move of a lock date: who, when, why, and on which figures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from connectors.models import Connection


class ClosedMonth(models.Model):
    """One month of one books connection. Closed until `reopened_at`; a month that is closed again is a row of its own,
    so that what was agreed on before stays to be seen."""

    books = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="closed_months")
    month = models.DateField(help_text="Its first day")
    figures = models.JSONField(help_text="The agreement that it was closed on, pair by pair")
    note = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.CharField(max_length=150)
    lock_before = models.DateField(null=True, blank=True, help_text="The lock date until then")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.CharField(max_length=150, blank=True)
    reopened_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["books", "month"], condition=Q(reopened_at__isnull=True), name="a_month_is_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | ~Q(reopened_because=""), name="a_month_is_reopened_for_a_reason"
            ),
        ]
        permissions = [("close_month", "Can close a month"), ("reopen_month", "Can reopen a closed month")]

    def __str__(self) -> str:
        return f"{self.books} {self.month:%B %Y}"


class LockDateMove(models.Model):
    """From where to where, whoever moved it: by closing, by reopening, on the connection's page or from a file."""

    books = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="lock_date_moves")
    origin = models.DateField(null=True, blank=True, help_text="Empty: every day was open")
    to = models.DateField(null=True, blank=True, help_text="Empty: every day is open")
    moved_at = models.DateTimeField(auto_now_add=True)
    moved_by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.books}: {self.origin or 'open'} → {self.to or 'open'}"
