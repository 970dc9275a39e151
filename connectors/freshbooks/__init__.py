"""FreshBooks: the books."""

from connectors.freshbooks.connector import FreshBooks as connector

__all__ = ["connector"]
