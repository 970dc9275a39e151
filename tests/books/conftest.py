"""The same world as the engine's tests: every store there is, the books, and the hub between them."""

from __future__ import annotations

from tests.hub.conftest import make_world, pytest_generate_tests, world

__all__ = ["make_world", "pytest_generate_tests", "world"]
