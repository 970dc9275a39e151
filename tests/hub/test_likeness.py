"""Who looks alike enough that a person is asked, and who does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.base import Remote
from connectors.documents import Address, Client, Document, Item
from hub.engine.counterparts.likeness import alike

MILL = Address(street="1 Mill Lane", city="Bath", postcode="BA1 1AA", country="GB")
ADA = Client(
    email="ada@example.org",
    first_name="Ada",
    last_name="Byte",
    organization="Mill Ltd",
    phone="0421 5551234",
    address=MILL,
    currency="USD",
)
MUG = Item(sku="MUG-1", name="Mug, blue", unit_price=Decimal(5), currency="USD")


def points(document: Document, other: Document) -> int | None:
    """None: nobody is asked."""
    found = alike(document, [Remote("7", document=other)])
    return found[0].points if found else None


@pytest.mark.parametrize(
    "change",
    [
        {"email": "ada@example.com"},
        {"email": "office@example.net", "phone": "+49 421 555-1234", "organization": "", "address": Address()},
        {"email": "office@example.net", "first_name": "A.", "phone": ""},
        {"email": "office@example.net", "last_name": "Byte-King", "first_name": "Ada"},
        {"email": "office@example.net", "first_name": "", "last_name": "", "phone": ""},
    ],
)
def test_somebody_who_may_be_the_same_is_asked_about(change: dict[str, object]) -> None:
    assert points(ADA, ADA.model_copy(update=change))


def test_colleagues_at_one_desk_are_two_people() -> None:
    grace = {"email": "grace@example.org", "first_name": "Grace", "last_name": "Hopper"}
    assert points(ADA, ADA.model_copy(update=grace)) is None


def test_a_namesake_of_whom_nothing_else_is_known_is_somebody_else() -> None:
    other = Client(email="ada@example.net", first_name="Ada", last_name="Byte", currency="USD")
    assert points(ADA.model_copy(update={"email": "a.b@mill.example"}), other) is None


@pytest.mark.parametrize(("sku", "name", "asked"), [("mug1", "Mug, blue", True), ("CUP", "Cup", False)])
def test_an_item_that_is_only_written_otherwise_is_asked_about(sku: str, name: str, asked: bool) -> None:
    assert bool(points(MUG, MUG.model_copy(update={"sku": sku, "name": name}))) is asked
