"""Three values of a field: the verdict is the same whichever side one calls ours, and equal is what people call equal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import Address, Client, Item
from hub.engine.counterparts.merge import plain, same, typed, verdict, with_values

WORDS = st.sampled_from([None, "", "a", "b", "A", " a "])
MIRRORED = {"agree": "agree", "write": "theirs", "theirs": "write", "clash": "clash", "apart": "apart"}


@given(WORDS, WORDS, WORDS, WORDS)
def test_a_verdict_is_the_other_side_s_mirrored(source: Any, target: Any, once: Any, there: Any) -> None:
    assert verdict(target, source, (there, once)) == MIRRORED[verdict(source, target, (once, there))]


@given(WORDS, WORDS, WORDS)
def test_a_side_that_has_not_changed_never_wins(source: Any, target: Any, once: Any) -> None:
    found = verdict(source, target, (source, once))
    assert found in ("agree", "theirs", "apart")


@given(WORDS, WORDS)
def test_nothing_is_to_be_done_once_both_are_known(source: Any, target: Any) -> None:
    assert verdict(source, target, (source, target)) in ("agree", "apart")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("Ada  Byte ", "Ada Byte", True),
        ("ADA@example.org", "ada@example.org", True),
        ("ADA", "ada", False),
        (None, "", True),
        (plain(Decimal("5.00")), plain(Decimal(5)), True),
        (plain(Address(city="Ely", region="Texas", region_code="TX")), plain(Address(city="Ely", region="TX")), True),
        (plain(Address(city="Ely", region="Texas")), plain(Address(city="Ely", region="Ohio")), False),
        (plain(Address(city="Ely", phone="1", company="A")), plain(Address(city="Ely")), True),
        (plain(Address(city="Ely")), None, False),
        (plain(Address()), None, True),
    ],
)
def test_equal_is_what_people_call_equal(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal


def test_a_kept_value_comes_back_as_the_document_types_it() -> None:
    item = Item(sku="CUP", name="Cup", unit_price=Decimal(5), currency="USD")
    assert typed(item, "inventory", "4") == Decimal(4) and typed(item, "unit_price", "5") == Decimal(5)
    assert typed(item, "description", None) == "" and typed(item, "inventory", None) is None
    client = Client(email="a@example.org", address=Address(city="Ely"))
    assert with_values(client, {"address": plain(Address(city="Bath"))}).address == Address(city="Bath")
    assert with_values(client, {"address": None}).address == Address()
