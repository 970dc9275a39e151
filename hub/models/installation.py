"""The life of this database, so that a hub can tell when it wakes up in an older state of it, or in a copy."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Installation(models.Model):
    """One row. `tick` only grows while the hub works; every machine remembers the greatest one that it has seen. A new
    `epoch` begins when the database was restored: a lower one is then known to be over."""

    lineage = models.UUIDField(default=uuid.uuid4, help_text="Shared by this database and all of its copies")
    epoch = models.PositiveIntegerField(default=1)
    tick = models.PositiveBigIntegerField(default=0)
    ticked_at = models.DateTimeField(default=timezone.now)
    place = models.CharField(max_length=100, blank=True, help_text="Which database this was when it was last used")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="only_one_installation")]

    def __str__(self) -> str:
        return f"{self.lineage}, epoch {self.epoch}"
