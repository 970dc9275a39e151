"""The lookup tables as plain values, for formulas and taxes."""

from __future__ import annotations

from mappings.models import Lookup

Lookups = dict[str, dict[str, str]]


def load_lookups() -> Lookups:
    """name → key → value; one query. A table without rows is there all the same."""
    tables: Lookups = {}
    for name, key, value in Lookup.objects.values_list("name", "rows__key", "rows__value"):
        rows = tables.setdefault(name, {})
        if key is not None:
            rows[key] = value
    return tables
