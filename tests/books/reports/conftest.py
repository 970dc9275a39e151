"""The world of the hub's own tests, and a report's rows as people would read them."""

from __future__ import annotations

from tests.hub.conftest import make_world, world

__all__ = ["make_world", "world"]
