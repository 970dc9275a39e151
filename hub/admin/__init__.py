"""The admin, one file per page. Importing it registers every page."""

from hub.admin import (
    alerts,
    backfills,
    connections,
    discrepancies,
    flows,
    home,
    inbox,
    jobs,
    journal,
    lookups,
    mappings,
    people,
    reconciliations,
    records,
)

__all__ = [
    "alerts",
    "backfills",
    "connections",
    "discrepancies",
    "flows",
    "home",
    "inbox",
    "jobs",
    "journal",
    "lookups",
    "mappings",
    "people",
    "reconciliations",
    "records",
]
