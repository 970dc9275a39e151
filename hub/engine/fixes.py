"""Values that a person put in the place of the source's: names and addresses, never money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from connectors.documents import Document

D = TypeVar("D", bound=Document)
FIXABLE = (
    "email",
    "first_name",
    "last_name",
    "company",
    "vat_number",
    "purchase_order",
    "payment_terms",
    *(
        f"{side}.{part}"
        for side in ("billing", "shipping")
        for part in ("street", "street2", "city", "region", "postcode", "country", "phone")
    ),
)
"""Dotted paths that the record's page offers. Everything else is mended in the source itself."""


def with_fixes(document: D, fixes: Mapping[str, str]) -> D:
    """The document with the fixes in place. Paths that this document does not have are ignored."""
    if not fixes:
        return document
    content = document.model_dump()
    for path, value in fixes.items():
        _put(content, path, value)
    return type(document).model_validate(content)


def _put(content: dict[str, Any], path: str, value: str) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        content = content.get(parent) or {}
    if name in content:
        content[name] = value
