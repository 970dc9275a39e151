"""What the parts of an order are called, so that each is known again however often the order is read."""

from __future__ import annotations

from connectors.documents import Tender


def tender_part(tender: Tender, position: int) -> str:
    """`position` counts the order's tenders, from 1."""
    return f"{tender.kind}-{position}"
