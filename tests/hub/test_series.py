"""Gaps in series of numbers: found within what was seen, never invented, whatever the numbers look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.intake.completeness.series import DENSE, LEAP, SHORTEST, gaps


def missing(numbers: list[str]) -> list[str]:
    return [number for one in gaps(numbers) for number in one.missing]


def counted(form: str, *parts: range, without: tuple[int, ...] = ()) -> list[str]:
    return [form.format(n) for part in parts for n in part if n not in without]


@pytest.mark.parametrize(
    ("form", "left_out"),
    [
        ("{:09}", "000000117"),
        ("20000{:05}", "2000000117"),
        ("{}", "117"),
        ("#{}", "#117"),
        ("W-2026-{:04}", "W-2026-0117"),
        ("{:06}-A", "000117-A"),
        ("SO{:05}/26x", None),  # the last digits count, and these are all the same
    ],
)
def test_a_number_that_was_left_out_is_found_in_its_own_spelling(form: str, left_out: str | None) -> None:
    numbers = counted(form, range(100, 130), without=(117,))
    assert missing(numbers) == ([left_out] if left_out else [])


def test_numbers_that_grow_by_a_digit_are_one_series() -> None:
    assert missing(counted("{}", range(990, 1010), without=(999, 1004))) == ["999", "1004"]
    assert missing(counted("{:03}", range(90, 110), without=(99, 104))) == ["099", "104"]


def test_each_store_has_its_own_series() -> None:
    numbers = counted("1{:08}", range(30), without=(7,)) + counted("2{:08}", range(500, 530), without=(511,))
    assert missing(numbers) == ["100000007", "200000511"]
    both = gaps(counted("N-{}", range(30), without=(7,)) + counted("S-{}", range(30), without=(9,)))
    assert sorted((str(one.shape), one.missing) for one in both) == [("N-#", ("N-7",)), ("S-#", ("S-9",))]


def test_a_leap_is_a_new_series_and_not_ten_thousand_gaps() -> None:
    assert missing(counted("{}", range(100, 120), range(10_120, 10_140))) == []


def test_what_was_never_dense_is_no_series() -> None:
    assert missing(counted("{}", range(100, 200, 2))) == []
    assert missing(["8412", "551", "90177", "1204", "77"] * 4) == []


def test_the_ends_are_no_gaps() -> None:
    [found] = gaps(counted("{}", range(100, 130), without=(117,)))
    assert (found.first, found.last, found.missing) == ("100", "129", ("117",))


def test_what_has_no_counter_has_no_gaps() -> None:
    assert gaps(["", "abc", "ada@example.com", "٣", "-" * 40]) == []


forms = st.sampled_from(["{}", "{:09}", "N-{}", "{:05}-B", "S2-{:04}/x"])
runs = st.tuples(st.integers(0, 10**6), st.lists(st.integers(1, LEAP + 40), min_size=1, max_size=60))


@st.composite
def trades(draw: st.DrawFn) -> list[str]:
    """Numbers as they may come, mostly one after the other, in any order and some of them twice."""
    numbers = []
    for form, (start, steps) in draw(st.lists(st.tuples(forms, runs), max_size=3)):
        counter = start
        for step in steps:
            counter += step if step > 30 or step == 2 else 1
            numbers.append(form.format(counter))
    return draw(st.permutations(numbers + numbers[:5]))


@given(trades())
def test_what_was_seen_is_never_missing_and_the_missing_are_few(numbers: list[str]) -> None:
    left_out = missing(numbers)
    assert not set(left_out) & set(numbers)
    assert len(left_out) == len(set(left_out))
    assert len(left_out) <= len(set(numbers)) * (1 - DENSE) / DENSE


@given(trades())
def test_order_and_repetition_make_no_difference(numbers: list[str]) -> None:
    assert sorted(missing(numbers)) == sorted(missing(sorted(set(numbers)) * 2))


@given(trades())
def test_a_series_whose_gaps_are_filled_has_none(numbers: list[str]) -> None:
    assert missing(numbers + missing(numbers)) == []


@given(
    st.sampled_from(["{}", "{:09}", "N-{}", "S2-{:08}/x"]),
    st.integers(0, 10**7),
    st.sets(st.integers(1, 78), max_size=15),
)
def test_of_a_dense_series_exactly_what_was_taken_out_is_missing(form: str, start: int, out: set[int]) -> None:
    numbers = [form.format(start + n) for n in range(80) if n not in out]
    assert len(numbers) >= SHORTEST
    assert set(missing(numbers)) == {form.format(start + n) for n in out}
