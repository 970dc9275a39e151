"""Absence is concluded only from a list that was read whole."""

from __future__ import annotations

import pytest

from connectors.documents import Raw
from connectors.errors import NotSearchable, RetryLater
from connectors.freshbooks.search import Page, look
from connectors.http import Query


class Shelf:
    """Pages of a list, as ids; each is a step in time, whatever page is asked for."""

    def __init__(self, *steps: tuple[list[int], int, int]) -> None:
        self.steps = list(steps)
        self.asked: list[str] = []

    def __call__(self, query: Query) -> Page:
        self.asked.append(dict(query)["page"])
        ids, pages, total = self.steps.pop(0)
        return Page([{"id": id} for id in ids], pages, total)


def everything(shelf: Shelf) -> list[str]:
    return list(look(shelf, {"x": "1"}, lambda raw: True))


def wanted(raw: Raw) -> bool:
    return raw["id"] == 3


def test_one_page_is_one_call() -> None:
    shelf = Shelf(([3, 2], 1, 2))
    assert list(look(shelf, {"x": "1"}, wanted)) == ["3"]
    assert shelf.asked == ["1"]


def test_every_page_is_read_even_after_a_match() -> None:
    shelf = Shelf(([3, 2], 2, 4), ([1, 0], 2, 4))
    assert list(look(shelf, {}, wanted)) == ["3"]
    assert shelf.asked == ["1", "2"]


def test_a_record_added_meanwhile_neither_doubles_nor_hides_a_row() -> None:
    assert everything(Shelf(([4, 3], 2, 4), ([3, 2], 3, 5), ([1], 3, 5))) == ["4", "3", "2", "1"]


def test_a_record_deleted_meanwhile_makes_us_look_again() -> None:
    shelf = Shelf(([4, 3], 2, 4), ([1], 2, 3), ([3, 2], 2, 3), ([1], 2, 3))
    assert everything(shelf) == ["3", "2", "1"]


def test_a_list_that_never_rests_is_tried_later() -> None:
    with pytest.raises(RetryLater):
        everything(Shelf(([4, 3], 2, 4), ([1], 2, 3), ([3, 2], 2, 3), ([], 2, 2)))


def test_rows_counted_but_not_shown_prove_nothing() -> None:
    with pytest.raises(NotSearchable, match="counts 16"):
        everything(Shelf(([], 1, 16), ([], 1, 16)))


def test_a_server_that_repeats_its_last_page_is_left() -> None:
    shelf = Shelf(([2], 9, 1), ([2], 9, 1))
    assert everything(shelf) == ["2"]


def test_an_empty_list_has_no_pages() -> None:
    assert everything(Shelf(([], 0, 0))) == []
