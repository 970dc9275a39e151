"""The admin, one file per page. Importing it registers every page."""

from hub.admin import connections, flows, home, inbox, jobs, journal, lookups, mappings, people, records

__all__ = ["connections", "flows", "home", "inbox", "jobs", "journal", "lookups", "mappings", "people", "records"]
