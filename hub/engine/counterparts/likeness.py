"""How much somebody in the books looks like a customer who is not found by a key, from 0 to 100, and why. Pure.

Nothing is linked by likeness alone: from `ASKED` on a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, utils

from connectors.base import Remote
from connectors.documents import Client, Document, Item

ASKED = 50
ALIKE = 85.0
"""From here on two names are taken for one."""
NAME, COMPANY, PHONE, POSTCODE, STREET, EMAIL = 40, 30, 30, 15, 10, 15
TITLE, SKU, PRICE = 50, 40, 10
LAST_DIGITS = 7
"""Of a phone number: the rest is how somebody wrote country and area."""
MOST = 5

Reason = tuple[int, str]


@dataclass(frozen=True)
class Likeness:
    remote: Remote
    points: int
    reasons: tuple[str, ...]

    @property
    def told(self) -> dict[str, str]:
        """For a person who chooses."""
        who = {name: str(value) for name, value in self.remote.facts.items() if value}
        return {"id": self.remote.id, **who, "likeness": f"{self.points} %: {', '.join(self.reasons)}"}


def alike(document: Document, others: Iterable[Remote]) -> list[Likeness]:
    """The likeliest first; only those about whom a person is to be asked."""
    found = (_likeness(document, one) for one in others)
    return sorted((one for one in found if one.points >= ASKED), key=lambda one: -one.points)[:MOST]


def _likeness(document: Document, remote: Remote) -> Likeness:
    other = remote.document
    reasons: list[Reason] = []
    if isinstance(document, Client) and isinstance(other, Client):
        reasons = [one for one in _of_clients(document, other) if one[0]]
    elif isinstance(document, Item) and isinstance(other, Item):
        reasons = [one for one in _of_items(document, other) if one[0]]
    return Likeness(remote, min(sum(points for points, _ in reasons), 100), tuple(reason for _, reason in reasons))


def _of_clients(one: Client, other: Client) -> Iterator[Reason]:
    if _two_people(one, other):
        return  # colleagues share a company, a street and a switchboard
    names = [f"{client.first_name} {client.last_name}".strip() for client in (one, other)]
    yield NAME * _similar(*names), "the same name"
    yield COMPANY * _similar(one.organization, other.organization), "the same company"
    phones = [re.sub(r"\D", "", client.phone)[-LAST_DIGITS:] for client in (one, other)]
    yield PHONE * (len(phones[0]) == LAST_DIGITS and phones[0] == phones[1]), "the same phone number"
    postcodes = [re.sub(r"\W", "", client.address.postcode).lower() for client in (one, other)]
    yield POSTCODE * (bool(postcodes[0]) and postcodes[0] == postcodes[1]), "the same postcode"
    yield STREET * _similar(one.address.street, other.address.street), "the same street"
    yield EMAIL * _similar(one.email, other.email), "a similar e-mail address"


def _two_people(one: Client, other: Client) -> bool:
    """Both are known by their full names, and neither part of them is alike: people marry, and shorten what they are
    called."""
    parts = [(one.first_name, other.first_name), (one.last_name, other.last_name)]
    return all(ours and theirs and not _similar(ours, theirs) for ours, theirs in parts)


def _of_items(one: Item, other: Item) -> Iterator[Reason]:
    yield TITLE * _similar(one.name, other.name), "the same name"
    codes = [re.sub(r"\W", "", item.sku).lower() for item in (one, other)]
    yield SKU * (codes[0] == codes[1]), "the same SKU, written differently"
    yield PRICE * (one.unit_price == other.unit_price), "the same price"


def _similar(one: str, other: str) -> bool:
    """In whatever order the words stand."""
    return bool(one and other) and fuzz.token_sort_ratio(one, other, processor=utils.default_process) >= ALIKE
