"""What the parts of an order are called, so that each is known again however often the order is read."""

from __future__ import annotations

import re

from connectors.documents import Tender

APPLIED = "applied:"
"""Head of the part of what a credit note pays."""
_TENDER = re.compile(r"(?:gift_card|store_credit|reward_points)-\d+")
_REST = "rest-1"
_PORTION = re.compile(r"\+(?:adjust|reinvoice|rest)-\d+$")


def tender_part(tender: Tender, position: int) -> str:
    """`position` counts the order's tenders, from 1."""
    return f"{tender.kind}-{position}"


def is_tender(part: str) -> bool:
    return bool(_TENDER.fullmatch(part))


def portion(payment: str, invoice: str) -> str:
    """Of a payment that goes onto several invoices: what of it is on a later one. The first bears the payment's name;
    what came onto the first invoice afterwards is the rest."""
    return f"{payment}+{invoice or _REST}"


def growth(total: str, number: int) -> str:
    """Of a payment that is known by its sum alone: the first that was recorded of it bears its name, what the sum grew by
    is counted on."""
    return total if number == 1 else f"{total}-{number}"


def growth_number(total: str, part: str) -> int:
    """The number that `growth` was given; 0 for what is no part of the sum."""
    if part == total:
        return 1
    number = part.removeprefix(f"{total}-")
    return int(number) if number != part and number.isdecimal() else 0


def application(credit: str, invoice: str) -> str:
    """Of a credit note, what is applied to an invoice; by their parts."""
    return f"{APPLIED}{credit}:{invoice}"


def undivided(part: str) -> str:
    """The payment that it is a portion of, or is."""
    return _PORTION.sub("", part)
