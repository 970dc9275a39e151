"""Connections, flows, mappings, lookup tables and the tax table as code: the same file sets up, documents and promotes a hub."""

from hub.configuration.apply import apply
from hub.configuration.export import export
from hub.configuration.reading import ConfigurationError

__all__ = ["ConfigurationError", "apply", "export"]
