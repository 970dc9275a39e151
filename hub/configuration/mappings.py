"""Mappings and lookup tables from a file."""

from __future__ import annotations

from hub.configuration.reading import Location
from hub.configuration.report import Report, Wrong
from hub.configuration.shape import LookupEntry, MappingEntry
from mappings import editing
from mappings.engine.errors import MappingError
from mappings.models import Lookup, LookupRow, Mapping


def apply_mapping(entry: MappingEntry, report: Report) -> Mapping | None:
    """The mapping, if it changed. Raises Wrong."""
    stored = Mapping.objects.filter(name=entry.name).first()
    if stored is None and not (entry.source and entry.target):
        raise Wrong(((), "a new mapping needs its source and target documents, such as Order and Invoice"))
    mapping = stored or Mapping(name=entry.name)
    mapping.source = entry.source or mapping.source
    mapping.target = entry.target or mapping.target
    rules = entry.rules if "rules" in entry.model_fields_set else mapping.rules
    try:
        if not editing.save(mapping, rules, reason="Applied from a file"):
            return None
    except MappingError as error:
        said = ((_location(one.field), f"{one.message} {one.remedy}".strip()) for one in error.problems)
        raise Wrong(*said) from None
    report.changed(f"mapping {mapping}", [f"version {mapping.number}"])
    return mapping


def apply_lookup(entry: LookupEntry, report: Report) -> None:
    """Rows that the file gives are the whole table."""
    lookup, made = Lookup.objects.get_or_create(name=entry.name)
    parts = ["created"] if made else []
    if "description" in entry.model_fields_set and lookup.description != entry.description:
        lookup.description = entry.description
        lookup.save(update_fields=["description"])
        parts.append("description")
    stored = dict(lookup.rows.values_list("key", "value"))
    if "rows" in entry.model_fields_set and stored != entry.rows:
        lookup.rows.all().delete()
        LookupRow.objects.bulk_create(LookupRow(lookup=lookup, key=key, value=text) for key, text in entry.rows.items())
        parts.append(f"{len(entry.rows)} rows")
    report.changed(f"lookup {lookup}", parts)


def _location(field: str) -> Location:
    return tuple(int(part) if part.isdecimal() else part for part in field.split(".") if part)
