"""The same world as the engine's tests: every store there is, the books, and the hub between them; and a store and books in
memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors import registry
from tests.books import big_trade
from tests.hub.conftest import make_world, pytest_generate_tests, world

__all__ = ["make_world", "pytest_generate_tests", "world"]


@pytest.fixture
def memory(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A month is opened in it, of any size."""
    monkeypatch.setitem(registry.connectors(), "depot", big_trade.Depot)
    monkeypatch.setitem(registry.connectors(), "shelf", big_trade.Shelf)
    yield
    big_trade.MONTH.clear()
