"""The lookup tables as plain values, for formulas and taxes."""

from __future__ import annotations

from mappings.models import LookupRow

Lookups = dict[str, dict[str, str]]


def load_lookups() -> Lookups:
    """name → key → value; one query."""
    tables: Lookups = {}
    for name, key, value in LookupRow.objects.values_list("lookup__name", "key", "value"):
        tables.setdefault(name, {})[key] = value
    return tables
