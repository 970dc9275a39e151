"""The same world as the hub's tests have."""

from tests.hub.conftest import make_world, world

__all__ = ["make_world", "world"]
