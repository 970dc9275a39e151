"""The admin, one file per page. Importing it registers every page."""

from hub.admin import (
    alerts,
    backfills,
    closed_months,
    connections,
    flows,
    home,
    inbox,
    jobs,
    journal,
    late_arrivals,
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
    "closed_months",
    "connections",
    "flows",
    "home",
    "inbox",
    "jobs",
    "journal",
    "late_arrivals",
    "lookups",
    "mappings",
    "people",
    "rates",
    "records",
    "taxes",
]
