"""Mappings that people edit, their history, and the tables that formulas look things up in."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Mapping(models.Model):
    """How one kind of document becomes another. `rules` is a list of `mappings.engine.rules.Rule` as JSON."""

    name = models.SlugField(max_length=80, unique=True)
    source = models.CharField(max_length=50, help_text="The source document, such as Order")
    target = models.CharField(max_length=50, help_text="The target document, such as Invoice")
    rules = models.JSONField(default=list)
    number = models.PositiveIntegerField(default=1, editable=False, help_text="Of the newest version")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MappingVersion(models.Model):
    """A mapping as it stood. Append-only."""

    mapping = models.ForeignKey(Mapping, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["mapping", "number"], name="one_mapping_version_per_number")]

    def __str__(self) -> str:
        return f"{self.mapping} v{self.number}"


class Lookup(models.Model):
    """A named table for LOOKUP(): payment method → type, country → tax name."""

    name = models.SlugField(max_length=80, unique=True)
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LookupRow(models.Model):
    lookup = models.ForeignKey(Lookup, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=200)
    value = models.CharField(max_length=500)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["lookup", "key"], name="one_row_per_lookup_key")]

    def __str__(self) -> str:
        return f"{self.key} → {self.value}"
