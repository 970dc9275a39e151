"""The admin, one file per page. Importing it registers every page."""

from hub.admin import (
    alerts,
    backfills,
    connections,
    flows,
    home,
    inbox,
    jobs,
    journal,
    lookups,
    mappings,
    people,
    rates,
    records,
    taxes,
)

__all__ = [
    "alerts",
    "backfills",
    "connections",
    "flows",
    "home",
    "inbox",
    "jobs",
    "journal",
    "lookups",
    "mappings",
    "people",
    "rates",
    "records",
    "taxes",
]
