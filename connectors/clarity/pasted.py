"""Records as a person pastes them: with the envelope of the answer around them, or without."""

from __future__ import annotations

from typing import Any

from connectors.clarity.client import bare
from connectors.clarity.endpoints import Endpoint
from connectors.clarity.reading import at, rows
from connectors.clarity.site import Site
from connectors.documents import Raw
from connectors.errors import Rejected


def record(pasted: Any, site: Site, name: str) -> Raw:
    """One record. Of a list the only one. Raises Rejected."""
    found = records(pasted, site, name)
    if len(found) != 1:
        raise Rejected(f"{len(found)} records were pasted; paste just one", code="not_one_record")
    return found[0]


def records(pasted: Any, site: Site, name: str) -> list[Raw]:
    """Of one record or of a list of them, in the envelope that the call `name` has."""
    endpoint = site.offers(name) or Endpoint(name, "GET", "/")
    if isinstance(pasted, dict):
        listed = at(pasted, endpoint.items_path)
        return rows(listed) if isinstance(listed, list) else [bare(pasted, endpoint)]
    return rows(pasted)
