"""The one fixture of these tests."""

from tests.connectors.clarity.sites import site

__all__ = ["site"]
