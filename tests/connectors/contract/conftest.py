"""The one fixture of the suite."""

from tests.connectors.contract.subjects import subject

__all__ = ["subject"]
