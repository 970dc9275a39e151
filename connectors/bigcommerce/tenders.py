"""Store credit and gift certificates: they pay an order, they do not discount it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from connectors.bigcommerce.reading import amount, rounded, text
from connectors.documents import ZERO, Raw, Tender

Kind = Literal["gift_card", "store_credit", "reward_points"]
FIELDS: tuple[tuple[str, Kind, str], ...] = (
    ("gift_certificate_amount", "gift_card", "Gift certificate"),
    ("store_credit_amount", "store_credit", "Store credit"),
)
NAMES: dict[Kind, str] = {kind: name for _, kind, name in FIELDS}
WORDS: dict[str, Kind] = {
    "storecredit": "store_credit",
    "giftcertificate": "gift_card",
}


def tenders(order: Raw, currency: str) -> tuple[Tender, ...]:
    """Codes are left out: whoever reads one may spend it."""
    found = ((kind, name, rounded(abs(amount(order, field)), currency)) for field, kind, name in FIELDS)
    return tuple(Tender(kind=kind, name=name, amount=value) for kind, name, value in found if value)


def tendered(order: Raw, currency: str) -> Decimal:
    return sum((tender.amount for tender in tenders(order, currency)), ZERO)


def tender_kind(*names: object) -> Kind | None:
    """What a gateway, method or provider stands for, if it is no money: `store_credit`, `bigcommerce.gift_certificate`."""
    return next(_kinds(*names), None)


def _kinds(*names: object) -> Iterator[Kind]:
    for name in names:
        plain = text(name).lower().replace("_", "").replace("-", "")
        yield from (kind for word, kind in WORDS.items() if word in plain)
