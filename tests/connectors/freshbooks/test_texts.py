"""Texts that FreshBooks would refuse keep no document out of the books."""

from __future__ import annotations

import pytest

from connectors.freshbooks.texts import headed, sayable


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("Gift box 🎁", "Gift box"),
        ("A 🎁🎉 box", "A box"),
        ("👩‍🚀 suit", "suit"),
        ("🎁", "–"),
        ("Crème brûlée – 日本語", "Crème brûlée – 日本語"),
        ("two  spaces", "two  spaces"),
    ],
)
def test_emoji_are_left_out_and_nothing_else_is(given: str, taken: str) -> None:
    assert sayable({"lines": [{"name": given}]}) == {"lines": [{"name": taken}]}


def test_what_a_record_is_found_by_goes_as_it_is() -> None:
    keys = {"email": "a🎁@example.com", "sku": "🎁", "invoice_number": "🎁1"}
    assert sayable(keys) == keys


def test_a_long_name_goes_on_in_the_description() -> None:
    name, description = headed("n" * 255 + "and more", "In red")
    assert (name, description) == ("n" * 255, "and more\nIn red")
    assert headed("Tee", "In red") == ("Tee", "In red")
