"""Gift cards, store credit and reward points (Adobe Commerce): they lower `grand_total`, but they pay, they do not
discount."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Literal

from connectors.documents import ZERO, Raw, Tender
from connectors.magento.reading import amount, rounded

Kind = Literal["gift_card", "store_credit", "reward_points"]
FIELDS: tuple[tuple[str, Kind, str], ...] = (
    ("gift_cards_amount", "gift_card", "Gift card"),
    ("customer_balance_amount", "store_credit", "Store credit"),
    ("reward_currency_amount", "reward_points", "Reward points"),
)


def tenders(document: Raw, currency: str) -> tuple[Tender, ...]:
    """Codes of gift cards are left out: whoever reads one may spend it."""
    found = ((kind, name, rounded(abs(amount(document, field)), currency)) for field, kind, name in FIELDS)
    return tuple(Tender(kind=kind, name=name, amount=value) for kind, name, value in found if value)


def tendered(document: Raw, currency: str) -> Decimal:
    return sum((tender.amount for tender in tenders(document, currency)), ZERO)


def sums(document: Raw, currency: str) -> Iterator[Decimal]:
    """What some of its tenders come to: none, one, several, at last all of them."""
    amounts = [tender.amount for tender in tenders(document, currency)]
    for number in range(len(amounts) + 1):
        yield from (sum(some, ZERO) for some in combinations(amounts, number))
