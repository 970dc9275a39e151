"""Long lists go to the database some at a time."""

from __future__ import annotations

import pytest

from hub.intake.portions import PORTION, portions


@pytest.mark.parametrize("length", [0, 1, PORTION, PORTION + 1, 3 * PORTION])
def test_nothing_is_left_out_and_none_is_longer_than_a_statement_may_be(length: int) -> None:
    some = list(portions(range(length)))
    assert [value for one in some for value in one] == list(range(length))
    assert all(0 < len(one) <= PORTION for one in some)


def test_they_may_be_shorter() -> None:
    assert list(portions("abcde", 2)) == ["ab", "cd", "e"]
